"""The search for the weights of one problem: what is looked at, where it begins and how far it goes.

A likelihood with kinks, or with an error that lasts for a whole trip, has many tops. The search begins where the model's own
simplest fit, or the fits of simpler models, end, and never ends below a model that this one contains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.best_ways import of_best_ways
from irlcore.fitting.lean import can_be_lean, highest, lean_climb, slope_near
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.point import Objective, Optimum, Point, Watch
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.result import Status
from irlcore.fitting.separation import hold
from irlcore.fitting.starts import beyond_kinks, charged, sized, with_noise
from irlcore.fitting.trust_region import GAIN_TOLERANCE, maximise
from irlcore.fitting.walls import Walls
from irlcore.fitting.ways import Ways
from irlcore.rationality.base import Rationality
from irlcore.rationality.guided.guided import plan_of
from irlcore.rationality.nesting import contained, neighbour, sketch
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.unfinished import known_and_cut

KINKED, MANY_KINKS = 1e-3, 2e-2  # nats
MANY_GOALS, ONE_IN = 64, 8  # with many goals the search begins on one goal in eight
LARGE = 10_000  # states, above which a search does without all derivatives at each step, kinks settled and a simpler model fitted whole
SAMPLED = 0.1  # nats: where a smooth search on these ends
CHEAP = 2_000_000  # draws x choices x goals, up to which several starts are climbed from
CLIMBS = 5  # where that is cheap
ROUGH = 1e-4  # of the log-likelihood: where a first fit in one number may end
ROUGH_KINKED = 0.05  # nats: where the search on a sample may end among kinks; its maximum is several from that of all
DEAR = 16.0  # nats charged by another start where the first was no good


class Search:
    """A problem with the bounds (K + P,) of its numbers. What was last found infeasible is kept for the error."""

    def __init__(self, problem: Problem, lower: np.ndarray, upper: np.ndarray, control: Control, watch: Watch | None = None,
                 ways: Ways | None = None) -> None:
        self.problem, self.lower, self.upper, self.control, self.watch, self.ways = problem, lower, upper, control, watch, ways
        self.groups, self.units, self._rows = problem.counted_groups(), problem.units(), problem.cost_rows()
        # no step is that sure where the slope jumps, the less where each of many beliefs has kinks of its own
        self.enough = GAIN_TOLERANCE if problem.model.smooth else MANY_KINKS if isinstance(plan_of(problem.model), Replanned) else KINKED
        self.goals = sum(len(batch.groups) for batch in self.groups)
        self._large, self._lean = problem.mdp.n_states > LARGE, False  # lean: most steps ask for the slope alone
        self._why: Infeasible | None = None
        self._best: tuple[Point, Evaluation] | None = None

    def run(self, start: np.ndarray | None = None, quick: bool = False) -> tuple[Optimum, Point]:
        """The best that was found, and where the search over all paths began. start: (K,) or (K + P,). quick: kinks are not looked
        beyond where a start is given. Raises FitError where no finite likelihood is found."""
        simpler, many = contained(self.problem.model), self.goals >= MANY_GOALS and start is None
        about = self._about(simpler) if many and self._large and simpler is not None else None
        floor = self._without_noise(simpler, start, quick) if simpler is not None and about is None else None
        first, best = None, None
        self._lean = self._large and start is None and can_be_lean(self.problem, self.groups)
        if many:
            first = self._from_sample(about or floor)
            # kinks have been looked beyond, but for those of errors that last: few trips do not show where their tops lie
            rough = isinstance(self.problem.model, NoisyValue) and self.problem.model.persistent
            best = None if first is None else self._best_of(self.value, [first], self.watch, rough)
        if simpler is not None and about is not None and (best is None or best.point.value < highest(about)):
            floor = self._without_noise(simpler, start, quick)
        if first is None or best is None:
            begins = self._begins(self.value, start, floor)
            first = begins[0]
            best = self._best_of(self.value, begins, self.watch, not (quick and start is not None))
        if floor is not None and best.point.value < floor.value:
            best = self._best_of(self.value, [floor, *self._noisy(self.value, floor.theta)], self.watch, False)
        if best.status is Status.OUT_OF_STEPS or (best.status is Status.STALLED and self.problem.model.smooth):
            best = self._again(best)
        return self._settled(best), first

    def evaluation(self, point: Point) -> Evaluation:
        """All that is known of a point where the search has been."""
        found = self._best[1] if self._best is not None and self._best[0] is point else self.full(point.theta, self.groups)
        assert found is not None
        return found

    def value(self, theta: np.ndarray) -> Point | None:
        """The objective over all paths."""
        found = self.full(theta, self.groups)
        if found is None:
            return None
        point = Point(theta, float(found.loglik.sum()), found.scores.sum(axis=0), found.information, found.exact)
        if self.ways is not None:
            point = hold(self.ways, point)
        if self._best is None or point.value > self._best[0].value:
            self._best = point, found
        return point

    def full(self, theta: np.ndarray, some: list[Batch]) -> Evaluation | None:
        """Log-likelihood and derivatives; None where a path has no chance, or the model no finite values."""
        self.control.check()
        problem = self.problem
        try:
            found = problem.evaluate(theta, some, self.control)
        except Infeasible as error:
            self._why = error
            return None
        lost = np.flatnonzero(~(np.isfinite(found.loglik) & np.isfinite(found.scores).all(axis=1)))
        if len(lost):
            self._why = Infeasible(f"Track {problem.paths.ids[lost[0]]} makes a choice that has no chance, {len(lost)} "
                                   f"of {len(problem.paths)} tracks do.")
        return None if len(lost) else found

    def _settled(self, best: Optimum) -> Optimum:
        """Where a search among kinks ended, on the top of its smooth piece: a step or two, worth it for the best end alone."""
        if self.problem.model.smooth or self._lean or best.status is not Status.CONVERGED:
            return best
        top = maximise(self.value, best.point, self.lower, self.upper, self.watch, self._walls(), self.enough, self.units, settle=True)
        return replace(top, iterations=best.iterations + top.iterations, evaluations=best.evaluations + top.evaluations - 1)

    def _climb(self, part: Objective, point: Point, heard: Watch | None = None) -> Optimum:
        def climb(begin: Point) -> Optimum:
            return maximise(self._near(part, begin), begin, self.lower, self.upper, heard, self._walls(), self.enough, self.units,
                            patient=not self._lean)

        return lean_climb(part, climb, point, self.lower, self.upper, self.enough) if self._lean else climb(point)

    def _near(self, part: Objective, point: Point) -> Objective:
        """The objective ``part`` for steps from a point."""
        return slope_near(self.problem, self.groups, self.ways, self.control, point, part) if self._lean else part

    def _walls(self) -> Walls:
        return Walls(self._rows, self.problem.limits)

    def _best_of(self, part: Objective, begins: Sequence[Point], heard: Watch | None, look: bool) -> Optimum:
        """The best end of climbs from several points; looked beyond kinks where the likelihood has some."""
        found = [self._climb(part, begin, heard) for begin in begins]
        wide = partial(self._sized, part, enough=GAIN_TOLERANCE) if look and self._cheap() and not self.problem.model.smooth else None
        if wide is not None and len(found) > 1:
            found += [self._climb(part, wide(begin).point, heard) for begin in begins]
        best = max(found, key=lambda one: one.point.value)
        best = replace(best, evaluations=sum(one.evaluations for one in found))
        if not look or self.problem.model.smooth:
            return best
        climb = partial(self._climb, part, heard=heard)
        return beyond_kinks(self._near(part, best.point), climb, best, self.lower, self.upper, self.units, wide)

    def _from_sample(self, floor: Point | None) -> Point | None:
        """A few standard errors from the maximum: the best on one goal in eight, of fewer draws, with kinks looked beyond."""
        rough = Search(replace(self.problem, model=sketch(self.problem.model)), self.lower, self.upper, self.control, ways=self.ways)
        if not self.problem.model.smooth and self._large:
            rough.enough = max(rough.enough, ROUGH_KINKED)
        rough._lean = self._lean
        # a track that was cut off is judged under all its goals or not at all
        known = [known_and_cut(batch.groups)[0] for batch in self.groups]
        rough.groups = ([replace(batch, groups=some[::ONE_IN]) for batch, some in zip(self.groups, known, strict=True)]
                        if any(known) else self.groups)
        if self.problem.model.smooth:  # all goals are farther from there
            rough.enough = max(self.enough, SAMPLED)
        return self.value(rough._best_of(rough.value, rough._begins(rough.value, None, floor), None, True).point.theta)

    def _begins(self, part: Objective, start: np.ndarray | None, floor: Point | None) -> list[Point]:
        """Where to climb from, the likeliest first: the start that was given, simpler models' fits, or the model's simplest fit."""
        if start is not None:
            whole = len(start) == len(self.lower)
            given = part(self._clipped(start if whole else np.append(start, self.problem.model.own_start(None))))
            if given is not None:
                return [given]
        found = [] if floor is None else self._noisy(part, floor.theta)
        if (near := neighbour(self.problem.model)) is not None and self._cheap():
            found += self._noisy(part, self._of_other(near))
        if floor is None:
            found.append(self._along_best_ways(part) or self._simplest(part))
        if not found and floor is not None:
            found.append(floor)
        if not found:
            raise self._nowhere()
        found.sort(key=lambda point: -point.value)
        return found[:CLIMBS if self._cheap() else 1]

    def _along_best_ways(self, part: Objective) -> Point | None:
        """Where MaxEnt's search begins in a large world."""
        theta = of_best_ways(self.problem, self.groups, self.lower, self.upper, self.control)
        return None if theta is None else part(theta)

    def _noisy(self, part: Objective, theta: np.ndarray | None) -> list[Point]:
        return [] if theta is None else with_noise(part, theta, len(self.problem.names), self.lower, self.upper)

    def _of_other(self, other: Rationality, start: np.ndarray | None = None, quick: bool = False) -> np.ndarray | None:
        """(K,) weights of another model's fit; None where it has none."""
        try:
            return self._with(other).run(start, quick)[0].point.theta[:len(self.problem.names)]
        except FitError:
            return None

    def _with(self, other: Rationality) -> Search:
        k, own = len(self.problem.names), other.parameters
        lower, upper = np.append(self.lower[:k], [p.lower for p in own]), np.append(self.upper[:k], [p.upper for p in own])
        return Search(replace(self.problem, model=other), lower, upper, self.control, ways=self.ways)

    def _clipped(self, theta: np.ndarray) -> np.ndarray:
        return np.clip(theta, self.lower, self.upper)

    def _cheap(self) -> bool:
        return getattr(plan_of(self.problem.model), "draws", 1) * self.problem.mdp.n_choices * self.goals <= CHEAP

    def _without_noise(self, simpler: Rationality, start: np.ndarray | None, quick: bool) -> Point | None:
        """The best fit of the model that this one is without noise, as a point of this one."""
        theta = self._of_other(simpler, None if start is None else start[:len(self.problem.names)], quick)
        return None if theta is None else self.value(np.append(theta, np.zeros(len(self.lower) - len(theta))))

    def _about(self, simpler: Rationality) -> Point | None:
        """About the best fit of the model that this one is without noise, from a sample of goals: a point of that model over all paths.
        None where it has none."""
        try:
            return self._with(simpler)._from_sample(None)
        except FitError:
            return None

    def _simplest(self, part: Objective, least: float = 0.0) -> Point:
        """Where the model's own simplest fit ends, at least ``least`` charged."""
        first = charged(self.problem, part, self.lower, self.upper, least)
        if first is None:
            raise self._nowhere()
        return self._sized(part, first, max(1.0, ROUGH * abs(first.value))).point

    def _sized(self, part: Objective, first: Point, enough: float) -> Optimum:
        return sized(part, first, self._walls(), len(self.problem.names), self.lower, self.upper, enough)

    def _again(self, best: Optimum) -> Optimum:
        """The better one of this end and those of climbs from other starts."""
        starts = [self._simplest(self.value), *([] if (dear := charged(self.problem, self.value, self.lower, self.upper, DEAR)) is None
                                                else [dear])]
        other = self._best_of(self.value, starts, self.watch, True)
        evaluations = best.evaluations + other.evaluations
        return replace(other if other.point.value > best.point.value else best, evaluations=evaluations)

    def _nowhere(self) -> FitError:
        why = "" if self._why is None else self._why.what
        return FitError(f"No weights of {', '.join(self.problem.names)} with a finite likelihood were found. {why}",
                        "Add a feature that makes every step cost (length, or a constant per step), check the sign "
                        "constraints, use gamma below 1, or a world without slip.")
