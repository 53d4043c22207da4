"""Write constraints.txt: what a fresh environment gets today within the ranges of the requirements, in exact versions.

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
HEAD = """# Exact versions of everything that Motive is tested with (.ci/run), for `make setup` and `make dev`; ranges stay in pyproject.
# Written by `make constraints`: a fresh environment without these, as it came out. Do not edit by hand.
"""
OURS = "motive"


def wanted() -> list[str]:
    """Every requirement with its range, without options such as -r and -e."""
    lines = [line.strip() for name in REQUIREMENTS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def installed(folder: Path) -> list[dict[str, Any]]:
    """The metadata of everything in a fresh environment that has what is wanted; pip's own settings may say where from."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(next(path for name in ("bin/python", "Scripts/python.exe") if (path := folder / name).exists()))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted()], check=True)
    told = subprocess.run([python, "-m", "pip", "inspect", "--local"], check=True, capture_output=True, text=True).stdout
    return [entry["metadata"] for entry in json.loads(told)["installed"]]


def markers(found: list[dict[str, Any]]) -> dict[str, str]:
    """Package -> when it is needed at all, for those that every package which needs it needs only on some systems."""
    edges: dict[str, set[str]] = {canonicalize_name(Requirement(line).name): {""} for line in wanted()}
    for metadata in found:
        for line in metadata.get("requires_dist", []):
            needed = Requirement(line)
            if needed.marker is None or "extra" not in str(needed.marker):
                edges.setdefault(canonicalize_name(needed.name), set()).add(str(needed.marker or ""))
    return {name: " or ".join(sorted(said if len(edge) == 1 else f"({said})" for said in edge))
            for name, edge in edges.items() if "" not in edge}


def lines_of(found: list[dict[str, Any]]) -> list[str]:
    """One line a package, by name."""
    only = markers(found)
    pins = {canonicalize_name(metadata["name"]): metadata["version"] for metadata in found}
    return [f"{name}=={pins[name]}" + (f" ; {only[name]}" if name in only else "")
            for name in sorted(pins) if name not in (OURS, "setuptools", "wheel")]


def main() -> None:
    """Make the environment, and write the file."""
    with tempfile.TemporaryDirectory() as folder:
        found = installed(Path(folder) / "fresh")
    lines = lines_of(found)
    assert all(re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.!]+( ; .+)?", line) for line in lines)
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} packages; now run .ci/run.")


if __name__ == "__main__":
    main()
