"""What files hold and how they are read, as it is guessed from their first rows: where the import page begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

import pandas as pd

from irlcore.errors import DataError, MotiveError
from irlcore.project.importing.reading import Plan, fixed
from irlcore.project.importing.sources import Source
from irlcore.tracks.columns import guess_columns, guess_role, source_of
from irlcore.tracks.files.roads import AreasOnly
from irlcore.tracks.folder import by_role
from irlcore.tracks.logs.naming import as_events, as_paths
from irlcore.tracks.many_tables import preview_tables
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.sources import WHOLE_SEQUENCE, Role, plain_name

MadeOf = Literal["log", "network"]
FIRST_ROWS = 2000
BESIDE: tuple[Role, ...] = ("links", "transitions", "nodes", "outcomes", "states", "attributes")
_SHOWN: tuple[Role, ...] = ("paths", "points")
NO_TRACKS = ("Add points, paths as link ids or events of a log, or say under [reading.files] of a settings file what each file holds.")


def made_of_what(table: pd.DataFrame, role: Role) -> MadeOf | None:
    """Whether sequences without a network are events of a log or places, by the names of columns and by where the table comes from; None
    where neither tells."""
    if role == "events":
        return "log"
    if source_of(table) is not None:
        return "network"
    return "log" if set(map(plain_name, table.columns)) & set(WHOLE_SEQUENCE) else None


def understood(sources: Sequence[Source], options: Options = AS_THEY_ARE, roles: Mapping[str, Role] | None = None,
               columns: Mapping[str, Mapping[str, str]] | None = None, unit: str = "m") -> tuple[Plan, list[str]]:
    """How the files are to be read, and what is to be told of those that are not. roles, columns: where somebody knows better than the
    guess. DataError where no file holds tracks, or what they are cannot be guessed."""
    heads, said = _first_rows(sources)
    guessed = {name: (roles or {}).get(name) or guess_role(table) for name, table in heads.items()}
    found = {name: role for name, role in guessed.items() if role != "unknown"}
    used = tuple(source for source in sources if source.name in found)
    tables = by_role({name: heads[name] for name in found}, found)
    role = _read_as(tables)
    picked: dict[Role, dict[str, str]] = {role: _columns_of(tables, role)}
    if role != "events":
        picked |= {one: guess_columns(tables[one], one) for one in BESIDE if one in tables}
    picked |= {cast(Role, one): dict(parts) for one, parts in (columns or {}).items()}
    said += [f"{name} is not used, since it is not known what it holds." for name in guessed if name not in found]
    return Plan(used, tuple(found.items()), role, fixed(picked), unit, options), said


def _first_rows(sources: Sequence[Source]) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """File -> its first rows; of those that cannot be read, or hold areas, why. The error of the first where none can be."""
    heads: dict[str, pd.DataFrame] = {}
    said: list[str] = []
    first: MotiveError | None = None
    for source, seen in zip(sources, preview_tables(sources, FIRST_ROWS), strict=True):
        if isinstance(seen, AreasOnly):
            said.append(f"{source.name} holds areas, which are no tracks, so it is not used.")
        elif isinstance(seen, MotiveError):
            said.append(f"{source.name} is not used. {seen.what} {seen.fix}".strip())
        else:
            heads[source.name] = seen.table
            continue
        first = first or seen
    if not heads:
        raise first or DataError("There is no file to read.", NO_TRACKS)
    return heads, said


def _read_as(tables: Mapping[Role, pd.DataFrame]) -> Role:
    """What the tracks are read as."""
    if "choices" in tables:
        if "outcomes" not in tables:
            raise DataError("Observed choices need their world.", "Add the table of outcomes (state, choice, next_state, probability).")
        return "choices"
    if "events" in tables or ("paths" in tables and "links" not in tables):
        role: Role = "events" if "events" in tables else "paths"
        made = made_of_what(tables[role], role)
        if made is None:
            raise DataError("Paths need their network, and there is no table of links.",
                            'Add it; or say in a settings file what they are: read_as = "events" of a log, or "paths" between places, '
                            "under [reading].")
        return "events" if made == "log" else "paths"
    found: Role | None = next((one for one in _SHOWN if one in tables), None)
    if found is not None:
        return found
    raise DataError("No file here holds tracks.", NO_TRACKS)


def _columns_of(tables: Mapping[Role, pd.DataFrame], role: Role) -> dict[str, str]:
    """Which column of the table of tracks is what."""
    if role in ("events", "paths"):
        held: Role = "events" if "events" in tables else "paths"
        guessed = guess_columns(tables[held], held)
        return as_events(guessed) if role == "events" else as_paths(guessed) if "links" not in tables else guessed
    return guess_columns(tables[role], role)
