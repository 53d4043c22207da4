"""Modified Kneser-Ney against a slow reading of Chen and Goodman (1998), with dictionaries."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import LEAST_DISCOUNT, USUAL_DISCOUNT, KneserNey, discounts

A = 4
Gram = tuple[int, ...]


def sequences(seed: int, n: int = 30) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.choice(A, size=int(rng.integers(1, 14)), p=[0.5, 0.3, 0.15, 0.05]).tolist() for _ in range(n)]


def flat(some: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in some]))).astype(np.int64)
    return offsets, np.array([e for one in some for e in one], np.int64)


class Slow:
    """p(e | c) by recursion; -1 marks the start, A the end."""

    def __init__(self, some: list[list[int]], order: int) -> None:
        self.order = order
        seen: Counter[tuple[Gram, int]] = Counter()
        for one in some:
            marked = [-1, *one, A]
            for t in range(1, len(marked)):
                for k in range(min(order, t) + 1):
                    seen[tuple(marked[t - k:t]), marked[t]] += 1
        before: dict[tuple[Gram, int], set[int]] = defaultdict(set)
        for (context, e) in seen:
            if context:
                before[context[1:], e].add(context[0])
        self.count = {key: times if len(key[0]) == order or key[0][:1] == (-1,) else len(before[key]) for key, times in seen.items()}
        self.taken = {k: discounts(np.array([c for key, c in self.count.items() if len(key[0]) == k], np.int64)) for k in range(order + 1)}

    def chance(self, context: Gram, e: int) -> float:
        shorter = self.chance(context[1:], e) if context else 1.0 / (A + 1)
        here = {f: self.count[context, f] for f in range(A + 1) if (context, f) in self.count}
        if not here:
            return shorter
        total, d = sum(here.values()), self.taken[len(context)]
        left = sum(d[min(c, 3) - 1] for c in here.values()) / total
        own = here.get(e, 0)
        return (own - d[min(own, 3) - 1] if own else 0.0) / total + left * shorter


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("order", [0, 1, 2, 4])
def test_chances_are_those_of_the_slow_reading_and_sum_to_one(seed: int, order: int) -> None:
    some = sequences(seed)
    fast, slow = KneserNey(count_ngrams(*flat(some), A, 4), order), Slow(some, order)
    rng = np.random.default_rng(seed)
    recent = np.full((40, max(order, 1)), -1, np.int64)
    contexts: list[Gram] = []
    for row in recent:
        k = int(rng.integers(0, order + 1))
        context = rng.integers(0, A, k).tolist()
        if k and rng.random() < 0.3:
            context[0] = -1
        contexts.append(tuple(context))
        if k:
            row[-k:] = [A if e < 0 else e for e in context]
    found = fast.chances(recent)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    assert (found > 0.0).all()
    np.testing.assert_allclose(found, [[slow.chance(c, e) for e in range(A + 1)] for c in contexts], rtol=1e-12)


def test_steps_are_the_chances_of_what_followed_in_sequences_never_seen() -> None:
    order, asked = 3, sequences(11, 5)
    slow, fast = Slow(sequences(0), order), KneserNey(count_ngrams(*flat(sequences(0)), A, order), order)
    wanted = []
    for one in asked:
        marked = [-1, *one, A]
        wanted += [np.log(slow.chance(tuple(marked[max(t - order, 0):t]), marked[t])) for t in range(1, len(marked))]
    np.testing.assert_allclose(fast.log_steps(*flat(asked)), wanted, rtol=1e-12)


def test_the_order_of_sequences_makes_no_difference() -> None:
    some, contexts = sequences(3), np.array([[-1, 0], [A, 1], [2, 3]])
    one, other = (KneserNey(count_ngrams(*flat(s), A, 2), 2).chances(contexts) for s in (some, some[::-1]))
    np.testing.assert_array_equal(one, other)


def test_a_log_of_nothing_gives_all_the_same_chance() -> None:
    counts = count_ngrams(np.zeros(1, np.int64), np.zeros(0, np.int64), A, 2)
    np.testing.assert_allclose(KneserNey(counts, 2).chances(np.array([[-1, -1], [A, 0]])), 1.0 / (A + 1))


def test_discounts_are_chen_and_goodmans_and_leave_something_of_every_count() -> None:
    counts = np.repeat([1, 2, 3, 4], [40, 20, 10, 5])
    share = 40 / (40 + 2 * 20)
    np.testing.assert_allclose(discounts(counts), [1 - 2 * share * 20 / 40, 2 - 3 * share * 10 / 20, 3 - 4 * share * 5 / 10])
    np.testing.assert_allclose(discounts(np.array([7, 8])), USUAL_DISCOUNT)
    steep = discounts(np.repeat([1, 2, 3, 4], [2, 40, 10, 100]))
    assert (steep >= LEAST_DISCOUNT).all() and (steep < [1, 2, 3]).all()
