"""What is told with a time tells when it was done, in the reader's zone; recent projects stand by their last change."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import app.kept_line
import irlcore.project.project
from app.store import recent as recent_projects
from app.store.recent import recent
from irlcore.analysis.study import fit_record, with_fit
from irlcore.project.project import remember
from irlcore.project.samples import sample_project
from irlcore.report.times import zone_of
from tests.app.store.projects import ANN
from tests.app.visits import Server, fine, key_of, project_of, sample, sidebar_says, undo, without_a_feature

LATER = "2030-01-02T03:04:05+00:00"


def test_a_sample_was_opened_when_it_was_opened_and_not_when_the_server_made_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(server)
    monkeypatch.setattr(irlcore.project.project, "now", lambda: LATER)
    assert [step.made for step in project_of(sample(server)).history] == [LATER]


def test_a_fit_that_the_page_took_later_has_the_time_at_which_it_was_made() -> None:
    town = sample_project("town")
    record = fit_record(town, "maxent")
    taken = with_fit(remember(town, "Something else", made=LATER), record)
    assert taken.history[-1].made == record.result.made != "" and taken.history[-2].made == LATER


def test_the_history_tells_hours_of_the_readers_zone_and_which_it_is(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample(server)
    assert "Times are UTC." in sidebar_says(page)
    made = project_of(page).history[-1].made
    assert made[11:16] in sidebar_says(page)
    monkeypatch.setattr(app.kept_line, "zone", lambda: zone_of("Asia/Kathmandu"))
    there = datetime.fromisoformat(made).astimezone(zone_of("Asia/Kathmandu"))
    assert f"{there:%H:%M} Loaded" in sidebar_says(fine(page.run())) and "Times are of Asia/Kathmandu." in sidebar_says(page)


def test_a_page_that_was_brought_back_says_from_when_until_it_is_changed_or_dismissed(server: Server) -> None:
    page = without_a_feature(sample(server))
    assert "As you left it" not in sidebar_says(page)
    day = f"{datetime.now(UTC):%H:}"
    server.start()
    again = fine(server.page(key_of(page)))
    assert f"As you left it at {day}" in sidebar_says(again)
    fine(again.run())
    assert "As you left it" in sidebar_says(again)
    assert "As you left it" not in sidebar_says(fine(again.button(key="dismiss_left").click().run()))
    other = fine(server.page(key_of(page)))
    assert "As you left it" in sidebar_says(other) and "As you left it" not in sidebar_says(without_a_feature(other))


def test_recent_projects_stand_by_their_last_change_undo_among_them_and_say_what_is_in_them(server: Server,
                                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    page = without_a_feature(sample(server))
    first, anchorage = key_of(page), sample(server, "anchorage")
    monkeypatch.setattr("app.store.saver.now", lambda: LATER)
    undo(page)
    entries = recent(ANN)
    assert [one.key for one in entries] == [first, key_of(anchorage)] and entries[0].saved == LATER
    assert (entries[0].agent_class, entries[0].tracks, entries[0].fits, entries[0].verdicts) == ("commuter", 684, 0, 0)
    opened: list[object] = []
    monkeypatch.setattr("app.store.opening.load_newest", opened.append)
    start = fine(server.page())
    said = "\n".join(one.value for one in (*start.markdown, *start.caption)).replace("\\", "")
    assert "commuter, 684 tracks, 0 fits, 0 verdicts" in said and "03:04 UTC, 2 January" in said and not opened
    assert "2 projects; each is kept, with its last 10 versions, until you remove it." in said


def test_a_log_among_the_recent_projects_has_sequences(server: Server) -> None:
    sample(server, "tickets")
    said = "\n".join(one.value for one in fine(server.page()).markdown).replace("\\", "")
    assert recent(ANN)[0].kind == "log" and re.search(r"[\d,]+ sequences, 0 fits, 0 verdicts", said)


def test_a_label_of_a_former_version_still_gives_name_and_time(server: Server, tmp_path: Path) -> None:
    key = key_of(sample(server))
    label = tmp_path / "home" / "projects" / ANN / key / recent_projects.LABEL
    label.write_text('{"name": "Old", "saved": "2026-01-02T03:04:05+00:00"}')
    assert recent(ANN) == [recent_projects.Entry(key, "Old", "2026-01-02T03:04:05+00:00", 1)]
    label.write_text('{"name": "Old", "saved": "2026-01-02T03:04:05+00:00", "class": 5, "tracks": "many", "fits": true, "verdicts": 3}')
    assert recent(ANN)[0].tracks == recent(ANN)[0].fits == -1 and recent(ANN)[0].verdicts == 3
    fine(server.page())
