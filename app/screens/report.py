"""Report: what do I hand over?"""

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app import session, track_map
from app.review.controls import need_review, say_control
from app.shell import errors_as_words, headline, need, say_stale
from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.study import Review
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.project import FitRecord, Project, remember
from irlcore.report.charts import weights_figure
from irlcore.report.export import intent_table, review_csv, review_geojson, review_table
from irlcore.report.fit_words import fit_sentences, model_words, said_time, weights_table
from irlcore.report.html import HONEST, Section, report_html
from irlcore.report.lab_book import lab_book_lines
from irlcore.report.maps import FLAGGED, ORDINARY, add_paths, ground
from irlcore.report.text import as_csv, as_markdown, as_shown, printable
from irlcore.review.calibration import control_sentence
from irlcore.tracks.bounds import LONGEST_WORDS
from irlcore.worlds.world import World

PARTS = ("What the class wants", "Map", "Tracks that deserve a look", "What they were after", "Reasons, track by track", "History")
NONE_FLAGGED = "No track is flagged under this control."
MOST_REASONS, MOST_INTENTS = 50, 1000
WHOLE = 5000  # characters of where the numbers come from: it names every feature
AFTER_SENTENCE = ("The likeliest goal of each flagged track when a part of it was seen, among the commonest ends of the class's known "
                  "tracks, with its probability; and the step from which the goal likeliest at the end had at least 80 %.")


def track_picture(project: Project, world: World, review: Review) -> go.Figure:
    figure = ground(world, project.zones)
    add_paths(figure, world, review.parts.paths, review.parts.review, ORDINARY, 1, 0.3, "reviewed")
    strange = np.flatnonzero(review.flagged)
    add_paths(figure, world, review.parts.paths, strange, FLAGGED, 2, 0.9, "flagged")
    return figure


def provenance_of(project: Project, record: FitRecord) -> str:
    result = record.result
    return (f"{project.name}, class {record.agent_class or 'all'}; {model_words(result.rationality)}; "
            f"{ESTIMATORS[result.estimator].title}, gamma {result.gamma:g}; "
            f"features: {', '.join(result.names)}; {result.n_paths:,} tracks fitted; data {result.data_hash}; "
            f"made {said_time(result.made)}.")


def sections_of(project: Project, world: World, record: FitRecord, review: Review, wanted: list[str], strange: np.ndarray,
                after: pd.DataFrame | None) -> list[Section]:
    """The report's parts, in order. strange: (n,) the flagged paths, strangest first. after: what these were after, if wanted."""
    result, table = record.result, review_table(project, review)
    flagged = table[table["flagged"]]
    out: list[Section] = []
    if PARTS[0] in wanted:
        figure = weights_figure(result.names, result.theta, result.interval())
        out.append((PARTS[0], fit_sentences(project, result), weights_table(result), figure))
    if PARTS[1] in wanted and world.has_coordinates:
        out.append((PARTS[1], ["Flagged tracks are drawn strong."], None, track_picture(project, world, review)))
    if PARTS[2] in wanted:
        told = control_sentence(review.control, len(review.order))
        out.append((PARTS[2], [told], flagged, None) if len(flagged) else (PARTS[2], [told, NONE_FLAGGED], None, None))
    if after is not None:
        out.append((PARTS[3], [AFTER_SENTENCE], after, None))
    if PARTS[4] in wanted:
        for i in [int(i) for i in strange[:MOST_REASONS]]:
            reasons = reasons_study(project, review, i)
            verdict = project.verdicts.get(reasons.track)
            decided = [f"Verdict: {verdict.outcome}. {verdict.reason}".strip()] if verdict else []
            out.append((f"Track {reasons.track}", [*reasons.sentences, *decided], None, None))
    if PARTS[5] in wanted:
        out.append((PARTS[5], lab_book_lines(project), None, None))
    return out


def page(project: Project, world: World, record: FitRecord) -> None:
    review = need_review()
    say_control(review)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        st.subheader("What goes in")
        wanted = st.pills("Sections", PARTS, selection_mode="multi", default=PARTS, key="sections", persist_state="session",
                          label_visibility="collapsed", wrap=True)
        notes = st.text_area("Your notes", printable(project.notes), max_chars=LONGEST_WORDS, key=f"notes_{session.changes()}", height=140,
                             placeholder="What you looked at, and what you make of it.")
        if notes != printable(project.notes):
            session.put(remember(replace(project, notes=notes), "Wrote notes"))
            st.rerun()
        st.subheader("Take it away")
        strange = review.order[review.flagged[review.order]]
        after = None
        if PARTS[3] in wanted and len(strange):
            after = session.derived("intents", lambda: intent_table(project, review, strange[:MOST_INTENTS]), strange.tobytes())

        def made() -> str:
            return report_html(project.name, provenance_of(project, record),
                               sections_of(project, world, record, review, list(wanted), strange, after), notes)

        st.download_button("Download report (HTML, opens offline)", made, "report.html", "text/html", key="html", type="primary",
                           icon=":material/download:", width="stretch", on_click="ignore")
        a, b, c = st.columns(3)
        a.download_button("CSV", lambda: review_csv(project, review), "review.csv", "text/csv", key="csv", width="stretch",
                          icon=":material/table:", on_click="ignore", help="Every reviewed track with the numbers of the list.")
        b.download_button("GeoJSON", lambda: review_geojson(project, review, world), "review.geojson", key="geojson",
                          width="stretch", icon=":material/map:", on_click="ignore", help="The same with each track as a line.")
        c.download_button("Intent", lambda: as_csv(intent_table(project, review, review.order)), "intent.csv", "text/csv",
                          key="intent_csv", width="stretch", icon=":material/target:", on_click="ignore",
                          help="CSV: what each reviewed track seemed to be after, along its way.")
        st.info(HONEST)
    with left:
        st.subheader("Preview")
        st.caption(as_markdown(provenance_of(project, record), WHOLE))
        result = record.result
        if PARTS[0] in wanted:
            st.plotly_chart(weights_figure(result.names, result.theta, result.interval()), width="stretch", key="report_weights")
            st.caption("\n".join(f"- {as_markdown(sentence)}" for sentence in fit_sentences(project, result)))
        if PARTS[1] in wanted and world.has_coordinates:
            track_map.show(track_picture(project, world, review), "map_report", "Map of the flagged tracks")
        if PARTS[2] in wanted:
            table = review_table(project, review)
            if review.flagged.any():
                st.dataframe(as_shown(table[table["flagged"]]), hide_index=True, width="stretch")
            else:
                st.caption(NONE_FLAGGED)
        if after is not None:
            st.caption(AFTER_SENTENCE)
            st.dataframe(as_shown(after), hide_index=True, width="stretch")


opened = headline("What do I hand over?")
need(opened.fit is not None, "There is no fit yet, so there is nothing to report. The project itself can be saved at any time, in the "
     "sidebar.", "fit", "Fit first")
assert opened.world is not None and opened.fit is not None
say_stale(opened)
with errors_as_words():
    page(opened, opened.world, opened.fit)
