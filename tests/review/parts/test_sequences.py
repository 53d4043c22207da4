"""Scores of event sequences against slow readings of what they say; and what they say in words."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import KINDS
from irlcore.review.parts.sequences.alike import EVENTS, PAIRS, Mix
from irlcore.review.parts.sequences.held_back import EACH, SHARES, held_back
from irlcore.review.parts.sequences.material import known_lengths, sequences_of
from irlcore.review.parts.sequences.rare import WINDOW, RareNext, UnseenStretches
from irlcore.review.separation import auc
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from tests.worlds.history.test_contexts import log_of

USUAL = ["abcabc", "abc", "abcabcabcabc", "aabbcc", "cab", "abcd"]
ASKED = ["abcabc", "dddd", "acacacacac", "d", "abcabcabd"]


def material_of(sequences: list[str]) -> Material:
    log = log_of(sequences)
    world = build_history(log, Memory(2, 1))
    paths = map_log(world, log).paths
    return Material(world, paths, np.full(len(paths), np.nan))


BOTH = material_of(USUAL + ASKED)
LEARN, INDEX = np.arange(len(USUAL)), np.arange(len(USUAL), len(USUAL) + len(ASKED))


def marked(one: str) -> str:
    return f"<{one}>"


def sets(one: str, length: int) -> set[str]:
    text = marked(one)
    return {text[k:k + length] for k in range(len(text) - length + 1)}


@pytest.mark.parametrize(("kind", "length"), [(EVENTS, 1), (PAIRS, 2)])
def test_unshared_is_the_least_jaccard_distance(kind: type[EVENTS], length: int) -> None:
    wanted = [100.0 * min(1.0 - len(sets(a, length) & sets(b, length)) / len(sets(a, length) | sets(b, length)) for b in USUAL)
              for a in ASKED]
    np.testing.assert_allclose(kind.measure(BOTH, LEARN, INDEX).values, wanted, atol=1e-6)


def test_mix_is_the_least_hellinger_distance() -> None:
    def far(a: str, b: str) -> float:
        p, q = Counter(marked(a)), Counter(marked(b))
        return float(np.sqrt(max(1.0 - sum(np.sqrt(p[e] / p.total() * q[e] / q.total()) for e in p), 0.0)))

    np.testing.assert_allclose(Mix().measure(BOTH, LEARN, INDEX).values, [min(far(a, b) for b in USUAL) for a in ASKED], atol=1e-4)


def test_unseen_stretches_of_every_length_are_counted_one_by_one() -> None:
    def stretches(one: str) -> list[str]:
        text = marked(one)
        return [text[k:k + length] for length in range(1, WINDOW + 1) for k in range(len(text) - length + 1)]

    seen = {w for one in USUAL for w in stretches(one)}
    wanted = [100.0 * np.mean([w not in seen for w in stretches(one)]) for one in ASKED]
    np.testing.assert_allclose(UnseenStretches().measure(BOTH, LEARN, INDEX).values, wanted, atol=1e-9)


def test_known_lengths_are_those_of_the_longest_stretches_that_normal_sequences_have() -> None:
    rng = np.random.default_rng(20121)
    for _ in range(20):
        texts = ["".join(rng.choice(list("abc"), int(rng.integers(1, 9)))) for _ in range(8)]
        material = material_of(texts)
        found = known_lengths(sequences_of(material, np.arange(8)), 4, 4)
        places = [(one, k) for one in texts for k in range(len(one) + 2)]
        for length, (one, k) in zip(found.tolist(), places, strict=True):
            able = [n for n in range(1, min(4, k + 1) + 1) if any(marked(one)[k + 1 - n:k + 1] in marked(known) for known in texts[:4])]
            assert length == max(able, default=0)


@pytest.mark.parametrize(("many", "least"), [(24, 0.9), (100, 0.93), (300, 0.93)])
def test_a_pair_that_never_met_stands_out_of_sixes_that_are_new_by_chance_in_logs_of_every_size(many: int, least: float) -> None:
    """Of sequences that are put together freely most have six events that no other has: those with a pair that nobody has stand out."""
    found = []
    for seed in range(4):
        rng = np.random.default_rng((20121, seed))
        usual = ["".join(rng.choice(["a", "b", "ca", "d", "eb"], int(rng.integers(3, 10)))).replace("dd", "d") for _ in range(many + 60)]
        odd = [one[:at] + "dd" + one[at:] for one in usual[-30:] for at in (int(rng.integers(1, len(one))),)]
        values = UnseenStretches().measure(material_of(usual[:-30] + odd), np.arange(many), np.arange(many, many + 60)).values
        found.append(auc(values[:30], values[30:]))
    assert np.mean(found) > least  # stretches of six alone: .62, .73 and .79


def test_who_goes_on_with_what_is_usual_is_no_stranger_and_foreign_events_are() -> None:
    values = RareNext().measure(BOTH, LEARN, INDEX).values
    assert values[0] < values[4] < values[1]


@pytest.mark.parametrize("name", ["nats_per_event", "unseen_stretches", "unshared_events", "unshared_pairs", "event_mix"])
def test_neither_the_order_of_tracks_nor_the_track_itself_has_a_say_and_words_are_whole(name: str) -> None:
    kind, turned = KINDS[name], material_of((USUAL + ASKED)[::-1])
    one = kind.measure(BOTH, LEARN, INDEX)
    n = len(USUAL + ASKED)
    other = kind.measure(turned, n - 1 - LEARN[::-1], n - 1 - INDEX)
    np.testing.assert_allclose(one.values, other.values, atol=1e-9)
    for k in range(len(ASKED)):
        said = one.words(k)
        assert not said or (said[0] != " " and said.endswith(".") and "  " not in said and not re.search(r"\bNone\b|nan", said)), said


def test_words_name_what_is_rare_new_or_missing() -> None:
    a, d = "{place:0}", "{place:3}"
    assert RareNext().measure(BOTH, LEARN, INDEX).words(1).startswith(f"After {d} {d} followed 3 of 4 times; normally it does so 1 in ")
    assert f"missing ({a}" in EVENTS.measure(BOTH, LEARN, INDEX).words(1)
    said = UnseenStretches().measure(BOTH, LEARN, INDEX)
    assert said.words(2) == "39 of its 57 stretches of 1 to 6 events are in no normal sequence, the shortest of them {place:0}, {place:2}."
    assert said.words(3).endswith("the shortest of them {place:3} at its start.")
    assert Mix().measure(BOTH, LEARN, INDEX).words(2).startswith("{place:1} makes up none of its events, and 33.3 % of those of s")


def test_groups_that_are_held_back_are_of_each_size_alike_and_the_same_in_any_order() -> None:
    texts = [f"{'ab' * k}{'c' * (k % 3)}" for k in range(1, 31)] + [f"{'xy' * k}z" for k in range(1, 31)]
    one, other = material_of(texts), material_of(texts[::-1])
    found = held_back(one, np.arange(60))
    assert [len(group) for group in found] == [max(3, round(share * 60)) for share in SHARES for _ in range(EACH)]
    for group in found:
        assert len({k < 30 for k in group.tolist()}) == 1  # a group never holds sequences that have no event in common
    assert held_back(one, np.arange(10)) == ()
    # ids stand for the sequences: those of the turned log are given to others, so what counts is that ids alone set the order
    rest = (getattr(other.paths, part) for part in ("offsets", "choices", "last_state", "goal", "goals"))
    names = Paths(other.paths.ids[::-1].copy(), *rest)
    turned = held_back(Material(other.world, names, other.began), np.arange(60))
    for group, again in zip(found, turned, strict=True):
        assert sorted(one.paths.ids[group]) == sorted(names.ids[again])
