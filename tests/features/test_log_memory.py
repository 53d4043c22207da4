"""How far back a log looks: held-out chances against a slow sum, and the order that made-up sequences were drawn with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.features.folds import fold_by_id
from irlcore.features.log_memory import FEWEST, chosen_memory, held_out_orders
from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.held_out import FOLDS, held_out_nats, shortest_as_good
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import event_names
from tests.worlds.history.test_contexts import log_of, random_log


def chain(order: int, seed: int, n: int = 150, long: int = 20) -> list[str]:
    """Sequences of which each event is drawn by the last ``order``."""
    rng = np.random.default_rng(seed)
    usual = {}
    out = []
    for _ in range(n):
        one = ""
        for _ in range(long):
            past = one[-order:]
            if past not in usual:
                usual[past] = rng.permutation([0.85, 0.1, 0.05])
            one += str(rng.choice(list("abc"), p=usual[past]))
        out.append(one)
    return out


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_order_is_that_of_the_chain(order: int, seed: int) -> None:
    found = held_out_orders(log_of(chain(order, seed)))
    assert found.best == order and chosen_memory(log_of(chain(order, seed))).order == order
    assert f"{order}: {found.nats[order - 1]:.3f}" in found.said


def test_nats_are_those_of_each_event_by_the_other_folds() -> None:
    log = log_of(random_log(3, 30))
    names, events = event_names(log)
    nats, lengths = held_out_nats(log.offsets, events, len(names), log.ids, (1, 3))
    fold = fold_by_id(log.ids, FOLDS)
    total = np.zeros(2)
    for i in range(len(log)):
        others = log.take(np.flatnonzero(fold != fold[i]))
        codes = np.array([list(names).index(e) for e in others.links])
        for j, order in enumerate((1, 3)):
            grams = KneserNey(count_ngrams(others.offsets, codes, len(names), order), order)
            own = events[log.offsets[i]:log.offsets[i + 1]]
            total[j] -= grams.log_steps(np.array([0, len(own)]), own).sum()
    np.testing.assert_allclose(nats.sum(axis=0), total, rtol=1e-12)
    assert lengths.sum() == len(log.links) + len(log)


def test_the_order_of_sequences_and_what_is_to_be_judged_have_no_say() -> None:
    texts = chain(2, 7, 60)
    log = log_of(texts)
    turned = log.take(np.arange(len(log))[::-1])
    np.testing.assert_allclose(held_out_orders(log).nats, held_out_orders(turned).nats, rtol=1e-12)
    odd = [*texts, *chain(5, 8, 40)]
    period = pd.DataFrame({"period": ["reference"] * 60 + ["today"] * 40})
    here, there = (held_out_orders(replace(log_of(some), attributes=period)) for some in (odd, [*texts, *["cab"] * 40]))
    np.testing.assert_array_equal(here.nats, there.nats)
    assert here.normal and here.of == 60 and "of the reference period" in here.said


def test_of_orders_that_differ_by_chance_alone_the_shortest_is_taken() -> None:
    rng = np.random.default_rng(20121)
    base = rng.normal(10.0, 1.0, (200, 1))
    assert shortest_as_good(np.hstack((base + 1.0, base + rng.normal(0.0, 0.3, (200, 3))))) == 1
    assert shortest_as_good(np.hstack((base + 0.2, base))) == 1 and shortest_as_good(np.hstack((base, base))) == 0


def test_few_sequences_say_nothing() -> None:
    few: LinkTracks = log_of(["ab"] * (FEWEST - 1))
    found = held_out_orders(few)
    assert not len(found.nats) and found.best == 3 and "nothing says how far back" in found.said
