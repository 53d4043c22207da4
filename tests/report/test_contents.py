"""Which tracks a report speaks of, what it says of all of them, and that it is the same in every form."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled
from irlcore.maps.flow import passes
from irlcore.project.project import Outcome, Project, Verdict
from irlcore.report import contents as contents_file
from irlcore.report import findings
from irlcore.report.contents import SECTIONS, chosen_tracks, contents_of
from irlcore.report.export import FORMAT, report_json
from irlcore.report.findings import findings_key, findings_study
from irlcore.report.html import report_html
from irlcore.report.review_list import list_places, list_scores
from irlcore.review.parts.kinds import TITLES
from tests.report.made import contents_with, town


def decided(project: Project, **outcomes: Outcome) -> Project:
    """Verdicts by track."""
    return replace(project, verdicts={track.replace("_", "-"): Verdict(outcome, f"note on {track}", "2026-11-26T10:00:00+00:00")
                                      for track, outcome in outcomes.items()})


def flagged_ids() -> list[str]:
    _, review, _ = town()
    return [str(review.parts.paths.ids[i]) for i in review.order if review.flagged[i]]


def test_understood_and_discarded_tracks_stand_apart_and_operational_events_come_first() -> None:
    project, review, found = town()
    ids = flagged_ids()
    kept = next(str(review.parts.paths.ids[i]) for i in review.order if not review.flagged[i])
    names = {ids[0]: "understood", ids[1]: "discarded", ids[-1]: "operational event", kept: "operational event"}
    judged = decided(project, **{track.replace("-", "_"): outcome for track, outcome in names.items()})
    chosen = chosen_tracks(judged, review)
    told = [str(review.parts.paths.ids[i]) for i in chosen.cards]
    assert set(told[:2]) == {ids[-1], kept} and told[2:] == [i for i in ids[2:-1]]
    found = findings_study(judged, review, chosen.cards, (), found)
    html = report_html(contents_of(judged, review, found, SECTIONS))
    cards, apart = html.split("Understood and discarded")
    assert f"<h3>Track {ids[0]}</h3>" not in cards and f"note on {ids[0].replace('-', '_')}" in apart
    assert f"note on {ids[1].replace('-', '_')}" in apart and f"<h3>Track {kept}</h3>" in cards
    summary = contents_of(judged, review, found, SECTIONS).summary[0]
    assert f"{len(ids)} are flagged" in summary and "1 is understood by now" in summary and "1 is discarded" in summary


def test_above_a_number_of_cards_the_rest_is_a_table_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    project, review, found = town()
    monkeypatch.setattr(contents_file, "MOST_CARDS", 2)
    made = contents_of(project, review, found, SECTIONS)
    assert len(made.cards) == 2 and made.more["track"].tolist() == flagged_ids()[2:]
    assert f"{len(flagged_ids()) - 2} more tracks" in report_html(made)


def test_numbers_are_those_of_the_list() -> None:
    project, review, found = town()
    made = contents_of(project, review, found, SECTIONS)
    for card in made.cards:
        at = int(np.flatnonzero(review.order == card.finding.index)[0])
        assert card.rank == at + 1 and card.scores == (f"{TITLES[review.score].lower()} {list_scores(review)[at]}", list_places(review)[at])


def test_the_title_says_class_place_author_and_date_and_no_period_where_there_is_none() -> None:
    project, review, found = town()
    made = contents_of(replace(project, author="Ann", region="Port town"), review, found, SECTIONS, datetime(2026, 11, 26))
    assert dict(made.facts) == {"Class": "commuter", "Place": "Port town", "Author": "Ann", "Date": "26 November 2026"}


def test_what_is_found_does_not_hang_on_verdicts_and_words_and_is_not_looked_for_again() -> None:
    project, review, found = town()
    noted = replace(decided(project, **{flagged_ids()[0].replace("-", "_"): "understood"}), notes="n", author="a", region="r")
    assert findings_key(noted, review) == found.key
    again = findings_study(noted, review, list(found.of)[:2], list(found.seen)[:2], found)
    assert all(again.of[i] is found.of[i] for i in found.of)
    zoned = replace(project, zones={"quay": np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])})
    assert findings_key(zoned, review) != found.key
    assert project.world is not None
    turned, same = (replace(project, world=replace(project.world, settings={**project.world.settings, "y_down": down}))
                    for down in (True, False))
    assert findings_key(turned, review) != found.key == findings_key(same, review), "maps and words follow the way that y runs"


def test_making_a_report_can_be_cancelled_between_two_tracks() -> None:
    project, review, found = town()
    seen: list[str] = []

    def report(done: int, total: int, said: str) -> None:
        seen.append(said)
        if "reasons and maps" in said:
            watch.cancel.set()

    watch = Control(report)
    with pytest.raises(Cancelled):
        findings_study(project, review, list(found.of)[:3], (), None, watch)
    assert any("track commuter" in one for one in seen)


def test_what_stands_out_counts_what_the_tracks_did_and_says_where() -> None:
    project, review, found = town()
    many, stands_out, control = contents_of(project, review, found, SECTIONS).summary
    sentences = [" ".join(one.reasons.sentences) for one in found.of.values()]
    for kind, mark in (("turned round", "It turned round"), ("went round in a circle", "It (circled the block|went round in a circle)"),
                       ("made a detour", "It left the likeliest way")):
        told = re.search(rf"(\d+)(?: of {len(sentences)})? {kind}", stands_out)
        assert told is not None and int(told[1]) == sum(bool(re.search(mark, said)) for said in sentences)
    place = re.search(r"turned round \((\d+) at ([^,)]+)", stands_out)
    assert place is not None and int(place[1]) == sum(f"It turned round at {place[2]} and" in said for said in sentences) > 1
    assert control.count(".") == 1 and "may be empty" not in control and many.startswith("68 tracks")


def test_what_most_tracks_share_is_said_once_at_the_top_and_on_no_card() -> None:
    project, review, found = town()
    made = contents_of(project, review, found, SECTIONS)
    shared = [one.reasons for one in found.of.values() if one.reasons.shared]
    assert len(shared) > len(found.of) / 2 and all(one.sentences[-1].startswith("As do most flagged tracks") for one in shared)
    assert report_html(made).count("As do most") == 0 and made.summary[1].count("Most used more of") == 1
    assert all((*one.did, *one.strange, one.sentences[-1]) == one.sentences for one in shared)


def test_where_nothing_is_flagged_that_is_said() -> None:
    project, review, found = town()
    none = replace(review, flagged=np.zeros_like(review.flagged))
    made = contents_of(project, none, replace(found, of={}, seen={}), SECTIONS)
    assert "none is flagged" in made.summary[0] and made.summary[1] == "So nothing stands out." and "it may be empty" in made.summary[2]
    few = replace(none, scored=replace(none.scored, parts=replace(none.parts, calibration=none.parts.calibration[:20])))
    limit = contents_of(project, few, replace(found, of={}, seen={}), SECTIONS).summary[2]
    assert "no p-value is below 1 in 21" in limit
    assert "p-value is below" not in contents_of(project, review, found, SECTIONS).summary[2]
    every = {track.replace("-", "_"): "understood" for track in flagged_ids()}
    assert contents_of(decided(project, **every), review, found, SECTIONS).summary[1] == "Nothing is left that deserves a look."


def test_many_flagged_tracks_are_drawn_as_how_many_passed_where(monkeypatch: pytest.MonkeyPatch) -> None:
    project, review, found = town()
    assert ">flagged<" in found.overview and "ordinary traffic" in found.overview
    monkeypatch.setattr(findings, "MOST_LINES", 2)
    many = findings_study(project, review, (), (), told=found.told).overview
    most = passes(project.world, review.parts.paths, np.flatnonzero(review.flagged)).max()
    assert f"flagged tracks (most: {most} passes)" in many and "ordinary traffic" not in many


def test_a_stale_fit_is_said() -> None:
    project, review, found = town()
    off = replace(project, features=project.features[:-1])
    assert "features have changed" in report_html(contents_of(off, review, found, SECTIONS))
    assert contents_of(project, review, found, SECTIONS).caution == ""


def test_json_has_everything_of_the_report_and_no_number_that_is_none() -> None:
    project, review, found = town()
    made = contents_of(project, review, found, SECTIONS)
    told = json.loads(report_json(made))
    assert told["format"] == FORMAT and told["summary"] == list(made.summary)
    assert [card["track"] for card in told["cards"]] == [card.finding.track for card in made.cards]
    assert told["cards"][0]["reasons"] == list(made.cards[0].finding.reasons.sentences)
    assert told["method"] == list(made.method.sentences) and len(told["intent"]["tracks"]) == len(made.cards)
    odd = json.loads(report_json(contents_with("TEXT")))
    assert odd["cards"][0]["features"][1]["z"] is None and odd["wants"]["features"][1]["low"] is None
    assert odd["cards"][1]["reasons"] == [] and odd["cards"][1]["trouble"] == "TEXT"


def test_every_key_of_the_json_is_documented() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    told = json.loads(report_json(contents_with("TEXT")))
    keys = [*told, *told["cards"][0], *told["intent"], *told["wants"]]
    assert [key for key in keys if f"`{key}`" not in text] == []
