"""The lab book: steps with their time, reason and numbers, as a table, lines and Markdown."""

from __future__ import annotations

from dataclasses import replace

from irlcore.project.project import HistoryStep, Project, remember
from irlcore.project.project_file import load_project, save_project
from irlcore.report.lab_book import lab_book_lines, lab_book_markdown, lab_book_table

PROJECT = Project(name="North *coast*", notes="Ask the harbour master.", history=(
    HistoryStep("2026-01-02T03:04:05+00:00", "Loaded 3 tracks"),
    HistoryStep("2026-01-02T03:09:00+00:00", "Accepted in_market", "stalls\n# on the road", "+34 nats (promised +31)")))


def test_the_newest_step_stands_first_in_the_table() -> None:
    table = lab_book_table(PROJECT)
    assert list(table["what"]) == ["Accepted in_market", "Loaded 3 tracks"]
    assert table.iloc[0]["time (UTC)"] == "2026-01-02 03:09" and table.iloc[0]["numbers"] == "+34 nats (promised +31)"


def test_lines_tell_reasons_and_numbers_where_there_are_some() -> None:
    assert lab_book_lines(PROJECT) == ["2026-01-02 03:04 UTC Loaded 3 tracks", "2026-01-02 03:09 UTC Accepted in_market because stalls\n"
                                       "# on the road (+34 nats (promised +31))"]


def test_markdown_takes_text_as_it_stands() -> None:
    text = lab_book_markdown(PROJECT)
    assert text.startswith("# Lab book: North \\*coast\\*\n")
    assert "- **2026-01-02 03:04 UTC** Loaded 3 tracks" in text
    assert "  - why: stalls \\# on the road\n" in text and "Accepted in\\_market" in text
    assert text.endswith("## Notes\n\nAsk the harbour master.\n")
    assert "Notes" not in lab_book_markdown(replace(PROJECT, notes=""))


def test_reasons_and_numbers_are_kept_in_the_file() -> None:
    project = remember(Project(), "Added", "because", "3 nats")
    assert load_project(save_project(project)).history == project.history
