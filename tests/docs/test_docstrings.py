"""Every public function, class, method and property of the library says what it is and what it takes and gives back."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from tests.docs import ROOT

LIBRARY = sorted((ROOT / "irlcore").rglob("*.py"))
EXTRAS = {"irlcore.language.network": "torch"}
"""Parts of the library that cannot be loaded without an extra -> what that is; where it is missing they are read as source alone."""
COMPILED = "kernels.py"
"""Kernels leave their types to numba, which compiles them for whatever arrays they are called with; their docstrings tell shapes."""


@cache
def modules() -> list[ModuleType]:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in LIBRARY]
    without = tuple(part for part, needed in EXTRAS.items() if importlib.util.find_spec(needed) is None)
    return [importlib.import_module(name) for name in names if not name.startswith(without)]


def members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """(full name, what it is) of everything public that a module defines: functions, classes, and these classes' methods and properties."""
    for name, one in vars(module).items():
        if name.startswith("_") or getattr(one, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(one) or (callable(one) and hasattr(one, "__name__")):
            yield f"{module.__name__}.{name}", one
        if inspect.isclass(one):
            for inner, method in vars(one).items():
                if not inner.startswith("_") and (isinstance(method, property | classmethod | staticmethod) or inspect.isfunction(method)):
                    yield f"{module.__name__}.{name}.{inner}", getattr(one, inner)


def test_every_public_name_says_what_it_is_as_help_tells_it() -> None:
    """Of a method that fills in another, help tells what that one is; a dataclass's own list of fields is no docstring."""
    everything = [pair for module in modules() for pair in members(module)]
    silent = [name for name, one in everything if not (inspect.getdoc(one) or "").strip()
              or (inspect.isclass(one) and (one.__doc__ or "").startswith(f"{one.__name__}("))]
    assert len(everything) > 1000 and silent == []


def unannotated(body: list[ast.stmt], inside: str = "") -> Iterator[str]:
    """Public functions and methods that leave an argument, or what they give back, untold; those of a class are its own."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from unannotated(node.body, f"{inside}{node.name}.")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (not node.name.startswith("_") or node.name == "__init__"):
            told = node.args
            named = [*told.posonlyargs, *told.args, *told.kwonlyargs, *filter(None, (told.vararg, told.kwarg))]
            bound = bool(inside) and not any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
            if node.returns is None or any(one.annotation is None for one in named[1 if bound else 0:]):
                yield f"{inside}{node.name}"


def test_every_public_function_is_annotated() -> None:
    read = [path for path in LIBRARY if path.name != COMPILED]
    bare = [f"{path.relative_to(ROOT)}: {name}" for path in read for name in unannotated(ast.parse(path.read_text(encoding="utf-8")).body)]
    assert len(read) > 300 and bare == []


def test_what_is_not_annotated_is_found() -> None:
    text = "def a(x) -> int: ...\ndef b(x: int): ...\ndef c(*x: int, y: int) -> int: ...\nclass D:\n    def e(self, x): ...\n" \
           "    @staticmethod\n    def f(x) -> int: ...\n    def g(self) -> int: ...\n    def _h(x): ...\n"
    assert list(unannotated(ast.parse(text).body)) == ["a", "b", "D.e", "D.f"]


def test_what_is_silent_is_found() -> None:
    made = ModuleType("made")
    exec("def a(): ...\nclass B:\n    'Told.'\n    @property\n    def c(self): ...\n    def d(self):\n        'Told.'\n", vars(made))
    assert [name for name, one in members(made) if not inspect.getdoc(one)] == ["made.a", "made.B.c"]
