"""Krylov evaluation of one plan, compiled."""
