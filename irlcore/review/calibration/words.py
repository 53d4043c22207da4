"""Rates and limits of calibration in words."""

from __future__ import annotations

import math

from irlcore.quantities import counted
from irlcore.review.calibration.controls import FalseAlarmControl


def one_in(rate: float) -> str:
    """A rate as "1 in n", or "k in 100" where 1 in n would round too far."""
    n = round(1.0 / rate)
    if n >= 2 and abs(1.0 / n - rate) <= 0.05 * rate:
        return f"1 in {n:,}"
    return f"{100.0 * rate:.3g} in 100"


def percent_up(share: float) -> str:
    """A bound in percent, two digits, rounded up: what is said is never less than what is meant."""
    if share <= 0.0:
        return "0 %"
    scale = 10.0 ** (math.floor(math.log10(100.0 * share)) - 1)
    return f"{min(math.ceil(100.0 * share / scale - 1e-9) * scale, 100.0):.2g} %" if share < 0.995 else "100 %"


def least_p_sentence(n: int, asked: float, grouped: bool = False) -> str:
    """The least p-value that n calibration tracks allow, and how many more allow ``asked``; the split gives two thirds to calibration.
    grouped: whether n are those of the largest group, each compared with its own."""
    said = f"{_with(n, grouped)} no p-value is below 1 in {n + 1:,}"
    needed = math.ceil(1.0 / asked - 1e-9) - 1
    if needed <= n:
        return f"{said}."
    if grouped:
        return f"{said}. For 1 in {needed + 1:,} it takes {needed:,} in a group."
    more = math.ceil(1.5 * (needed - n))
    return (f"{said}. For 1 in {needed + 1:,} it takes {needed:,}: name about {counted(more, 'more track')} as normal, of which a "
            "third is fitted to.")


def _with(n: int, grouped: bool) -> str:
    return f"With {counted(n, 'calibration track')}{' in the largest group' if grouped else ''}"


def calibration_limit(n: int, control: FalseAlarmControl, n_reviewed: int, grouped: bool = False) -> str:
    """Empty where there are enough calibration tracks for a lone abnormal track to be flagged, else what to do. grouped: as above."""
    basis = control.basis
    if basis.ties == "random" or basis.weighted or (basis.adaptive and control.kind == "share_of_flags"):
        return ""  # then p-values are smaller, or the rate is another one
    needed = control.rate / (n_reviewed if control.kind == "share_of_flags" else 1)
    enough = math.ceil(1.0 / needed - 1e-9) - 1 if n_reviewed else 0
    if n >= enough or control.kind == "strangest":
        return ""
    told = f"{_with(n, grouped)} no p-value is below 1 in {n + 1:,}"
    together = math.ceil(1.0 / (needed * (n + 1)) - 1e-9) if control.kind == "share_of_flags" else 0
    if 1 < together <= n_reviewed:  # each of k may be as sure as a k-th of what one alone would have to be
        return (f"{told}: at this rate none is flagged unless at least {together:,} are as strange as that, and one alone asks for "
                f"{enough:,}. Name what the model misses, calibrate on more tracks or allow more false alarms.")
    return f"{told}; {enough:,} are needed to flag a single track at this rate. Calibrate on more tracks or allow more false alarms."
