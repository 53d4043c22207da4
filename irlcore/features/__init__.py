"""What might matter to an agent: features that the analyst names. Importing any part of it registers every kind."""

from irlcore.features import kinds

__all__ = ["kinds"]
