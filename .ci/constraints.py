"""Write constraints.txt: what a fresh environment gets today within the ranges of the requirements, in exact versions; and
constraints-docs.txt: what the builder of the docs needs beside that.

    make constraints

Then run .ci/run: only what has passed it is a tested set. Packages that some systems do without carry the marker that says so.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
DOCS = ("requirements-docs.txt",)
HEAD = """# Exact versions of everything that Motive is tested with (.ci/run), for `make setup` and `make dev`; ranges stay in pyproject.
# Written by `make constraints`: a fresh environment without these, as it came out. Do not edit by hand.
"""
DOCS_HEAD = """# Exact versions of what `make docs` needs beside constraints.txt.
# Written by `make constraints`. Do not edit by hand.
"""
OURS = "motive"


def wanted(files: tuple[str, ...] = REQUIREMENTS) -> list[str]:
    """Every requirement with its range, without options such as -r and -e."""
    lines = [line.strip() for name in files for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def installed(folder: Path, *asked: str) -> list[dict[str, Any]]:
    """The metadata of everything in a fresh environment that has what is asked of pip; pip's own settings may say where from."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(next(path for name in ("bin/python", "Scripts/python.exe") if (path := folder / name).exists()))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *asked], check=True)
    told = subprocess.run([python, "-m", "pip", "inspect", "--local"], check=True, capture_output=True, text=True).stdout
    return [entry["metadata"] for entry in json.loads(told)["installed"]]


def markers(found: list[dict[str, Any]], files: tuple[str, ...]) -> dict[str, str]:
    """Package -> when it is needed at all, for those that every package which needs it needs only on some systems."""
    edges: dict[str, set[str]] = {canonicalize_name(Requirement(line).name): {""} for line in wanted(files)}
    for metadata in found:
        for line in metadata.get("requires_dist", []):
            needed = Requirement(line)
            if needed.marker is None or "extra" not in str(needed.marker):
                edges.setdefault(canonicalize_name(needed.name), set()).add(str(needed.marker or ""))
    return {name: " or ".join(sorted(said if len(edge) == 1 else f"({said})" for said in edge))
            for name, edge in edges.items() if "" not in edge}


def lines_of(found: list[dict[str, Any]], files: tuple[str, ...] = REQUIREMENTS) -> list[str]:
    """One line a package, by name."""
    only = markers(found, files)
    pins = {canonicalize_name(metadata["name"]): metadata["version"] for metadata in found}
    return [f"{name}=={pins[name]}" + (f" ; {only[name]}" if name in only else "")
            for name in sorted(pins) if name not in (OURS, "setuptools", "wheel")]


def write(name: str, head: str, lines: list[str]) -> None:
    """One file of exact versions."""
    assert all(re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.!]+( ; .+)?", line) for line in lines)
    (ROOT / name).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} packages in {name}")


def main() -> None:
    """Make the environments, and write the files; the builder of the docs takes of all that Motive has the same versions."""
    with tempfile.TemporaryDirectory() as folder:
        lines = lines_of(installed(Path(folder) / "fresh", *wanted()))
        write("constraints.txt", HEAD, lines)
        found = installed(Path(folder) / "docs", "--constraint", str(ROOT / "constraints.txt"), *wanted(DOCS))
    write("constraints-docs.txt", DOCS_HEAD, [line for line in lines_of(found, DOCS) if line not in lines])
    print("Now run .ci/run.")


if __name__ == "__main__":
    main()
