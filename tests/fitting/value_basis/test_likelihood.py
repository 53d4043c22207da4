"""The likelihood of the rows: derivatives against differences, maximum likelihood where lam is 0, and the limit for large lam."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import Design, design_of
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.likelihood import Term, by_path, evaluate_rows
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.maxent import MaxEnt
from tests.fitting.value_basis.problems import chances, problem_of, tree_problem

pytestmark = pytest.mark.kernels

STENCIL = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 0.0, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
WIDTH = 0.02
TERMS = [Term(), Term(l2=0.01), Term(lam=0.3), Term(lam=2.0, l2=0.1, gamma=0.9)]
TREE = ("aab", "aac", "ba", "bb")


def difference(of: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    """Derivative by differences of the eighth order."""
    steps = [step for step in np.eye(len(at)) * WIDTH]
    return np.array([sum(c * of(at + k * step) for k, c in zip(range(-4, 5), STENCIL, strict=True)) / WIDTH for step in steps])


def design(problem: Problem) -> Design:
    return design_of(problem, decisions_of(problem), np.array([-2.0, -0.7, -0.6]))


@pytest.mark.parametrize("term", TERMS, ids=str)
@pytest.mark.parametrize("model", [Boltzmann(), MaxEnt(), ConditionalLogit()], ids=lambda m: m.name)
def test_gradient_and_second_derivative_are_those_of_differences(model: Boltzmann, term: Term) -> None:
    rows, w = design(problem_of(model)), np.array([-0.9, 0.4, -1.1])
    found = evaluate_rows(rows, w, term)
    slope = difference(lambda at: np.asarray(evaluate_rows(rows, at, term).value), w)
    bend = difference(lambda at: evaluate_rows(rows, at, term).gradient, w)
    assert np.abs(found.gradient - slope).max() < 1e-8 * np.abs(slope).max()
    assert found.exact and np.abs(found.curvature + bend).max() < 1e-8 * np.abs(bend).max()
    np.testing.assert_allclose(by_path(rows, found.slopes).sum(axis=0), found.gradient, rtol=1e-10)


def test_the_slope_of_what_was_recorded_is_that_of_differences() -> None:
    rows, w = design(problem_of(MaxEnt(), slip=0.2, gamma=0.95)), np.array([-0.9, 0.4, -1.1])
    slope = difference(lambda at: np.asarray(evaluate_rows(rows, at, Term()).value), w)
    found = evaluate_rows(rows, w, Term())
    assert not found.exact and np.abs(found.gradient - slope).max() < 1e-8 * np.abs(slope).max()


def test_rewards_are_what_a_slow_sum_makes_of_them() -> None:
    problem, w = tree_problem(TREE, (3, 1, 1, 1)), np.linspace(-1.0, 1.0, 7)
    gamma, q = 0.8, w
    found = evaluate_rows(design_of(problem, decisions_of(problem), w), w, Term(1.0, 0.0, gamma))
    mdp, at = problem.mdp, 0
    for i in range(len(problem.paths)):
        chosen = problem.paths.choices[problem.paths.offsets[i]:problem.paths.offsets[i + 1]]
        for m in chosen:
            after = mdp.successors[m]
            ahead = q[mdp.choice_offsets[after]:mdp.choice_offsets[after + 1]]
            value = np.log(np.exp(ahead).sum()) if len(ahead) else 0.0
            assert found.rewards[at] == pytest.approx(q[m] - gamma * value, rel=1e-12)
            at += 1


def test_without_the_term_it_is_maximum_likelihood() -> None:
    problem = problem_of(ConditionalLogit())
    one, other = fit_value_basis(problem), fit(problem)
    np.testing.assert_allclose(one.theta, other.theta, atol=2e-5 * float(other.se.min()) + 1e-6)
    assert one.loglik == pytest.approx(other.loglik, abs=1e-6)
    np.testing.assert_allclose(one.loglik_paths, other.loglik_paths, atol=1e-4)
    np.testing.assert_allclose(one.se_hessian, other.se_hessian, rtol=1e-3)
    np.testing.assert_allclose(one.se_robust, other.se_robust, rtol=1e-3)
    np.testing.assert_allclose(one.freedom, other.freedom, rtol=1e-2)


def test_without_the_term_a_prefix_tree_has_the_frequencies() -> None:
    problem = tree_problem(TREE, (12, 4, 2, 2))
    found = chances(problem, fit_value_basis(problem).theta)
    np.testing.assert_allclose(found[[0, 12, 16, 18]], [0.6, 0.2, 0.1, 0.1], atol=1e-5)


LAW = {1.0: (0.41, 0.25, 0.17, 0.16), 10.0: (0.28, 0.26, 0.24, 0.23), 1000.0: (0.25, 0.25, 0.25, 0.25)}


@pytest.mark.parametrize("lam", LAW)
def test_the_more_the_term_counts_the_more_even_are_distinct_sequences(lam: float) -> None:
    """Section 9 of the design: frequencies .6, .2, .1, .1 of aa, ab, aaa, b, each with an event at its end; uniform in the limit."""
    problem = tree_problem(("aa.", "ab.", "aaa.", "b."), (6, 2, 1, 1))
    found = chances(problem, fit_value_basis(problem, lam=lam).theta)[[0, 6, 8, 9]]
    np.testing.assert_allclose(found, LAW[lam], atol=0.01)
    assert found.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("sequences", [("abc", "abd", "b", "c"), ("a", "ba", "bba", "bbb")])
def test_the_limit_is_uniform_whatever_the_tree(sequences: tuple[str, ...]) -> None:
    problem = tree_problem(sequences, (6, 2, 1, 1))
    found = chances(problem, fit_value_basis(problem, lam=1000.0).theta)
    np.testing.assert_allclose(found, 0.25, atol=0.005)
