"""One project in one file: a zip of ``project.json`` and ``arrays.npz``, versioned, without pickle.

What is opened is looked through before anybody sees it: how large it is (``archive``, ``bounded_json``), what each field may be
(``schema``, ``decoding``), and whether its parts fit together (``soundness``, ``ground``). What opens can be shown, saved and undone.
"""

from __future__ import annotations

import json

import numpy as np

from irlcore.bounded_json import load_json
from irlcore.budget import TooLarge
from irlcore.errors import MotiveError, ProjectError
from irlcore.project.archive import Arrays, digest, pack, unpack
from irlcore.project.damage import EARLIER, FOREIGN
from irlcore.project.decoding import decode
from irlcore.project.encoding import encode
from irlcore.project.project import Project
from irlcore.project.rules import short
from irlcore.project.soundness import check_project

FORMAT = "motive-project"
VERSION = 4  # since a file holds its digest; before 3 no agents are named
UNDIGESTED = 3
MOST_VALUES = 2_000_000  # of the JSON; the largest sample has 800


def save_project(project: Project) -> bytes:
    """The project as the bytes of a ``.motive`` file."""
    arrays: dict[str, np.ndarray] = {}
    body = {"format": FORMAT, "version": VERSION, "project": encode(project, arrays)}
    return pack(json.dumps(body).encode(), arrays)


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
    arrays = Arrays(packed, len(data))
    found = decode(body["project"], Project, "", arrays)
    arrays.check_all_taken()
    check_project(found)
    loaded: Project = found
    return loaded
