"""When a sample agrees with what it was drawn from: a check that fails a true claim at most once in ten million runs.

A fixed seed is no protection: where a tie falls otherwise, another processor draws another sample.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from scipy.stats import binom

LUCK = 1e-7
"""The most that the chance is of one such check to fail by bad luck."""


def counts_agree(seen: Mapping[Hashable, int], chance: Mapping[Hashable, float], n: int, slack: float = 0.0) -> bool:
    """Whether ``n`` independent draws came out as often as their chances say, known up to ``slack``: every count within the exact
    quantiles of its binomial law, LUCK shared among them; and nothing else was drawn."""
    return first_off(seen, chance, n, slack) is None


def first_off(seen: Mapping[Hashable, int], chance: Mapping[Hashable, float], n: int,
              slack: float = 0.0) -> tuple[Hashable, float, float, float] | None:
    """What came out too often or too seldom for that: its name, its share of the draws, and the two that it may lie between; None where
    nothing did."""
    each = LUCK / (2 * max(len(chance), 1))
    for key in seen:
        if key not in chance:
            return key, seen[key] / n, 0.0, 0.0
    for key, p in chance.items():
        low, high = binom.ppf(each, n, max(p - slack, 0.0)), binom.isf(each, n, min(p + slack, 1.0))
        if not low <= seen.get(key, 0) <= high:
            return key, seen.get(key, 0) / n, float(low) / n, float(high) / n
    return None
