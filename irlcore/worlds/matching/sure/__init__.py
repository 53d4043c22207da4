"""How sure the match is."""
