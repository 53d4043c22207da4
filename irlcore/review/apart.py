"""What sets a flagged track apart from the other flagged ones.

Each finding is told with how many of the flagged tracks show at least as much of it. Of one track those that tell a place come first
(what it did), then uses of features; among these the one that the fewest others share. A use of a feature that more than half of the
flagged tracks share, and of which this one has no more than most of them, tells nothing of this track: all such stand in one line at the
end. Ties go by the amount, then by the finding's kind, so that neither the order of tracks nor that of features counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.errors import WorldError
from irlcore.rationality.base import Rationality
from irlcore.rationality.likely_walks import likeliest_walks
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import Group, Prepared, Solution, group_by_goal
from irlcore.review.behaviour import Finding, Spots
from irlcore.review.findings import Known, behaviour_findings
from irlcore.review.unfinished import with_likeliest_goals
from irlcore.review.uses import NOTHING_USUAL, FeatureUse, UsualUses, in_units, use_findings, uses_so_far, uses_to_goal
from irlcore.review.words.places import Said
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.mdp import Paths

FEWEST = 5  # flagged tracks, below which "most of them" says nothing
COMMON, FAR_OUT = 0.5, 0.1  # shares of the flagged tracks: that show it at all, and that show at least as much of it
ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found of one path: its likeliest way, choices (n,), the uses of features, the most unusual first, and findings. goal:
    the index of its goal, the likeliest by its steps where it was cut off; share: how likely that one is."""

    way: np.ndarray
    uses: tuple[FeatureUse, ...]
    findings: tuple[Finding, ...]
    goal: int = -1
    share: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """The findings of n flagged paths: of each path by its index, and the amounts of each kind, ascending."""

    found: Mapping[int, Found]
    amounts: Mapping[str, np.ndarray]

    def share(self, index: int, finding: Finding) -> float:
        """Which share of the flagged tracks, this one among them, shows at least as much."""
        return (self.as_much(index, finding) + 1) / max(self._number(index), 1)

    def as_much(self, index: int, finding: Finding) -> int:
        """How many of the other flagged tracks show at least as much."""
        amounts = self.amounts.get(finding.kind, np.zeros(0))
        least = finding.amount - ALIKE * max(1.0, abs(finding.amount))
        return max(len(amounts) - int(np.searchsorted(amounts, least)) - (index in self.found), 0)

    def is_common(self, index: int, finding: Finding) -> bool:
        """Whether it tells nothing of this track, since most flagged ones share it."""
        n, having = self._number(index), len(self.amounts.get(finding.kind, ())) + (index not in self.found)
        return not finding.placed and n >= FEWEST and having > COMMON * n and self.share(index, finding) > FAR_OUT

    def ordered(self, index: int, findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
        """What sets the path apart, that which the fewest share first, and what most flagged ones share."""
        ranked = sorted(findings, key=lambda one: (not one.placed, round(self.share(index, one), 9), -round(one.amount, 9), one.kind))
        return ([one for one in ranked if not self.is_common(index, one)], [one for one in ranked if self.is_common(index, one)])

    def _number(self, index: int) -> int:
        return len(self.found) + (index not in self.found)


NOBODY = Apart({}, {})


def way_to(prepared: Prepared, solution: Solution, start: int) -> np.ndarray:
    """Choices (n,) of the likeliest way; empty where there is none."""
    try:
        return likeliest_path(prepared, solution, start)
    except WorldError:
        return np.zeros(0, np.int64)


def find(model: Rationality, prepared: Prepared, spots: Spots, paths: Paths, indices: np.ndarray, names: tuple[str, ...], phi: np.ndarray,
         known: Known, said: Said, control: Control | None = None, usual: UsualUses = NOTHING_USUAL) -> dict[int, Found]:
    """What each of the paths ``indices`` (n,) did; goals are solved once each, side by side. names (K,), phi (M, K): the features. One that
    was cut off is held against the likeliest of the goals that it may have had. usual: what uses of features are told with."""
    cut = unfinished(paths.take(indices))
    chosen, share = with_likeliest_goals(model, prepared, paths.take(indices), control)

    asked = Asked(model, prepared, spots, paths, indices, names, phi, known, said, usual, cut, chosen.goal, share)
    groups = [group for some in (np.flatnonzero(~cut), np.flatnonzero(cut)) for group in group_by_goal(chosen.take(some), some)]
    return dict(pair for pairs in run_all(_look, groups, control, "flagged tracks looked at", shared=asked) for pair in pairs)


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``find`` was asked of; cut (n,) bool, goal (n,) and share (n,): which tracks were cut off, and the goal that each is held to."""

    model: Rationality
    prepared: Prepared
    spots: Spots
    paths: Paths
    indices: np.ndarray
    names: tuple[str, ...]
    phi: np.ndarray
    known: Known
    said: Said
    usual: UsualUses
    cut: np.ndarray
    goal: np.ndarray
    share: np.ndarray


def _look(asked: Asked, group: Group) -> list[tuple[int, Found]]:
    """What the tracks on the way to one goal did."""
    prepared = asked.prepared
    solution = asked.model.solve(prepared, group.goal_states)
    ways = np.split(group.choices, group.offsets[1:-1])
    so_far = uses_so_far if asked.cut[group.index[0]] else uses_to_goal
    used = so_far(prepared, solution, ways, asked.names, asked.phi)
    if asked.spots.world.kind == "log":  # what is likelier is told from where it parts
        likely = [np.zeros(0, np.int64) for _ in ways]
    elif len(group.goal_states):
        likely = [way_to(prepared, solution, int(prepared.mdp.choice_state[own[0]])) for own in ways]
    else:
        likely = likeliest_walks(prepared, solution, ways)
    out = []
    for k, way, uses in zip(group.index.tolist(), likely, used, strict=True):
        i, uses = int(asked.indices[k]), in_units(uses, asked.usual)
        findings = (*behaviour_findings(asked.spots, asked.paths, i, way, asked.known, asked.said), *use_findings(uses, asked.usual))
        out.append((i, Found(way, uses, findings, int(asked.goal[k]), float(asked.share[k]))))
    return out


def compared(found: Mapping[int, Found]) -> Apart:
    """The findings of all flagged paths, put side by side; of each kind every path counts once, with the most that it shows of it."""
    amounts: dict[str, list[float]] = {}
    for one in found.values():
        most: dict[str, float] = {}
        for finding in one.findings:
            most[finding.kind] = max(finding.amount, most.get(finding.kind, finding.amount))
        for kind, amount in most.items():
            amounts.setdefault(kind, []).append(amount)
    return Apart(found, {kind: np.sort(np.array(values)) for kind, values in amounts.items()})
