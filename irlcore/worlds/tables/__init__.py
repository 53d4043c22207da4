"""Worlds of one's own: states, choices, where they lead and how probably, as tables; and what was chosen, as a table too."""
