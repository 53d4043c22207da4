"""The shape of the source: who may import whom, where numba and session state live, and that files stay readable."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = sorted((ROOT / "irlcore").rglob("*.py"))
APP = sorted((ROOT / "app").rglob("*.py"))
SESSION = ROOT / "app" / "session"
FOLDERS = ("irlcore", "app", "benchmarks", "sample_data", "tests")
EVERYTHING = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]

# What each step of DESIGN.md section 1 may build on: anything of an earlier rung, and itself.
RUNGS = [
    {"errors"}, {"quantities"}, {"pace"}, {"engine"}, {"budget"}, {"language"}, {"bounded_json"}, {"projection"}, {"tracks"}, {"worlds"},
    {"features"}, {"linear"}, {"planning"}, {"rationality"}, {"simulation"}, {"fitting"}, {"review"}, {"intent"}, {"elicitation"},
    {"project"}, {"analysis"}, {"maps"}, {"report"}, {"contracts"}, {"face"}, {"cli"},
]
RUNG = {part: i for i, rung in enumerate(RUNGS) for part in rung}

LONGEST = 250
LONGER_ON_PURPOSE: dict[str, str] = {
    "irlcore/planning/kernels.py": "the searches share one heap, and compiled functions that call each other share a file",
    "irlcore/worlds/matching/kernels.py": "the search and the recursion round it are compiled together, or their cache goes stale",
    "irlcore/worlds/matching/sure/kernels.py": "sums over one lattice are compiled together, or their cache goes stale",
    "irlcore/rationality/noise/kernels.py": "compiled functions that call each other share a file, or their cache goes stale",
    "irlcore/rationality/spread/kernels.py": "compiled functions that call each other share a file, or their cache goes stale",
}
"""path -> why it may be longer."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part(path: Path) -> str:
    """The file or folder of irlcore that a source file belongs to."""
    return path.relative_to(ROOT / "irlcore").parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Full dotted names of everything a file imports, wherever the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(path: Path) -> set[str]:
    return {full.split(".")[0] for full in imported(path)}


def parts_used(path: Path) -> set[str]:
    """The other files and folders of irlcore that a file of it imports."""
    return {full.split(".")[1] for full in imported(path) if full.startswith("irlcore.")} - {part(path)}


def test_there_is_a_source_to_look_at() -> None:
    assert len(LIBRARY) > 20 and len(EVERYTHING) > len(LIBRARY)


def test_the_library_imports_neither_streamlit_nor_the_app() -> None:
    assert not [name(p) for p in LIBRARY if roots(p) & {"streamlit", "app", "benchmarks", "sample_data", "tests"}]


def test_every_part_of_the_library_has_its_place_in_the_flow() -> None:
    nowhere = {part(p) for p in LIBRARY} - set(RUNG) - {"__init__"}
    assert not nowhere, f"put {sorted(nowhere)} in RUNGS, and in DESIGN.md section 1"


def test_imports_point_to_earlier_steps_of_the_flow() -> None:
    late = [f"{name(p)} imports {used}" for p in LIBRARY if part(p) in RUNG for used in parts_used(p)
            if RUNG.get(used, len(RUNGS)) >= RUNG[part(p)]]
    assert not late


def test_a_part_that_only_marks_the_package_imports_nothing_of_it() -> None:
    assert not parts_used(ROOT / "irlcore" / "__init__.py")


@pytest.mark.parametrize("folder", sorted({p.parent for p in (*LIBRARY, *APP)}), ids=name)
def test_no_files_of_a_folder_import_each_other_in_a_circle(folder: Path) -> None:
    prefix = ".".join(folder.relative_to(ROOT).parts)
    files = {f"{prefix}.{p.stem}": p for p in folder.glob("*.py") if p.stem != "__init__"}
    uses = {own: {other for other in files for full in imported(p)
                  if other != own and f"{full}.".startswith(f"{other}.")} for own, p in files.items()}
    assert not circle(uses)


def circle(uses: dict[str, set[str]]) -> set[str]:
    """What is left when everything that uses nothing of the rest is taken away, again and again."""
    left = dict(uses)
    while free := {one for one, others in left.items() if not others & set(left)}:
        left = {one: others for one, others in left.items() if one not in free}
    return set(left)


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == set()
    assert circle({"a": {"b"}, "b": {"a"}, "c": set()}) == {"a", "b"}


def test_numba_is_imported_in_files_of_kernels_alone() -> None:
    assert not [name(p) for p in EVERYTHING if "numba" in roots(p) and p.name != "kernels.py"]


def test_one_package_of_the_app_touches_the_session_state() -> None:
    touching = {p for p in APP for node in ast.walk(tree(p))
                if (isinstance(node, ast.Attribute) and node.attr == "session_state")
                or (isinstance(node, ast.alias) and node.name == "session_state")}
    assert {p.parent for p in touching} == {SESSION}, [name(p) for p in touching if p.parent != SESSION]


def test_the_session_shows_its_public_names_and_nothing_else() -> None:
    """A name that is defined there, or taken from there by its own modules, would make a circle, and a test that replaces it miss."""
    shown = tree(SESSION / "__init__.py")
    said, *imports, names = shown.body
    assert isinstance(said, ast.Expr) and all(isinstance(node, ast.ImportFrom) for node in imports) and isinstance(names, ast.Assign)
    assert sorted(full.split(".")[-1] for full in imported(SESSION / "__init__.py")) == ast.literal_eval(names.value)
    own = [p for p in sorted(SESSION.glob("*.py")) if p.stem != "__init__"]
    modules = {f"app.session.{p.stem}" for p in own}
    assert not [f"{name(p)} takes {full}" for p in own for full in imported(p)
                if full.startswith("app.session") and full not in modules]
    at_the_top = {id(node) for p in own for node in tree(p).body}
    assert not [f"{name(p)}:{node.lineno}" for p in own for node in ast.walk(tree(p))
                if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in at_the_top]


def test_no_file_or_folder_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "common", "helpers"}
    assert not [name(p) for p in EVERYTHING if drawers & {p.stem, *p.relative_to(ROOT).parts}]


def test_no_file_is_too_long_to_read_at_once() -> None:
    lines = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in EVERYTHING}
    assert not {n: count for n, count in lines.items() if count > LONGEST and n not in LONGER_ON_PURPOSE}


def test_no_call_uses_the_width_argument_that_streamlit_gave_up() -> None:
    gone = "use_container" + "_width"
    assert not [name(p) for p in EVERYTHING if gone in p.read_text(encoding="utf-8")]


def documented() -> set[tuple[str, str]]:
    """(class, method) of every method with a docstring in irlcore."""
    return {(node.name, method.name) for p in LIBRARY for node in ast.walk(tree(p)) if isinstance(node, ast.ClassDef)
            for method in node.body if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)}


def silent(body: list[ast.stmt], known: set[tuple[str, str]], bases: tuple[str, ...] = ()) -> Iterator[str]:
    """Public names without a docstring; a method may leave it to the base class whose method it fills in."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not any((base, node.name) in known for base in bases):
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from silent(node.body, known, tuple(base.id for base in node.bases if isinstance(base, ast.Name)))


def test_every_public_name_of_the_library_says_what_it_is() -> None:
    known = documented()
    assert not [f"{name(p)}: {one}" for p in LIBRARY for one in silent(tree(p).body, known)]


def test_every_module_of_the_library_says_what_it_holds() -> None:
    assert not [name(p) for p in LIBRARY if not ast.get_docstring(tree(p))]


def test_the_library_alone_asks_for_neither_pages_nor_figures() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [one for one in project["dependencies"] if one.startswith(("streamlit", "plotly"))]
    shown = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert all("py.typed" in shown[package] and (ROOT / package / "py.typed").exists() for package in ("irlcore", "app"))


def test_requirements_and_package_ask_for_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["app"]]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [*declared, "-e ."]
