"""The part of a path, of any length, that the model explains worst."""
