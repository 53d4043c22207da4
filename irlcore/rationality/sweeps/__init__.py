"""Soft values by sweeps over a world's states from a goal outwards, several goals side by side."""
