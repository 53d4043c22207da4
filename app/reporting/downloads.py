"""What is taken away: the report as a file for people, its data for programs."""

from collections.abc import Callable

import streamlit as st

from app.shell import in_its_words
from irlcore.analysis.ranking import Review
from irlcore.project.project import Project
from irlcore.report.contents import Contents
from irlcore.report.export import intent_table, report_json, review_csv, review_geojson
from irlcore.report.file_names import file_name
from irlcore.report.findings import Findings
from irlcore.report.html import report_html
from irlcore.report.intent_words import with_goals
from irlcore.report.text import as_csv
from irlcore.worlds.world import World

MOST_INTENTS = 2000
"""Tracks whose goals are asked for when a file is: a browser waits for it."""


def downloads(project: Project, world: World, review: Review, contents: Contents | None, found: Findings | None) -> None:
    """Buttons; none works before the report is made, so that no file says less than the page."""
    missing = contents is None or found is None

    def button(label: str, make: Callable[[], str], what: str, ending: str, kind: str, icon: str, told: str, main: bool = False) -> None:
        st.download_button(label, make, file_name(project.name, project.agent_class, what, ending), kind, key=f"take_{what}_{ending}",
                           type="primary" if main else "secondary", icon=icon, width="stretch", on_click="ignore", help=told,
                           disabled=missing)

    def of_contents(write: Callable[[Contents], str]) -> Callable[[], str]:
        return lambda: write(contents) if contents is not None else ""

    button("Download report (HTML, opens offline)", of_contents(report_html), "report", "html", "text/html", ":material/download:",
           "One file for every browser. It prints on A4.", main=True)
    left, right = st.columns(2)
    asked = review.order[:MOST_INTENTS]
    more = world.has_coordinates or with_goals(review.parts.paths, asked)
    with left:
        button("CSV", lambda: review_csv(project, review, found), "review", "csv", "text/csv", ":material/table:",
               in_its_words("Every reviewed track with its numbers, reasons and verdict."))
    with left if more else right:
        button("JSON", of_contents(report_json), "report", "json", "application/json", ":material/data_object:",
               "Everything of the report as data.")
    with right:
        if world.has_coordinates:
            button("GeoJSON", lambda: review_geojson(project, review, world, found), "review", "geojson", "application/geo+json",
                   ":material/map:", "The reviewed tracks as lines, with their numbers, reasons and verdicts.")
        if not with_goals(review.parts.paths, asked):
            return  # none has a destination
        whom = "each reviewed track" if len(asked) == len(review.order) else f"each of the first {MOST_INTENTS:,} tracks of the list"
        button("Intent", lambda: as_csv(intent_table(project, review, asked)), "intent", "csv", "text/csv", ":material/target:",
               f"CSV: what {whom} seemed to be after, along its way.")
