"""What a command is given: a folder of files, files, or a project file, with settings beside them or without; as a project."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from irlcore.budget import within
from irlcore.cli.voice import Voice
from irlcore.errors import DataError, MotiveError
from irlcore.project.importing.sources import Source, named_apart, with_parts
from irlcore.project.project import Project
from irlcore.project.project_file import load_project
from irlcore.project.settings.repeat import made_from, with_settings
from irlcore.project.settings.settings import Clock, Settings
from irlcore.project.settings.settings_file import read_settings
from irlcore.project.whole_file import write_whole
from irlcore.tracks.folder import ENDINGS, MOST_FILES
from irlcore.tracks.options import Question
from irlcore.worlds.clock import clock_of

PROJECT = ".motive"


@dataclass(frozen=True, slots=True)
class Opened:
    """The project, and the settings that were given. made: whether it was made from files now, and so has no fit."""

    project: Project
    settings: Settings
    made: bool


def opened(data: Sequence[str], settings_file: str, voice: Voice) -> Opened:
    """What the command line names. MotiveError that says what is missing or wrong, and what to do."""
    settings, beside = (Settings(), None) if not settings_file else _settings(Path(settings_file))
    paths = [Path(one) for one in data] or _places(settings, beside)
    if len(paths) == 1 and paths[0].suffix.lower() == PROJECT:
        return Opened(_of_project(project_of(paths[0]), settings, voice), settings, False)
    found = sources_of(paths)
    if settings.reading is not None:
        found = [source for source in found if source.name in settings.reading.files] or found
    try:
        made = made_from(found, settings, voice.doing("Reading"))
    except Question as question:
        choices = " or ".join(f'{question.about} = "{value}" ({words})' for value, words in question.choices.items())
        raise DataError(question.what, f"Say it under [reading] of a settings file: {choices}.") from question
    for sentence in made.said:
        voice.tell(sentence)
    return Opened(made.project, settings, True)


def _settings(file: Path) -> tuple[Settings, Path]:
    return read_settings(text_of(file), file.name), file.resolve().parent


def text_of(file: Path) -> str:
    """A file of text. DataError where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is no text in UTF-8.", "Save it as UTF-8.") from error
    except (OSError, ValueError) as error:
        raise unreadable(file, error) from error


def unreadable(file: Path, error: Exception) -> DataError:
    """Why a file or folder cannot be read or written, in a sentence."""
    why = "there is no such file or folder" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", None) or str(error)
    return DataError(f"{file} cannot be opened: {why}.", "Check the path.")


def _places(settings: Settings, beside: Path | None) -> list[Path]:
    """Where the settings say that their files are."""
    if beside is None or settings.reading is None:
        raise DataError("It is not said which files to use.", "Name a folder, files, or a project file (.motive).")
    return [(beside / Path(settings.reading.folder).expanduser()).resolve()]


def project_of(file: Path) -> Project:
    """The project of a file. MotiveError where it cannot be opened."""
    try:
        return load_project(file.read_bytes())
    except (OSError, ValueError) as error:
        raise unreadable(file, error) from error


def _of_project(project: Project, settings: Settings, voice: Voice) -> Project:
    if settings == Settings():
        return project
    clock: Clock | None = settings.world.clock if settings.world is not None else None
    now = clock_of(project.world) if project.world is not None else None
    if clock is not None and now is not None and (clock.edges, clock.days) == (now.edges, now.days):
        clock = None
    if settings.reading is not None or (settings.world is not None and settings.world.grid is not None):
        voice.tell("The project file has its tracks and its world already, so [reading] and [world.grid] of the settings are not used.")
    return with_settings(project, settings, clock)


def sources_of(paths: Sequence[Path]) -> list[Source]:
    """Files, and the tables of folders, by name. DataError where there is none."""
    found: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                tables = [Path(one.path) for one in os.scandir(path) if one.is_file() and one.name.lower().endswith(ENDINGS)]
                if not tables:
                    raise DataError(f"{path} holds no table that can be read.", f"Endings read: {', '.join(ENDINGS)}.")
                found += sorted(tables, key=lambda one: one.name)
            elif path.exists():
                found.append(path)
            else:
                raise DataError(f"There is no {path}.", "Name a folder, files, or a project file (.motive).")
        except (OSError, ValueError) as error:
            raise unreadable(path, error) from error
    if len(found) > MOST_FILES:
        raise DataError(f"These are {len(found)} tables.", f"Choose at most {MOST_FILES}.")
    within("unpacked", sum(one.stat().st_size for one in found), "The tables are too large together.", "Choose fewer.")
    return with_parts(named_apart([source_of(one) for one in found]))


def source_of(path: Path) -> Source:
    """One file."""
    about = path.stat()
    if not about.st_size:
        raise DataError(f"{path.name} is empty.", "Leave it out, or name another file.")
    return Source(path.name, about.st_size, (str(path), about.st_size, about.st_mtime_ns), path)


def written(path: Path, content: str | bytes) -> Path:
    """Write a file, and the folder that it lies in. DataError where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return path


def refused(error: MotiveError) -> str:
    """An error as one line."""
    return f"{error.what} {error.fix}".strip()
