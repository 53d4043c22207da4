"""How fast the screens answer, in a real browser."""
