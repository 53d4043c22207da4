"""What a rule that silences may ask for, how it reads, and that a project keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.hostile.rich_projects import grid_project
from irlcore.errors import DataError, ProjectError
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.renaming import place_renamed
from irlcore.project.silencing import Silencing, check_rule, rule_words, wrong_with
from irlcore.project.verdicts import words_on
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import problem_table

MARKET = Silencing("car", "Fish market", (6.0, 8.5), "weekdays")


@pytest.mark.parametrize(("rule", "wrong"), [
    (Silencing("car"), "no explanation"), (replace(MARKET, hours=(6.0,)), "1 hours"),
    (replace(MARKET, hours=(6.0, 6.0)), "begins when it ends"), (replace(MARKET, feature="toll"), "not both"),
    (replace(MARKET, use="more"), "not both"), (replace(MARKET, place="pier"), "what was done"),
    (MARKET, ""), (Silencing("", days="weekend"), ""), (Silencing("", feature="toll", use="less"), ""), (Silencing("", did="turn"), "")])
def test_a_rule_asks_for_something_that_can_be(rule: Silencing, wrong: str) -> None:
    assert wrong in wrong_with(rule) and bool(wrong) == bool(wrong_with(rule))
    if wrong:
        with pytest.raises(DataError, match="This rule"):
            check_rule(rule)
    else:
        assert check_rule(rule) is rule


def test_a_rule_reads_as_what_it_asks_for() -> None:
    assert rule_words(MARKET) == "passed Fish market between 6:00 and 8:30 and started on a weekday"
    assert rule_words(MARKET, timed=False) == "passed Fish market, started between 6:00 and 8:30 and started on a weekday"
    assert rule_words(Silencing("", hours=(22.0, 5.25))) == "started between 22:00 and 5:15"
    used = Silencing("", feature="toll", use="less", beyond=2.5, did="turn", place="the pier")
    assert rule_words(used) == 'turned round at the pier and used less of "toll" than expected (2.5 standard deviations or more)'


def test_a_file_keeps_notes_rules_heeded_verdicts_and_labels() -> None:
    project = grid_project()
    again = load_project(save_project(project))
    for name in ("track_notes", "silencing", "heeded", "labels"):
        assert getattr(again, name) == getattr(project, name) and getattr(project, name)


def test_a_file_in_which_a_rule_asks_for_nothing_is_not_made() -> None:
    with pytest.raises(ProjectError, match="silencing"):
        save_project(Project(silencing=(Silencing("car"),)))


def test_a_zone_of_another_name_is_the_same_zone_for_rules() -> None:
    moved = place_renamed(grid_project(), "quay", "market")
    assert [(rule.zone, rule.place) for rule in moved.silencing] == [("market", ""), ("", "market")]


def test_other_tracks_leave_nothing_of_what_was_said_of_the_former_ones() -> None:
    project = grid_project()
    assert project.tracks is not None and project.world is not None
    made = with_world(project, Imported(project.tracks, problem_table([]), 0, 0, 0, 0), replace(project.world))
    assert not (made.track_notes or made.silencing or made.heeded or made.labels)


def test_all_that_was_written_of_a_track_is_its_reason_and_its_note_each_once() -> None:
    project = grid_project()
    assert words_on(project, "v11") == "short cut ask the harbour" and words_on(project, "v2") == "again" and not words_on(project, "v3")
    assert words_on(replace(project, track_notes={"v11": "short cut"}), "v11") == "short cut"
