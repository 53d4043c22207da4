"""What scores find of planted anomalies, against plain counting; and what the evidence chooses."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.evidence import SHARE, evidence_of
from irlcore.review.parts.kinds import COMBINED
from irlcore.review.separation import alarms, auc, average_precision
from irlcore.simulation.planted.plant import HELD_BACK

KINDS = np.repeat(np.array(["detour", "loop"], object), 50)


def test_measures_are_those_of_plain_counting() -> None:
    rng = np.random.default_rng(1)
    usual, strange = rng.integers(0, 8, 60).astype(float), rng.integers(3, 11, 25).astype(float)
    pairs = [(b > a) + 0.5 * (b == a) for a in usual for b in strange]
    assert auc(usual, strange) == pytest.approx(np.mean(pairs))
    np.testing.assert_allclose(alarms(usual, strange), [np.mean(usual >= b) for b in strange])
    each = 0.05 / 0.95 * 60 / 25
    expected = [each * (strange >= b).sum() / (each * (strange >= b).sum() + (usual >= b).sum()) for b in strange]
    assert average_precision(usual, strange, SHARE) == pytest.approx(np.mean(expected))


def test_average_precision_by_weights_is_that_of_draws_on_average() -> None:
    """5 of 500 drawn to 95 usual ones: 4,000 draws have a standard error of .004; few true ones make the mean of ratios a little more."""
    rng = np.random.default_rng(2)
    usual, strange = rng.normal(size=95), rng.normal(1.5, 1.0, 500)
    drawn = []
    for _ in range(4000):
        some = np.sort(rng.choice(strange, 5, replace=False))[::-1]
        drawn.append(np.mean([(k + 1) / (k + 1 + (usual >= b).sum()) for k, b in enumerate(some)]))
    assert average_precision(usual, strange, SHARE) == pytest.approx(np.mean(drawn), abs=0.06)


def scores(rng: np.random.Generator, rule: float) -> tuple[np.ndarray, np.ndarray]:
    """Of two single scores each sees one kind; a rule sees both with strength ``rule``."""
    usual, strange = rng.normal(size=(400, 3)), rng.normal(size=(100, 3))
    strange[:50, 0] += 3.0
    strange[50:, 1] += 2.0
    strange[:, 2] += rule
    return usual, strange


@pytest.mark.parametrize(("strength", "best"), [(3.0, COMBINED), (0.5, "surprise")])
def test_the_rule_is_chosen_where_it_finds_more_than_the_best_single_score(strength: float, best: str) -> None:
    usual, strange = scores(np.random.default_rng(3), strength)
    found = evidence_of(("surprise", "worst_stretch", COMBINED), usual, strange, KINDS, np.zeros((500, 2)))
    assert found.best == best and found.best_single == "surprise"
    assert found.planted.tolist() == [50, 50] and found.kinds == ("detour", "loop")
    assert found.found[0, 0] == pytest.approx((alarms(usual[:, 0], strange[:50, 0]) <= 0.05).mean())
    assert found.of(COMBINED) == pytest.approx(found.found[:, 2].mean())
    share = round(100 * found.of(best))
    title = "All together" if best == COMBINED else "Surprise"
    assert found.sentence().startswith(f"Ranked by {title}: on this class it finds {share} of 100 planted oddities at 5 % false alarms; ")


def test_what_measures_nothing_finds_nothing() -> None:
    usual, strange = scores(np.random.default_rng(4), 1.0)
    usual[:, 1] = strange[:, 1] = np.nan
    found = evidence_of(("surprise", "worst_stretch", COMBINED), usual, strange, KINDS, np.zeros((500, 2)))
    assert found.of("worst_stretch") == 0.0 and found.auc[0, 1] == 0.5


def test_a_rule_as_good_as_the_best_single_score_is_not_chosen() -> None:
    usual, strange = scores(np.random.default_rng(5), 0.0)
    usual[:, 2], strange[:, 2] = usual[:, 0], strange[:, 0]
    assert evidence_of(("surprise", "worst_stretch", COMBINED), usual, strange, KINDS, np.zeros((500, 2))).best == "surprise"


def test_of_sequences_the_best_of_many_by_luck_is_not_chosen_and_one_that_is_better_is() -> None:
    """Eight scores and all together find the same of few sequences: one of the eight wins in one log of twenty at most (binomially, 3 of 40
    have a chance of .32 to be passed if it were so often)."""
    names, kind = (*(f"score {k}" for k in range(8)), COMBINED), np.repeat(np.array(["stray events", HELD_BACK], object), 40)
    chosen, better = 0, 0
    for seed in range(40):
        rng = np.random.default_rng((20121, seed))
        usual, strange = rng.normal(size=(30, 9)), rng.normal(1.5, 1.0, (80, 9))
        chosen += evidence_of(names, usual.copy(), strange.copy(), kind, np.zeros((110, 2))).best != COMBINED
        strange[:, 3] += 4.0
        better += evidence_of(names, usual, strange, kind, np.zeros((110, 2))).best == "score 3"
    assert chosen <= 6 and better >= 38
