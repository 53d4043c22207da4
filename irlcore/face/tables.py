"""Tables by what they hold into a project: the same steps as an import on the Tracks page, with what is suggested there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.features.log_memory import chosen_memory
from irlcore.project.loading import with_world
from irlcore.project.project import ClassAim, Project
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.logs.rare import rare_together, usual_fewest
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.tracks.trips.cleaning import counted, suggested_cleaning
from irlcore.worlds.grid import grid_over, suggest_cell
from irlcore.worlds.history.build import build_history
from irlcore.worlds.matching.matching import match
from irlcore.worlds.matching.roads import has_lines
from irlcore.worlds.network import build
from irlcore.worlds.observed import built_from
from irlcore.worlds.tables.build import built_table
from irlcore.worlds.world import World

OBSERVED: tuple[Role, ...] = ("choices", "points", "paths", "events")
"""Tables of what was observed; the first that is there is read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How tables are read. columns: role -> part -> column, guessed where not given. cell: of a grid, in the unit of the points; one that
    suits them where 0. heading, slip: of a grid (``worlds.grid``). clean: whether points are parted into trips and mended as suggested.
    aims: class -> what its tracks are after. world: where the tracks are put, made of the tables where None."""

    columns: Mapping[str, Mapping[str, str]]
    unit: str = "m"
    options: Options = AS_THEY_ARE
    cell: float = 0.0
    heading: bool = False
    slip: float = 0.0
    clean: bool = True
    aims: Mapping[str, ClassAim] | None = None
    world: World | None = None

    def parts(self, role: Role, table: pd.DataFrame) -> dict[str, str]:
        """Which column of a table plays which part."""
        found = dict(self.columns.get(role) or guess_columns(table, role))
        if role == "paths" and not {"link", "path"} & set(found):  # as ``Study.paths`` calls the places of other worlds
            found |= next(({"link": place} for place in ("cell", "state") if place in table), {})
        return found


def project_of(name: str, tables: Mapping[Role, pd.DataFrame], asked: Asked) -> Project:
    """A project of what was observed, in the world that the tables tell. DataError where there is nothing to read, or it cannot be used."""
    observed = next((role for role in OBSERVED if role in tables), None)
    if observed is None:
        held = ", ".join(tables) or "nothing"
        raise DataError(f"No table holds tracks; there is {held}.",
                        "Give points (track, t, x, y), paths (track, path), events (case, event) or choices (track, state, choice); "
                        "which column is what can be said with columns=.")
    imported, world = {"points": _points, "paths": _paths, "events": _events, "choices": _choices}[observed](tables, asked)
    return with_world(Project(name=name), imported, world, asked.aims)


def frame_of(role: Role, table: Any) -> pd.DataFrame:
    """A table as a frame: as it is, of anything that a frame is made of, or of lists of places (id -> places, or one list a track)."""
    if isinstance(table, pd.DataFrame):
        return table
    lists = table if isinstance(table, Mapping) else dict(enumerate(table, 1)) if isinstance(table, Sequence) else None
    if role in ("paths", "events") and lists is not None and all(_is_list(one) for one in lists.values()):
        track = np.repeat(np.array([str(one) for one in lists], object), [len(one) for one in lists.values()])
        step = np.concatenate([np.arange(len(one)) for one in lists.values()] or [np.zeros(0, np.int64)])
        place = [str(one) for row in lists.values() for one in row]
        return pd.DataFrame({"track": track, "step": step, "link" if role == "paths" else "event": place})
    try:
        return pd.DataFrame(table)
    except (ValueError, TypeError) as error:
        raise DataError(f"The {role} cannot be read as a table ({str(error)[:100]}).", "Give a pandas.DataFrame.") from error


def _is_list(value: object) -> bool:
    """Whether it is one track: places in order."""
    plain = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1)
    return plain and all(isinstance(one, str | int | np.integer) for one in value)  # type: ignore[attr-defined]


def _points(tables: Mapping[Role, pd.DataFrame], asked: Asked) -> tuple[Imported, World]:
    """Cleaned as suggested, then matched to the network beside them where it has lines, else on a grid."""
    imported = read_points(tables["points"], asked.parts("points", tables["points"]), asked.unit, tables.get("attributes"),
                           options=asked.options)
    assert isinstance(imported.tracks, Tracks)
    if asked.clean:
        imported = counted(imported, suggested_cleaning(imported.tracks))[0]
    tracks, world = imported.tracks, asked.world
    assert isinstance(tracks, Tracks)
    if world is None and "links" in tables:
        built = build(tables["links"], tables.get("transitions"), tables.get("nodes"), asked.columns, asked.options)
        imported, world = _with(imported, built.problems, built.said), built.world
    if world is None or world.kind == "grid":
        return imported, world or grid_over(tracks, asked.cell or suggest_cell(tracks), heading=asked.heading, slip=asked.slip)
    if not has_lines(world):
        raise DataError("The links have no coordinates, so points cannot be matched to them.",
                        "Add their shapes or nodes, or leave them out.")
    matched = match(world, tracks)
    lost = len(tracks) - len(np.unique(matched.of))
    made = replace(_with(imported, matched.problems, matched.said), tracks=matched.tracks, tracks_kept=len(matched.tracks),
                   tracks_dropped=imported.tracks_dropped + lost)
    return made, world


def _paths(tables: Mapping[Role, pd.DataFrame], asked: Asked) -> tuple[Imported, World]:
    """On the network of the links, or that of the steps that were seen."""
    built = None
    if asked.world is None and "links" in tables:
        built = build(tables["links"], tables.get("transitions"), tables.get("nodes"), asked.columns, asked.options)
    world = built.world if built is not None else asked.world
    table = tables["paths"]
    imported = read_paths(table, asked.parts("paths", table), tables.get("attributes"), known=() if world is None else world.place_names,
                          options=asked.options)
    assert isinstance(imported.tracks, LinkTracks)
    if world is None:
        built = built_from(imported.tracks)
        world = built.world
    return (imported if built is None else _with(imported, built.problems, built.said)), world


def _events(tables: Mapping[Role, pd.DataFrame], asked: Asked) -> tuple[Imported, World]:
    """Rare events together, contexts of the last ones as states."""
    table = tables["events"]
    imported = read_events(table, asked.parts("events", table), tables.get("attributes"), options=asked.options)
    assert isinstance(imported.tracks, LinkTracks)
    if asked.world is not None:
        return imported, asked.world
    together = rare_together(imported.tracks, usual_fewest(imported.tracks))
    said = problem_table([("column", "", one, "taken together") for one in together.said])
    return replace(_with(imported, said), tracks=together.tracks), build_history(together.tracks, chosen_memory(together.tracks))


def _choices(tables: Mapping[Role, pd.DataFrame], asked: Asked) -> tuple[Imported, World]:
    """In the world of a table."""
    table, world, problems, said = tables["choices"], asked.world, problem_table([]), ()
    if world is None:
        if "outcomes" not in tables:
            raise DataError("Choices were observed, and no table says where they lead.",
                            "Give outcomes (state, choice, next_state, probability), or a world of ir.World.from_table.")
        built = built_table(tables["outcomes"], tables.get("states"), asked.columns, asked.unit if "states" in tables else "")
        world, problems, said = built.world, built.problems, built.said  # type: ignore[assignment]
    imported = read_choices(table, asked.parts("choices", table), tables.get("attributes"), options=asked.options)
    return _with(imported, problems, said), world


def _with(imported: Imported, problems: pd.DataFrame, said: tuple[str, ...] = ()) -> Imported:
    """With problems and sentences of the world that it is put in, before its own problems."""
    return replace(imported, problems=pd.concat([problems, imported.problems], ignore_index=True), said=(*said, *imported.said))
