"""Every kind of feature, one small file each; importing this registers them."""

from irlcore.features.kinds import (
    attribute,
    bump,
    combine,
    distance,
    formula,
    habit,
    happened,
    near,
    sequel,
    staying,
    step,
    time_of_day,
    traffic,
    turn,
    usual_event,
    usual_kind,
    zone,
)

__all__ = ["attribute", "bump", "combine", "distance", "formula", "habit", "happened", "near", "sequel", "staying", "step", "time_of_day",
           "traffic", "turn", "usual_event", "usual_kind", "zone"]
