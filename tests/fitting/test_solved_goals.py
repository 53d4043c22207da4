"""Goals whose trips come in pieces are solved once, whoever comes to them."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.likelihood import residual_blocks, residual_matrix
from irlcore.fitting.residual_rows import residual_rows
from irlcore.fitting.solved_goals import MOST, SolvedGoals, pieces_of
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Prepared, Solution, group_by_goal
from tests.fitting.value_basis.problems import problem_of

pytestmark = pytest.mark.kernels
WEIGHTS = np.array([-1.5, -1.0, -0.5])


class Counting(MaxEnt):
    """Takes a while, and says how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[bytes] = []
        self._lock = threading.Lock()

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        with self._lock:
            self.asked.append(goal_states.tobytes())
        time.sleep(0.01)
        return super().solve(prepared, goal_states)


@pytest.mark.parametrize("workers", ["1", "3"])
def test_each_goal_is_solved_once_however_many_pieces_and_threads(workers: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", workers)
    problem, model = problem_of(Boltzmann(), n=60), Counting()
    prepared = MaxEnt().prepare(problem.mdp, problem.phi @ WEIGHTS)
    groups = group_by_goal(problem.paths)
    assert max(len(group.index) for group in groups) > 4
    out = np.zeros((60, problem.mdp.n_choices))
    residual_matrix(model, prepared, problem.paths, out, np.arange(60), block=2)
    assert sorted(model.asked) == sorted(group.goal_states.tobytes() for group in groups)
    expected = np.zeros_like(out)
    for index, rows in residual_blocks(MaxEnt(), prepared, problem.paths, 2):
        expected[index] = rows
    assert out.tobytes() == expected.tobytes()


def test_trips_that_were_cut_off_have_each_goal_solved_once_however_many_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(Boltzmann(), n=60)
    paths = replace(problem.paths, goal=np.where(np.arange(60) % 3 == 1, -1, problem.paths.goal))
    prepared = MaxEnt().prepare(problem.mdp, problem.phi @ WEIGHTS)
    expected = np.zeros((60, problem.mdp.n_choices))
    for index, rows in residual_blocks(MaxEnt(), prepared, paths, 1000):
        expected[index] = rows
    monkeypatch.setattr("irlcore.fitting.residual_rows.AT_ONCE", 2 * problem.mdp.n_choices)
    goals = len(problem.paths.goals)
    for found, model in ((np.zeros_like(expected), one := Counting()), (None, two := Counting())):
        if found is None:
            found = residual_rows(model, prepared, paths).toarray()
        else:
            residual_matrix(model, prepared, paths, found, np.arange(60), block=2)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)
    for model in (one, two):
        assert len(model.asked) <= 3 * goals  # trips that arrived; how likely goals are; what they leave unexplained


def test_no_more_than_a_few_goals_are_remembered() -> None:
    problem, model = problem_of(Boltzmann(), n=60), Counting()
    prepared, states = MaxEnt().prepare(problem.mdp, problem.phi @ WEIGHTS), np.arange(problem.mdp.n_states)
    group = group_by_goal(problem.paths)[0]
    solved = SolvedGoals(model, prepared)
    for state in states[:MOST + 2]:
        for piece in pieces_of([replace(group, goal_states=np.array([state]))], 1):
            solved.residuals(piece)
    assert len(model.asked) == MOST + 2 and len(solved._last) == MOST
