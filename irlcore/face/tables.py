"""Tables by what they hold into a project, by the very steps of an import on the Tracks page, with what is suggested there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.importing.log_project import on_log
from irlcore.project.importing.reading import Plan, Read, clean, fixed, on_roads, put_together
from irlcore.project.loading import with_world
from irlcore.project.project import ClassAim, Project
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.worlds.grid import grid_over
from irlcore.worlds.matching.roads import has_lines
from irlcore.worlds.network import Built, build
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
    columns = {**asked.columns, observed: asked.parts(observed, tables[observed])}
    plan = Plan((), (), observed, fixed(cast(Mapping[Role, Mapping[str, str]], columns)), asked.unit, asked.options)
    made, watch = _made(observed, tables, asked), Control()
    found = put_together(plan, dict(tables), watch, made)
    if observed == "events":
        return on_log(found, watch, name=name)
    if observed == "points":
        found = clean(found, found.suggested) if asked.clean else found
        found = found if found.network is None else on_roads(found, watch)
    return with_world(Project(name=name), found.imported, found.world or asked.world or _grid(found, asked), asked.aims)


def _grid(found: Read, asked: Asked) -> World:
    """Over all points, of the cells that were asked for, or that suit them."""
    assert isinstance(found.imported.tracks, Tracks)
    return grid_over(found.imported.tracks, asked.cell or found.cell, heading=asked.heading, slip=asked.slip)


def _made(observed: Role, tables: Mapping[Role, pd.DataFrame], asked: Asked) -> Built | None:
    """The world that was given, or that stands beside the tracks and has to be of use: a script that names a table means it."""
    made: Built | None = None if asked.world is None else Built(asked.world, problem_table([]), ())
    if observed == "choices" and made is None:
        if "outcomes" not in tables:
            raise DataError("Choices were observed, and no table says where they lead.",
                            "Give outcomes (state, choice, next_state, probability), or a world of ir.World.from_table.")
        made = built_table(tables["outcomes"], tables.get("states"), asked.columns, asked.unit if "states" in tables else "")
    if observed == "points":
        if made is None and "links" in tables:
            made = build(tables["links"], tables.get("transitions"), tables.get("nodes"), asked.columns, asked.options)
        if made is not None and made.world.kind != "grid" and not has_lines(made.world):
            raise DataError("The links have no coordinates, so points cannot be matched to them.",
                            "Add their shapes or nodes, or leave them out.")
    return made


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
