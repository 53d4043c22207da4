"""The study of rationality in words: who leads where, worked out from the figures of each replication."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import t as student

Table = dict[str, dict[str, Any]]
"""model -> its measures; ``each`` holds those of every replication."""

LEVEL = 0.05  # of the paired t test by which models are told apart
CLAIMED = "noisy_value"
MEASURES = {"heldout": ("held-out log-likelihood", 1.0), "weight_error": ("trade-offs among the weights", -1.0),
            "weight_error_raw": ("weights as they are", -1.0), "goal_logscore": ("log posterior of the true goal", 1.0)}
"""measure -> (its name, 1 where more is better or -1)."""


def difference(table: Table, one: str, other: str, measure: str) -> tuple[float, float]:
    """By how much model ``one`` is better than ``other``, and the paired standard error."""
    sign = MEASURES[measure][1]
    gained = sign * (np.array(table[one]["each"][measure]) - np.array(table[other]["each"][measure]))
    return float(gained.mean()), float(gained.std(ddof=1) / np.sqrt(len(gained)))


def compare(table: Table, one: str, other: str, measure: str) -> int:
    """1 where ``one`` is better, -1 where it is worse, 0 where they are not told apart."""
    gain, error = difference(table, one, other, measure)
    limit = student.ppf(1.0 - LEVEL / 2.0, len(table[one]["each"][measure]) - 1)
    return int(np.sign(gain)) if abs(gain) > limit * error else 0


def leaders(table: Table, measure: str) -> list[str]:
    """The model of the best mean and those that it is not told apart from, best mean first."""
    sign = MEASURES[measure][1]
    ranked = sorted(table, key=lambda name: -sign * table[name][measure])
    return [name for name in ranked if name == ranked[0] or compare(table, ranked[0], name, measure) <= 0]


def verdict(tables: dict[str, Table], unsure: tuple[str, ...]) -> str:
    """One paragraph: the leaders by every measure, then how the claimed model does where agents are unsure (conditions
    ``unsure``)."""
    said = [_leading(tables, measure) for measure in MEASURES]
    models = next(iter(tables.values()), {})
    if CLAIMED in models and unsure:
        said += [_claim({name: tables[name] for name in unsure}, other) for other in models if other != CLAIMED]
    return " ".join(said)


def _leading(tables: dict[str, Table], measure: str) -> str:
    where: dict[tuple[str, ...], list[str]] = {}
    for condition, table in tables.items():
        where.setdefault(tuple(sorted(leaders(table, measure))), []).append(condition)
    parts = [f"{who[0]} leads in {_listed(conditions)}" if len(who) == 1 else
             f"{', '.join(who)} are not told apart in {_listed(conditions)}" for who, conditions in where.items()]
    return f"By {MEASURES[measure][0]} {'; '.join(parts)}."


def _claim(tables: dict[str, Table], other: str) -> str:
    sides: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for condition, table in tables.items():
        sides[compare(table, CLAIMED, other, "heldout")].append(condition)
    gain = np.mean([difference(table, CLAIMED, other, "heldout")[0] for table in tables.values()])
    words = {1: "beats", 0: "is not told apart from", -1: "is beaten by"}
    parts = [f"{words[side]} {other} in {len(found)} ({_listed(found)})" for side, found in sides.items() if found]
    return (f"Of the {len(tables)} conditions with unsure agents {CLAIMED} {', '.join(parts)} on held-out trips, by {gain:+.3f} nats a "
            f"trip on average.")


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
