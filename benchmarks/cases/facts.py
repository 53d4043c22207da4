"""Whether a project is what the files say: every fact that is expected, held to what was made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from pyproj import CRS

from benchmarks.cases.expectation import Facts, Fit, Moment
from irlcore.analysis.study import fit_record
from irlcore.errors import MotiveError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import Project
from irlcore.tracks.attributes import column_of, label_counts
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.called import n_distinct
from irlcore.worlds.world import World

SOON = 0.5  # seconds by which a moment may be off: files are given to the second


def differences(project: Project, cell: float, facts: Facts) -> list[str]:
    """What does not hold, a line each; empty where all of it does."""
    tracks, world, paths = project.tracks, project.world, project.paths
    assert tracks is not None and world is not None and paths is not None
    found = [*_amounts({"tracks": (facts.tracks, len(tracks)), "points": (facts.points, int(tracks.offsets[-1])),
                        "paths": (facts.paths, len(paths))})]
    if facts.ids and sorted(facts.ids) != sorted(map(str, tracks.ids)):
        found.append(f"ids {list(tracks.ids[:6])}")
    found += _labels(project, facts)
    if facts.no_features:
        found += [f"feature {s.name}" for s in project.features if s.name.startswith(facts.no_features)]
    if facts.crs is not None and kind_of(world.crs) != facts.crs and world.crs != facts.crs:
        found.append(f"projection {world.crs}")
    found += _points(tracks, cell, facts) if isinstance(tracks, Tracks) else _network(tracks, world, facts)
    return found + (_fit(project, facts.fit) if facts.fit else [])


def kind_of(crs: str | None) -> str:
    """What a projection is: "utm", "polar", "" for none, else its name."""
    if crs is None:
        return ""
    known = CRS.from_user_input(crs)
    operation = known.coordinate_operation
    method = operation.method_name if operation else ""
    return "polar" if "Polar" in method else "utm" if "UTM zone" in known.name else known.name


def seconds_of(moment: Moment) -> float:
    """A moment in seconds since 1970, UTC, or as it is where it is a number."""
    return pd.Timestamp(moment).timestamp() if isinstance(moment, str) else moment


def _amounts(pairs: dict[str, tuple[int | None, int]]) -> Iterator[str]:
    return (f"{name}: {found}, not {wanted}" for name, (wanted, found) in pairs.items() if wanted is not None and wanted != found)


def _labels(project: Project, facts: Facts) -> Iterator[str]:
    assert project.tracks is not None
    for name, wanted in facts.labels.items():
        column = column_of(project.tracks.attributes, name)
        found = None if column is None else label_counts(column)
        if found != dict(wanted):
            yield f"{name}: {found}"
    for name in facts.absent:
        if column_of(project.tracks.attributes, name) is not None:
            yield f"{name} became an attribute"


def _points(tracks: Tracks, cell: float, facts: Facts) -> Iterator[str]:
    at = {str(name): slice(a, b) for name, a, b in zip(tracks.ids, tracks.offsets[:-1], tracks.offsets[1:], strict=True)}
    for name, wanted in facts.span.items():
        t = tracks.t[at[name]] if name in at else np.full(1, np.nan)
        if not np.allclose(t[[0, -1]], [seconds_of(one) for one in wanted], rtol=0.0, atol=SOON):
            yield f"{name} from {t[0]:.0f} to {t[-1]:.0f} s"
    for name, seconds in facts.seconds.items():
        t = tracks.t[at[name]] if name in at else np.full(1, np.nan)
        if not abs(t[-1] - t[0] - seconds) < SOON:
            yield f"{name} lasts {t[-1] - t[0]:.0f} s"
    step = np.hypot(np.diff(tracks.x), np.diff(tracks.y))
    inner = np.ones(len(step), bool)
    inner[tracks.offsets[1:-1] - 1] = False
    for limit, steps, unit in ((facts.step_m, step, "m"), (facts.step_s, np.diff(tracks.t), "s")):
        if limit is not None and steps[inner].max() > limit:
            yield f"a step of {steps[inner].max():.0f} {unit}"
    for name, metres in facts.metres.items():
        own = float(np.hypot(np.diff(tracks.x[at[name]]), np.diff(tracks.y[at[name]])).sum()) if name in at else np.nan
        if not abs(own - metres) <= facts.within * metres:
            yield f"{name} is {own:.5g} {tracks.unit} long"
    if facts.timed is not None and tracks.timed != facts.timed:
        yield "time was found" if tracks.timed else "no time was found"
    if facts.cell is not None and not facts.cell[0] <= cell <= facts.cell[1]:
        yield f"cells of {cell:g} {tracks.unit}"


def _network(tracks: LinkTracks, world: World, facts: Facts) -> Iterator[str]:
    yield from _amounts({"links": (facts.links, n_distinct(world)), "choices": (facts.choices, world.mdp.n_choices)})
    name = world.place_names.astype(str)
    follows = set(zip(name[world.choice_from].tolist(), name[world.choice_place].tolist(), strict=True))
    yield from (f"{a} does not lead to {b}" for a, b in facts.steps if (a, b) not in follows)
    yield from (f"{a} leads to {b}" for a, b in facts.no_steps if (a, b) in follows)
    for link, metres in facts.link_m.items():
        into = np.flatnonzero(name[world.choice_place] == link)
        own = float(world.choice_length[into[0]]) if len(into) else np.nan
        if not abs(own - metres) <= facts.within * metres:
            yield f"link {link} is {own:.5g} {world.unit} long"
    for track, (first, last) in facts.span.items():
        k = np.flatnonzero(tracks.ids == track)
        own_times = np.full(1, np.nan)
        if len(k) and tracks.times is not None:
            own_times = tracks.times[tracks.offsets[k[0]]:tracks.offsets[k[0] + 1]]
        if not np.allclose(own_times[[0, -1]], [seconds_of(first), seconds_of(last)], rtol=0.0, atol=SOON):
            yield f"{track} from {own_times[0]:.0f} to {own_times[-1]:.0f} s"
    for track, wanted in facts.route.items():
        k = np.flatnonzero(tracks.ids == track)
        own_links = tuple(map(str, tracks.links[tracks.offsets[k[0]]:tracks.offsets[k[0] + 1]])) if len(k) else ()
        if own_links != wanted:
            yield f"{track} takes {own_links}"


def _fit(project: Project, fit: Fit) -> list[str]:
    """What a short fit says, held to what it must say."""
    more = (FeatureSpec(name, "attribute", {"attribute": name}) for name in fit.attributes)
    try:
        result = fit_record(replace(project, features=(*project.features, *more)), fit.model).result
    except MotiveError as error:
        said = f"{error.what} {error.fix}"
        return [f"the fit: {said}"] if not fit.refused or any(not re.search(word, said, re.I) for word in fit.told) else []
    if fit.refused:
        return ["it was fitted"]
    said = " ".join(warning.what for warning in result.warnings)
    sure = [name for name, se in zip(result.names, result.se_robust, strict=True) if name in fit.unsure and np.isfinite(se)]
    found = [f"{name} has an interval" for name in sure]
    return found + [f"no warning says {word!r}" for word in fit.told if not re.search(word, said, re.I)]
