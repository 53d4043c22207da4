"""Circles that pay: compiled search."""
