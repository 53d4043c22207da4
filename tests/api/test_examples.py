"""Every public name of ``import irlcore as ir`` has an example in its docstring, and all of them run."""

from __future__ import annotations

import ast
import doctest
import inspect
from pathlib import Path
from types import ModuleType

import pytest

import irlcore as ir
from irlcore.face import fitted, intended, named, reading, reviewed, study
from irlcore.worlds import world

ROOT = Path(__file__).resolve().parents[2]
MODULES = (named, study, reading, fitted, reviewed, intended)


@pytest.mark.kernels
@pytest.mark.parametrize("module", [*MODULES, world], ids=lambda m: m.__name__)
def test_the_examples_run(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


def test_every_public_name_has_an_example() -> None:
    without = [name for name in ir._FACE if ">>>" not in (inspect.getdoc(getattr(ir, name)) or "") and name not in
               ("World", "MotiveError", "from_gymnasium")]
    assert not without
    assert ">>>" in (inspect.getdoc(ir.World.from_table) or "")


def test_type_checkers_are_told_the_same_names() -> None:
    """``__init__.pyi`` against the table that ``__getattr__`` reads."""
    stub = ast.parse((ROOT / "irlcore" / "__init__.pyi").read_text(encoding="utf-8"))
    told = {alias.asname: node.module for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told == ir._FACE
    assert set(ir._FACE) <= set(dir(ir))


def test_every_public_method_says_what_it_does() -> None:
    for kind in (ir.Study, ir.Fit, reviewed.Reviewed, intended.Intended):
        assert not [name for name, one in vars(kind).items() if not name.startswith("_") and not inspect.getdoc(one)
                    and name not in kind.__dataclass_fields__]


def test_a_name_that_is_none_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        ir.fitt  # noqa: B018
