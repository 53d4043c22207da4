"""What might matter to an agent: features that the analyst names, one small file a kind."""

from irlcore.features import (
    attribute,
    bump,
    combine,
    distance,
    formula,
    habit,
    near,
    step,
    time_of_day,
    traffic,
    turn,
    zone,
)

__all__ = ["attribute", "bump", "combine", "distance", "formula", "habit", "near", "step", "time_of_day", "traffic", "turn", "zone"]
