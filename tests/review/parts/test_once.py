"""Tracks that go the same way are looked at once: the same found as one by one, in any order, for work that grows with ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.scored import material_of
from irlcore.project.split import split_paths
from irlcore.review.nearest import LEAVING, occurrences, step_nats, step_terms, unshared
from irlcore.review.parts.base import Material, PartKind
from irlcore.review.parts.kinds import KINDS
from irlcore.review.parts.once import by_name_order, different_ways, once, same_way, ways_of_known
from irlcore.review.parts.table import measured
from irlcore.review.shapes.kernels import most_shared
from irlcore.review.shapes.lines import lines_of
from irlcore.worlds import alike
from tests.logs import log_project, sequences
from tests.review.parts.classes import TOWN, commuters, in_town, lanes, on_grid
from tests.review.streets import drives

pytestmark = pytest.mark.kernels
WAYS, TRACKS = 60, 1200


def repeated(seed: int = 0) -> Material:
    """Many drives over few ways, some of them round and round."""
    ways = [*commuters(WAYS - 2, seed), [0, 1, 2, 3, 9, 8, 2, 3, 4], [0, 1, 2, 3, 9, 8, 2, 3, 9, 8, 2, 3, 4]]
    return in_town([ways[k] for k in np.random.default_rng(seed).integers(0, WAYS, TRACKS).tolist()])


def shuffled(material: Material, order: np.ndarray) -> Material:
    return replace(material, paths=material.paths.take(order), began=material.began[order])


def kinds_of(material: Material) -> list[PartKind]:
    return [kind for kind in KINDS.values() if not kind.missing(material)]


def test_what_is_found_once_for_a_way_is_what_is_found_of_each_track(monkeypatch: pytest.MonkeyPatch) -> None:
    learn = np.arange(0, TRACKS, 3)
    found = {kind.name: measured(kind, repeated(), learn) for kind in kinds_of(repeated())}
    assert {"usual_ways", "unshared_steps", "destination", "ends_together", "turning", "repeats"} <= set(found)
    monkeypatch.setattr(alike, "FEWEST", TRACKS + 1)  # now every track is looked at by itself
    alone = repeated()
    assert len(np.unique(same_way(alone))) == TRACKS
    for name, once_a_way in found.items():
        each = measured(KINDS[name], alone, learn)
        np.testing.assert_array_equal(once_a_way.values, each.values, err_msg=name)
        assert [once_a_way.words(i) for i in range(0, TRACKS, 60)] == [each.words(i) for i in range(0, TRACKS, 60)]


def test_the_order_of_tracks_is_nothing() -> None:
    own, order = repeated(), np.random.default_rng(1).permutation(TRACKS)
    other, back = shuffled(own, order), np.argsort(order)
    learn = np.arange(0, TRACKS, 3)
    for kind in kinds_of(own):
        if kind.name != "usual_ways":  # what is usual is regressed on a sample there, where many are learned from
            there = measured(kind, other, back[learn]).values[back]
            np.testing.assert_array_equal(measured(kind, own, learn).values, there, err_msg=kind.name)


def test_a_kind_is_asked_for_each_way_once_however_many_tracks_go_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    kind = KINDS["unshared_steps"]
    real = type(kind).measure

    def counted(self: PartKind, material: Material, learn: np.ndarray, index: np.ndarray) -> object:
        asked.append(len(index))
        return real(self, material, learn, index)

    monkeypatch.setattr(type(kind), "measure", counted)
    measured(kind, repeated(), np.arange(0, TRACKS, 3))
    assert max(asked) <= WAYS and len(asked) == 11


def test_ways_are_told_by_the_first_that_goes_them() -> None:
    own = repeated()
    paths, same = own.paths, same_way(own)
    spoken = [paths.choices[paths.offsets[i]:paths.offsets[i + 1]].tolist() for i in range(TRACKS)]
    assert same.tolist() == [spoken.index(way) for way in spoken]
    some = np.array([7, 3, 900, 7, 11, 3])
    found, back = once(same, some)
    assert found.index[back].tolist() == [next(j for j in some.tolist() if spoken[j] == spoken[i]) for i in some.tolist()]
    assert found.often.tolist() == np.bincount(back).tolist()
    ways, of = different_ways(own)
    assert [ways.choices[ways.offsets[k]:ways.offsets[k + 1]].tolist() for k in of.tolist()] == spoken
    known = ways_of_known(own, np.arange(0, TRACKS, 2))
    names = paths.ids.astype(str)
    for i, often in zip(known.index.tolist(), known.often.tolist(), strict=True):
        like = [j for j in range(0, TRACKS, 2) if spoken[j] == spoken[i]]
        assert names[i] == min(names[like]) and often == len(like)
    assert sorted(names[known.index].tolist()) == names[known.index].tolist()
    assert names[np.argsort(by_name_order(own))].tolist() == sorted(names.tolist())


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_is_the_first_by_its_id_of_those_that_share_most(seed: int) -> None:
    """Against every pair, added up in the order of the steps."""
    rng = np.random.default_rng(seed)
    paths = drives(TOWN, [*commuters(70, seed), [0, 1, 2, 3, 9, 8, 2, 3, 4], [0, 1, 2, 3, 9, 8, 2, 3, 9, 8, 2, 3, 4], [30, 31, 32]])
    mixed = rng.permutation(len(paths))
    known, asked = mixed[:40], mixed[40:]
    found = unshared(paths, TOWN.mdp, known, asked)
    value, terms = LEAVING + step_nats(paths.take(known), TOWN.mdp), step_terms(paths, TOWN.mdp)
    steps = [slice(paths.offsets[i], paths.offsets[i + 1]) for i in range(len(paths))]
    by_id = sorted(known.tolist(), key=lambda j: str(paths.ids[j]))
    for k, i in enumerate(asked.tolist()):
        shared = []
        for j in by_id:
            has = np.isin(terms[steps[i]], terms[steps[j]])
            shared.append(round(float(sum(value[paths.choices[steps[i]]][has].tolist())), 9))
        best = int(np.argmax(shared))
        assert found.nearest[k] == by_id[best]
        total = float(sum(value[paths.choices[steps[i]]].tolist()))
        assert found.nats[k] == pytest.approx(max(total - shared[best], 0.0), abs=1e-8)


def test_a_step_that_is_made_again_is_another() -> None:
    paths = drives(TOWN, [[0, 1, 2, 3, 9, 8, 2, 3, 9, 8, 2, 3, 4], [0, 1, 2, 3, 4]])
    times, terms = occurrences(paths), step_terms(paths, TOWN.mdp)
    seen: dict[tuple[int, int], int] = {}
    for t, (owner, choice) in enumerate(zip(paths.owner.tolist(), paths.choices.tolist(), strict=True)):
        assert times[t] == seen.get((owner, choice), 0)
        seen[owner, choice] = int(times[t]) + 1
    pairs = {(int(c), int(n)): int(one) for c, n, one in zip(paths.choices, times, terms, strict=True)}
    assert len(set(pairs.values())) == len(pairs) == len(np.unique(terms))


def additions(m: int) -> float:
    """Numbers that are added up for each of 20 lists that are known too, where each of ``m`` has a rare step of its own, which counts for
    more than half, beside many that all have."""
    offsets = np.arange(m + 1) * 12
    terms = np.tile(np.arange(12), m)
    terms[11::12] = 11 + np.arange(m)
    by_term = np.argsort(terms, kind="stable")
    posted = np.append(0, np.cumsum(np.bincount(terms)))
    value = np.where(np.arange(12) == 11, 20.0, 1.0)
    n = 20
    best, which, total = np.zeros(n), np.zeros(n, np.int64), np.zeros(n)
    added = most_shared(np.arange(n), offsets[:n + 1], terms[:12 * n], np.tile(value, n), offsets, terms, posted, by_term // 12, 9, best,
                        which, total)
    assert which.tolist() == list(range(n)) and (best == total).all()
    return float(added) / n


def test_a_list_with_a_near_one_costs_what_its_rare_steps_do() -> None:
    """However many are known, of which each shares something."""
    assert additions(200) == additions(20_000) < 100.0


def test_a_line_is_as_long_whatever_comes_before_it() -> None:
    for own in (repeated(3), on_grid(lanes(12, 0))):
        every = lines_of(own, np.arange(len(own.paths)))
        for i in (0, 5, len(own.paths) - 1):
            alone = lines_of(own, np.array([i]))
            np.testing.assert_array_equal(alone.along, every.along[every.offsets[i]:every.offsets[i + 1]])
            at = alone.length * np.linspace(0.0, 1.0, 7)
            np.testing.assert_array_equal(alone.at(np.zeros(7, np.int64), at), every.at(np.full(7, i), at))


def test_sequences_of_a_log_too(monkeypatch: pytest.MonkeyPatch) -> None:
    project = log_project([*sequences(40)] * 30, fitted=False)
    own = material_of(project, split_paths(project))
    learn = np.arange(0, len(own.paths), 3)
    found = {kind.name: measured(kind, own, learn).values for kind in kinds_of(own)}
    assert "event_mix" in found and len(np.unique(same_way(own))) <= 40
    monkeypatch.setattr(alike, "FEWEST", len(own.paths) + 1)
    alone = replace(own)
    assert len(np.unique(same_way(alone))) == len(own.paths)
    for name, values in found.items():
        np.testing.assert_array_equal(values, measured(KINDS[name], alone, learn).values, err_msg=name)
