"""One project in one file: a zip of ``project.json`` and ``arrays.npz``, versioned, without pickle."""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

from irlcore.errors import MotiveError, ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.fitting.compare import Comparison
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.project.project import ComparisonRecord, FitRecord, HistoryStep, Project, Verdict
from irlcore.project.soundness import check_project
from irlcore.tracks.attributes import plain_column, plain_frame
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.mdp import MDP, Goals, Paths
from irlcore.worlds.world import World

VERSION = 3  # since agents are named; files of before have none
LARGEST = 4 * 1024**3  # bytes unpacked; beyond it a file is refused unread
KINDS = {kind.__name__: kind for kind in (Comparison, ComparisonRecord, FeatureSpec, FitResult, FitWarning, FitRecord,
                                          HistoryStep, Project, Verdict, LinkTracks, Tracks, MDP, Goals, Paths, World)}


def save_project(project: Project) -> bytes:
    """The project as the bytes of a ``.motive`` file."""
    arrays: dict[str, np.ndarray] = {}
    body = {"format": "motive-project", "version": VERSION, "project": _encode(project, arrays)}
    packed, out = io.BytesIO(), io.BytesIO()
    np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("project.json", json.dumps(body))
        file.writestr("arrays.npz", packed.getvalue())
    return out.getvalue()


def load_project(data: bytes) -> Project:
    """The project of a ``.motive`` file. ProjectError where it is damaged, foreign or newer than this version."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            _check_size(file)
            body = json.loads(file.read("project.json"))
            if body.get("format") != "motive-project":
                raise ProjectError("This zip is not a Motive project.", "Choose a file that Motive saved.")
            if body["version"] > VERSION:
                raise ProjectError(f"The project was saved by a newer Motive (format {body['version']}, this one reads "
                                   f"{VERSION}).", "Update Motive, or save the project again in this version.")
            packed = io.BytesIO(file.read("arrays.npz"))
            with zipfile.ZipFile(packed) as inner:
                _check_size(inner)
            with np.load(packed, allow_pickle=False) as arrays:
                loaded = _decode(body["project"], arrays)
                if isinstance(loaded, Project):
                    check_project(loaded)
    except ProjectError:
        raise
    except MotiveError as error:  # a world, paths or a discount that cannot be
        raise ProjectError(f"The project file is damaged: {error.what}",
                           "Open an earlier copy; the project that is open now has not changed.") from error
    except Exception as error:
        raise ProjectError(f"The project file is damaged or no project ({type(error).__name__}).",
                           "Open an earlier copy; the project that is open now has not changed.") from error
    if not isinstance(loaded, Project):
        raise ProjectError("The file holds no project.", "Choose a file that Motive saved.")
    return loaded


def _check_size(file: zipfile.ZipFile) -> None:
    if sum(entry.file_size for entry in file.infolist()) > LARGEST:
        raise ProjectError("The file would unpack to more than 4 GB.", "It is not a project of this tool.")


def _encode(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """JSON of a value; arrays go apart under a running key."""
    if isinstance(value, Enum):
        return {"status": value.name}
    if isinstance(value, np.ndarray):
        key = f"a{len(arrays)}"
        text = value.dtype == object
        arrays[key] = plain_column(pd.Series(value, dtype=object)).to_numpy(dtype=object).astype(np.str_) if text else value
        return {"array": key, "text": value.dtype == object}
    if isinstance(value, pd.DataFrame):
        plain = plain_frame(value)
        return {"table": [[name, str(column.dtype), _encode(_flat(column), arrays)] for name, column in plain.items()],
                "rows": len(plain)}
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: _encode(getattr(value, f.name), arrays) for f in fields(value) if f.init}
        return {"kind": type(value).__name__, "fields": parts}
    if isinstance(value, tuple):
        return {"tuple": [_encode(v, arrays) for v in value]}
    if isinstance(value, dict):
        return {"dict": [[k, _encode(v, arrays)] for k, v in value.items()]}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    return value


def _flat(column: pd.Series) -> np.ndarray:
    return column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(dtype=object)


def _decode(value: Any, arrays: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "status" in value:
        return Status[value["status"]]
    if "array" in value:
        found = arrays[value["array"]]
        return found.astype(object) if value["text"] else found
    if "table" in value:
        columns = {}
        for name, dtype, part in value["table"]:
            flat = _decode(part, arrays)
            columns[name] = pd.Series(flat, dtype="str") if flat.dtype == object else pd.Series(flat).astype(dtype)
        return pd.DataFrame(columns, index=range(value["rows"]))
    if "kind" in value:
        return KINDS[value["kind"]](**{k: _decode(v, arrays) for k, v in value["fields"].items()})
    if "tuple" in value:
        return tuple(_decode(v, arrays) for v in value["tuple"])
    if "dict" in value:
        return {k: _decode(v, arrays) for k, v in value["dict"]}
    return float(value["float"])
