"""A start basis for a log: what usually follows, by how far one looks back, the same event again, and the end."""

from __future__ import annotations

from irlcore.features.base import FeatureSpec
from irlcore.features.ngrams.witten_bell import AFTER, ALONE
from irlcore.quantities import listed
from irlcore.worlds.history.classes import aspects_of
from irlcore.worlds.world import World

LONGEST_BY = 60
"""Characters of the names of what tells events apart, beyond which a feature is not called by them."""


def of_log(world: World) -> list[FeatureSpec]:
    """Usual next events after 0 to as many last ones as the log's states look back, whether the event is the last one again, whether a
    remembered event has happened before, and the end; and where events are told apart by more than their names, how usual each kind of
    event is.

    A weight 1 on the longest and 0 on all else is the n-gram with modified Kneser-Ney smoothing. Together the weights say how far back the
    class is best told by: they are the geometric mean of n-grams that explains the tracks best.
    """
    back = range(int(world.settings["order"]) + 1)
    specs = [FeatureSpec(usual_name(k), "usual_event", {"back": k}) for k in back]
    specs.append(FeatureSpec("same event again", "again"))
    if world.settings.get("remembered"):
        specs.append(FeatureSpec("remembered event again", "happened"))
    if aspects_of(world):
        specs += [FeatureSpec(usual_kind_name(world, given), "usual_kind", {"given": given}) for given in (ALONE, AFTER)]
    return [*specs, FeatureSpec("the end", "sequel")]


def usual_kind_name(world: World, given: str) -> str:
    """What the usual kind of event, by all that tells events apart, is called."""
    by = aspects_of(world)
    what = listed(by) if sum(map(len, by)) < LONGEST_BY else "kind"
    return f"usual {what} of the event{' after the one before' if given == AFTER else ''}"


def usual_name(back: int) -> str:
    """What the usual next event, counted after so many last ones, is called."""
    return "usual event" if back == 0 else f"usual after {back} event{'s' if back > 1 else ''}"
