"""What one track, or a way that has just begun, seems to be after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from irlcore.analysis.goals import class_goals
from irlcore.analysis.onward import candidate_goals, intent_study, most_goals
from irlcore.errors import DataError, none_called
from irlcore.face import figures
from irlcore.face.asked import ready
from irlcore.intent.goals import GoalPosterior, goal_posteriors, of_groups
from irlcore.project.project import Project
from irlcore.quantities import counted
from irlcore.worlds.goal_prior import origin_prior
from irlcore.worlds.mdp import Paths

ASKED = "asked"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Intended:
    """How likely each goal is before the first and after each step of one track.

    track: its id. goals: (G,) names, the most usual first. found: the posterior (``intent.goals.GoalPosterior``).

    >>> import irlcore as ir
    >>> found = ir.fit(ir.sample("town"), model="maxent").intent("commuter-001")
    >>> found.posterior.shape == (18, len(found.goals))
    True
    """

    track: str
    goals: tuple[str, ...]
    found: GoalPosterior

    @property
    def posterior(self) -> pd.DataFrame:
        """A row a number of steps seen (from 0), a column a goal; rows sum to 1, or are 0 where no goal explains the steps."""
        return pd.DataFrame(self.found.probability, columns=list(self.goals)).rename_axis("steps seen")

    @property
    def likeliest(self) -> str:
        """The likeliest goal after all steps; "" where none explains them."""
        top = int(self.found.top[-1])
        return self.goals[top] if top >= 0 else ""

    @property
    def certain_from(self) -> int | None:
        """After how many steps that goal is, and stays, at 80 % or more; None where it never is."""
        step = self.found.certain_step
        return step if step >= 0 else None

    def plot(self) -> Any:
        """The probabilities along the track, a plotly figure. MotiveError where plotly is missing."""
        return figures.posterior(self.found, self.goals)

    def __repr__(self) -> str:
        if not self.likeliest:
            return f"<Intended: {self.track}, no goal explains it>"
        return f"<Intended: {self.track} to {self.likeliest} ({self.found.probability[-1].max():.0%}), {counted(len(self.goals), 'goal')}>"


def intended(project: Project, track: str | Sequence[str]) -> Intended:
    """As ``Fit.intent``."""
    fit = ready(project)
    paths = fit.parts.paths
    if isinstance(track, str):
        if track not in set(paths.ids.astype(str).tolist()):
            raise DataError(*none_called("track of this class", track, paths.ids.astype(str).tolist()))
        told = intent_study(project, track)
        return Intended(track, told.names, told.posterior)
    made, state = fit.walked([str(one) for one in track])
    if not len(made):
        raise DataError("One place alone says nothing of where it leads.", "Name two or more, in the order in which they were passed.")
    mdp = fit.prepared.mdp
    found = candidate_goals(fit.parts, most_goals(fit.prepared), class_goals(project, fit.parts))
    way = Paths(np.array([ASKED], object), np.array([0, len(made)]), made, np.array([state]), np.array([-1]), paths.goals)
    prior = origin_prior(paths.take(found.known), mdp, found.goals, way.first_state(mdp), np.array([-1]))
    told_goals = goal_posteriors(fit.model, fit.prepared, way, found.goals, prior)[0]
    return Intended(ASKED, found.names, of_groups(told_goals, found.group, len(found.names)))
