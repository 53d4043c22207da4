"""Each folder beside this file is imported as the page does, and is what is expected of it; those that are not yet are listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.cases import files_of
from benchmarks.cases.judgement import Kind, judged
from tests.cases.expected import EXPECTED, NOT_YET
from tests.cases.made import all_made
from tests.cases.made_odd import MAKERS as ODD
from tests.cases.made_ways import MAKERS as WAYS
from tests.cases.walks import Made

HERE = Path(__file__).resolve().parent


def test_every_folder_has_its_expectation_and_the_other_way_round() -> None:
    assert {path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("_")} == set(EXPECTED)
    assert set(EXPECTED) >= NOT_YET and len(EXPECTED) == 97


@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_is_as_expected(name: str) -> None:
    found = judged(files_of(HERE / name), EXPECTED[name])
    if name in NOT_YET:
        assert not found.right, f"{name} is right now: take it off NOT_YET"
    else:
        assert found.right, f"{found.kind}: {found.why}"


@pytest.mark.parametrize("name", all_made())
def test_a_made_up_case_ends_in_words(name: str) -> None:
    found = judged(*all_made()[name])
    assert found.kind != Kind.TRACEBACK, found.why


@pytest.mark.parametrize("make", (*ODD, *WAYS), ids=lambda make: make.__name__)
def test_what_was_once_wrong_in_silence_is_right(make: Callable[[], Made]) -> None:
    found = judged(*make())
    assert found.right, f"{found.kind}: {found.why}"
