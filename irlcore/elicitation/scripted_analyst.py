"""A scripted analyst, to measure the loop: knows what the class is really after, and names it when the map points there.

(Ours.) The method's own measure is what an analyst gets for each action: false alarms left against true positives kept. An analyst of
flesh and blood cannot be asked a hundred times. This one knows a list of true features, sees what the page shows (residuals by place),
names the known feature that it points at most clearly, is wrong with a stated chance, and accepts what the preview's test supports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from irlcore.elicitation.suggestions import LEVEL, Suggestion
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column
from irlcore.worlds.world import World

PATIENCE = 3  # proposals refused one after the other before the analyst stops


@dataclass(frozen=True, slots=True)
class Action:
    """One proposal: the feature, whether it is one of the true ones, its test, and whether it was accepted."""

    spec: FeatureSpec
    true: bool
    test: Suggestion
    accepted: bool


@dataclass(slots=True)
class ScriptedAnalyst:
    """An analyst who knows ``truth`` and errs.

    error: chance that a proposal is one of ``mistakes`` instead of what the map points at. named: what has been proposed, in order.
    """

    truth: Sequence[FeatureSpec]
    mistakes: Sequence[FeatureSpec]
    error: float
    rng: np.random.Generator
    named: list[str] = field(default_factory=list)

    def propose(self, world: World, context: Context, residual: np.ndarray) -> FeatureSpec | None:
        """The feature that residuals by place (L,) point at; None once nothing known is left to name."""
        known = [spec for spec in self.truth if spec.name not in self.named]
        wrong = [spec for spec in self.mistakes if spec.name not in self.named]
        if not known:
            return None
        if wrong and self.rng.random() < self.error:
            chosen = wrong[int(self.rng.integers(len(wrong)))]
        else:
            chosen = max(known, key=lambda spec: pointed_at(spec, world, context, residual))
        self.named.append(chosen.name)
        return chosen

    def accepts(self, test: Suggestion) -> bool:
        """Whether the preview convinces: unlikely to be luck, and of use on trips held out."""
        return test.p <= LEVEL and test.held_out > 0.0


def pointed_at(spec: FeatureSpec, world: World, context: Context, residual: np.ndarray) -> float:
    """How clearly residuals by place (L,) show a feature: the size of their sum over it, against what as many places drawn at random
    would sum to."""
    value = world.mean_by_place(feature_column(spec, world, context))
    spread = float(np.linalg.norm(value - value.mean()))
    return abs(float(residual @ (value - value.mean()))) / spread if spread > 0.0 else 0.0


def elicit(analyst: ScriptedAnalyst, show: Callable[[], tuple[World, Context, np.ndarray]], test: Callable[[FeatureSpec, int], Suggestion],
           accept: Callable[[FeatureSpec], None], most: int = 30) -> list[Action]:
    """The loop: look, propose, see the preview, accept and refit, until nothing is left to name or ``PATIENCE`` runs out.

    show: world, context and residuals by place under the present fit. test: the preview of a feature, given how many were tried.
    accept: adds the feature and refits. most: proposals.
    """
    done: list[Action] = []
    refused = 0
    while len(done) < most and refused < PATIENCE:
        spec = analyst.propose(*show())
        if spec is None:
            break
        found = test(spec, len(done) + 1)
        accepted = analyst.accepts(found)
        if accepted:
            accept(spec)
        refused = 0 if accepted else refused + 1
        done.append(Action(spec, spec in analyst.truth, found, accepted))
    return done
