"""Reasons: the likeliest way against the list of all ways, totals against the moments, sentences that hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.ranking import review_study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.analysis.study import fit_study
from irlcore.project.samples import sample_project
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.apart import Apart, Found, compared
from irlcore.review.behaviour import Finding
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.reasons import Telling, Yardstick, explain_path, line, telling
from irlcore.review.scores import score_paths
from irlcore.review.sides import NO_SIDES
from irlcore.review.uses import uses_to_goal
from irlcore.worlds.mdp import build_mdp
from tests.review.worlds import all_paths, as_world, make_paths, one_way_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


def test_feature_totals_are_standardised_over_all_paths() -> None:
    mdp = one_way_mdp(4, 3)
    rng = np.random.default_rng(3)
    phi = np.column_stack((rng.uniform(0.0, 3.0, mdp.n_choices), np.ones(mdp.n_choices)))
    model = MaxEnt()
    prepared = model.prepare(mdp, -phi[:, 0])
    solution = model.solve(prepared, np.array([11]))
    listed = list(all_paths(mdp, solution, 0))
    chance = np.array([c for c, _ in listed])
    totals = np.array([phi[way, 0].sum() for _, way in listed])
    mean = chance @ totals
    deviation = np.sqrt(chance @ (totals - mean) ** 2)
    for (_, way), total in zip(listed, totals, strict=True):
        first, second = uses_to_goal(prepared, solution, [np.array(way)], ("length", "step"), phi)[0]
        assert (first.name, second.name) == ("length", "step")
        assert first.z == pytest.approx((total - mean) / deviation)
        assert np.isnan(second.z)  # every way has the same number of steps
        assert second.observed == pytest.approx(second.expected) == 5.0


def test_a_detour_is_explained_in_the_unit_of_a_feature() -> None:
    # two ways from 0 to 3: by 1 (200 m) and by 2 (1,000 m)
    mdp, order = build_mdp(4, np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]))
    length = np.array([100.0, 500.0, 100.0, 500.0])[order]
    model = Boltzmann()
    prepared = model.prepare(mdp, -0.01 * length)
    paths = make_paths(mdp, [[1, 3], [0, 2]], [3, 3])
    scores = score_paths(model, prepared, paths)
    told = telling(as_world(mdp), paths, np.array([1]), yardstick=Yardstick("length", -0.01, "m"))
    detour, usual = (explain_path(model, prepared, paths, scores, i, ("length",), length[:, None], told) for i in (0, 1))
    text = " ".join(detour.sentences)
    assert "between place 0 and place 2" in text
    assert "800 m of length" in text
    assert "parts from it at place 0 and goes on to place 1" in text
    assert "2,980 times as likely" in text or "2,981 times as likely" in text
    assert "more of \"length\" than expected: 1,000 where" in text
    assert detour.alternative.tolist() == [0, 2]
    assert detour.stretch.tolist() == [1]
    assert "It took the likeliest way to place 3." in usual.sentences
    assert not any("more" in s for s in usual.sentences)


def test_a_path_that_the_model_rules_out_is_still_explained() -> None:
    mdp, _ = build_mdp(4, np.array([0, 1, 3]), np.array([1, 2, 3]))
    model = Boltzmann()
    prepared = model.prepare(mdp, -np.ones(3))
    paths = make_paths(mdp, [[2]], [1])
    told: Telling = telling(as_world(mdp), paths, np.array([0]))
    reasons = explain_path(model, prepared, paths, score_paths(model, prepared, paths), 0, ("step",), np.ones((3, 1)), told)
    assert any("no way" in s for s in reasons.sentences)
    assert not len(reasons.alternative)


def found_with(*findings: Finding) -> Found:
    return Found(np.zeros(0, np.int64), (), findings)


def finding(kind: str, amount: float, placed: bool) -> Finding:
    return Finding(kind, amount, f"It {kind}.", kind, kind, placed)


MANY = {k: found_with(finding("more of arterial", 10.0 + k, False), *([finding("circle", 300.0, True)] if k == 3 else []),
                      *([finding("more of left turn", 3.0, False)] if k in (4, 5) else [])) for k in range(20)}


def headline(apart: Apart, index: int) -> str:
    return line(apart.ordered(index, apart.found[index].findings)[0], NO_SIDES)


def test_what_most_flagged_tracks_share_is_told_last_and_in_one_line() -> None:
    apart = compared(MANY)
    assert headline(apart, 3) == "circle" and headline(apart, 4) == "more of left turn"
    first, shared = apart.ordered(4, MANY[4].findings)
    assert [one.kind for one in first] == ["more of left turn"] and [one.kind for one in shared] == ["more of arterial"]
    assert headline(apart, 7) == ""  # nothing of its own
    assert headline(apart, 19) == "more of arterial"  # more than nearly all others
    assert apart.share(3, MANY[3].findings[1]) == pytest.approx(1 / 20)


def test_neither_the_order_of_tracks_nor_that_of_findings_counts() -> None:
    turned = {k: found_with(*reversed(MANY[k].findings)) for k in reversed(range(20))}
    here, there = compared(MANY), compared(turned)
    for k in range(20):
        assert here.ordered(k, MANY[k].findings) == there.ordered(k, turned[k].findings)


def test_the_last_bit_of_an_amount_makes_nobody_rarer() -> None:
    nearly = {k: found_with(finding("more of arterial", 10.0 * (1.0 + (k - 10) * 1e-15), False)) for k in range(20)}
    apart = compared(nearly)
    assert {apart.share(k, nearly[k].findings[0]) for k in range(20)} == {1.0}


def test_of_a_few_flagged_tracks_none_is_like_most() -> None:
    few = compared({k: MANY[k] for k in range(4)})
    assert all(headline(few, k) for k in range(4))


def test_a_track_that_is_not_flagged_is_put_beside_the_flagged_ones() -> None:
    apart = compared(MANY)
    assert apart.is_common(99, finding("more of arterial", 12.0, False))
    assert not apart.is_common(99, finding("more of arterial", 99.0, False))
    assert apart.share(99, finding("circle", 300.0, True)) == pytest.approx(2 / 21)


def test_flagged_tracks_with_different_causes_have_different_reasons() -> None:
    project = replace(sample_project("town"), agent_class="truck")
    fitted = fit_study(project)
    review = review_study(fitted, FalseAlarmControl("share_of_normal", 0.05))
    told = apart_study(fitted, review)
    flagged = np.flatnonzero(review.flagged)
    assert set(told.apart.found) == set(flagged.tolist()) and len(flagged) > 5
    first = [reasons_study(fitted, review, int(i), told).sentences[0] for i in flagged]
    assert len(set(first)) == len(first)
    lines = headlines(fitted, review, told)
    own = [line for line, i in zip(lines, review.order, strict=True) if review.flagged[i]]
    assert len({line.split(" at ")[0] for line in own}) >= 3 and not any("arterial" in line for line in own)
    alone = reasons_study(fitted, review, int(flagged[0]))
    assert not any("flagged" in sentence for sentence in alone.sentences)
    assert reasons_study(fitted, review, int(flagged[0]), told).headline == lines[review.order.tolist().index(flagged[0])]
