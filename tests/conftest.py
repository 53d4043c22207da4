"""The order of the tests, and which of them draw samples or fit: .ci/run repeats these under other sets of processor kernels."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
DRAW_OR_FIT = ("rationality", "contracts", "fitting", "simulation", "intent", "elicitation/test_chance.py",
               "elicitation/test_expected_use.py",
               "elicitation/test_score_test.py", "review/test_scores.py", "review/test_walks.py",
               "review/test_unfinished.py", "worlds/test_clock.py", "worlds/matching", "worlds/tables")
"""Folders and files whose numbers come from samples or searches: no last bit of a float may settle whether they pass."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that drive a browser come first: they last longest, and at the end one process would wait for the other's last file."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)  # stable: files stay whole and in order
    for item in items:
        where = item.path.relative_to(HERE).as_posix()
        if any(where == one or where.startswith(f"{one}/") for one in DRAW_OR_FIT):
            item.add_marker(pytest.mark.kernels)


@pytest.fixture(autouse=True)
def main_module_put_back() -> Iterator[None]:
    """A page that a test draws takes the place of ``__main__`` and leaves it taken; a process that is spawned later would run that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes into the user's own folder; servers that tests start inherit it."""
    former = os.environ.get("MOTIVE_HOME")
    where = tmp_path_factory.mktemp("home")
    os.environ["MOTIVE_HOME"] = str(where)
    yield where
    if former is None:
        del os.environ["MOTIVE_HOME"]
    else:
        os.environ["MOTIVE_HOME"] = former
