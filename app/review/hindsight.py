"""Hindsight: labels that came later are read, and the review is held against them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import places_key
from app.shell import errors_as_words, in_its_words
from app.studio.findings import kept
from irlcore.analysis.hindsight import Hindsight, hindsight_study
from irlcore.analysis.labels import read_labels, with_labels, without_labels
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import fit_key
from irlcore.errors import MotiveError
from irlcore.project.project import Project
from irlcore.report.charts import found_figure
from irlcore.report.hindsight_words import (
    CAUTION,
    HELP,
    feature_table,
    hindsight_sentences,
    ranking_table,
    wrong_table,
)
from irlcore.report.text import as_markdown, as_shown

LONGEST = 600


def show(project: Project, review: Review) -> None:
    """Labels from a file; then what the list had and had wrong, how scores rank, and what the next feature should have been."""
    told, files = st.columns([3, 1.3], gap="large")
    with files, errors_as_words():
        _labels(project)
    with told, errors_as_words():
        if not project.labels:
            st.info(in_its_words("Without labels nothing can be said in hindsight. A file that says which tracks were abnormal after all "
                                 "tells what the list had, missed and had wrong, and what the next feature should have been."),
                    icon=":material/history:")
            return
        found = looked_back(project, review)
        if found is None:
            st.caption("The list has not been held against the labels yet.")
        else:
            _told(found)


def looked_back(project: Project, review: Review) -> Hindsight | None:
    """The review held against the labels; None without any, and while it is sought. MotiveError where they tell nothing of it."""
    if not project.labels:
        return None
    key = (*fit_key(project), review.score, review.control, tuple(sorted(project.labels.items())),
           session.derived("places", lambda: places_key(project)))
    found = kept("hindsight", key, "Looking back", lambda watch: hindsight_study(project, review, project.labels, watch))
    if isinstance(found, MotiveError):
        raise found
    return found if isinstance(found, Hindsight) else None


def _labels(project: Project) -> None:
    upload = st.file_uploader("Labels from a file", type=["csv", "xlsx", "parquet", "zip"], key=f"labels_file_{session.changes()}",
                              help=in_its_words("A column of tracks by name, and one that says which were abnormal: 1 and 0, yes and no, "
                                                "words, or outcomes of triage."))
    if upload is not None:
        read = session.derived("label file", lambda: read_labels(project, upload.getvalue(), upload.name), upload.file_id)
        for sentence in read.sentences:
            st.caption(as_markdown(sentence))
        after = with_labels(project, read, upload.name)
        if after is project:
            st.info("All of these labels stand here already." if read.labels else "There is no label in this file that could be taken.")
        elif st.button("Take these labels", key="import_labels", type="primary"):
            session.put(after)
            st.rerun(scope="app")
    if project.labels:
        st.button("Remove all labels", key="remove_labels", on_click=clicked(_remove))


def _remove() -> None:
    session.put(without_labels(session.project()))


def _told(found: Hindsight) -> None:
    st.markdown("\n".join(f"- {as_markdown(sentence, LONGEST)}" for sentence in hindsight_sentences(found)))
    st.caption(as_markdown(CAUTION))
    if found.abnormal:
        st.plotly_chart(found_figure(found.curve, found.flagged), width="stretch", key="hindsight_found",
                        alt="Share of the abnormal tracks found, by how many labelled tracks are looked at",
                        config={"displayModeBar": False})
    _table("Missed", wrong_table(found.missed))
    _table("False alarms", wrong_table(found.false_alarms))
    st.markdown("**Scores**", help=HELP)
    st.dataframe(as_shown(ranking_table(found.rankings)), hide_index=True, width="stretch", key="hindsight_scores")
    _table("Features that tell the missed from normal tracks", feature_table(found.for_missed))
    _table("Features that tell the false alarms from other normal tracks", feature_table(found.for_false))


def _table(title: str, rows: pd.DataFrame) -> None:
    if len(rows):
        st.markdown(f"**{title}: {len(rows):,}**")
        st.dataframe(as_shown(rows), hide_index=True, width="stretch")
