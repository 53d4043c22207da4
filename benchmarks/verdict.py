"""The study of rationality in words: who leads where, worked out from the figures of each replication."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import t as student

Table = dict[str, dict[str, Any]]
"""model -> its measures; ``each`` holds those of every replication."""

LEVEL = 0.05  # of the paired t test by which models are told apart
CLAIMED = ("noisy_value", "noisy_value_replanned_persistent")
PLAIN = "boltzmann"  # what the claimed model is without its noise
MEASURES = {"heldout": ("held-out log-likelihood", 1.0), "weight_error": ("trade-offs among the weights", -1.0),
            "weight_error_raw": ("weights as they are", -1.0), "goal_logscore": ("log posterior of the true goal", 1.0)}
"""measure -> (its name, 1 where more is better or -1)."""


def standard_error(values: np.ndarray) -> float:
    """Standard error of the mean of values (R,), R at least 2."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values)))


def side_of(values: np.ndarray) -> int:
    """Sign of the mean of values (R,), 0 where a t test does not tell it from zero."""
    limit = student.ppf(1.0 - LEVEL / 2.0, len(values) - 1) * standard_error(values)
    return int(np.sign(values.mean())) if abs(values.mean()) > limit else 0


def gains(table: Table, one: str, other: str, measure: str) -> np.ndarray:
    """By how much model ``one`` is better than ``other`` in each replication, (R,)."""
    return MEASURES[measure][1] * (np.array(table[one]["each"][measure]) - np.array(table[other]["each"][measure]))


def leaders(table: Table, measure: str) -> list[str]:
    """The model of the best mean and those that it is not told apart from, best mean first."""
    sign = MEASURES[measure][1]
    ranked = sorted(table, key=lambda name: -sign * table[name][measure])
    return [name for name in ranked if name == ranked[0] or side_of(gains(table, ranked[0], name, measure)) <= 0]


def verdict(tables: dict[str, Table], unsure: tuple[str, ...]) -> str:
    """One paragraph: the leaders by every measure; then, where agents are unsure (conditions ``unsure``), how each claimed model
    does against the others and how much of what the plain one leaves unexplained every other one explains."""
    said = [_leading(tables, measure) for measure in MEASURES]
    models = next(iter(tables.values()), {})
    for claimed in (name for name in CLAIMED if name in models and unsure):
        said += [_claim({name: tables[name] for name in unsure}, claimed, other) for other in models if other not in CLAIMED]
    if PLAIN in models and unsure:
        said += [_explained({name: tables[name] for name in unsure}, other) for other in models if other != PLAIN]
    return " ".join(said)


def _leading(tables: dict[str, Table], measure: str) -> str:
    where: dict[tuple[str, ...], list[str]] = {}
    for condition, table in tables.items():
        where.setdefault(tuple(sorted(leaders(table, measure))), []).append(condition)
    parts = [f"{who[0]} leads in {_listed(conditions)}" if len(who) == 1 else
             f"{', '.join(who)} are not told apart in {_listed(conditions)}" for who, conditions in where.items()]
    return f"By {MEASURES[measure][0]} {'; '.join(parts)}."


def _claim(tables: dict[str, Table], claimed: str, other: str) -> str:
    sides: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for condition, table in tables.items():
        sides[side_of(gains(table, claimed, other, "heldout"))].append(condition)
    gain = np.mean([gains(table, claimed, other, "heldout") for table in tables.values()])
    words = {1: "beats", 0: "is not told apart from", -1: "is beaten by"}
    parts = [f"{words[side]} {other} in {len(found)} ({_listed(found)})" for side, found in sides.items() if found]
    return (f"Of the {len(tables)} conditions with unsure agents {claimed} {', '.join(parts)} on held-out trips, by {gain:+.3f} nats a "
            f"trip on average.")


def _explained(tables: dict[str, Table], other: str) -> str:
    parts = []
    for condition, table in tables.items():
        plain, left = (np.array(table[name]["each"]["to_own_law"]) for name in (PLAIN, other))
        share = f"{1.0 - left.mean() / plain.mean():.0%}" if side_of(plain) > 0 else "nothing (no gap is measured)"
        parts.append(f"{share} in '{condition}'")
    return f"Of the gap that {PLAIN} leaves to the law that the trips were drawn from, {other} closes {', '.join(parts)}."


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
