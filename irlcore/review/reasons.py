"""Why a track is unusual under the model, in plain sentences and arrays for the map.

What is unusual of it beside its way (``review.sides``), and what sets it apart from the other flagged tracks (``review.apart``), is said
first; then where it was least expected, what it lost, which belief would explain it and how it used features; then which ordinary tracks it
is most like and what of it is ordinary; and last, in one line, what most flagged tracks share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.apart import FEWEST, NOBODY, Apart, find
from irlcore.review.behaviour import Finding, Spots, spots_of
from irlcore.review.beliefs import Belief, belief_of
from irlcore.review.findings import UNSEEN, Known, known_of, roams
from irlcore.review.most_alike import MostAlike
from irlcore.review.scores import Scores
from irlcore.review.sequences.stretch import least_expected
from irlcore.review.sides import NO_SIDES, Side, Sides
from irlcore.review.uses import NOTHING_USUAL, FeatureUse, UsualUses
from irlcore.review.words import events, rarity, way
from irlcore.review.words.beside import beside_flagged
from irlcore.review.words.places import Said
from irlcore.review.words.way import Yardstick as Yardstick
from irlcore.worlds.called import called
from irlcore.worlds.history.classes import class_names
from irlcore.worlds.mdp import Goals, Paths
from irlcore.worlds.world import World

MOST_FEATURES = 3
FEW = 0.25  # of the flagged tracks: who shares a finding with no more is told so
NOBODY_ALIKE = MostAlike(np.zeros(0, np.int64), "")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one track stands out.

    sentences: in the order to be read. stretch: (n,) int64, the choices of the worst stretch. alternative:
    (n,) int64, choices of the likeliest way from the start; empty where there is none. features: one per feature, the
    most unusual first. headline: one line. own: what sets it apart from the other flagged tracks, and shared: what most of them show too.
    leading: how many sentences, the first, say what it did; the last is on all of ``shared``. sides: how unusual each side of it is.
    alike: the ordinary tracks that it is most like. belief: that would explain it.
    """

    track: str
    sentences: tuple[str, ...]
    stretch: np.ndarray
    alternative: np.ndarray
    features: tuple[FeatureUse, ...]
    headline: str
    own: tuple[Finding, ...] = ()
    shared: tuple[Finding, ...] = ()
    leading: int = 0
    sides: Sides = NO_SIDES
    alike: MostAlike = NOBODY_ALIKE
    belief: Belief | None = None

    @property
    def nearest(self) -> np.ndarray:
        """(k,) int64 into the class's paths: the ordinary tracks that it is most like, the nearest first."""
        return self.alike.index

    @property
    def did(self) -> tuple[str, ...]:
        """The sentences on what it did."""
        return self.sentences[:self.leading]

    @property
    def strange(self) -> tuple[str, ...]:
        """Those on how improbable that is, without what most flagged tracks share."""
        return self.sentences[self.leading:len(self.sentences) - bool(self.shared)]


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What sentences are told with, the same for all tracks of a review: the spots of the world, what places are called, the tracks that
    are known, the unit of what was lost, what sets the flagged tracks apart, what uses are told with, and the sides of the tracks
    at the top of the list."""

    spots: Spots
    said: Said
    known: Known
    yardstick: Yardstick | None = None
    apart: Apart = NOBODY
    usual: UsualUses = NOTHING_USUAL
    sides: dict[int, Sides] | None = None

    def headline(self, index: int) -> str:
        """One line on a path of which something is known; empty where nothing sets it apart."""
        found = self.apart.found.get(index)
        own = self.apart.ordered(index, found.findings)[0] if found is not None else []
        return called(self.spots.world).say(line(own, (self.sides or {}).get(index, NO_SIDES)))


def by_name(world: World) -> Said:
    """Places as the data name them."""
    return lambda place: str(world.place_names[place])


def events_by_name(world: World) -> Said:
    """Events in quotation marks: "open" is then no verb of ours."""
    return lambda place: events.event(str(world.place_names[place]))


def telling(world: World, paths: Paths, known: np.ndarray, said: Said | None = None, yardstick: Yardstick | None = None,
            usual: UsualUses = NOTHING_USUAL) -> Telling:
    """A telling before anything is known of the flagged tracks; known: (n,) indices of the paths that stand for usual behaviour."""
    spots, said = spots_of(world), said or by_name(world)
    if world.kind == "log":
        said = events_by_name(world)
    return Telling(spots, said, known_of(spots, paths, known, said), yardstick, usual=usual)


def explain_path(model: Rationality, prepared: Prepared, paths: Paths, scores: Scores, index: int, names: tuple[str, ...],
                 phi: np.ndarray, told: Telling, sides: Sides = NO_SIDES, alike: MostAlike = NOBODY_ALIKE) -> Reasons:
    """Reasons for path ``index``; names (K,) and phi (M, K) are the features the model was fitted with. sides, alike: how unusual each side
    of it is, and which ordinary tracks are most like it, where that is known."""
    world, said, apart = told.spots.world, told.said, told.apart
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    stretch = choices[scores.worst_start[index]:scores.worst_end[index]]
    found = apart.found.get(index) or find(model, prepared, told.spots, paths, np.array([index]), names, phi, told.known, said,
                                           usual=told.usual)[index]
    solution, cut = model.solve(prepared, paths.goals.of(found.goal)), bool(paths.goal[index] < 0)
    goal = "" if roams(paths, index) else _goal_said(said, world, paths.goals, found.goal)
    somewhere = "wherever it was going" if cut and len(paths.goals) > 1 else goal
    own, shared = apart.ordered(index, found.findings)
    behaviour, uses = [one for one in own if one.placed], [one for one in own if not one.placed]
    did = _did(apart, index, behaviour, sides)
    likelier, short, belief = found.way, "", None
    if world.kind == "log":
        part = slice(int(paths.offsets[index]), int(paths.offsets[index + 1]))
        log = least_expected(world, solution, choices, scores.step_surprise[part], int(scores.worst_start[index]),
                             int(scores.worst_end[index]))
        of_way, likelier, short = log.sentences, log.onward, log.short
    else:
        belief = None if cut else belief_of(model, prepared, solution, world, choices, found.way, said)
        parted = any(one.kind == "detour" for one in own)
        of_way = (_stretch_sentence(said, world, paths, scores, index, goal),
                  way.lost(float(scores.utility_gap[index]), somewhere, told.yardstick),
                  _way_sentence(said, world, choices, found.way, goal, solution, parted, cut),
                  belief.sentence if belief is not None else "")
    sentences = [*did,
                 _cut_off(world, goal, found.share, len(paths.goals)) if cut else "",
                 *(events.strange(side.rare) if world.kind == "log" else side.sentence for side in sides.unusual if side.of_way), *of_way,
                 *(_beside_flagged(apart, index, one) for one in uses[:MOST_FEATURES]),
                 alike.sentence, sides.ordinary, way.most_share([one.shared for one in shared])]
    words = called(world)
    return Reasons(str(paths.ids[index]), tuple(words.say(s) for s in sentences if s), stretch, likelier, found.uses,
                   words.say(line(own, sides)) or short or headline(said, world, scores, index, stretch, told.yardstick), tuple(own),
                   tuple(shared), len(did), sides, alike, belief)


def _cut_off(world: World, goal: str, share: float, many: int) -> str:
    return events.running() if world.kind == "log" else way.cut_off(goal, share, many)


def line(own: Sequence[Finding], sides: Sides) -> str:
    """One line on a track: the strangest side of it, and of its way, or of a side that findings tell better, what sets it apart; empty
    where nothing does."""
    strangest: Side | None = sides.unusual[0] if sides.unusual else None
    kinds = {one.kind: one for one in own if one.placed}
    if strangest is not None and not strangest.of_way:
        same = strangest.same(list(kinds))
        return kinds[same].short if same else strangest.short
    return own[0].short if own else ""


def headline(said: Said, world: World, scores: Scores, index: int, stretch: np.ndarray, yardstick: Yardstick | None) -> str:
    """One line on a track that nothing sets apart: where it was least expected, and what it lost in all."""
    first, last = int(world.choice_from[stretch[0]]), int(world.choice_place[stretch[-1]])
    if world.kind == "log":
        return events.headline(str(world.place_names[first]), class_names(world, stretch[-1:])[0])
    before, after = said(first), said(last)
    return way.headline(before, after, bool(np.isfinite(scores.worst_stretch[index])), float(scores.utility_gap[index]), yardstick)


def _did(apart: Apart, index: int, behaviour: list[Finding], sides: Sides) -> list[str]:
    """What it did: its unusual sides, the strangest first, and its behaviour, which says how rare a side is that it tells better."""
    kinds = [one.kind for one in behaviour]
    rare = {kind: side.rare for side in sides.unusual if (kind := side.same(kinds))}
    return [*(side.sentence for side in sides.apart_from(kinds) if not side.of_way),
            *(_shared_by_few(apart, index, one, rare.get(one.kind, "")) for one in behaviour)]


def _shared_by_few(apart: Apart, index: int, finding: Finding, rare: str = "") -> str:
    """The sentence, with how rare that is where it is known, and how many flagged tracks did the same where they are few."""
    sentence = rarity.beside(finding.sentence, rare) if rare else finding.sentence
    n = len(apart.found)
    others = len(apart.amounts.get(finding.kind, ())) - (index in apart.found)
    if finding.kind in UNSEEN or index not in apart.found or n < FEWEST or others + 1 > FEW * n:
        return sentence
    return way.few_share(sentence, others, n - 1)


def _beside_flagged(apart: Apart, index: int, use: Finding) -> str:
    """The sentence on a use of a feature, with how many other flagged tracks are as far off."""
    n = len(apart.found)
    if index not in apart.found or n < FEWEST:
        return use.sentence
    return beside_flagged(use.sentence, apart.as_much(index, use), n - 1)


def _goal_said(said: Said, world: World, goals: Goals, goal: int) -> str:
    """What a goal with a state is called: as its place, or by its name where it is several (any end of a world of a table)."""
    places = np.unique(world.place_of_state[goals.of(goal)])
    return said(int(places[0])) if len(places) == 1 else str(goals.names[goal])


def _stretch_sentence(said: Said, world: World, paths: Paths, scores: Scores, index: int, goal: str) -> str:
    first, last = (int(at[index]) for at in (scores.worst_start, scores.worst_end))
    part = slice(int(paths.offsets[index]) + first, int(paths.offsets[index]) + last)
    before, after = said(int(world.choice_from[paths.choices[part][0]])), said(int(world.choice_place[paths.choices[part][-1]]))
    nats = float(scores.step_surprise[part].sum()) if np.isfinite(scores.worst_stretch[index]) else np.inf
    return way.least_expected(before, after, first + 1, last, nats, goal)


def _way_sentence(said: Said, world: World, choices: np.ndarray, likely: np.ndarray, goal: str, solution: Solution, parted: bool,
                  cut: bool) -> str:
    """parted: where it left the likeliest way has been said already. goal: "" of who has none, whose ways are of as many steps. cut: it was
    cut off, so that only the way so far can be compared."""
    choices = choices if goal else choices[:len(likely)]
    if not len(likely) or np.array_equal(likely, choices):
        return "" if not len(likely) else way.took_likeliest(goal)
    if cut and np.array_equal(likely[:len(choices)], choices):
        return way.took_likeliest(goal, so_far=True)
    fork = int(np.argmin(np.append(likely[:len(choices)] == choices[:len(likely)], False)))
    if fork >= len(likely):
        return ""
    place, onward = said(int(world.choice_from[likely[fork]])), said(int(world.choice_place[likely[fork]]))
    odds = np.nan  # where chance moves both ways, the choices alone do not compare them
    if not cut and world.mdp.deterministic:
        odds = float(solution.log_policy[likely].sum() - solution.log_policy[choices].sum())
    return way.parts_from_it(goal, place, onward, parted, odds)
