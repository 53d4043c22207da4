"""Whether the parts of a loaded project fit together: every name known, every fit of the features that it is said to be of.

The world, tracks and paths by themselves are in ``ground``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from irlcore.budget import within
from irlcore.errors import FitError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import spec_problems
from irlcore.fitting.compare import Comparison
from irlcore.fitting.estimators import check_settings
from irlcore.fitting.result import FitResult
from irlcore.project.damage import damaged, need
from irlcore.project.ground import check_paths, check_tracks, check_world
from irlcore.project.laid_over import check_goals, check_map_files
from irlcore.project.project import Project
from irlcore.project.rules import short
from irlcore.project.silencing import wrong_with
from irlcore.rationality.models import named
from irlcore.tracks.attributes import column_of, has_label
from irlcore.tracks.logs.endings import still_running
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.world import World

FEWEST_CORNERS = 4  # of a ring, whose last is its first
ROUNDING = 1e-3  # of an entry of a covariance against its mirror image


def check_project(project: Project) -> None:
    """ProjectError, WorldError, ``TooLarge`` or ``Infeasible`` naming the first field, array or number that does not fit."""
    parts = (project.tracks, project.world, project.paths)
    need(all(part is None for part in parts) or all(part is not None for part in parts), "the project",
         "has some of tracks, world and paths, and not all")
    if project.tracks is not None and project.world is not None and project.paths is not None:
        check_tracks(project.tracks)
        check_world(project.world)
        points, grid = isinstance(project.tracks, Tracks), project.world.kind == "grid"
        need(points == grid, "tracks", f"are {'points' if points else 'links'}, and the world is a {project.world.kind}")
        check_paths(project.paths, project.world, project.tracks)
        _check_names(project, project.tracks)
        _check_endings(project, project.tracks, project.world)
    else:
        told = (project.fits, project.comparisons, project.verdicts, project.track_notes, project.heeded, project.labels)
        need(not any(told), "the project", "has fits, verdicts, notes or labels, and no tracks")
    _check_zones(project)
    _check_silencing(project)
    check_map_files(project.map_files)
    check_goals(project)
    _check_features(project.features, "features")
    _check_settings(project.settings, "settings")
    for i, fitted in enumerate(project.fits):
        _check_features(fitted.features, f"fits[{i}].features", used=True)
        _check_fit(fitted.result, fitted.features, f"fits[{i}].result")
    for i, record in enumerate(project.comparisons):
        _check_features(record.features, f"comparisons[{i}].features", used=True)
        _check_comparison(record.result, f"comparisons[{i}].result")


def _check_names(project: Project, tracks: Tracks | LinkTracks) -> None:
    """Columns and labels that the tracks have, verdicts on tracks that there are."""
    for field, column, value, label in (("class_column", project.class_column, "agent_class", project.agent_class),
                                        ("period_column", project.period_column, "reference_value", project.reference_value)):
        values = column_of(tracks.attributes, column) if column else None
        need(not column or values is not None, field, f"is {short(column)}, which is no column of the tracks")
        need(values is None or not label or bool(has_label(values, label).any()), value, f"is {short(label)}, which no track has")
    by_track = {name: getattr(project, name) for name in ("verdicts", "track_aims", "track_notes", "heeded", "labels")}
    ids = set(tracks.ids.tolist()) if any(by_track.values()) else set()
    for kept, of in by_track.items():
        for track in of:
            need(track in ids, f"{kept}[{short(track)}]", "is on a track that is not there")


def _check_endings(project: Project, tracks: Tracks | LinkTracks, world: World) -> None:
    """Of a log, by what it tells."""
    if not project.endings.says:
        return
    need(world.kind == "log" and isinstance(tracks, LinkTracks), "endings", f"are of events, and the world is a {world.kind}")
    assert isinstance(tracks, LinkTracks)
    still_running(tracks, project.endings)


def _check_zones(project: Project) -> None:
    corners = 0
    for name, ring in project.zones.items():
        need(len(ring) >= FEWEST_CORNERS, f"zones[{short(name)}]", f"has {len(ring)} corners, and a ring has {FEWEST_CORNERS} or more")
        corners += len(ring)
    within("corners", corners, f"The project file's zones have {corners:,} corners.")


def _check_silencing(project: Project) -> None:
    """Rules that ask for something, each once. What they name may be gone: then they fit no track."""
    within("columns", len(project.silencing), f"The project file has {len(project.silencing):,} rules that silence.")
    for i, rule in enumerate(project.silencing):
        wrong = wrong_with(rule)
        need(not wrong, f"silencing[{i}]", wrong)
        need(all(rule.asks != other.asks for other in project.silencing[:i]), f"silencing[{i}]", "is one that is there already")


def _check_features(specs: Sequence[FeatureSpec], where: str, used: bool = False) -> None:
    """Parameters as their kinds ask for, each name once; used: of a fit, which has no features that are switched off."""
    within("columns", len(specs), f"The project file has {len(specs):,} features.")
    names = set()
    for i, spec in enumerate(specs):
        problems = spec_problems(spec) if isinstance(spec.params, Mapping) else ["it has no parameters."]
        if problems:
            raise damaged(f"{where}[{i}]:", " ".join(problems).rstrip("."))
        need(spec.name not in names, f"{where}[{i}].name", f"is {short(spec.name)}, as another's is")
        need(spec.enabled or not used, f"{where}[{i}].enabled", "is false, and it was used")
        names.add(spec.name)


def _check_settings(given: Mapping[str, Mapping[str, float]], where: str) -> None:
    """By the names of their estimators."""
    try:
        check_settings(given)
    except FitError as error:
        raise damaged(f"{where}:", error.what.rstrip(".")) from error


def _check_fit(result: FitResult, specs: Sequence[FeatureSpec], where: str) -> None:
    need(len(result.names) == len(specs), f"{where}.names", f"has {len(result.names)} entries, and there are {len(specs)} features")
    for i, (name, spec) in enumerate(zip(result.names, specs, strict=True)):
        need(name == spec.name, f"{where}.names[{i}]", f"is {short(name)}, and the feature is {short(spec.name)}")
    need(len(specs) > 0, f"{where}.names", "is empty: nothing was fitted")
    _check_settings({result.estimator: result.settings}, f"{where}.settings")
    parameters = named(result.rationality).parameters
    own, many = len(result.own), len(parameters)
    need(own == many, f"{where}.own", f"has {own} entries, and {result.rationality} has {many}")
    for p, value in zip(parameters, result.own, strict=True):
        need(value >= p.lower, f"{where}.own", f"holds {value:g} for {p.name}, which begins at {p.lower:g}")
    need(result.n_paths > 0, f"{where}.loglik_paths", "is empty: there were no paths")
    need(result.agents <= result.n_paths, f"{where}.agents", f"is {result.agents:,}, and there were {result.n_paths:,} paths")
    need(not result.curvature or len(result.freedom) > 0, f"{where}.freedom", "is empty, and the intervals rest on it")
    for name in ("covariance", "hessian_covariance"):
        matrix: np.ndarray = getattr(result, name)
        scale = np.sqrt(np.abs(np.diag(matrix)))
        with np.errstate(invalid="ignore"):
            off = np.abs(matrix - matrix.T) > ROUNDING * (np.outer(scale, scale) + np.abs(matrix) + np.abs(matrix.T))
        need(not off.any(), f"{where}.{name}", "is not symmetric")


def _check_comparison(found: Comparison, where: str) -> None:
    n = len(found.fold)
    need(n > 0 and int(found.fold.max()) < n, f"{where}.fold", "names a fold that no trip can be in" if n else "is empty")
    for name in ("titles", "trouble"):
        many = len(getattr(found, name))
        need(many == len(found.models), f"{where}.{name}", f"has {many} entries, and there are {len(found.models)} models")
    need(not all(found.trouble), f"{where}.trouble", "says that no model could be fitted, and then there is nothing to compare")
    for title, why, row in zip(found.titles, found.trouble, found.loglik, strict=True):
        sound = np.isnan(row).all() if why else not np.isnan(row).any() and not np.isposinf(row).any()
        need(bool(sound), f"{where}.loglik", f"of {short(title)} is not what a model {'that failed' if why else 'that was fitted'} has")
