"""``motive review``, ``intent`` and ``report``: what they print and write, and their exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from irlcore.analysis.ranking import review_study
from irlcore.cli import fitting
from irlcore.review.calibration.controls import FalseAlarmControl, usual_control
from tests.cli.town import FISHING, TICKETS, as_json, fitted_town, ran, town_file

pytestmark = pytest.mark.kernels


def test_what_is_flagged_is_what_the_app_flags_with_its_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    review = review_study(fitted_town(), FalseAlarmControl("share_of_flags", 0.3))
    code, told, _ = as_json(capsys, "review", town_file(tmp_path), "--rate", 0.3)
    order = [str(review.parts.paths.ids[i]) for i in review.order if review.flagged[i]]
    assert code == 1 and order and [one["track"] for one in told["flagged"]] == order
    assert all(one["why"] and one["reasons"] and 0.0 < one["p"] <= 1.0 for one in told["flagged"])
    assert (told["control"], told["rate"], told["score"]) == ("share_of_flags", 0.3, review.score)
    code, out, _ = ran(capsys, "review", town_file(tmp_path), "--rate", 0.3)
    assert code == 1 and all(track in out for track in order) and "Turned round at" in out and "people must decide" in out


def test_nothing_flagged_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = as_json(capsys, "review", town_file(tmp_path), "--control", "share_of_normal", "--rate", 0.001)
    assert code == 0 and told["flagged"] == []
    code, out, _ = ran(capsys, "review", town_file(tmp_path), "--control", "share_of_normal", "--rate", 0.001)
    assert code == 0 and "0 flagged tracks of 68 reviewed" in out


def test_a_review_begins_where_the_app_s_does() -> None:
    from app.review import controls

    assert usual_control(True) == FalseAlarmControl(next(iter(controls.KINDS)), controls.RATES[controls.DEFAULT_RATE])
    assert usual_control(False) == FalseAlarmControl("strangest", controls.DEFAULT_SHARE / 100.0)


def test_a_log_is_read_fitted_and_reviewed_in_one_go(capsys: pytest.CaptureFixture[str]) -> None:
    code, told, err = as_json(capsys, "review", TICKETS / "log.csv")
    assert code == (1 if told["flagged"] else 0) and err == "" and told["reviewed"] > 50
    assert any("There is no fit yet" in said for said in told["assumed"])
    code, out, err = ran(capsys, "intent", TICKETS / "log.csv")
    assert (code, out) == (2, "") or (code == 2 and "motive review" in err)


@pytest.mark.parametrize(("asked", "what"), [
    (["--score", "oddness"], 'no score called "oddness"'), (["--rate", "1.5"], "false-alarm rate of 1.5"),
    (["--settings", "none.toml"], "none.toml")])
def test_what_cannot_be_reviewed_is_2(asked: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "review", town_file(tmp_path), *asked)
    assert (code, out) == (2, "") and what in err


def test_where_a_track_is_heading_is_told_with_how_sure_that_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = town_file(tmp_path)
    code, told, _ = as_json(capsys, "intent", file, "--track", "commuter-170", "--track", "commuter-180")
    assert code == 0 and [one["track"] for one in told["tracks"]] == ["commuter-170", "commuter-180"]
    for one in told["tracks"]:
        assert [part["seen"] for part in one["after"]] == [0.25, 0.5, 0.75] and 0.0 < one["now"][0]["probability"] <= 1.0
        assert {goal["goal"] for goal in one["now"]} <= set(told["goals"])
    code, out, _ = ran(capsys, "intent", file)
    assert code == 0 and "commuter-180" in out and ("likely (" in out or "possible (" in out)
    code, _, err = ran(capsys, "intent", file, "--track", "nobody")
    assert code == 2 and 'called "nobody"' in err


def test_agents_without_a_destination_are_told_before_anything_is_fitted(capsys: pytest.CaptureFixture[str],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "fit_record", lambda *asked: pytest.fail("fitted"))
    code, out, err = ran(capsys, "intent", FISHING)
    assert (code, out) == (2, "") and "they seem to have no destination" in err and "[study.class_aims]" in err


def test_a_report_is_written_as_the_app_hands_it_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = as_json(capsys, "report", town_file(tmp_path), "--out", tmp_path / "out", "--rate", 0.3,
                            "--formats", "html,csv,geojson,json")
    assert code == 0 and len(told["files"]) == 4
    files = {Path(one).suffix: Path(one).read_text("utf-8") for one in told["files"]}
    assert "<!doctype html" in files[".html"][:100].lower() and "Port town" in files[".html"]
    rows = list(csv.DictReader(files[".csv"].splitlines()))
    assert len(rows) == 68 and any(row["flagged"] == "True" for row in rows)
    assert len(json.loads(files[".geojson"])["features"]) == 68 and json.loads(files[".json"])["format"].startswith("motive-report")
    assert not list((tmp_path / "out").glob("*.part"))
    code, _, err = ran(capsys, "report", town_file(tmp_path), "--formats", "pdf")
    assert code == 2 and 'written as "pdf"' in err
    (tmp_path / "taken").write_text("")
    code, _, err = ran(capsys, "report", town_file(tmp_path), "--out", tmp_path / "taken" / "here", "--formats", "csv")
    assert code == 2 and "cannot be opened" in err


def test_a_score_or_a_rate_that_is_none_is_told_before_anything_is_fitted(capsys: pytest.CaptureFixture[str],
                                                                          monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fitting, "fit_record", lambda *asked: pytest.fail("fitted"))
    for command in (["review"], ["report", "--out", str(tmp_path)]):
        code, out, err = ran(capsys, command[0], TICKETS / "log.csv", *command[1:], "--score", "surprize")
        assert (code, out) == (2, "") and 'no score called "surprize". Did you mean surprise? Choose one of surprise, improb' in err
        assert ran(capsys, command[0], TICKETS / "log.csv", *command[1:], "--rate", "7")[0] == 2


def test_labels_of_a_few_odd_ones_are_no_class(capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = as_json(capsys, "fit", TICKETS)
    assert code == 0 and told["tracks"] > 100
