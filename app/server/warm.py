"""Compiles every kernel once, for all processes to come: ``python -m app.server.warm``, which ``make setup`` runs.

A kernel is compiled for the types that it is called with, so this calls the functions that the pages call, with every model, on a world
so small that nearly all of the time goes into compiling. What is compiled lies in numba's cache (``kernel_cache``), for every process
to come. A test holds the pages' own line against it: they must ask for nothing else.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pandas as pd

from app.server import kernel_cache
from irlcore.analysis.onward import intent_study, onward_study
from irlcore.analysis.proposals import preview_study, suggest_study, unexplained_study
from irlcore.analysis.ranking import review_study
from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.residuals import by_place, residuals_of
from irlcore.analysis.study import fit_record, with_fit
from irlcore.errors import MotiveError
from irlcore.features.base import FeatureSpec
from irlcore.fitting.likelihood import path_logliks, residual_map, residual_matrix
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.fitting.value_basis.likelihood import softmax
from irlcore.intent.goals import goal_posteriors
from irlcore.planning.evaluation import Method
from irlcore.planning.graph import graph_of
from irlcore.planning.solver import solve_mdp
from irlcore.planning.values import settled_plan
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.split import matrix_of, need_world, split_paths
from irlcore.rationality.maxent import MaxEnt, swept_trips
from irlcore.rationality.models import MODELS
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.sweeps.near import near_goals
from irlcore.review.calibration.batch import normal_at_most
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.scores import score_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.tracks.trips.stops import find_stops
from irlcore.worlds.grid import grid_over
from irlcore.worlds.history.build import build_history
from irlcore.worlds.matching.matching import match
from irlcore.worlds.network import build_network

STRAY = 0.9  # a slip so large that no move has a likely end
ROUTES = ("EENNEN", "NNENEE", "EEENN", "NENEE", "NNNE", "NENENE")
MOVE = {"E": (1.0, 0.0), "N": (0.0, 1.0)}


def small_project(heading: bool = False, slip: float = 0.0) -> Project:
    """Two walks along each of a few routes from one corner, on a grid of their own, with a start set of features."""
    rows = []
    for k, route in enumerate(ROUTES * 2):
        steps = np.cumsum([(0.0, 0.0), *(MOVE[move] for move in route)], axis=0)
        rows += [(f"trip {k}", t, x, y) for t, (x, y) in enumerate(steps)]
    imported = read_points(pd.DataFrame(rows, columns=["track", "t", "x", "y"]), {p: p for p in ("track", "t", "x", "y")})
    assert isinstance(imported.tracks, Tracks)
    find_stops(imported.tracks, 2.0, 1.0)
    return with_world(Project(), imported, grid_over(imported.tracks, 1.0, heading=heading, slip=slip))


def asked(project: Project, name: str, gamma: float) -> None:
    """What fits, scores and intent ask of a model, once each."""
    world, _ = need_world(project)
    parts, model = split_paths(project), MODELS[name]
    matrix, paths = matrix_of(project, parts), parts.paths
    problem = Problem(world.mdp, matrix.values, matrix.names, paths, model, gamma)
    point = np.append(-np.ones(len(matrix.names)), model.own_start(None))
    problem.evaluate(point, problem.groups())
    if not model.parameters:
        softmax(design_of(problem, decisions_of(problem), point), point)
    prepared = problem.prepare(point)
    for batch in problem.groups():
        for group in batch.groups:  # one by one, as goals are judged that are too far apart to be so side by side
            model.trips(prepared, group, batch.features.phi)
            model.slope(prepared, group, batch.features.phi)
        if isinstance(model, MaxEnt) and prepared.shared is not None:  # as in a world that is not small
            for near in near_goals(world.mdp, [group.goal_states for group in batch.groups]):
                swept_trips(prepared, [batch.groups[k] for k in near], batch.features.phi)
    path_logliks(model, prepared, paths)
    residual_map(model, prepared, paths)
    residual_matrix(model, prepared, paths, np.zeros((len(paths), world.mdp.n_choices)), np.arange(len(paths)))
    score_paths(model, prepared, paths)
    goal_posteriors(model, prepared, paths, paths.goals, np.full((len(paths), len(paths.goals)), 1.0 / len(paths.goals)))
    likeliest_path(prepared, model.solve(prepared, paths.goals.of(0)), int(paths.states(world.mdp, 0)[0]))


def worked_through(project: Project) -> None:
    """The whole line of the pages with the usual model: fit, review, what is missed, a suggestion, a preview, intent."""
    project = with_fit(project, fit_record(project))
    review = review_study(project, FalseAlarmControl("strangest", 0.2))
    reasons_study(project, review, 0)
    left = unexplained_study(project)
    by_place(project, residuals_of(project, np.arange(4)))
    suggest_study(project, left, 2)
    preview_study(project, left, FeatureSpec("bump", "bump", {"x": 2.0, "y": 2.0, "radius": 1.0}), review)
    asked = intent_study(project, str(review.parts.paths.ids[0]))
    onward_study(project, asked.paths, asked.index, 0, asked.found.index[:2])


def asked_in_full(project: Project) -> None:
    """What models of beliefs ask where a step costs so little beside the rest that single precision takes it for nothing."""
    world, paths = need_world(project)
    mdp, goal = world.mdp, paths.goals.of(0)
    reward = np.where(np.isin(mdp.likeliest, goal), -1e6, -1e-3)
    for model in MODELS.values():
        if isinstance(model, Replanned):
            prepared = model.prepare(mdp, reward, 1.0, model.own_start(None))
            path_logliks(model, prepared, paths)


def planned(project: Project) -> None:
    """What the estimators plan with: the goal counts whole, or what is far counts less, by every method, towards a goal or for ever."""
    mdp = need_world(project)[0].mdp
    goal, cost = np.array([mdp.n_states - 1]), -1.0 - np.arange(mdp.n_choices) % 7
    for gamma, goals in ((1.0, goal), (0.9, goal), (0.9, None)):
        for method in (None, *Method):
            if method is not Method.TREE or mdp.deterministic:
                solve_mdp(mdp, cost, gamma, goals, method=method)
    if mdp.deterministic:  # where a choice pays, though no way round does
        settled_plan(graph_of(mdp), np.where(np.arange(mdp.n_choices) == 0, 0.5, cost), goal)


def matched() -> None:
    """Points along two streets, matched to them."""
    nodes = pd.DataFrame({"node": ["a", "b", "c"], "x": [0.0, 100.0, 200.0], "y": [0.0, 0.0, 0.0]})
    world = build_network(pd.DataFrame({"link": ["ab", "bc"], "u": ["a", "b"], "v": ["b", "c"]}), nodes=nodes)
    points = pd.DataFrame({"track": "trip", "t": np.arange(9.0), "x": np.arange(9.0) * 20.0 + 20.0, "y": 1.0})
    tracks = read_points(points, {p: p for p in ("track", "t", "x", "y")}).tracks
    assert isinstance(tracks, Tracks)
    match(world, tracks)


def picked() -> None:
    """How many of a few tracks that were picked may be normal."""
    normal_at_most(np.array([0.25]), 3, 2)


def followed() -> None:
    """A few sequences of a log, from their reading to a reason."""
    found = ["open", "work", "close"] * 5 + ["open", "close"] * 5
    log = LinkTracks(np.array([f"case {k}" for k in range(10)], object), np.append(np.arange(0, 15, 3), np.arange(15, 26, 2)),
                     np.array(found, object), pd.DataFrame(index=range(10)))
    project = with_world(Project(), Imported(log, problem_table([]), len(found), 0, 10, 0), build_history(log))
    project = with_fit(project, fit_record(project))
    reasons_study(project, review_study(project, FalseAlarmControl("strangest", 0.2)), 0)


def parts() -> list[tuple[Callable[..., None], tuple[object, ...]]]:
    """Everything there is to do, in the order in which a first fit needs it."""
    sure, slips, strays = small_project(), small_project(slip=0.1), small_project(slip=STRAY)
    models = [(asked, (project, name, gamma)) for project in (sure, slips) for gamma in (1.0, 0.9) for name in MODELS]
    return [(worked_through, (sure,)), (matched, ()), (picked, ()), (followed, ()), (asked_in_full, (sure,)),
            *((planned, (one,)) for one in (sure, slips, strays)), *models]


def compile_all() -> None:
    """Do everything once; what so small a world does not allow (a way round that is free) is passed over."""
    for work, what in parts():
        with suppress(MotiveError):
            work(*what)


def main() -> int:
    """Compile, note that it was done, and say how long it took."""
    if kernel_cache.is_warm():
        return 0
    print("Compiling the solver, once (about a minute) ...", flush=True)
    begun = time.monotonic()
    compile_all()
    never = sorted(name for name, one in kernel_cache.kernels() if not one.overloads and not name.split(".")[-1].startswith("_"))
    if never:
        print(f"Never called, and so not compiled: {', '.join(never)}.", file=sys.stderr)
        return 1
    kernel_cache.mark_warm()
    print(f"Compiled in {time.monotonic() - begun:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
