"""How sure is sure: p-values from tracks known to be normal, flags, and what may be promised of them."""
