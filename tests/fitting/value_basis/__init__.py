"""The value basis."""
