"""What an analyst may choose for p-values are made, by several fits, ties, an estimated share: what is promised then, and what is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.cross_conformal import cross_study
from irlcore.analysis.ranking import by_one_fit, rank
from irlcore.errors import DataError
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.review.calibration.rate import highest_rate
from irlcore.review.calibration.words import calibration_limit, percent_up
from tests.analysis.test_promises import FLAGS, NORMAL, by, fitted, scored

pytestmark = pytest.mark.kernels
SEED = 20121


def test_a_review_by_several_fits_promises_its_own_bound_and_none_that_is_known_for_one_fit_alone() -> None:
    basis, study = Basis(crossed=True), cross_study(fitted(), "improbability", 4)
    review = rank(scored(), replace(NORMAL, basis=basis), "improbability", study)
    parts, promise = review.parts, review.promise
    np.testing.assert_array_equal(review.p[parts.review], study.found.p)
    np.testing.assert_array_equal(review.flagged[parts.review], study.found.p <= 0.05)
    assert review.ground.n == len(parts.fit) + len(parts.calibration) and review.ground.folds == 4
    assert promise == study.promise(0.05, scored()) and promise.holds and "of 4 fits" in promise.sentence
    for other in (review.any_cut, review.picked([str(parts.paths.ids[review.order[0]])]),
                  rank(scored(), replace(FLAGS, basis=basis), "improbability", study).promise):
        assert not other.holds and other.sentence.startswith("Nothing can be promised")
    assert review.down_to(int(review.order[0])) == ""
    assert by_one_fit(review).p.tolist() == rank(scored(), NORMAL, "improbability").p.tolist() and by_one_fit(review) is not review
    assert by_one_fit(by_one_fit(review)).control == NORMAL
    for wrong in (None, study):
        with pytest.raises(DataError, match="not compared by several fits"):
            rank(scored(), replace(NORMAL, basis=basis), "surprise", wrong)
    with pytest.raises(DataError, match="ties counted"):
        Basis(crossed=True, ties="random")


@pytest.mark.parametrize("basis", [Basis(), Basis(ties="finer"), Basis(adaptive=True), Basis(ties="random"), Basis(groups="distance"),
                                   Basis(weighted=True)])
def test_where_one_stops_in_the_list_the_bound_at_that_cut_is_said_where_it_holds(basis: Basis) -> None:
    review = by(basis)
    for place in (0, 40, 299):
        index = int(review.order[place])
        said, at = review.down_to(index), review.at_cut(float(review.p[index]))
        if not basis.plain:
            assert said == ""
        elif at.bound < 1.0:
            alike = int((review.p[review.order] <= review.p[index]).sum())
            assert f"lists {alike} of 300" in said and f"at most {percent_up(at.bound)} of normal" in said and alike > place


def test_the_bound_where_one_stops_holds_wherever_one_stops() -> None:
    """In at least 95 of 100 draws of the calibration tracks; 200 draws, three standard deviations below."""
    rng, n, kept = np.random.default_rng(SEED), 60, 0
    for _ in range(200):
        ranked = np.sort(rng.random(n))[::-1]  # how strange calibration tracks are; the long-run share above each is known
        kept += bool(np.all(1.0 - ranked <= highest_rate(n)[1:n + 1]))
    assert kept >= 200 * 0.95 - 3.0 * np.sqrt(200 * 0.95 * 0.05)


def test_a_limit_of_the_calibration_tracks_is_said_where_p_values_are_held_by_it_alone() -> None:
    usual = FalseAlarmControl("share_of_flags", 0.1)
    assert "no p-value is below 1 in 21" in calibration_limit(20, usual, 50)
    for basis in (Basis(ties="random"), Basis(weighted=True), Basis(adaptive=True)):
        assert calibration_limit(20, replace(usual, basis=basis), 50) == ""
