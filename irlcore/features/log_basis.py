"""A start basis for a log: what usually follows, by how far one looks back, the same event again, and the end."""

from __future__ import annotations

from irlcore.features.base import FeatureSpec
from irlcore.worlds.world import World


def of_log(world: World) -> list[FeatureSpec]:
    """Usual next events after 0 to as many last ones as the log's states look back, whether the event is the last one again, whether a
    remembered event has happened before, and the end.

    A weight 1 on the longest and 0 on all else is the n-gram with modified Kneser-Ney smoothing. Together the weights say how far back the
    class is best told by: they are the geometric mean of n-grams that explains the tracks best.
    """
    back = range(int(world.settings["order"]) + 1)
    specs = [FeatureSpec(usual_name(k), "usual_event", {"back": k}) for k in back]
    specs.append(FeatureSpec("same event again", "again"))
    if world.settings.get("remembered"):
        specs.append(FeatureSpec("remembered event again", "happened"))
    return [*specs, FeatureSpec("the end", "sequel")]


def usual_name(back: int) -> str:
    """What the usual next event, counted after so many last ones, is called."""
    return "usual event" if back == 0 else f"usual after {back} event{'s' if back > 1 else ''}"
