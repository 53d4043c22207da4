"""Review: who does not behave like the rest, and why?"""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from app import session
from app.review_controls import review_from_controls
from app.shell import errors_as_words, need, safe
from irlcore.project import Verdict, now, remember
from irlcore.report.export import review_table
from irlcore.report.figures import (
    ALTERNATIVE,
    FLAGGED,
    ORDINARY,
    SELECTED,
    WORST,
    add_choices,
    add_ends,
    add_paths,
    base_map,
)
from irlcore.review.calibration import calibration_limit, control_sentence
from irlcore.study import reasons_study

st.title("Who does not behave like the rest, and why?")
project = session.project()
need(project.fit is not None, "There is no fit of this class yet: without it nothing can be unusual.", "fit", "Fit first")
world = project.world
assert world is not None
with errors_as_words():
    review = review_from_controls()
    assert review is not None
    parts = review.parts
    st.write(control_sentence(review.control, len(parts.review)))
    if parts.has_reference:
        limit = calibration_limit(len(parts.calibration), review.control, len(parts.review))
        if limit:
            st.warning(limit)
    else:
        st.caption("No tracks are known to be normal, so the batch is compared with itself; the rates above are then only "
                   "approximate. Name normal tracks on the Tracks page for exact ones.")
    table = review_table(project, review)
    ids = [str(i) for i in table["track"]]
    current = session.selected() if session.selected() in ids else (ids[0] if ids else "")
    left, right = st.columns([3, 2])
    with right:
        st.subheader(f"{int(review.flagged.sum())} flagged of {len(ids)}")
        a, b = st.columns(2)
        at = ids.index(current) if current in ids else 0
        if a.button("Previous", disabled=at == 0, width="stretch", shortcut="Left"):
            session.select(ids[at - 1])
            st.rerun()
        if b.button("Next", disabled=at >= len(ids) - 1, width="stretch", shortcut="Right"):
            session.select(ids[at + 1])
            st.rerun()
        event: Any = st.dataframe(table, hide_index=True, width="stretch", height=330, on_select="rerun",
                                  selection_mode="single-row", key=f"list_{session.changes()}",
                                  column_config={"p-value": st.column_config.NumberColumn(format="%.4f"),
                                                 "surprise (sd)": st.column_config.NumberColumn(format="%.2f"),
                                                 "extra cost (utility)": st.column_config.NumberColumn(format="%.2f"),
                                                 "worst stretch (nats)": st.column_config.NumberColumn(format="%.2f")})
        rows = event["selection"]["rows"]
        if rows and session.newly_picked("list", rows):
            session.select(ids[rows[0]])
            st.rerun()
    index = int(np.flatnonzero(parts.paths.ids == current)[0])
    reasons = reasons_study(project, review, index)
    with left:
        if world.has_coordinates:
            figure = base_map(world, project.zones, 520)
            add_paths(figure, world, parts.paths, parts.review, ORDINARY, 1, 0.15)
            add_paths(figure, world, parts.paths, np.flatnonzero(review.flagged), FLAGGED, 1.5, 0.6, name="flagged")
            add_choices(figure, world, reasons.alternative, ALTERNATIVE, 3, "dash", "likelier way")
            add_paths(figure, world, parts.paths, [index], SELECTED, 4, 1.0, name="selected")
            add_choices(figure, world, reasons.stretch, WORST, 7, "solid", "worst stretch")
            add_ends(figure, world, parts.paths, index)
            clicked: Any = st.plotly_chart(figure, width="stretch", key=f"map_review_{current}", on_select="rerun",
                                           selection_mode="points")
            points = clicked["selection"]["points"] if clicked else []
            hit = str(points[0].get("customdata", "")) if points else ""
            if hit in ids and hit != current:
                session.select(hit)
                st.rerun()
            st.caption("Blue: the selected track. Orange: its worst stretch. Green, dashed: the likelier way. Red: other flagged "
                       "tracks.")
    with right:
        st.subheader(safe(current))
        for sentence in reasons.sentences:
            st.markdown(f"- {safe(sentence)}")
        verdict = project.verdicts.get(current)
        st.caption(f"Verdict: {verdict.outcome if verdict else 'none yet'}")
        for column, (outcome, label) in zip(st.columns(4), (
                ("understood", "Understood"), ("discarded", "Discard"), ("misunderstood", "Name what it was after"),
                ("operational event", "Operational event")), strict=True):
            if column.button(label, key=f"verdict_{outcome}", width="stretch"):
                made = Verdict(outcome, "", now())  # type: ignore[arg-type]
                session.select(current)
                session.put(remember(replace(project, verdicts={**project.verdicts, current: made}), f"{current}: {outcome}"))
                if outcome == "misunderstood":
                    st.switch_page("pages/features.py")
                st.rerun()
