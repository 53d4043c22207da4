"""Each warning of a fit in plain words, with the next step, and the details apart for those who know the mathematics."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.direction import Direction, _at_most, _size_warning
from irlcore.fitting.maximum_likelihood import edge_warning, own_warnings
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.reward_limits import Limits
from irlcore.fitting.separation import DataLimits
from irlcore.fitting.uncertainty import Uncertainty
from irlcore.fitting.warnings import fit_warnings, limit_warnings
from irlcore.fitting.ways import Ways
from irlcore.rationality.models import MODELS
from irlcore.report.fit_cautions import ONLY_THE_WAY, UNENDED, cautions
from tests.fitting.test_separation import ring

NAMES = ("toll", "mud")
MET = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
CHOICES = np.array([0, 1, 2])
JARGON = re.compile(r"\b(weight of|likelihood|information|eigenvalue|degrees of freedom|nats?|gradient|constraint)\b", re.IGNORECASE)


def of_fit(phi: np.ndarray, inside: tuple[bool, bool] = (True, True), hessian: np.ndarray | None = None) -> tuple[FitWarning, ...]:
    return fit_warnings(phi, NAMES, CHOICES, np.array(inside), np.eye(2) if hessian is None else hessian)


def of_limits(flat: tuple[bool, bool] = (False, False), rising: tuple[bool, bool] = (False, False), directions: np.ndarray | None = None,
              freedom: float = 50.0, agents: int = 40, phi: np.ndarray = MET) -> tuple[FitWarning, ...]:
    limits = DataLimits(np.eye(2), np.array(flat), np.array(rising), np.where(rising, -1.0, 0.0))
    sure = Uncertainty(np.ones(2), np.ones(2), np.ones(2), np.eye(2), np.eye(2), np.full(2, freedom), "second derivative", agents, limits)
    ways = Ways(np.ones(2), np.zeros((2, 0)) if directions is None else directions, np.eye(2), 9)
    return limit_warnings(phi, NAMES, CHOICES, np.array([-0.5, -0.25]), sure, ways)


def every() -> dict[str, tuple[tuple[FitWarning, ...], str, str]]:
    """Which warning it is -> how it is raised, words that say what it means, words that only its details have."""
    never, problem, doubtful = MET * [1.0, 0.0], ring(), replace(ring(), model=MODELS["noisy_value"])
    upper = np.full(3, 100.0)
    both, half = np.array([[1.0], [-1.0]]) / np.sqrt(2.0), np.array([[1.0], [0.0]])
    unmet = np.vstack((never, [0.0, 1.0]))
    return {
        "zero everywhere": (of_fit(never), "applies nowhere", "is 0 at every choice"),
        "sign": (of_fit(MET, (True, False)), "speak against the sign", "held at 0"),
        "never met": (of_fit(unmet), "avoided at any price", "no lower limit"),
        "collinear": (of_fit(MET, hessian=np.ones((2, 2))), "say almost the same", "eigenvalue"),
        "nothing tells": (of_limits(directions=half), "cannot tell whether toll matters", "stays at -0.5"),
        "told together": (of_limits((True, True), directions=both), "toll and mud say the same of every way", "without a limit"),
        "flat alone": (of_limits((False, True)), "cannot tell whether mud matters", "under the weights found"),
        "unmet and endless": (of_limits(rising=(False, True), phi=unmet), "avoided at any price", "no lower limit"),
        "endless": (of_limits(rising=(True, True)), "acts against toll and mud: they matter very much", "toll (downwards) and mud"),
        "few": (of_limits(freedom=2.5, agents=5), "intervals are rough", "5 independent tracks or agents (2.5 degrees of freedom"),
        "edge": ((edge_warning(problem),), "wandering about would cost next to nothing", "going round and round must cost"),
        "edge of costs": ((edge_warning(replace(problem, model=MODELS["noisy_value"])),), "liked more than it costs", "gamma = 1"),
        "own": (tuple(own_warnings(doubtful, np.append(0.0, upper), np.append(np.inf, upper))),
                "do not tell how large", "the most that is looked at"),
        "no intervals": ((_size_warning("Widest margin"),), "not how sure they are", "Widest margin finds a direction"),
        "at most": (tuple(_at_most(NAMES, Direction(np.array([1.0, 0.2]), 3, True), Limits(np.full(2, -np.inf), np.full(2, np.inf),
                                                                                        np.zeros((0, 2)), None, 1.0))),
                    "toll matters very much", "as large as this estimator allows"),
        "only the way": ((ONLY_THE_WAY,), "knows only how long a way is", "constants per step"),
    }


@pytest.mark.parametrize("name", list(every()))
def test_each_warning_says_what_it_means_and_what_to_do_and_keeps_its_details_apart(name: str) -> None:
    raised, plainly, technical = every()[name]
    [one] = [w for w in raised if plainly in w.what]
    assert technical in one.details and technical not in one.what
    assert one.fix.endswith(".") and one.what.endswith(".") and one.details.endswith(".")
    assert not JARGON.search(one.what), one.what
    assert "  " not in one.what + one.fix + one.details


def test_what_is_said_elsewhere_is_not_said_twice() -> None:
    assert of_fit(MET) == () and of_limits() == ()


def ended(status: Status, *warnings: FitWarning) -> FitResult:
    flat, square = np.ones(1), np.eye(1)
    return FitResult(("toll",), flat, flat, flat, flat, square, np.zeros((9, 1)), -9.0, -10.0, -np.ones(9), np.nan, "maxent", 1.0, status,
                     1, 1, 0.1, warnings)


@pytest.mark.parametrize("status", Status)
def test_a_search_that_did_not_end_is_a_caution_once(status: Status) -> None:
    other = FitWarning("", "Something else.", "Do this.")
    found = cautions(ended(status, other))
    assert found[-1] is other and (len(found) == 2) == (status in UNENDED)
    if status in UNENDED:
        assert found[0].details == status.value and not JARGON.search(found[0].what)
    edge = edge_warning(ring())
    assert (cautions(ended(status, edge)) == (edge,)) == (status is not Status.OUT_OF_STEPS)
