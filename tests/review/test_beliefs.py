"""Which belief explains a trip: of simulated agents it is known what they believe, and what is said is held against that."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.routes import likeliest_path
from irlcore.review.beliefs import Belief as Explained
from irlcore.review.beliefs import belief_of
from irlcore.simulation.beliefs import Belief, Uncertainty, UnsureAgents
from irlcore.worlds.mdp import choices_between
from tests.review.streets import town

pytestmark = pytest.mark.kernels

TOWN = town()
NAME = TOWN.place_attributes["name"]
FAST = NAME[TOWN.choice_place] == "row c"
COST = np.where(FAST, 4.0, 6.0)
SIGMA2 = 1.0


def said(place: int) -> str:
    return str(NAME[place])


class Convinced(UnsureAgents):
    """Agents who all hold one belief, (M,) costs, and never look."""

    believed: np.ndarray = COST

    def _draw(self, n: int, rng: np.random.Generator) -> Belief:
        everything = np.arange(len(self.cost))
        return Belief(np.tile(self.believed, (n, 1)), [everything], [np.zeros((len(everything), 0))])


def trip(believed: np.ndarray, start: str, end: str, rng: np.random.Generator) -> np.ndarray:
    """Choices of one trip of an agent with this belief."""
    agents = Convinced(TOWN.mdp, COST, np.zeros(TOWN.mdp.n_states, np.int64), Uncertainty(0.0))
    object.__setattr__(agents, "believed", believed)
    at = {name: k for k, name in enumerate(TOWN.place_names.tolist())}
    states = np.array(agents.sample(at[start], np.array([at[end]]), rng))
    return choices_between(TOWN.mdp, states[:-1], states[1:])


def explained(model: Rationality, choices: np.ndarray) -> Explained | None:
    prepared = model.prepare(TOWN.mdp, -COST, own=np.full(len(model.parameters), SIGMA2), parts=-COST[:, None])
    goal = TOWN.mdp.successors[choices[-1:]]
    solution = model.solve(prepared, goal)
    way = likeliest_path(prepared, solution, int(TOWN.mdp.choice_state[choices[0]]))
    return belief_of(model, prepared, solution, TOWN, choices, way, said)


def of_truth(found: Explained, believed: np.ndarray) -> float:
    """What the agent believes these steps to cost, over what they do."""
    return float(believed[found.choices].sum() / COST[found.choices].sum())


@pytest.mark.parametrize("model", [Replanned(persistent=True), NoisyValue(persistent=True)], ids=lambda one: one.name)
def test_who_believes_that_a_street_is_dear_is_explained_by_that_or_by_nothing_against_it(model: Rationality) -> None:
    believed, rng, told = np.where(FAST, 2.5 * COST, COST), np.random.default_rng(1), []
    for _ in range(40):
        choices = trip(believed, "6-7", "28-29", rng)
        found = explained(model, choices)
        if found is not None:
            told.append(found)
            assert "row c" not in (found.first, found.last) or found.ratio > 1.0
            assert found.ratio < 1.0 or not np.isin(found.choices, choices).any()  # the way left out is dearer, the way taken cheaper
            assert found.ratio > 1.0 or np.isin(found.choices, choices).all()
            assert found.sentence.startswith("It would be ordinary for someone who believes that ") and found.sentence.endswith(".")
            assert 2 <= found.have < found.of == model.draws  # type: ignore[attr-defined]
    assert len(told) >= 5 and any(found.first == found.last == "row c" for found in told)


def test_what_is_said_of_a_belief_is_so_far_more_often_than_not() -> None:
    """Agents with beliefs of their own, as spread as the model has them: of what is said of 200 of their trips the direction holds in more
    than 4 of 5, where guessing holds in 2 of 4; it held in .95 of 372, so this fails by chance less than once in 1,000. And what is said to
    be so much off is about so much off (1.15 times as much, of these)."""
    model, rng = Replanned(persistent=True), np.random.default_rng(2)
    s = np.sqrt(np.log1p(SIGMA2 / COST))
    right, size = [], []
    for _ in range(200):
        z = rng.standard_normal(TOWN.mdp.n_states)[TOWN.mdp.successors]
        believed = COST * np.exp(s * z - 0.5 * s**2)
        found = explained(model, trip(believed, "0-1", "34-35", rng))
        if found is not None:
            truth = of_truth(found, believed)
            right.append((truth > 1.0) == (found.ratio > 1.0))
            size.append((truth - 1.0) / (found.ratio - 1.0))
    assert len(right) >= 30 and np.mean(right) > 0.8 and 0.7 < np.mean(size) < 1.6


def test_nothing_is_said_where_nobody_keeps_a_belief_or_the_way_is_the_likeliest() -> None:
    rng = np.random.default_rng(3)
    choices = trip(np.where(FAST, 2.5 * COST, COST), "6-7", "28-29", rng)
    assert explained(Boltzmann(), choices) is None and explained(Replanned(), choices) is None
    assert explained(NoisyValue("independent", persistent=True), choices) is None
    model = Replanned(persistent=True)
    prepared = model.prepare(TOWN.mdp, -COST, own=np.array([SIGMA2]))
    solution = model.solve(prepared, TOWN.mdp.successors[choices[-1:]])
    way = likeliest_path(prepared, solution, int(TOWN.mdp.choice_state[choices[0]]))
    assert belief_of(model, prepared, solution, TOWN, way, way, said) is None
    sure = model.prepare(TOWN.mdp, -COST, own=np.array([0.0]))
    assert belief_of(model, sure, model.solve(sure, TOWN.mdp.successors[choices[-1:]]), TOWN, choices, way, said) is None
