"""One budget for every input: its words name the limit and how to raise it."""

from __future__ import annotations

import pytest

from irlcore.budget import SAID, Clock, Limits, TooLarge, limits, within
from irlcore.engine import Control
from irlcore.errors import Cancelled, DataError


def test_what_is_within_passes_and_what_is_not_says_the_limit_and_how_to_raise_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTIVE_LIMITS", raising=False)
    within("columns", 2000, "")
    with pytest.raises(TooLarge) as caught:
        within("columns", 2001, "big.csv has 2,001 columns.")
    assert caught.value.what == "big.csv has 2,001 columns. The limit is 2,000 columns."
    assert 'MOTIVE_LIMITS="columns=..."' in caught.value.fix
    monkeypatch.setenv("MOTIVE_LIMITS", "columns=3000, cells=1e9")
    within("columns", 2001, "")
    assert limits().cells == 1e9 and limits().corners == Limits().corners


@pytest.mark.parametrize("text", ["columns", "columns=many", "columns=-1", "columns=nan", "rows=5"])
def test_limits_that_cannot_be_read_are_refused_by_name(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", text)
    with pytest.raises(DataError, match=r"MOTIVE_LIMITS holds"):
        limits()


def test_not_a_number_is_within_no_limit() -> None:
    with pytest.raises(TooLarge):
        within("cells", float("nan"), "")


def test_every_limit_has_words() -> None:
    assert set(SAID) == set(Limits.__dataclass_fields__)


def test_a_clock_heeds_the_limit_and_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Control()
    clock = Clock("This file", watch)
    clock.check()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        clock.check()
    monkeypatch.setenv("MOTIVE_LIMITS", "seconds=1e-9")
    with pytest.raises(TooLarge, match="takes too long"):
        Clock("This file").check()
