"""Classes with tracks that have no destination: what a page has to ask and say of them."""

from __future__ import annotations

import numpy as np

from irlcore.project.project import Project
from irlcore.project.split import need_world, split_paths
from irlcore.worlds.mdp import Paths

ROAMING_GAMMA, MOST_GAMMA = 0.95, 0.999
"""The usual discount where nothing ends a walk, and the highest that is offered: at 1 what lies ahead has no finite value."""


def roaming(paths: Paths) -> np.ndarray:
    """(N,) bool: paths of agents without a destination."""
    return np.asarray(np.append(paths.goals.nowhere, False)[paths.goal])  # the last for paths whose goal is not known


def has_roamers(project: Project) -> bool:
    """Whether some track of the class under study has no destination, so that gamma has to be below 1. DataError where there is no
    world."""
    return bool(need_world(project)[1].goals.nowhere.any()) and bool(roaming(split_paths(project).paths).any())


def all_roam(project: Project) -> bool:
    """Whether no track of the class under study has a destination."""
    return bool(need_world(project)[1].goals.nowhere.any()) and bool(roaming(split_paths(project).paths).all())


def usual_gamma(project: Project) -> float:
    """The discount per step that a fit of the class begins with."""
    return ROAMING_GAMMA if has_roamers(project) else 1.0


def horizon(gamma: float) -> float:
    """Steps ahead that count, about: the sum of their discounts."""
    return 1.0 / max(1.0 - gamma, 1e-12)
