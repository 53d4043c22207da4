"""``check_rationality`` catches what it says: for each part a model that breaks this part alone."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.contracts.grounds import worlds
from irlcore.contracts.rationality import PARTS, check_rationality
from irlcore.errors import ContractBroken, WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Prepared
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World
from tests.contracts.broken_models import (
    BreaksTies,
    ByLastBits,
    ByNumber,
    ByUnit,
    ByWorkers,
    GoesAway,
    KeepsAView,
    Leaks,
    OffLimits,
    OtherDraws,
    OtherJvp,
    OtherOwn,
    OtherResiduals,
    OtherScores,
    OtherTrips,
    OtherVjp,
    StaysHere,
    TakesAnyGamma,
    Unsaid,
)

BROKEN: dict[str, tuple[type[Rationality], str]] = {
    "it says what it is": (Unsaid, "does not end with a full stop"),
    "what does not lead to the goal has no chance": (GoesAway, "is 0.5, and should be 1"),
    "trips drawn from it are as frequent as it says": (OtherDraws, "came out in"),
    "the number of workers changes no bit": (ByWorkers, "loglik with four workers, against one,"),
    "chances of a state sum to 1": (Leaks, "is 0.999999, and should be 1"),
    "its own parameters may be all they are said to": (OffLimits, "sigma2 = 2: it raises WorldError: Too much doubt"),
    "what cannot be is refused": (TakesAnyGamma, "gamma = 0.0 goes through, and should raise Infeasible"),
    "it goes to other processes and back": (StaysHere, "cannot be pickled"),
    "trips, steps and scores agree": (OtherScores, "the score of a trip, against a finite difference"),
    "trips and steps agree where ways tie": (BreaksTies, "the log-likelihood of a trip by `trips`, against `steps`"),
    "rewards may change after they were used": (KeepsAView, "once rewards have changed"),
    "jvp is the derivative of log chances": (OtherJvp, "jvp, against a finite difference"),
    "vjp is jvp turned round": (OtherVjp, "against weights @ jvp"),
    "own_jvp is the derivative by its own parameters": (OtherOwn, "own_jvp, against a finite difference"),
    "residuals are the slope of each trip": (OtherResiduals, "residuals"),
    "the last bits of rewards change nothing": (ByLastBits, "steps at entry"),
    "the order of states and choices changes nothing": (ByNumber, "steps at entry"),
    "the unit of a column changes nothing": (ByUnit, "scores at entry"),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_breaks_a_part_is_caught_there(part: str) -> None:
    kind, words = BROKEN[part]
    with pytest.raises(ContractBroken, match=words) as caught:
        check_rationality(kind, parts=[part])
    assert caught.value.part == part and "seed" in caught.value.case


def test_trips_that_are_likelier_than_their_steps_are_told_with_both_numbers() -> None:
    with pytest.raises(ContractBroken) as caught:
        check_rationality(OtherTrips())
    found, expected = caught.value.found, caught.value.expected
    assert caught.value.part == "trips, steps and scores agree"
    assert found is not None and expected is not None and found - expected == pytest.approx(1e-6)


def test_rewards_that_are_changed_on_the_way_in_are_caught() -> None:
    class Changed(ConditionalLogit):
        """Adds to rewards as it takes them."""

        def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                    parts: np.ndarray | None = None) -> Prepared:
            return super().prepare(mdp, reward - 1.0, gamma)

    with pytest.raises(ContractBroken, match=r"Prepared.reward, against what was given"):
        check_rationality(Changed, parts=["rewards may change after they were used"])


ALONE = {"the number of workers changes no bit": ByWorkers, "it says what it is": Unsaid, "trips drawn from it are as frequent as it says":
         OtherDraws, "residuals are the slope of each trip": OtherResiduals, "it goes to other processes and back": StaysHere,
         "what cannot be is refused": TakesAnyGamma, "vjp is jvp turned round": OtherVjp,
         "own_jvp is the derivative by its own parameters": OtherOwn}


@pytest.mark.parametrize("part", ALONE)
def test_nothing_else_is_said_to_be_broken(part: str) -> None:
    check_rationality(ALONE[part], parts=[other for other in PARTS if other != part and not (
        ALONE[part] is OtherVjp and other == "residuals are the slope of each trip")])


@pytest.mark.parametrize("name", ["town", "slippery grid where one may stay", "log"])
@pytest.mark.parametrize("model", [MaxEnt, Boltzmann, ConditionalLogit])
def test_a_world_that_is_given_is_where_models_are_looked_at(model: type[Rationality], name: str) -> None:
    world = worlds()[name]
    found = check_rationality(model, world)
    assert found.parts == tuple(PARTS)
    assert all(f"the given {world.kind} of {world.mdp.n_states} states" in case for case in found.cases) and len(found.cases) == 2


def test_a_world_where_nothing_leads_on_is_refused() -> None:
    from tests.contracts.test_broken_worlds import circles
    world: World = circles()
    with pytest.raises(WorldError, match="no place is sure to be reached"):
        check_rationality(MaxEnt, world)


def test_a_model_that_cannot_be_made_or_has_no_name_is_told() -> None:
    class Nameless(ConditionalLogit):
        """Has no name."""

        name = None  # type: ignore[assignment]

    with pytest.raises(ContractBroken, match="no object can be made of it"):
        check_rationality(Rationality)  # type: ignore[type-abstract]
    with pytest.raises(ContractBroken, match="its name is None, which is no text"):
        check_rationality(Nameless)


def test_there_is_a_broken_model_for_every_part() -> None:
    assert list(BROKEN) == list(PARTS)
