"""Against the package ``nonconform`` 2.0, which needs Python 3.12: the same p-values, and bounds that are no wider where cuts are made."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from irlcore.review.calibration.batch import normal_at_most
from irlcore.review.calibration.controls import benjamini_hochberg
from irlcore.review.calibration.groups import grouped_p
from irlcore.review.calibration.p_values import conformal_p, drawn, random_p
from irlcore.review.calibration.rate import highest_rate
from irlcore.review.calibration.weights import weighted_p

pytestmark = pytest.mark.skipif(find_spec("nonconform") is None,
                                reason="nonconform 2.0 is not installed; it needs Python 3.12 (pip install 'nonconform>=2.0')")


def scores(seed: int, n: int = 60, m: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Of normal tracks and reviewed ones, of which some are strange; every other draw has many ties."""
    rng = np.random.default_rng(seed)
    found = rng.normal(size=n), np.concatenate((rng.normal(size=m - 8), rng.normal(3.0, 1.0, 8)))
    return found if seed % 2 else (np.round(found[0]), np.round(found[1]))


class Identity:
    """A detector whose score is the first column: nothing is learned, so that the scores above can be handed in."""

    def fit(self, x: np.ndarray, y: np.ndarray | None = None) -> Identity:
        return self

    def decision_function(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(x)[:, 0]

    def get_params(self, deep: bool = True) -> dict[str, object]:
        return {}

    def set_params(self, **params: object) -> Identity:
        return self


@pytest.mark.parametrize("seed", range(4))
def test_the_p_values_are_the_same(seed: int) -> None:
    from nonconform import Empirical
    calibration, asked = scores(seed)
    np.testing.assert_allclose(conformal_p(calibration, asked), Empirical().compute_p_values(asked, calibration), atol=1e-12)
    rng = np.random.default_rng(seed)
    kept, own = rng.random(len(calibration)) + 0.1, rng.random(len(asked)) + 0.1
    theirs = Empirical().compute_p_values(asked, calibration, (kept, own))
    np.testing.assert_allclose(weighted_p(calibration, asked, kept, own), theirs, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_drawn_ties_lie_in_the_same_range(seed: int) -> None:
    """Each draws its own share of the ties; with the share of one the p-value of the other follows."""
    from nonconform import Empirical
    calibration, asked = scores(seed)
    ids = np.array([f"track {k}" for k in range(len(asked))])
    estimate = Empirical(tie_break="randomized")
    estimate.set_seed(seed)
    theirs, n = estimate.compute_p_values(asked, calibration), len(calibration)
    above, equal = (calibration > asked[:, None]).sum(axis=1), (calibration == asked[:, None]).sum(axis=1)
    share = (theirs * (n + 1) - above) / (1.0 + equal)
    assert (share >= 0.0).all() and (share <= 1.0).all()
    np.testing.assert_allclose(random_p(calibration, asked, ids), (above + drawn(ids) * (1.0 + equal)) / (n + 1), atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_p_values_within_groups_and_the_flags_are_the_same(seed: int) -> None:
    from nonconform import ConformalDetector, Split
    calibration, asked = scores(seed)
    rng = np.random.default_rng(seed)
    mine, theirs = rng.integers(0, 3, len(calibration)), rng.integers(0, 3, len(asked))
    detector = ConformalDetector(detector=Identity(), strategy=Split(n_calib=0.5), score_polarity="higher_is_anomalous", seed=1)
    detector.calibrate(calibration[:, None], groups=mine)
    p = grouped_p(calibration, asked, mine, theirs)
    np.testing.assert_allclose(p, detector.compute_p_values(asked[:, None], groups=theirs), atol=1e-12)
    assert (benjamini_hochberg(p, 0.3) == detector.select(asked[:, None], alpha=0.3, groups=theirs)).all()


@pytest.mark.parametrize("n", [100, 1000])
def test_the_bound_at_every_cut_is_closer_where_cuts_are_made(n: int) -> None:
    """Theirs is one width for all cuts; at the cut p <= j / (n + 1) a track is stranger than the j-th strangest calibration track."""
    from nonconform.fdr import FPRCertificate
    calibration = np.random.default_rng(n).normal(size=n)
    ranked = np.sort(calibration)[::-1]
    theirs = FPRCertificate.from_scores(calibration, confidence=0.95).bound_at(np.nextafter(ranked, np.inf))
    ours = highest_rate(n, 0.95)[1:-1]
    assert (ours[:n // 10] < theirs[:n // 10]).all() and 2.0 * ours[0] < theirs[0]
    assert (ours <= theirs + 0.05).all()


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_on_picks_is_closer_where_tracks_are_flagged(seed: int) -> None:
    """Theirs is of the share of normal tracks below a p-value, by the width of Gazin, Blanchard and Roquain."""
    from nonconform.fdr import FDPCertificate
    calibration, asked = scores(seed, 300, 200)
    p = conformal_p(calibration, asked)
    theirs = FDPCertificate.from_p_values(p, n_calibration=300, confidence=0.95, method="ks")
    for cut in np.unique(p[p <= 0.1]):
        mine = p[p <= cut]
        assert normal_at_most(mine, 300, 200) <= np.floor(theirs.bound_at(float(cut)) * len(mine) + 1e-9) + 1
