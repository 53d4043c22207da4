"""Verdicts and notes to a file and from one."""

from __future__ import annotations

import streamlit as st

from app import session
from app.shell import errors_as_words, in_its_words
from irlcore.analysis.ranking import Review
from irlcore.analysis.verdict_files import VerdictFile, read_verdicts, verdict_table, with_verdicts
from irlcore.project.project import Project
from irlcore.report.file_names import file_name
from irlcore.report.text import as_csv, as_markdown

KEEP, REPLACE = "Keep what stands here", "Replace it by the file's"


def show(project: Project, review: Review | None = None) -> None:
    """Export all verdicts; import a file, which says what it does not match and asks before others are overwritten."""
    with st.expander("Verdicts from and to a file", icon=":material/swap_horiz:"), errors_as_words():
        st.download_button("Export verdicts and notes (CSV)", lambda: as_csv(verdict_table(project, review)),
                           file_name(project.name, project.agent_class, "verdicts", "csv"), "text/csv", key="export_verdicts",
                           on_click="ignore", width="stretch", help=in_its_words(
                               "Track, outcome, reason, note, time, and the rules that silence it."),
                           disabled=not (project.verdicts or project.track_notes or project.silencing))
        upload = st.file_uploader("Verdicts from a file", type=["csv", "xlsx", "parquet", "zip"],
                                  key=f"verdicts_file_{session.changes()}",
                                  help=in_its_words("A column of tracks by name, one of outcomes, and reasons or notes where there are "
                                                    "any."))
        if upload is not None:
            found = session.derived("verdict file", lambda: read_verdicts(project, upload.getvalue(), upload.name), upload.file_id)
            _take(project, found, upload.name)


def _take(project: Project, found: VerdictFile, name: str) -> None:
    for sentence in found.sentences:
        st.caption(as_markdown(sentence))
    overwrite = False
    if found.others:
        many = len(found.others)
        st.warning(f"{many:,} {'track has' if many == 1 else 'tracks have'} another verdict or note here already.",
                   icon=":material/warning:")
        overwrite = st.radio("Where both differ", (KEEP, REPLACE), key="verdicts_overwrite", horizontal=True) == REPLACE
    after = with_verdicts(project, found, name, overwrite)
    if after is project:
        st.info("There is nothing new in this file.")
    elif st.button("Take these verdicts", key="import_verdicts", type="primary"):
        session.put(after)
        st.rerun(scope="app")
