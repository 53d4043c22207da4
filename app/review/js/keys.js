// Keys of the whole page, as long as nobody types in a field and nothing is open above the page.
const FIELDS = "input, textarea, select, [contenteditable=''], [contenteditable='true'], [role='combobox'], [role='slider'], [role='spinbutton']";
const ABOVE = "[role='dialog'], [data-baseweb='popover'], [data-testid='stPopoverBody']";

function typing(event) {
  const at = event.composedPath().find(one => one instanceof Element);
  return Boolean(at?.closest?.(FIELDS) || at?.closest?.(ABOVE));
}

class Keys {
  constructor(list) {
    this.list = list;
    this.heard = event => this.key(event);
    document.addEventListener("keydown", this.heard, true); // before Streamlit's own keys
  }

  gone() { document.removeEventListener("keydown", this.heard, true); }

  key(event) {
    const { list } = this, inList = event.composedPath().includes(list.rows.box);
    if (event.defaultPrevented || event.isComposing || event.altKey || typing(event)) return;
    if (event.ctrlKey || event.metaKey) {
      if (inList && event.key.toLowerCase() === "a") this.done(event, () => list.all());
      return;
    }
    const act = inList ? this.moves(event) ?? this.acts(event) : this.acts(event);
    if (act) this.done(event, act);
  }

  done(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  moves({ key, shiftKey }) {
    const { list } = this, page = Math.max(1, Math.floor(list.rows.box.clientHeight / ROW) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[key];
    if (by === undefined) return undefined;
    return () => list.step(by, shiftKey);
  }

  acts({ key, shiftKey, repeat }) {
    const { list } = this, outcome = list.data.outcomes[Number(key) - 1];
    if (shiftKey && key !== "/") return undefined;
    if (key === "n" || key === "p") return () => list.step(key === "n" ? 1 : -1, false);
    if (key === "/") return () => { list.search.focus(); list.search.select(); };
    if (repeat) return undefined; // a key held down decides once
    if (key === "u") return () => list.undo();
    return outcome && key.length === 1 ? () => list.decide(outcome) : undefined;
  }
}
