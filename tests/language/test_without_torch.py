"""The extra stays an extra: nothing else asks for torch, and without it a sentence says what to install."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NETWORK = ROOT / "irlcore" / "language" / "network"
MISSING = "import sys; sys.modules['torch'] = None\n"


def told(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", MISSING + code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_torch_is_imported_in_one_folder_of_the_library_and_that_folder_by_no_other() -> None:
    for folder in ("irlcore", "app"):
        for path in (ROOT / folder).rglob("*.py"):
            if NETWORK in path.parents:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = ([alias.name for alias in node.names] if isinstance(node, ast.Import)
                         else [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
                assert not [name for name in names if name.split(".")[0] == "torch" or name.startswith("irlcore.language.network")], path


def test_without_torch_the_error_names_the_extra() -> None:
    found = told("from irlcore.errors import MotiveError\ntry:\n    import irlcore.language.network.loss\n"
                 "except MotiveError as error:\n    print(error)")
    assert found.stdout.startswith("Models of text need torch") and "motive[language]" in found.stdout, found.stderr


def test_without_torch_the_benchmark_says_so_and_shows_no_traceback() -> None:
    found = told("sys.argv[1:] = ['language']\nfrom benchmarks.__main__ import main\nsys.exit(main())")
    assert found.returncode == 1 and found.stdout == ""
    assert found.stderr.startswith("Models of text need torch") and "Traceback" not in found.stderr


def test_without_torch_texts_can_still_be_written_in_tokens() -> None:
    assert told("from irlcore.language.vocabulary import Vocabulary\nprint(Vocabulary().encode('a'))").stdout == "[97]\n"


def test_the_extra_is_declared_and_no_requirement() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [line.split(">")[0] for line in project["optional-dependencies"]["language"]] == ["torch"]
    assert not [line for line in project["dependencies"] if "torch" in line]
