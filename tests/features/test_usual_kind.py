"""How usual kinds of events are, against counting them one by one; and that they make the n-gram one of kinds."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, recounts, suggest_features
from irlcore.features.ngrams.witten_bell import AFTER, ALONE
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classes import class_count
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.worlds.history.test_classifier import PARTS, timed
from tests.worlds.history.test_contexts import log_of


def a_log(seed: int, parts: int) -> tuple[World, Paths]:
    log = timed(seed, 60)
    world = build_history(log, Memory(2, 3, (), 1, PARTS[:parts], 2))
    return world, map_log(world, log).paths


def kinds_of(world: World) -> list[tuple[str, tuple[str, ...]]]:
    """Each choice as its event and its labels."""
    labels = [world.choice_attributes[part.name] for part in PARTS if part.name in world.choice_attributes]
    return list(zip(world.choice_attributes["event"].tolist(), zip(*(one.tolist() for one in labels), strict=True), strict=True))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("given", [ALONE, AFTER])
def test_shares_are_those_of_a_slow_count(seed: int, given: str) -> None:
    """Witten and Bell's method C, told apart by one thing, level by level."""
    world, paths = a_log(seed, 1)
    column = feature_column(FeatureSpec("usual", "usual_kind", {"given": given}), world, Context(training=paths))
    kinds, before = kinds_of(world), world.place_names[world.choice_from]
    width = class_count(world) + 1
    alone, after = defaultdict[str, Counter[object]](Counter), defaultdict[tuple[str, str], Counter[object]](Counter)
    for c in paths.choices.tolist():
        alone[kinds[c][0]][kinds[c]] += 1
        after[str(before[c]), kinds[c][0]][kinds[c]] += 1
    own = Counter(event for event, _ in kinds[:width])
    for c in range(world.mdp.n_choices):
        event = kinds[c][0]
        if event == "(end)":
            assert column[c] == 0.0
            continue
        share = 1.0 / own[event]
        for counts in (alone[event], after[str(before[c]), event])[:2 if given == AFTER else 1]:
            n, t = sum(counts.values()), len(counts)
            share = (counts[kinds[c]] + t * share) / (n + t) if n else share
        assert column[c] == pytest.approx(np.log(share), abs=1e-12)


@pytest.mark.parametrize("parts", [1, 2, 4])
@pytest.mark.parametrize("of", ["", "hour"])
@pytest.mark.parametrize("given", [ALONE, AFTER])
def test_the_kinds_of_an_event_share_all_of_it(parts: int, of: str, given: str) -> None:
    world, paths = a_log(4, parts)
    column = feature_column(FeatureSpec("usual", "usual_kind", {"given": given, "of": of}), world, Context(training=paths))
    labels = world.choice_attributes["hour"] if of else np.arange(world.mdp.n_choices).astype(str)
    whole: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for c in range(world.mdp.n_choices):
        whole[int(world.mdp.choice_state[c]), int(world.choice_place[c])][str(labels[c])] = float(np.exp(column[c]))
    assert all(abs(sum(one.values()) - 1.0) < 1e-9 for one in whole.values())
    assert max(map(len, whole.values())) > 1


def test_with_weights_of_one_the_kinds_have_their_shares_of_the_n_gram() -> None:
    world, paths = a_log(5, 2)
    context = Context(training=paths)
    event, kind = (feature_column(FeatureSpec("f", *spec), world, context)
                   for spec in (("usual_event", {"back": 2}), ("usual_kind", {"given": AFTER})))
    chance = np.exp(event + kind)
    np.testing.assert_allclose(np.bincount(world.mdp.choice_state, chance), 1.0, atol=1e-9)


def test_a_sequence_is_judged_by_counts_without_the_fold_it_is_in() -> None:
    world, paths = a_log(6, 1)
    specs = [FeatureSpec("usual", "usual_kind")]
    found = recounts(specs, world, Context(training=paths), paths, folds=3)
    assert sorted(np.concatenate([part.index for part in found]).tolist()) == list(range(len(paths)))
    for part in found:
        others = paths.take(np.setdiff1d(np.arange(len(paths)), part.index))
        np.testing.assert_array_equal(part.phi[:, 0], feature_column(specs[0], world, Context(training=others)))


def test_formulas_attributes_and_the_start_set_know_the_labels() -> None:
    world, paths = a_log(7, 2)
    context = Context(training=paths)
    formula = feature_column(FeatureSpec("f", "formula", {"formula": 'event == "a" and hour == "night"'}), world, context)
    night = feature_column(FeatureSpec("n", "attribute", {"attribute": "hour", "equals": "night"}), world, context)
    a = feature_column(FeatureSpec("a", "sequel", {"event": "a"}), world, context)
    assert 0 < formula.sum() < a.sum() and np.array_equal(formula, a * night)
    names = [spec.name for spec in suggest_features(world)]
    assert "usual hour and wait of the event" in names and "usual hour and wait of the event after the one before" in names
    plain = build_history(log_of(["ab", "ba"]), Memory(1, 1))
    assert not any("hour" in spec.name for spec in suggest_features(plain))
    with pytest.raises(FeatureError, match="Nothing tells the events of this log apart"):
        feature_column(FeatureSpec("u", "usual_kind"), plain, Context(training=map_log(plain, log_of(["ab"])).paths))
    with pytest.raises(FeatureError, match="not told apart by 'who'"):
        feature_column(FeatureSpec("u", "usual_kind", {"of": "who"}), world, context)


@pytest.mark.parametrize("times", [1, 2])
def test_an_event_once_another_has_happened_so_often(times: int) -> None:
    texts = ["aab", "abab", "bbaab"]
    log = log_of(texts)
    world = build_history(log, Memory(1, 1, ("a",), 2))
    paths = map_log(world, log).paths
    column = feature_column(FeatureSpec("b", "happened", {"event": "b", "times": times}), world, Context())
    wanted = [float(one[t] == "b" and one[:t].count("a") >= times) if t < len(one) else 0.0 for one in texts for t in range(len(one) + 1)]
    assert column[paths.choices].tolist() == wanted and sum(wanted) > 0
    with pytest.raises(FeatureError, match="counts up to 2"):
        feature_column(FeatureSpec("b", "happened", {"times": 3}), world, Context())


def test_kinds_change_nothing_where_there_are_none() -> None:
    log = timed(8)
    world, kinds = build_history(log, Memory(2, 3)), build_history(log, Memory(2, 3, (), 1, PARTS))
    paths, of_kinds = map_log(world, log).paths, map_log(kinds, log).paths
    for kind, params in (("usual_event", {"back": 2}), ("again", {}), ("sequel", {"after": "a", "event": "b"})):
        mine, theirs = (feature_column(FeatureSpec("f", kind, params), w, Context(training=replace(p)))[p.choices]
                        for w, p in ((world, paths), (kinds, of_kinds)))
        np.testing.assert_array_equal(mine, theirs)
