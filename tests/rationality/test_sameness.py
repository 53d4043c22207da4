"""The same answer everywhere, on a grid larger than the contract's: many best ways, rewards moved by what nobody could tell."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.contracts.checking import Here
from irlcore.contracts.sameness import agree, numbers
from irlcore.contracts.walks import tied_ground, tied_problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import MODELS


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
def test_on_a_large_grid_too(model: Rationality) -> None:
    ground = tied_ground(side=15)
    problem, point = tied_problem(model, ground, n=20)
    expected = numbers(problem, point)
    moved = 1.0 + 1e-12 * np.random.default_rng(0).uniform(-1.0, 1.0, problem.mdp.n_choices)
    agree(Here("the last bits of rewards change nothing", str(ground)), numbers(problem, point, moved), expected)
