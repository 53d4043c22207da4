"""The lab book on the Features page: every step with its time, reason and numbers, and as a file."""

from typing import Any

import streamlit as st

from irlcore.project import Project
from irlcore.report.lab_book import lab_book_markdown, lab_book_table

WIDTHS: dict[str, Any] = {"time (UTC)": st.column_config.TextColumn(width=75), "what": st.column_config.TextColumn(width=170),
                          "why": st.column_config.TextColumn(width=130), "numbers": st.column_config.TextColumn(width=130)}


def lab_book(project: Project) -> None:
    """A table, the newest step first, and the download."""
    if not project.history:
        return
    with st.expander("Lab book", icon=":material/menu_book:"):
        st.dataframe(lab_book_table(project), hide_index=True, width="stretch", height=min(38 + 35 * len(project.history), 280),
                     key="lab_book", column_config=WIDTHS, alt="What was done, when, why and with what numbers")
        st.download_button("Download as Markdown", lambda: lab_book_markdown(project), "lab_book.md", mime="text/markdown",
                           on_click="ignore", key="lab_book_file", icon=":material/download:")
