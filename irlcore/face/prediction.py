"""What a fit expects: chances of choices, the next place, the likeliest way; how well it explains tracks; tracks drawn from it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from irlcore.analysis.study import judged
from irlcore.errors import DataError, FitError, WorldError, none_called
from irlcore.face.asked import Ready, Start, ready
from irlcore.face.study import Study
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.likelihood import path_logliks
from irlcore.project.project import Project
from irlcore.project.split import context_of, split_paths
from irlcore.rationality.confined import confined
from irlcore.rationality.likely_walks import MOST_STEPS, likeliest_walks
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.seen import log_seen
from irlcore.simulation.simulate import walks
from irlcore.worlds.called import called
from irlcore.worlds.tables.build import choice_names

What = Literal["choices", "next", "path"]
TRIES = 20  # of a trip that takes too long
LONGEST = 400  # steps of a drawn trip


def predicted(project: Project, goal: str, start: Start, what: What, steps: int) -> pd.DataFrame:
    """As ``Fit.predict``."""
    if what not in ("choices", "next", "path"):
        raise DataError(*none_called("prediction", what, ("choices", "next", "path")))
    fit = ready(project)
    goal_states = fit.goal_states(goal)
    if what == "path":
        return _path(fit, goal_states, start, steps)
    mdp, somewhere = fit.prepared.mdp, len(start) > 0 or (fit.world.kind == "log" and not isinstance(start, str))
    states = fit.states_at(start) if somewhere else np.arange(mdp.n_states // fit.world.n_bands)
    prepared = fit.towards(int(states[0]), goal_states) if somewhere else fit.prepared
    chance = np.exp(log_seen(prepared, fit.model.solve(prepared, goal_states)))
    mine = np.flatnonzero(np.isin(mdp.choice_state, np.setdiff1d(states, goal_states)))
    frame = _choices(fit, mine, chance)
    if what == "next":
        frame = frame.assign(state=mdp.choice_state[mine]).sort_values(["state", "probability"], ascending=[True, False], kind="stable")
        frame = frame.drop_duplicates("state").drop(columns="state")
    return frame.reset_index(drop=True)


def _choices(fit: Ready, choices: np.ndarray, chance: np.ndarray) -> pd.DataFrame:
    """From where, to where, and how probably."""
    world = fit.world
    frame = pd.DataFrame({"from": world.place_names[world.choice_from[choices]].astype(str)})
    if world.kind == "table":
        frame["choice"] = choice_names(world)[choices]
    frame["to"] = world.place_names[world.choice_place[choices]].astype(str)
    return frame.assign(probability=chance[choices])


def _path(fit: Ready, goal_states: np.ndarray, start: Start, steps: int) -> pd.DataFrame:
    """The likeliest way, a row a place: of several states there (headings) from the one with the most value."""
    states, mdp = fit.states_at(start), fit.prepared.mdp
    prepared = fit.towards(int(states[0]), goal_states)
    solution = fit.model.solve(prepared, goal_states)
    state = int(states[np.argmax(np.where(np.isfinite(solution.value[states]), solution.value[states], -np.inf))])
    if len(goal_states):
        made = likeliest_path(prepared, solution, state)
    else:
        here = np.arange(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
        made = likeliest_walks(prepared, solution, [np.full(min(steps, MOST_STEPS), here[0])])[0] if len(here) else here
    passed = np.append(state, mdp.likeliest[made])
    chance = np.append(1.0, np.exp(log_seen(prepared, solution)[made]))
    return pd.DataFrame({"step": np.arange(len(passed)), called(fit.world).place: fit.world.place_names[fit.world.place_of_state[passed]],
                         "probability": chance})


def scored(project: Project, tracks: Study | None) -> pd.Series:
    """As ``Fit.score``, by track."""
    if tracks is None:
        own = judged(project)
        parts, model, batches = own.parts, own.model, own.batches
        found = np.empty(len(parts.paths))
        for batch in batches:
            found[batch.index] = path_logliks(model, batch.prepared, parts.paths.take(batch.index))
        asked = parts.calibration if parts.has_reference else parts.fit
        return pd.Series(found[asked], parts.paths.ids[asked].astype(str), name="log-likelihood")
    fit, other = ready(project), tracks.project
    assert project.fit is not None and other.world is not None
    mdp, theirs = fit.prepared.mdp, other.world.mdp
    if theirs is not mdp and not (np.array_equal(theirs.successors, mdp.successors)
                                  and np.array_equal(theirs.choice_offsets, mdp.choice_offsets)
                                  and np.array_equal(other.world.place_names, fit.world.place_names)):
        raise WorldError("These tracks are in another world than the fit.", "Read them with world=fit.world.")
    paths, result = split_paths(other).paths, project.fit.result
    phi = feature_matrix(project.fit.features, fit.world, context_of(project, fit.parts)).values
    prepared = fit.model.prepare(mdp, phi @ result.theta, result.gamma, result.own, phi * result.theta)
    found = path_logliks(fit.model, confined(fit.model, prepared, paths), paths)
    return pd.Series(found, paths.ids.astype(str), name="log-likelihood")


def simulated(project: Project, n: int, seed: int) -> pd.DataFrame:
    """As ``Fit.simulate``."""
    if n < 1:
        raise DataError(f"{n} tracks cannot be drawn.", "Ask for one or more.")
    fit = ready(project)
    rng, world, mdp = np.random.default_rng(seed), fit.world, fit.prepared.mdp
    if world.kind == "table" and mdp.choices_seen:
        raise DataError("Tracks of a world of a table are told by their choices, and these are not drawn.",
                        "Draw them by fit.predict(): the choices of each state, and how probable they are.")
    seen = fit.parts.paths.take(fit.parts.fit)
    seen = seen.take(np.flatnonzero(seen.goal >= 0))
    if not len(seen):
        raise DataError("No fitted track has a goal, so there is none to draw tracks to.", "Say where tracks end, or that they roam.")
    seen = seen.take(np.argsort(seen.ids.astype(str), kind="stable"))  # the order of the file changes no draw
    like = rng.integers(len(seen), size=n)
    trips: list[np.ndarray] = [np.zeros(0, np.int64)] * n
    for goal in np.unique(seen.goal[like]):
        mine = np.flatnonzero(seen.goal[like] == goal)
        starts, states = seen.first_state(mdp)[like[mine]], seen.goals.of(int(goal))
        if len(states):
            solution = fit.model.solve(fit.prepared, states)
            drawn = [_trip(fit, solution, int(start), rng) for start in starts]
        else:
            roamed = walks(fit.model, fit.prepared, starts, seen.lengths[like[mine]], rng)
            drawn = [roamed.states(mdp, k) for k in range(len(mine))]
        for k, trip in zip(mine, drawn, strict=True):
            trips[k] = trip
    lengths = np.array([len(one) for one in trips])
    place = world.place_names[world.place_of_state[np.concatenate(trips)]].astype(str)
    frame = pd.DataFrame({"track": np.repeat([f"drawn {k + 1}" for k in range(n)], lengths),
                          "step": np.concatenate([np.arange(m) for m in lengths]), called(world).place: place})
    if world.kind == "log":  # without that nothing has happened yet, and that it is over
        frame = frame[~frame["event"].isin(world.place_names[-2:].tolist())].reset_index(drop=True)
        frame["step"] -= 1
    return frame


def _trip(fit: Ready, solution: object, start: int, rng: np.random.Generator) -> np.ndarray:
    """States of one trip. FitError where it does not come to its goal, again and again."""
    for _ in range(TRIES):
        states = fit.model.sample(fit.prepared, solution, start, rng, LONGEST)  # type: ignore[arg-type]
        if states:
            return np.array(states, np.int64)
    raise FitError(f"Trips drawn from this fit take more than {LONGEST} steps.", "Fit with more features, or another model.")
