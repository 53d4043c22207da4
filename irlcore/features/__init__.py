"""What might matter to an agent: features that the analyst names, one small file a kind."""

from irlcore.features import attribute, distance, formula, step, traffic, turn, zone

__all__ = ["attribute", "distance", "formula", "step", "traffic", "turn", "zone"]
