"""Places by name, for pages and reports (``project.places``)."""

from irlcore.project.places import Places, places_of

__all__ = ["Places", "places_of"]
