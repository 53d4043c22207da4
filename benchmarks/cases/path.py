"""The whole path of an import without a page: every file of a folder in, a project or the words of a refusal out.

It goes the way the import page goes: first rows, what each file holds, which column is what, the whole of it, a world with the settings
that are suggested, a project that can be kept, and what a page draws first. The steps themselves are the page's own functions.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from app.importing.uploads import FIRST_ROWS
from irlcore.engine import Control
from irlcore.errors import DataError, MotiveError
from irlcore.maps.raw import raw_scene
from irlcore.project.importing.log_project import on_log
from irlcore.project.importing.reading import Plan, Read, clean, fixed, on_grid, on_network, on_roads, read
from irlcore.project.importing.sources import Source
from irlcore.project.importing.understood import made_of_what
from irlcore.project.project import Project
from irlcore.project.split import split_paths
from irlcore.report.text import as_shown
from irlcore.tracks.attributes import column_names, column_of, label_counts
from irlcore.tracks.columns import guess_columns, guess_role, source_of
from irlcore.tracks.folder import by_role
from irlcore.tracks.logs.naming import as_events
from irlcore.tracks.options import Options, Question
from irlcore.tracks.readers import preview_table
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import Tracks

TRACKS: tuple[Role, ...] = ("paths", "events", "points")
"""What tracks may be given as, the first of which is taken."""


@dataclass(slots=True)
class Outcome:
    """What came of a folder of files.

    project: None where none was made. cell: the side of the cells that was suggested, in the tracks' unit. told: all that the analyst is
    told on the way, sentence by sentence. asked: what the data does not say and the analyst has to. refused: why there is no project.
    crash: the traceback of what nobody foresaw, "" where there was none.
    """

    project: Project | None = None
    cell: float = 0.0
    told: list[str] = field(default_factory=list)
    asked: Question | None = None
    refused: MotiveError | None = None
    crash: str = ""

    @property
    def words(self) -> str:
        """All that is told, in one text."""
        return "\n".join(self.told)


@dataclass(frozen=True, slots=True)
class Picked:
    """What the analyst picks by hand: file -> what it holds, and part -> column of the table of tracks. The rest is guessed."""

    roles: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


def import_files(files: Mapping[str, bytes], options: Options | None = None, picked: Picked | None = None) -> Outcome:
    """What an import of these files (name -> bytes) makes of them, with nothing set by hand but this. It never raises."""
    found = Outcome()
    try:
        found.project = _project(files, options or Options(), picked or Picked(), found)
        _drawn(found.project)
    except Question as question:
        found.asked = question
        found.told += [question.what, question.fix, *question.choices.values()]
    except MotiveError as error:
        found.refused = error
        found.told += [error.what, error.fix]
    except Exception:
        found.crash = traceback.format_exc()
    if found.refused is not None or found.asked is not None or found.crash:
        found.project = None
    return found


def _project(files: Mapping[str, bytes], options: Options, picked: Picked, found: Outcome) -> Project:
    sources, heads = [], {}
    for name, data in sorted(files.items()):
        try:
            heads[name] = preview_table(data, name, FIRST_ROWS).table
            sources.append(Source(name, len(data), (name,), io.BytesIO(data)))
        except Question:
            raise
        except MotiveError as error:  # the page names it and goes on with the others
            found.told += [error.what, error.fix]
            last = error
    if not heads:
        found.told = []
        raise last
    found.told += [f"{name} looks like {source.name}." for name, table in heads.items() if (source := source_of(table)) is not None]
    roles = {name: cast(Role, picked.roles.get(name, guess_role(table))) for name, table in heads.items()}
    tables = by_role(heads, roles)
    role = next((role for role in TRACKS if role in tables), None)
    if role is None:
        raise DataError("No file here holds tracks.", "Add points, or paths as link ids, or say above what each file holds.")
    if role == "paths" and "links" not in tables and made_of_what(tables[role], role) == "log":
        role = "events"
    if role == "paths" and "links" not in tables:
        raise DataError("Paths need their network.", "Add the table of links.")
    columns = {one: guess_columns(table, one) for one, table in tables.items()}
    columns.setdefault(role, as_events(columns.get("paths", {})))
    columns[role] |= picked.columns
    whole = read(Plan(tuple(sources), tuple(roles.items()), role, fixed(columns), "m", options), Control())
    if role == "points":
        whole = clean(whole, whole.suggested)
        whole = on_roads(whole, Control()) if whole.network is not None else whole
    found.cell = whole.cell
    found.told += [*whole.imported.said, *_sentences(whole.imported.problems)]
    made = _made(whole, role)
    found.told += _sentences(made.problems.iloc[len(whole.imported.problems):])
    return made


def _made(whole: Read, role: Role) -> Project:
    """The project of what was read, with the settings that are suggested."""
    if role == "events":
        return on_log(whole, Control())
    return on_network(whole, Control()) if whole.world is not None else on_grid(whole, whole.cell, False, 0.0, b"", Control())


def _sentences(problems: pd.DataFrame) -> list[str]:
    """Rows of a table of problems as lines of text."""
    return [" ".join(filter(None, (f"row {row}:" if row else "", f"track {track}:" if track else "", what, f"({done})")))
            for row, track, what, done in problems[["row", "track", "what", "done"]].itertuples(index=False)]


def _drawn(project: Project) -> None:
    """What pages show first of a project: its points, problems, classes and who is normal."""
    assert project.tracks is not None
    if isinstance(project.tracks, Tracks):
        raw_scene(project.tracks)
        raw_scene(project.tracks, 1.0)
    as_shown(project.problems)
    for name in column_names(project.tracks.attributes):
        column = column_of(project.tracks.attributes, name)
        assert column is not None
        label_counts(column)
    split_paths(project)

