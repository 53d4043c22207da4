// Light unless the reader asks for the other; where a page may keep nothing, it stays light.
try { if (!localStorage.getItem("theme")) localStorage.setItem("theme", "light"); } catch (nothing_kept) { }
