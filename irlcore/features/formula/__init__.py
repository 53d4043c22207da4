"""Formulas as analysts type them: tokens, syntax, names, functions and values; read, never run as code."""
