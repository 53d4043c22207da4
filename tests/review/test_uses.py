"""Uses of features are told in units, with how many ordinary tracks, and how many flagged ones, are as far off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from irlcore.features.totals import Total
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.apart import Found, compared
from irlcore.review.reasons import _beside_flagged
from irlcore.review.uses import FeatureUse, UsualUses, in_units, use_findings, uses_of, uses_to_goal, usual_uses
from tests.review.worlds import make_paths, one_way_mdp

USUAL = usual_uses({"length (km)": Total("m", 1000.0)},
                   [(FeatureUse("length (km)", 1.0, 1.0, 1.0, z),) for z in (-3.0, 0.0, 2.5, 2.5 - 1e-13, 9.0, np.nan)], "ordinary track")


def told(z: float) -> str:
    return use_findings(in_units((FeatureUse("length (km)", 7.7, 1.2, 1.0, z),), USUAL), USUAL)[0].sentence


def test_what_is_usual_is_counted_on_the_same_side() -> None:
    assert told(2.5) == ('It used more of "length (km)" than expected: 7.7 km where 1.2 km is usual (2.5 standard deviations; as far off: '
                         "3 of 5 ordinary tracks).")
    assert "as far off: 1 of 5 ordinary tracks" in told(-2.1) and "none of 5 ordinary tracks" in told(30.0)
    assert USUAL.rare("toll", 3.0) == ""


def test_other_flagged_tracks_are_counted_too() -> None:
    def flagged(z: float) -> Found:
        return Found(np.zeros(0, np.int64), (), tuple(use_findings(in_units((FeatureUse("length (km)", 7.7, 1.2, 1.0, z),), USUAL), USUAL)))

    apart = compared({k: flagged(z) for k, z in enumerate((2.5, 4.0, 9.0, -9.0, 0.0, 2.1))})
    said = _beside_flagged(apart, 0, apart.found[0].findings[0])
    assert said.endswith("as far off: 3 of 5 ordinary tracks, 2 of 5 other flagged tracks).")
    few = compared({k: flagged(9.0) for k in range(3)})
    assert _beside_flagged(few, 0, few.found[0].findings[0]) == few.found[0].findings[0].sentence


def test_uses_of_several_goals_are_those_of_each() -> None:
    mdp = one_way_mdp(4, 3)
    phi = np.random.default_rng(3).uniform(0.0, 3.0, (mdp.n_choices, 1))
    model = MaxEnt()
    prepared = model.prepare(mdp, -phi[:, 0])
    rng, ways = np.random.default_rng(1), []
    for goal in (11, 11, 7, 10):
        solution = model.solve(prepared, np.array([goal]))
        states = model.sample(prepared, solution, 0, rng)
        ways.append([next(m for m in range(mdp.choice_offsets[a], mdp.choice_offsets[a + 1]) if mdp.successors[m] == b)
                     for a, b in pairwise(states)])
    paths = make_paths(mdp, ways, [11, 11, 7, 10])
    found = uses_of(model, prepared, paths, np.arange(4), ("toll",), phi)
    alone = [uses_to_goal(prepared, model.solve(prepared, np.array([goal])), [np.array(way)], ("toll",), phi)[0]
             for way, goal in zip(ways, (11, 11, 7, 10), strict=True)]
    assert sorted(one[0].z for one in found) == pytest.approx(sorted(one[0].z for one in alone))
    assert isinstance(usual_uses({}, found, "x"), UsualUses)
