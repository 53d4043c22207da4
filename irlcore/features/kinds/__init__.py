"""Every kind of feature, one small file each; importing this registers them."""

from irlcore.features.kinds import (
    attribute,
    bump,
    combine,
    distance,
    formula,
    habit,
    near,
    staying,
    step,
    time_of_day,
    traffic,
    turn,
    zone,
)

__all__ = ["attribute", "bump", "combine", "distance", "formula", "habit", "near", "staying", "step", "time_of_day", "traffic", "turn",
           "zone"]
