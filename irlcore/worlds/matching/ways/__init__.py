"""The ways that were decoded."""
