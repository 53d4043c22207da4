"""Review: who does not behave like the rest, and why?"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app import session, track_map
from app.review_controls import need_review, say_control
from app.shell import errors_as_words, go_to, headline, need, say_stale
from app.studio.map import FITTED_VIEW, MISSED, SELECTED_TRACK
from irlcore.analysis.study import Review, headlines, reasons_study
from irlcore.project.project import Project, Verdict, now, remember
from irlcore.report.charts import uses_figure
from irlcore.report.export import review_table
from irlcore.report.maps import ALTERNATIVE, FLAGGED, ORDINARY, SELECTED, WORST, add_choices, add_ends, add_paths, ground
from irlcore.report.text import NAME, as_markdown, as_shown, printable
from irlcore.review.reasons import Reasons
from irlcore.tracks.bounds import LONGEST_WORDS
from irlcore.worlds.world import World

OUTCOMES = (("understood", "Understood", "Ordinary after all, no reason to be alerted."),
            ("discarded", "Discard", "Bad data, or not of this class."),
            ("misunderstood", "Name what it was after", "The model lacks a feature: go and name it."),
            ("operational event", "Operational event", "A true positive, to be handed over."))
SHOWN = ("Flagged", "Not yet decided", "All")
MOST_BEHIND = 10_000  # vertices behind the selected track: drawn anew at every step through the list
FORMATS = {"p-value": "%.4f", "share as strange": "%.4f",
           "surprise (sd)": "%.1f", "improbability (nats)": "%.1f", "extra cost (utility)": "%.1f", "worst stretch (nats)": "%.1f"}


def listed(project: Project, review: Review) -> pd.DataFrame:
    """The reviewed tracks with their one-line reasons, strangest first, as the filter asks."""
    table = review_table(project, review)
    table.insert(3, "why", session.derived("why", lambda: headlines(project, review), review.score, review.control))
    shown = st.segmented_control("Show", SHOWN, default="All", key="shown", persist_state="session", label_visibility="collapsed",
                                 required=True)
    if shown == "Flagged":
        table = table[table["flagged"]]
    elif shown == "Not yet decided":
        table = table[table["verdict"] == ""]
    return table.reset_index(drop=True)


def choose(table: pd.DataFrame) -> str:
    """The list; the track selected in it, which is the one selected everywhere."""
    ids = [str(i) for i in table["track"]]
    current = session.selected() if session.selected() in ids else ids[0]
    at = ids.index(current)
    a, b, c = st.columns([2, 2, 3], vertical_alignment="center")
    if a.button("Previous", disabled=at == 0, width="stretch", shortcut="Left", key="previous"):
        session.select(ids[at - 1])
        st.rerun()
    if b.button("Next", disabled=at >= len(ids) - 1, width="stretch", shortcut="Right", key="next"):
        session.select(ids[at + 1])
        st.rerun()
    c.caption(f"{at + 1:,} of {len(ids):,}")
    key = f"list_{session.changes()}_{current}_{len(ids)}"
    columns: dict[str, Any] = {name: st.column_config.NumberColumn(format=form) for name, form in FORMATS.items() if name in table}
    columns["why"] = st.column_config.TextColumn(width="medium")
    event: Any = st.dataframe(as_shown(table), hide_index=True, width="stretch", height=265, on_select="rerun", selection_mode="single-row",
                              key=key, column_config=columns, selection_default={"selection": {"rows": [at]}},
                              alt="Reviewed tracks, strangest first")
    rows = event["selection"]["rows"]
    if rows and ids[rows[0]] != current:
        session.select(ids[rows[0]])
        st.rerun()
    return current


def picture(project: Project, world: World, review: Review, index: int, reasons: Reasons) -> None:
    """The map: ordinary tracks faint, flagged ones strong, the selected one on top with its likelier way."""
    if not world.has_coordinates:
        st.info("This network has no coordinates, so there is no map; the reasons below say where.")
        return
    paths = review.parts.paths
    figure = ground(world, project.zones)
    strange = np.flatnonzero(review.flagged)
    add_paths(figure, world, paths, review.parts.review, ORDINARY, 1, 0.25, "reviewed", MOST_BEHIND)
    add_paths(figure, world, paths, strange, FLAGGED, 1.5, 0.55, "flagged")
    add_choices(figure, world, reasons.stretch, WORST, 9, "solid", "worst stretch", from_start=False)
    add_paths(figure, world, paths, [index], SELECTED, 3.5, 1.0, "selected")
    add_choices(figure, world, reasons.alternative, ALTERNATIVE, 3, "dash", "likelier way")
    add_ends(figure, world, paths, index)
    track_map.show(figure, "map_review", "Map of the reviewed tracks; the selected one with its worst stretch and the likelier way")


def decide(project: Project, current: str) -> None:
    """Four verdicts, with a reason."""
    verdict = project.verdicts.get(current)
    why = st.text_input("Your reason", printable(verdict.reason) if verdict else "", LONGEST_WORDS, key=f"reason_{current}",
                        label_visibility="collapsed", placeholder="Your reason (optional), then what it is:")
    for column, (outcome, label, help_) in zip(st.columns(2) + st.columns(2), OUTCOMES, strict=True):
        mine = verdict is not None and verdict.outcome == outcome
        if column.button(label, key=f"verdict_{outcome}", width="stretch", help=help_, type="primary" if mine else "secondary"):
            made = Verdict(outcome, why.strip(), now())  # type: ignore[arg-type]
            session.select(current)
            session.put(remember(replace(project, verdicts={**project.verdicts, current: made}), f"{current}: {outcome}", made.reason))
            if outcome == "misunderstood":
                session.choose(**{FITTED_VIEW: MISSED, "whom": SELECTED_TRACK})
                go_to("features")
            st.rerun()


def page(project: Project, world: World) -> None:
    review = need_review()
    say_control(review)
    if not len(review.order):
        st.info("There is no track to review in this class: all of them are named as normal.")
        return
    left, right = st.columns([5, 4], gap="medium")
    with right:
        st.subheader(f"{int(review.flagged.sum())} flagged of {len(review.order):,}")
        table = listed(project, review)
        if not len(table):
            st.info("Nothing to show under this filter.")
            return
        current = choose(table)
    index = int(np.flatnonzero(review.parts.paths.ids == current)[0])
    reasons = session.derived("reasons", lambda: reasons_study(project, review, index), index, review.scores.loglik[index])
    with left:
        picture(project, world, review, index, reasons)
    with right:
        st.subheader(as_markdown(current, NAME))
        decide(project, current)
        st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in reasons.sentences))
    with left, st.expander("How it used each feature", icon=":material/bar_chart:", expanded=not world.has_coordinates):
        z = np.array([use.z for use in reasons.features])
        st.plotly_chart(uses_figure([use.name for use in reasons.features], z), width="stretch", key="uses",
                        alt="Use of each feature against what is expected")


opened = headline("Who does not behave like the rest, and why?")
need(opened.fit is not None, "There is no fit of this class yet: without it nothing can be unusual.", "fit", "Fit first")
assert opened.world is not None
say_stale(opened)
with errors_as_words():
    page(opened, opened.world)
