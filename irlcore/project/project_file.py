"""One project in one file: a zip of ``project.json`` and ``arrays.npz``, versioned, without pickle.

What is opened is looked through before anybody sees it: how large it is (``archive``, ``bounded_json``), what each field may be
(``schema``, ``decoding``), and whether its parts fit together (``soundness``, ``ground``). What opens can be shown, saved and undone.
Whatever is saved has been through the same: nobody finds out on the next day that a file says no.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from irlcore.bounded_json import load_json
from irlcore.budget import TooLarge
from irlcore.errors import MotiveError, ProjectError
from irlcore.project.archive import Arrays, digest, held_arrays, pack, packed_arrays, unpack
from irlcore.project.damage import EARLIER, FOREIGN, not_to_be_opened
from irlcore.project.decoding import decode
from irlcore.project.encoding import encode
from irlcore.project.project import Project
from irlcore.project.rules import short
from irlcore.project.settings.settings_file import placeless
from irlcore.project.soundness import check_project

FORMAT = "motive-project"
VERSION = 11
"""Since 11 how files were read; since 10 settings of estimators, sequences that are still running, events told apart by more than their
names, or counted; since 9 event logs; since 8 notes, rules that silence, heeded verdicts, labels; since 7 aims; since 6 map files, goals;
since 5 texts by their letters; since 4 a file holds its digest; before 3 no agents."""
UNDIGESTED = 3
MOST_VALUES = 1_000_000  # of the JSON; the largest sample has 800, and 15,000 verdicts are 195,000


def save_project(project: Project) -> bytes:
    """The project as the bytes of a ``.motive`` file. ProjectError where that could not be opened again."""
    text, arrays = _looked_through(project)
    try:
        return pack(text, arrays)
    except MotiveError as error:
        raise not_to_be_opened(error) from error


def check_savable(project: Project) -> Project:
    """The project itself. ProjectError where its file could not be opened again: to be asked before it takes another's place."""
    _looked_through(project)
    return project


def _looked_through(project: Project) -> tuple[bytes, dict[str, np.ndarray]]:
    """``project.json`` and the arrays of a project, once they have been read as those of a file are."""
    arrays: dict[str, np.ndarray] = {}
    text = json.dumps({"format": FORMAT, "version": VERSION, "project": encode(project, arrays)}).encode()
    try:
        body: Any = load_json(text, "project.json", MOST_VALUES)
        _decoded(body["project"], held_arrays(arrays))
    except MotiveError as error:
        raise not_to_be_opened(error) from error
    return text, arrays


def load_project(data: bytes) -> Project:
    """The project of a ``.motive`` file. ProjectError where it is damaged, foreign, too large or newer than this version."""
    try:
        return _load(data)
    except ProjectError:
        raise
    except MotiveError as error:  # of the budget, or a world, paths or a discount that cannot be
        said = error.what if error.what.startswith("The project") else f"The project file is damaged: {error.what}"
        raise ProjectError(said, error.fix if isinstance(error, TooLarge) else EARLIER) from error
    except Exception as error:
        raise ProjectError(f"The project file is damaged or no project ({type(error).__name__}).", EARLIER) from error


def _load(data: bytes) -> Project:
    text, packed, said = unpack(data)
    body = load_json(text, "project.json", MOST_VALUES)
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ProjectError("This zip is not a Motive project.", FOREIGN)
    version = body.get("version")
    if type(version) is not int or version < 1:
        raise ProjectError(f"The project file says that its format is {short(version)}, which is none.", EARLIER)
    if version > VERSION:
        raise ProjectError(f"The project was saved by a newer Motive (format {short(version)}, this one reads {VERSION}).",
                           "Update Motive, or save the project again in this version.")
    if (said is None) != (version <= UNDIGESTED) or (said is not None and said != digest(text, packed)):
        raise ProjectError("The project file is damaged: it does not have the digest that it was saved with.", EARLIER)
    if set(body) != {"format", "version", "project"}:
        raise ProjectError("The project file is damaged: its parts are not format, version and project.", EARLIER)
    found = _decoded(body["project"], packed_arrays(packed, len(data)))
    return replace(found, reading=placeless(found.reading))


def _decoded(body: object, arrays: Arrays) -> Project:
    found = decode(body, Project, "", arrays)
    arrays.check_all_taken()
    check_project(found)
    loaded: Project = found
    return loaded
