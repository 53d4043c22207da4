"""Anomalies planted into a class's fitted tracks: the rule and the default that come of them, and what they leave as it was."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.analysis import planting, ranking
from irlcore.analysis.parts_told import families_of, part_p, parts_sentence, single_scores
from irlcore.analysis.ranking import rank, scored_study
from irlcore.analysis.scored import Scored, material_of
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.combined import Crossed
from irlcore.review.parts.kinds import COMBINED, KINDS
from irlcore.review.parts.table import measured
from irlcore.simulation.planted.plant import PLANTED

pytestmark = pytest.mark.kernels


@cache
def fitted(sample: str) -> Project:
    return fit_study(sample_project(sample), "boltzmann" if sample != "fishing" else "")


@cache
def scored(sample: str) -> Scored:
    return scored_study(fitted(sample))


@pytest.mark.parametrize("sample", ["town", "fishing"])
def test_a_class_is_ranked_by_what_the_evidence_supports(sample: str) -> None:
    found = scored(sample)
    assert found.evidence is not None and isinstance(found.rule, Crossed)
    assert found.table.names[-1] == COMBINED and set(found.evidence.scores) == set(found.table.names)
    assert set(found.evidence.kinds) <= set(PLANTED) and (found.evidence.planted >= 8).all()
    review = rank(found, FalseAlarmControl("share_of_flags", 0.1))
    assert review.score == found.default == found.evidence.best
    assert rank(found, FalseAlarmControl("share_of_flags", 0.1), "improbability").score == "improbability"


def test_planting_leaves_every_score_of_the_class_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    project = replace(fitted("town"), fits=(replace(fitted("town").fits[-1]),))
    monkeypatch.setattr(ranking, "plant_in", lambda *_: None)
    plain = scored_study(project)
    assert plain.evidence is None and plain.default == "surprise" and COMBINED in plain.table.names
    for name in single_scores(plain):
        np.testing.assert_allclose(scored("town").values(name), plain.values(name), rtol=1e-9, atol=1e-9)
    here, there = scored("town"), plain
    assert here.circumstances is not None and there.circumstances is not None and here.shift == there.shift
    assert [len(one) for one in here.circumstances.columns().values()] == [len(here.parts.paths)] * len(there.circumstances.columns())


def test_a_column_of_texts_called_as_a_fact_of_gaps_is_no_such_fact() -> None:
    project = fitted("town")
    assert project.tracks is not None
    named = replace(project.tracks, attributes=project.tracks.attributes.assign(gaps="none of note"))
    parts = split_paths(project)
    assert "gaps" not in material_of(replace(project, tracks=named), parts).facts


def test_only_fitted_tracks_are_planted_in_and_learned_from() -> None:
    project = fitted("town")
    parts = split_paths(project)
    found = planting.plant_in(material_of(project, parts), parts)
    assert found is not None
    assert np.isin(found.planted.of, parts.fit).all() and np.isin(found.ordinary, parts.fit).all()
    rule = scored("town").rule
    assert isinstance(rule, Crossed)
    assert (rule.fold[np.concatenate((parts.calibration, parts.review))] == -1).all() and (rule.fold[parts.fit] >= 0).all()


def test_the_order_of_tracks_changes_nothing_that_is_planted() -> None:
    project = fitted("town")
    parts = split_paths(project)
    turned = np.random.default_rng(1).permutation(len(parts.paths))
    place = np.argsort(turned)
    other = replace(parts, paths=parts.paths.take(turned), fit=np.sort(place[parts.fit]))
    plain, mixed = (planting.plant_in(replace(material_of(project, parts), paths=one.paths), one) for one in (parts, other))
    assert plain is not None and mixed is not None
    np.testing.assert_array_equal(mixed.planted.paths.choices, plain.planted.paths.choices)
    assert mixed.planted.kind.tolist() == plain.planted.kind.tolist()


def test_a_planted_track_is_measured_without_the_one_it_was_made_of() -> None:
    project = fitted("town")
    parts = split_paths(project)
    material = material_of(project, parts)
    found = planting.plant_in(material, parts)
    assert found is not None
    together = planting.joined(material, found.planted)
    asked: list[tuple[np.ndarray, np.ndarray]] = []

    class Spy:
        """A kind that keeps what it is asked."""

        title = "Spy"

        def same(self, _: object) -> None:
            """None: each is a track of its own."""

        def measure(self, _: object, learn: np.ndarray, index: np.ndarray) -> object:
            asked.append((learn, index))
            return type("Found", (), {"values": index.astype(float)})()

    values = measured(Spy(), together, parts.fit, None, found.planted.of).values  # type: ignore[arg-type]
    np.testing.assert_array_equal(values, np.arange(len(together.paths)))
    n = len(parts.paths)
    for learn, index in asked:
        made = index[index >= n] - n
        assert not np.isin(found.planted.of[made], learn).any() and not np.isin(index, learn).any()


def test_planted_points_are_the_sources_own_where_the_way_is() -> None:
    project = fitted("fishing")
    parts = split_paths(project)
    material = material_of(project, parts)
    found = planting.plant_in(material, parts)
    assert found is not None and material.points is not None
    points = planting.joined(material, found.planted).points
    assert points is not None and len(points) == len(parts.paths) + len(found.planted)
    for k in np.flatnonzero(np.isin(found.planted.kind, ("stop", "too fast"))).tolist():
        own, now = (slice(*one.offsets[i:i + 2]) for one, i in ((points, int(found.planted.of[k])), (points, len(parts.paths) + k)))
        assert set(zip(points.x[now], points.y[now], strict=True)) <= set(zip(points.x[own], points.y[own], strict=True))
        assert now.stop - now.start > 0.9 * (own.stop - own.start)


def test_parts_are_told_against_the_calibration_tracks() -> None:
    found = scored("town")
    p = part_p(found)
    assert p.shape == (len(found.parts.paths), len(single_scores(found)))
    strangest = int(found.parts.review[np.argmax(found.values("surprise")[found.parts.review])])
    floor = 1.0 / (len(found.parts.calibration) + 1.0)
    assert p[strangest, 0] == pytest.approx(floor) and np.nanmin(p) >= floor - 1e-12
    said = parts_sentence(found, families_of(found), strangest)
    assert said.startswith("Route ") and said.endswith(".") and ("1 in" in said or "ordinary" in said)


def test_kinds_that_no_score_could_tell_are_not_planted() -> None:
    project = fitted("town")
    parts = split_paths(project)
    material = material_of(project, parts)
    assert all(kind.missing(material) for kind in KINDS.values() if kind.family in ("pace", "gap"))
    found = planting.plant_in(material, parts)
    assert found is not None and not np.isin(found.planted.kind, ("stop", "too fast", "too slow", "gap")).any()


def test_a_large_world_has_fewer_and_a_large_class_more() -> None:
    assert [planting.each_of(*one) for one in ((50, 400), (700, 400), (5000, 400), (5000, 30_000))] == [40, 70, 100, 12]
