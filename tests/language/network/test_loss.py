"""The loss: a slow sum, cross-entropy, differences, the value basis of the library on the same table, and the limit law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from irlcore.errors import FitError
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.language.network.loss import Objective, Steps, loss_of, steps_of
from irlcore.language.vocabulary import END
from tests.fitting.value_basis.problems import tree_problem

pytestmark = pytest.mark.kernels

K = END + 1
# Two that end, the second shorter, and one that was cut off.
TOKENS = torch.tensor([[END, 5, 7, 5, END], [END, 7, END, END, END], [END, 7, 7, 5, 5]])
LENGTHS = torch.tensor([5, 3, 5])
OBJECTIVES = [Objective(), Objective(0.3), Objective(2.0, 0.9), Objective(0.5, 0.8, 0.25)]


def logits(seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(0.0, 2.0, (*TOKENS.shape, K)))


def slow(q: np.ndarray, objective: Objective, tokens: torch.Tensor = TOKENS, lengths: torch.Tensor = LENGTHS) -> tuple[float, float]:
    """(mean of -(Q - V), mean of r^2), one step after another."""
    nats, squares = [], []
    for i, length in enumerate(lengths.tolist()):
        for t in range(length - 1):
            token = int(tokens[i, t + 1])
            value = np.log(np.exp(q[i, t]).sum())
            after = 0.0 if token == END else np.log(np.exp(q[i, t + 1]).sum())
            nats.append(value - q[i, t, token])
            squares.append((q[i, t, token] - objective.gamma * after) ** 2)
    return float(np.mean(nats)), float(np.mean(squares))


def loss(q: torch.Tensor, objective: Objective, own: Steps | None = None) -> torch.Tensor:
    return loss_of(steps_of(q, TOKENS, LENGTHS, objective.gamma), objective, own)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=str)
def test_it_is_what_a_slow_sum_makes_of_it(objective: Objective) -> None:
    nats, square = slow(logits().numpy(), objective)
    assert float(loss(logits(), objective)) == pytest.approx(nats + objective.lam * square, rel=1e-12)


def test_without_the_term_it_is_cross_entropy() -> None:
    q, chosen = logits(), TOKENS[:, 1:].clone()
    chosen[1, 2:] = -100  # after its end
    expected = torch.nn.functional.cross_entropy(q[:, :-1].reshape(-1, K), chosen.reshape(-1))
    assert float(loss(q, Objective())) == pytest.approx(float(expected), rel=1e-12)


def test_what_stands_after_the_end_changes_nothing() -> None:
    q = logits()
    q[1, 3:] += 100.0
    # The logits at the end itself are those of a state that no choice is made in.
    q[1, 2] -= 7.0
    for objective in OBJECTIVES:
        assert float(loss(q, objective)) == pytest.approx(float(loss(logits(), objective)), rel=1e-12)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=str)
def test_its_slope_is_that_of_differences(objective: Objective) -> None:
    own = (logits(1), torch.tensor([[END, 7, END, END, END], [END, 5, 5, 5, 5], [END, 5, 5, END, END]]), torch.tensor([3, 5, 4]))

    def value(q: torch.Tensor) -> torch.Tensor:
        # Own samples are read by the same network, so here too their logits move with q.
        mine = steps_of(own[0] + 0.5 * q, own[1], own[2], objective.gamma) if objective.samples else None
        return loss(q, objective, mine)

    q = logits().requires_grad_()
    slope, = torch.autograd.grad(value(q), q)
    for k in range(5):
        way = torch.from_numpy(np.random.default_rng(10 + k).normal(size=q.shape))
        differences = difference(lambda h, w=way: float(value(q.detach() + h * w)))
        assert float((slope * way).sum()) == pytest.approx(differences, rel=1e-8, abs=1e-9)


def difference(of: Callable[[float], float], h: float = 1e-2) -> float:
    """Slope at 0 by differences of the eighth order."""
    stencil = ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))
    return sum(c * (of(k * h) - of(-k * h)) for k, c in stencil) / h


TREE = {"ab.": 3, "aab.": 1, "b.": 2, "abb.": 1}


def on_table(sequences: dict[str, int], w: torch.Tensor, after: dict[tuple[str, str], int], objective: Objective) -> torch.Tensor:
    """L of sequences whose logits stand in a table: one number for each prefix and event that was seen, no other event possible."""
    letters = sorted({event for _, event in after})
    rows = [one for one, n in sequences.items() for _ in range(n)]
    longest = max(map(len, rows)) + 1
    q = torch.full((len(rows), longest, K), -torch.inf, dtype=torch.float64)
    q[:, :, END] = 0.0  # where no choice is made, so that nothing is infinite; overwritten where one is
    tokens, code = torch.full((len(rows), longest), END), {one: END if one == "." else k for k, one in enumerate(letters)}
    for i, one in enumerate(rows):
        for t, event in enumerate(one):
            q[i, t, END] = -torch.inf
            for other in letters:
                if (one[:t], other) in after:
                    q[i, t, code[other]] = w[after[one[:t], other]]
            tokens[i, t + 1] = code[event]
    return loss_of(steps_of(q, tokens, torch.tensor([len(one) + 1 for one in rows]), objective.gamma), objective)


def table_of(sequences: dict[str, int]) -> dict[tuple[str, str], int]:
    """Number of each prefix and event, in the order in which the tree's weights stand."""
    names = tree_problem(tuple(sequences), tuple(sequences.values())).names
    return {(name.split(">")[0], name.split(">")[1]): m for m, name in enumerate(names)}


@pytest.mark.parametrize("objective", OBJECTIVES[:3], ids=str)
def test_it_is_the_loss_of_the_value_basis_on_the_same_table(objective: Objective) -> None:
    problem, after = tree_problem(tuple(TREE), tuple(TREE.values())), table_of(TREE)
    at = np.random.default_rng(3).normal(0.0, 1.5, len(after))
    found = evaluate_rows(design_of(problem, decisions_of(problem), at), at, Term(objective.lam, 0.0, objective.gamma))
    w = torch.from_numpy(at).requires_grad_()
    value = on_table(TREE, w, after, objective)
    steps = sum(len(one) * n for one, n in TREE.items())
    assert -steps * float(value.detach()) == pytest.approx(found.value, rel=1e-12)
    slope, = torch.autograd.grad(value, w)
    np.testing.assert_allclose(-steps * slope.numpy(), found.gradient, rtol=1e-10, atol=1e-12)


LAW = {0.0: (0.6, 0.2, 0.1, 0.1), 1.0: (0.41, 0.25, 0.17, 0.16), 10.0: (0.28, 0.26, 0.24, 0.23), 1000.0: (0.25, 0.25, 0.25, 0.25)}


@pytest.mark.parametrize("lam", LAW)
def test_the_more_the_term_counts_the_more_even_are_distinct_sequences(lam: float) -> None:
    """The limit law: frequencies .6, .2, .1, .1 of four sequences; uniform in the limit."""
    sequences = {"aa.": 6, "ab.": 2, "aaa.": 1, "b.": 1}
    after = table_of(sequences)
    w = torch.zeros(len(after), dtype=torch.float64, requires_grad=True)
    for here in sorted({0.0, min(lam, 0.5), lam}):  # likelihood first: the term is not convex where rewards are positive
        search = torch.optim.LBFGS([w], max_iter=500, tolerance_grad=1e-10, tolerance_change=1e-14, line_search_fn="strong_wolfe")

        def again(lam: float = here, search: torch.optim.LBFGS = search) -> torch.Tensor:
            search.zero_grad()
            value = on_table(sequences, w, after, Objective(lam))
            value.backward()
            return value

        search.step(again)
    chance = [chance_of(one, w.detach().numpy(), after) for one in sequences]
    np.testing.assert_allclose(chance, LAW[lam], atol=0.01)
    assert sum(chance) == pytest.approx(1.0)


def chance_of(one: str, w: np.ndarray, after: dict[tuple[str, str], int]) -> float:
    out = 1.0
    for t, event in enumerate(one):
        here = {other: np.exp(w[m]) for (prefix, other), m in after.items() if prefix == one[:t]}
        out *= float(here[event] / sum(here.values()))
    return out


def test_own_samples_take_their_share_of_the_term_alone() -> None:
    objective = Objective(0.5, 0.8, 0.25)
    other = torch.tensor([[END, 7, END], [END, 5, 5]]), torch.tensor([3, 3])
    q = logits(1)[:2, :3]
    (nats, square), (_, theirs) = slow(logits().numpy(), objective), slow(q.numpy(), objective, *other)
    found = loss(logits(), objective, steps_of(q, *other, objective.gamma))
    assert float(found) == pytest.approx(nats + 0.5 * (0.75 * square + 0.25 * theirs), rel=1e-12)


def test_what_is_left_out_of_own_samples_is_the_same_for_every_way_from_one_start() -> None:
    """Why V - gamma V' is not mixed: with gamma = 1 it sums to V of the start over any sequence that ended."""
    q = logits()
    q[1, 0] = q[0, 0]  # both begin in the same state
    steps = steps_of(q, TOKENS, LENGTHS)
    surplus = (steps.reward - steps.log_chance).masked_fill(~steps.counted, 0.0).sum(1)  # r - (Q - V) = V - V'
    start = torch.logsumexp(q[0, 0], -1)
    torch.testing.assert_close(surplus[:2], torch.stack((start, start)))
    assert not torch.isclose(surplus[2], torch.logsumexp(q[2, 0], -1))


@pytest.mark.parametrize(("wrong", "says"), [({"lam": -0.1}, "lam is -0.1"), ({"lam": float("nan")}, "lam is nan"),
                                             ({"gamma": 0.0}, "gamma is 0.0"), ({"own_share": 1.5}, "own samples is 1.5")])
def test_what_cannot_be_is_refused(wrong: dict[str, float], says: str) -> None:
    with pytest.raises(FitError, match=says):
        Objective(**wrong)
