"""What a value basis can be told, and from which values lambda and the discount are chosen."""

from __future__ import annotations

from irlcore.fitting.settings import Setting
from irlcore.quantities import counted


def _off_at_0(title: str, value: float) -> str:
    return f"{title} {value:g}" if value else ""


def _replannings(value: float) -> str:
    return counted(int(value), "replanning") if value else "no replanning"


REPLANNINGS = Setting(
    "replannings", "Replannings",
    "How often plans are made anew with the weights found, and weights found again. One is usually near the end; each more costs as much "
    "time again.", 1, 0, 100, _replannings, "times", whole=True, of_plans=True)
LAM = Setting(
    "lam", "Lambda",
    "How strongly what a single step is worth is kept small, so that values hold together from step to step. 0: tracks alone decide. It "
    "can help with few tracks.", 0.0, 0.0, 1000.0, lambda value: _off_at_0("lambda", value), of_next=True)
L2 = Setting(
    "l2", "L2",
    "How strongly the weights themselves are kept small, each in the unit of its feature. 0: tracks alone decide. It can help with few "
    "tracks, or where a weight has no limit.", 0.0, 0.0, 1000.0, lambda value: _off_at_0("L2", value))
SETTINGS = (REPLANNINGS, LAM, L2)
