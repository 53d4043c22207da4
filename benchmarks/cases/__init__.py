"""Files as people really have them, each folder imported as the page does: read right, said right, read wrongly in silence, or a traceback.

    python -m benchmarks cases --json --data DIR

DIR holds a folder a case, ``tests/cases`` where it is left out. What is right for each is written in ``tests/cases/expected.py``, with why.
Nothing is set by hand: roles and columns are guessed, the world has the settings that are suggested. Where the data cannot say, the
question counts as said right if its answer leads to the right reading. Cases that are neither right, silent nor a traceback are wrong: the
wrong cause is named, or the right words stand beside a wrong result.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.cases.expectation import Expected
from benchmarks.cases.judgement import Files, Judged, Kind, judged
from irlcore.errors import DataError
from tests.cases.expected import EXPECTED


def files_of(folder: Path) -> Files:
    """The files of a folder, name -> bytes."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")}


def judge_all(cases: Mapping[str, tuple[Files, Expected]], show: bool = True) -> dict[str, Judged]:
    """Name -> what came of it; what is not right is printed as it is found."""
    found = {}
    for name, (files, expected) in cases.items():
        found[name] = judged(files, expected)
        if show and not found[name].right:
            print(f"{found[name].kind:<10} {name}: {found[name].why}", flush=True)
    return found


def counts(found: Mapping[str, Judged]) -> dict[str, Any]:
    """How many are of which kind, and the names of those that are not right."""
    of = {kind: [name for name, one in found.items() if one.kind == kind] for kind in Kind}
    numbers = {str(kind): len(of[kind]) for kind in (Kind.READ_RIGHT, Kind.SAID_RIGHT, Kind.SILENT, Kind.TRACEBACK)}
    return {**numbers, "of": len(found), **{f"{kind}_cases": of[kind] for kind in (Kind.SILENT, Kind.TRACEBACK, Kind.WRONG)}}


def run(folder: Path) -> dict[str, Any]:
    """All cases of a folder. DataError where it is not there, holds none, or one of which nothing is expected."""
    if not folder.is_dir():
        raise DataError(f"{folder} is not there.", "Name a folder of cases with --data.")
    there = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))
    unknown = [path.name for path in there if path.name not in EXPECTED]
    if unknown or not there:
        raise DataError(f"{folder} holds {'cases of which nothing is expected: ' + ', '.join(unknown[:5]) if unknown else 'no cases'}.",
                        "Name a folder of cases with --data, and write what is expected in tests/cases/expected.py.")
    result = counts(judge_all({path.name: (files_of(path), EXPECTED[path.name]) for path in there}))
    print(f"\nread right {result['read_right']}, said right {result['said_right']}, silent {result['silent']}, traceback "
          f"{result['traceback']}, wrong {len(result['wrong_cases'])}, of {result['of']}")
    return result
