"""Headlines and reasons of reviewed tracks on both samples."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.analysis import study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.project.places import places_of
from tests.analysis.test_study import both_samples, fitted, reviewed
from tests.review.words.test_every_sentence import ONE_OF_MANY, WRONG


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
    matrix = study.solved(project).matrix
    for index in review.order[:3]:
        reasons = reasons_study(project, review, int(index))
        own = review.parts.paths.choices[review.parts.paths.offsets[index]:review.parts.paths.offsets[index + 1]]
        assert reasons.track == review.parts.paths.ids[index]
        assert reasons.sentences
        assert set(reasons.stretch.tolist()) <= set(own.tolist())
        used = {use.name: use.observed for use in reasons.features}
        assert used == pytest.approx(dict(zip(matrix.names, matrix.values[own].sum(axis=0), strict=True)))


@both_samples
def test_what_is_told_of_the_samples_is_said_well_and_names_places(sample: str, kind: str) -> None:
    project, review = fitted(sample, kind), reviewed(sample, kind)
    told = apart_study(project, review)
    ordinary = np.union1d(review.parts.fit, review.parts.calibration)
    alike, ordinary_sides = 0, 0
    for index in review.order[:20].tolist():
        reasons = reasons_study(project, review, index, told)
        for text in (*reasons.sentences, reasons.headline):
            assert not WRONG.search(text) and not ONE_OF_MANY.search(text), text
            assert not any(token in text for token in ("{", "cell ", "link ")), text
        assert all(text.endswith(".") for text in reasons.sentences) and len(set(reasons.sentences)) == len(reasons.sentences)
        assert np.isin(reasons.nearest, ordinary).all() and index not in reasons.nearest
        alike += any(text.startswith("Most like it among ordinary tracks: ") for text in reasons.sentences)
        ordinary_sides += any(text.endswith((" is ordinary.", " are ordinary.")) for text in reasons.sentences)
        for side in reasons.sides.unusual:
            assert side.unusual.p <= 0.05 and (side.of_way or side.same([one.kind for one in reasons.own]) or side.sentence in reasons.did)
    assert alike >= 10 and ordinary_sides >= 10


@both_samples
def test_the_headline_of_a_flagged_track_is_that_of_the_list(sample: str, kind: str) -> None:
    project, review = fitted(sample, kind), reviewed(sample, kind)
    told = apart_study(project, review)
    lines = headlines(project, review, told)
    for index, line in zip(review.order.tolist(), lines, strict=True):
        if review.flagged[index]:
            assert reasons_study(project, review, index, told).headline == line
