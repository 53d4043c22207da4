"""Why a track is unusual under the model, in plain sentences and arrays for the map.

What sets it apart from the other flagged tracks is said first (``review.apart``), then where it was least expected and what it lost, and
last, in one line, what most flagged tracks share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.quantities import listed, plain, said_amount
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.apart import NOBODY, Apart, find
from irlcore.review.behaviour import Finding, Spots, spots_of
from irlcore.review.findings import UNSEEN, Known, Said, at, between, known_of, roams
from irlcore.review.scores import Scores
from irlcore.review.uses import FeatureUse
from irlcore.worlds.mdp import Goals, Paths
from irlcore.worlds.world import World

MOST_FEATURES = 3
FEW = 0.25  # of the flagged tracks: who shares a finding with no more is told so


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The feature that utility is told in: "as much as 340 m of length".

    weight: utility per unit of the feature, its theta. unit: "m", "s"; empty where it has none.
    """

    feature: str
    weight: float
    unit: str = ""

    def said(self, gap: float) -> str:
        """A utility lost, in the feature's unit: "340 m of length"."""
        amount = gap / abs(self.weight)
        return f"{said_amount(amount, self.unit) if self.unit else plain(amount)} of {self.feature}"


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one track stands out.

    sentences: in the order to be read. stretch: (n,) int64, the choices of the worst stretch. alternative:
    (n,) int64, choices of the likeliest way from the start; empty where there is none. features: one per feature, the
    most unusual first. headline: one line. own: what sets it apart from the other flagged tracks, and shared: what most of them show too;
    the sentences begin with those of ``own`` that tell a place, and end with one on all of ``shared``.
    """

    track: str
    sentences: tuple[str, ...]
    stretch: np.ndarray
    alternative: np.ndarray
    features: tuple[FeatureUse, ...]
    headline: str
    own: tuple[Finding, ...] = ()
    shared: tuple[Finding, ...] = ()

    @property
    def did(self) -> tuple[str, ...]:
        """The sentences on what it did."""
        return self.sentences[:sum(one.placed for one in self.own)]

    @property
    def strange(self) -> tuple[str, ...]:
        """Those on how improbable that is, without what most flagged tracks share."""
        return self.sentences[len(self.did):len(self.sentences) - bool(self.shared)]


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What sentences are told with, the same for all tracks of a review: the spots of the world, what places are called, the tracks that
    are known, the unit of what was lost, and what sets the flagged tracks apart."""

    spots: Spots
    said: Said
    known: Known
    yardstick: Yardstick | None = None
    apart: Apart = NOBODY


def by_name(world: World) -> Said:
    """Places as the data name them."""
    return lambda place: str(world.place_names[place])


def telling(world: World, paths: Paths, known: np.ndarray, said: Said | None = None, yardstick: Yardstick | None = None) -> Telling:
    """A telling before anything is known of the flagged tracks; known: (n,) indices of the paths that stand for usual behaviour."""
    spots, said = spots_of(world), said or by_name(world)
    return Telling(spots, said, known_of(spots, paths, known, said), yardstick)


def explain_path(model: Rationality, prepared: Prepared, paths: Paths, scores: Scores, index: int, names: tuple[str, ...],
                 phi: np.ndarray, told: Telling) -> Reasons:
    """Reasons for path ``index``; names (K,) and phi (M, K) are the features the model was fitted with."""
    world, said, apart = told.spots.world, told.said, told.apart
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    stretch = choices[scores.worst_start[index]:scores.worst_end[index]]
    found = apart.found.get(index) or find(model, prepared, told.spots, paths, np.array([index]), names, phi, told.known, said)[index]
    solution, cut = model.solve(prepared, paths.goals.of(found.goal)), bool(paths.goal[index] < 0)
    goal = "" if roams(paths, index) else _goal_said(said, world, paths.goals, found.goal)
    somewhere = "wherever it was going" if cut and len(paths.goals) > 1 else goal
    own, shared = apart.ordered(index, found.findings)
    behaviour, uses = [one for one in own if one.placed], [one for one in own if not one.placed]
    parted = any(one.kind == "detour" for one in own)
    sentences = [*(_shared_by_few(apart, index, one) for one in behaviour),
                 _cut_sentence(goal, found.share, len(paths.goals)) if cut else "",
                 _stretch_sentence(said, world, paths, scores, index, goal),
                 _cost_sentence(scores, index, somewhere, told.yardstick),
                 _way_sentence(said, world, choices, found.way, goal, solution, parted, cut),
                 *(_shared_by_few(apart, index, one) for one in uses[:MOST_FEATURES]), _common_sentence(shared)]
    line = own[0].short if own else headline(said, world, scores, index, stretch, told.yardstick)
    return Reasons(str(paths.ids[index]), tuple(s for s in sentences if s), stretch, found.way, found.uses, line,
                   tuple(own), tuple(shared))


def headline(said: Said, world: World, scores: Scores, index: int, stretch: np.ndarray, yardstick: Yardstick | None) -> str:
    """One line on a track that nothing sets apart: where it was least expected, and what it lost in all."""
    first = said(int(world.choice_from[stretch[0]]))
    if not np.isfinite(scores.worst_stretch[index]):
        return f"No way to its goal {at(first)}"
    gap = float(scores.utility_gap[index])
    lost = f": +{yardstick.said(gap)}" if yardstick is not None and np.isfinite(gap) and gap > 1e-9 else ""
    return f"Least expected {between(first, said(int(world.choice_place[stretch[-1]])))}{lost}"


def _shared_by_few(apart: Apart, index: int, finding: Finding) -> str:
    """The sentence, with how many flagged tracks did the same where they are few."""
    n = len(apart.found)
    others = len(apart.amounts.get(finding.kind, ())) - (index in apart.found)
    if finding.kind in UNSEEN or index not in apart.found or n < 5 or others + 1 > FEW * n:
        return finding.sentence
    return f"{finding.sentence[:-1]}; {others or 'none'} of the {n - 1} other flagged tracks did so."


def _common_sentence(shared: list[Finding]) -> str:
    return f"As do most flagged tracks, it {listed([one.shared for one in shared])}." if shared else ""


def _goal_said(said: Said, world: World, goals: Goals, goal: int) -> str:
    """What a goal with a state is called: as its place, or by its name where it is several (any end of a world of a table)."""
    places = np.unique(world.place_of_state[goals.of(goal)])
    return said(int(places[0])) if len(places) == 1 else str(goals.names[goal])


def _cut_sentence(goal: str, share: float, many: int) -> str:
    """That it was cut off, and which of ``many`` goals what follows is held against."""
    if many == 1 and share > 0.0:
        return f"It was not seen to come to {goal}."
    if share <= 0.0:
        return "It was cut off before it arrived, and its way fits no goal that the model knows."
    return f"It was cut off before it arrived; its way so far fits a trip to {goal} best ({share:.0%})."


def _stretch_sentence(said: Said, world: World, paths: Paths, scores: Scores, index: int, goal: str) -> str:
    first, last = (int(at[index]) for at in (scores.worst_start, scores.worst_end))
    part = slice(int(paths.offsets[index]) + first, int(paths.offsets[index]) + last)
    before, after = said(int(world.choice_from[paths.choices[part][0]])), said(int(world.choice_place[paths.choices[part][-1]]))
    steps = f"steps {first + 1} to {last}" if last - first > 1 else f"step {last}"
    where = f"Least expected {between(before, after)} ({steps}): "
    if not np.isfinite(scores.worst_stretch[index]):
        return where + f"the model sees no way {'to the goal' if goal else 'on'} in a choice made there."
    these = "these choices" if last - first > 1 else "this choice"
    return where + f"the model gives {these} {_chance(float(scores.step_surprise[part].sum()))}."


def _chance(nats: float) -> str:
    """A probability of e^-nats in words."""
    if nats < np.log(1.5):
        return f"a probability of {np.exp(-nats):.2f}"
    if nats < np.log(1e6):
        return f"1 chance in {plain(float(np.exp(nats)))}"
    if nats < np.log(1e9):
        return f"1 chance in {np.exp(nats) / 1e6:,.0f} million"
    return "less than 1 chance in a billion"


def _cost_sentence(scores: Scores, index: int, goal: str, yardstick: Yardstick | None) -> str:
    """goal: what it is called, "" of who has none."""
    gap, best = float(scores.utility_gap[index]), f"the best way to {goal}" if goal else "the best that it could do at each step"
    if np.isnan(gap):
        return ""
    if np.isinf(gap):
        return f"The model knows no way from its start to {goal}." if goal else "It went where the model knows no way on."
    if gap <= 1e-9:
        return f"It lost nothing against {best}."
    if yardstick is None or yardstick.weight == 0.0:
        return f"It lost {plain(gap)} units of utility against {best}."
    return f"Against {best} it lost as much as {yardstick.said(gap)} is worth."


def _way_sentence(said: Said, world: World, choices: np.ndarray, way: np.ndarray, goal: str, solution: Solution, parted: bool,
                  cut: bool) -> str:
    """parted: where it left the likeliest way has been said already. goal: "" of who has none, whose ways are of as many steps. cut: it was
    cut off, so that only the way so far can be compared."""
    choices = choices if goal else choices[:len(way)]
    likeliest = f"likeliest way to {goal}" if goal else "likeliest walk of as many steps"
    if not len(way) or np.array_equal(way, choices):
        return "" if not len(way) else f"It took the {likeliest}."
    if cut and np.array_equal(way[:len(choices)], choices):
        return f"So far it took the {likeliest}."
    fork = int(np.argmin(np.append(way[:len(choices)] == choices[:len(way)], False)))
    if fork >= len(way):
        return ""
    place, onward = said(int(world.choice_from[way[fork]])), said(int(world.choice_place[way[fork]]))
    towards = "" if onward == place else f" and goes on to {onward}"
    sentence = f"The {likeliest}" if parted else f"The {likeliest} parts from it {at(place)}{towards}"
    if cut or not world.mdp.deterministic:  # chance moves both ways, so the choices alone do not compare them
        return "" if parted else sentence + "."
    odds = _odds(float(solution.log_policy[way].sum() - solution.log_policy[choices].sum()))
    return f"{sentence} {odds.removeprefix('it ')}" if parted else f"{sentence}; {odds}"


def _odds(nats: float) -> str:
    if not np.isfinite(nats):
        return "it is possible under the model, the way taken is not."
    if nats < np.log(1.5):
        return "it is about as likely as the way taken."
    if nats < np.log(1e6):
        return f"it is {plain(float(np.exp(nats)))} times as likely as the way taken."
    return "it is more than a million times as likely as the way taken."
