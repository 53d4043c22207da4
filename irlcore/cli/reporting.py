"""``motive report``: the report and its data as files, as the Report page hands them over."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from irlcore.analysis.ranking import Review
from irlcore.cli.arguments import FORMATS, USUAL
from irlcore.cli.fitting import saved_to, with_a_fit
from irlcore.cli.opening import Opened, opened, written
from irlcore.cli.reviewing import check_asked, reviewed
from irlcore.cli.voice import Voice
from irlcore.errors import DataError
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.report.contents import MOST_SEEN, SECTIONS, Contents, chosen_tracks, contents_of
from irlcore.report.export import intent_table, report_json, review_csv, review_geojson
from irlcore.report.file_names import file_name
from irlcore.report.findings import Findings, findings_study
from irlcore.report.html import report_html
from irlcore.report.intent_words import with_goals
from irlcore.report.text import as_csv

MOST_INTENTS = 2000


def run(asked: argparse.Namespace, voice: Voice) -> int:
    """Write the files that are asked for."""
    formats = formats_of(asked.formats)
    check_asked(asked)
    found = opened(asked.data, asked.settings, voice)
    project = with_a_fit(found, asked, voice)
    review = reviewed(project, found, asked, voice)
    findings, contents = made(project, review, found, voice)
    files = []
    for name, write in writers(project, review, findings, contents).items():
        if name in formats:
            ending = "csv" if name == "intent" else name
            called = file_name(project.name, project.agent_class, FORMATS[name], ending)
            files.append(str(written(Path(asked.out) / called, write())))
    voice.clear()
    if missing := [name for name in formats if name not in writers(project, review, findings, contents)]:
        voice.tell(f"Not written: {', '.join(missing)}, since this world has no coordinates or no destinations.")
    for file in files:
        voice.say(file)
    saved = saved_to(project, asked.save, voice)
    voice.give({"command": "report", "project": project.name, "class": project.agent_class, "files": files, "assumed": voice.assumed,
                "saved": saved})
    return 0


def formats_of(text: str) -> list[str]:
    """What is to be written. DataError where it cannot be."""
    found = [one.strip().lower() for one in text.split(",") if one.strip()]
    if unknown := [one for one in found if one not in FORMATS]:
        raise DataError(f'A report cannot be written as "{unknown[0]}".', f"Choose of {', '.join(FORMATS)}.")
    return found or [*USUAL]


def made(project: Project, review: Review, found: Opened, voice: Voice) -> tuple[Findings, Contents]:
    """What the report says, in the sections that the settings name, else in all."""
    asked = found.settings.report.sections if found.settings.report is not None else None
    if asked is not None and (unknown := [one for one in asked if one not in SECTIONS]):
        raise DataError(f'A report has no section "{unknown[0]}".', f"Sections: {', '.join(SECTIONS)}.")
    log = need_world(project)[0].kind == "log"
    sections = [one for one in SECTIONS if (asked is None or one in asked) and not (log and one == "intent")]
    chosen = chosen_tracks(project, review)
    intents = with_goals(review.parts.paths, (*chosen.cards, *chosen.more)[:MOST_SEEN]) if "intent" in sections else []
    findings = findings_study(project, review, chosen.cards, intents, watch=voice.doing("Making the report"))
    return findings, contents_of(project, review, findings, sections)


def writers(project: Project, review: Review, findings: Findings, contents: Contents) -> dict[str, Callable[[], str]]:
    """Format -> what makes its text; of those that can be had in this world."""
    world = need_world(project)[0]
    found: dict[str, Callable[[], str]] = {
        "html": lambda: report_html(contents), "csv": lambda: review_csv(project, review, findings),
        "json": lambda: report_json(contents)}
    if world.has_coordinates:
        found["geojson"] = lambda: review_geojson(project, review, world, findings)
    asked = review.order[:MOST_INTENTS]
    if with_goals(review.parts.paths, asked):
        found["intent"] = lambda: as_csv(intent_table(project, review, asked))
    return found
