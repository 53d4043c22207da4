"""Reports for maintainers: what failed and where in our code, counted, few, and without data."""

from __future__ import annotations

import json
import os
import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app.shell
from app.faults import MOST_FRAMES, MOST_REPORTS, Fault, fault, report
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.report.fit_words import said_time
from tests.app.test_pages import opened

SECRETS = ("Ann Secret", "/home/ann", "47.11", "Rue de la Paix")


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield tmp_path / "home" / "reports"


def caught(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        try:
            if cause is not None:
                raise cause
            raise error
        except type(cause or error) as first:
            if cause is None:
                raise
            raise error from first
    except BaseException as found:
        return found


def within_ours() -> BaseException:
    """An error that is raised within our own code."""
    try:
        said_time(0)  # type: ignore[arg-type]
    except TypeError as error:
        return error
    pytest.fail("nothing was raised")


def test_a_report_names_kind_place_and_versions(reports: Path) -> None:
    error = within_ours()
    made = report(error)
    assert re.search(r"^  irlcore/report/fit_words\.py:\d+ said_time$", made.text, re.M), made.text
    assert re.search(rf"^{type(error).__name__}$", made.text, re.M)
    assert re.search(r"^Python 3\.\d+\.\d+, \w+", made.text) and "streamlit 1." in made.text and "numpy 2." in made.text
    assert (reports / made.name).read_text() == made.text
    assert stat.S_IMODE((reports / made.name).stat().st_mode) == 0o600 and stat.S_IMODE(reports.stat().st_mode) == 0o700


@pytest.mark.parametrize("error", [
    KeyError("Ann Secret"), ValueError("could not convert 47.11 of 'Ann Secret'"), FileNotFoundError(2, "none", "/home/ann/Rue de la Paix"),
    FeatureError("Feature 'Ann Secret' is 47.11.", "Drop Rue de la Paix."), UnicodeDecodeError("utf-8", b"Ann Secret", 0, 1, "47.11"),
    json.JSONDecodeError("no", "Ann Secret", 3), MemoryError("47.11"), ExceptionGroup("Ann Secret", [ValueError("47.11")])],
    ids=lambda e: type(e).__name__)
def test_no_report_holds_data(error: Exception, reports: Path) -> None:
    """Neither the message, nor that of a cause, nor notes, nor the path of a file that was read; nor does the log."""
    error.add_note("Ann Secret lives in Rue de la Paix")
    cause = ValueError("47.11 at /home/ann")
    made = report(caught(error, cause))
    assert type(error).__name__ in made.text and "ValueError" in made.text
    assert not [one for one in SECRETS if one in made.text or one in made.name]
    for path in reports.iterdir():
        assert not [one for one in SECRETS if one in path.read_text()]


def test_the_log_of_the_server_holds_no_data_either(caplog: pytest.LogCaptureFixture) -> None:
    fault("Refit with Ann Secret did not end", caught(ValueError("47.11")))
    assert "ValueError" in caplog.text and not [one for one in SECRETS if one in caplog.text]


def test_code_of_others_is_named_by_its_package_alone(tmp_path: Path) -> None:
    script = tmp_path / "Ann Secret.py"
    script.write_text("def rue():\n    raise ValueError('47.11')\n")
    names = {"__name__": "ann_secret"}
    exec(compile(script.read_text(), str(script), "exec"), names)
    try:
        names["rue"]()  # type: ignore[operator]
    except ValueError as error:
        made = report(error)
    assert "(other code)" in made.text and "ecret" not in made.text and "rue" not in made.text


def test_one_that_comes_again_is_counted_and_not_kept_twice(reports: Path) -> None:
    for _ in range(3):
        made = report(within_ours())
    assert [one.name for one in reports.iterdir()] == [made.name]
    assert made.text.endswith("Seen 3 times.\n")


def test_threads_that_fail_together_are_all_counted(reports: Path) -> None:
    error = within_ours()
    threads = [threading.Thread(target=report, args=(error,)) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.read_text().splitlines()[-1] for one in reports.iterdir()] == ["Seen 20 times."]


def test_fifty_are_kept_and_the_newest_is_among_them(reports: Path) -> None:
    for k in range(MOST_REPORTS + 7):
        made = report(type(f"Error{k}", (Exception,), {})())
        os.utime(reports / made.name, (1e9 + k, 1e9 + k))
    kept = {path.name for path in reports.iterdir()}
    assert len(kept) == MOST_REPORTS and made.name in kept


def test_a_recursion_makes_no_long_report() -> None:
    def deeper(spec: FeatureSpec) -> None:
        deeper(spec)

    try:
        deeper(FeatureSpec("a", "step"))
    except RecursionError as error:
        assert len(report(error).text.splitlines()) < MOST_FRAMES + 10


@pytest.mark.parametrize("broken", ["file", "link", "full"])
def test_where_none_can_be_kept_the_words_come_all_the_same(broken: str, reports: Path, monkeypatch: pytest.MonkeyPatch,
                                                            tmp_path: Path) -> None:
    reports.parent.mkdir()
    if broken == "file":
        reports.write_text("in the way")
    elif broken == "link":
        (tmp_path / "elsewhere").mkdir()
        reports.symlink_to(tmp_path / "elsewhere")
    else:
        monkeypatch.setattr(os, "write", lambda *args: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    made = fault("It cannot be shown", within_ours())
    assert made.report.name == "" and "report it with the details" in made.fix and "said_time" in made.details
    assert not (tmp_path / "elsewhere").exists() or not list((tmp_path / "elsewhere").iterdir())


def test_the_words_are_one_line_and_say_where_the_report_lies() -> None:
    made = fault("It cannot be shown", caught(ValueError("first line\nthe second")))
    assert isinstance(made, Fault)
    assert made.what == "It cannot be shown: something went wrong inside Motive (ValueError: first line)."
    assert made.report.name in made.fix and "folder reports" in made.fix


def test_an_error_that_cannot_even_be_told_is_reported() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Odd" in report(caught(Odd())).text
    assert "Odd" in fault("It cannot be shown", caught(Odd())).what


def test_the_page_shows_the_report_that_is_kept_and_offers_it(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")

    def broken(*args: object) -> None:
        raise KeyError("Ann Secret")

    monkeypatch.setattr(app.shell, "labels_offered", broken)
    monkeypatch.setattr(app.shell, "headline", broken)
    for _ in range(2):
        app_.switch_page("screens/fit.py").run()
        assert not app_.exception
    details = [one.value.strip() for one in app_.code]
    assert len(details) == 2 and {path.read_text().strip() for path in reports.iterdir()} == set(details)
    offered = [one.proto.label for one in (*app_.sidebar.get("download_button"), *app_.main.get("download_button"))]
    assert offered.count("Download the report") == 2


def test_the_same_fault_twice_on_a_page_or_within_a_form_is_no_second_fault() -> None:
    def script() -> None:
        import streamlit as st

        from app.faults import fault
        from app.shell import say

        made = fault("It cannot be shown", ValueError())
        say(made)
        say(made)
        with st.form("form"):
            say(fault("Nor can this", KeyError()))
            st.form_submit_button("Go")

    page = AppTest.from_function(script).run()
    assert not page.exception and len(page.error) == 3
    assert [one.proto.label for one in page.get("download_button")] == ["Download the report"]
