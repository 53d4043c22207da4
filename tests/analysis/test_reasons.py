"""Headlines and reasons of reviewed tracks on both samples."""

from __future__ import annotations

import pytest

from irlcore.analysis import study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.project.places import places_of
from tests.analysis.test_study import both_samples, fitted, reviewed


@both_samples
def test_every_reviewed_track_has_a_headline_and_reasons(sample: str, kind: str) -> None:
    project, review = fitted(sample, kind), reviewed(sample, kind)
    told = apart_study(project, review)
    lines = headlines(project, review, told)
    assert len(lines) == len(review.order) and all(lines)
    places = places_of(project)
    for index, line in zip(review.order, lines, strict=True):
        chosen = review.parts.paths.states(project.world.mdp, int(index))
        named = [places.said(int(place)) for place in project.world.place_of_state[chosen]]
        assert any(name in line for name in named) or "than usual" in line
    _, matrix, _, _ = study.solved(project)
    for index in review.order[:3]:
        reasons = reasons_study(project, review, int(index))
        own = review.parts.paths.choices[review.parts.paths.offsets[index]:review.parts.paths.offsets[index + 1]]
        assert reasons.track == review.parts.paths.ids[index]
        assert reasons.sentences
        assert set(reasons.stretch.tolist()) <= set(own.tolist())
        used = {use.name: use.observed for use in reasons.features}
        assert used == pytest.approx(dict(zip(matrix.names, matrix.values[own].sum(axis=0), strict=True)))
