"""The lab book on the Features page: every step with its time, reason and numbers, and as a file."""

import streamlit as st

from irlcore.project.project import Project
from irlcore.report.lab_book import lab_book_markdown, lab_book_table
from irlcore.report.text import as_markdown

TALLEST, FITS = 320, 5  # pixels, and steps that need no more


def lab_book(project: Project) -> None:
    """A list, the newest step first, and the download."""
    if not project.history:
        return
    with st.expander("Lab book", icon=":material/menu_book:"):
        with st.container(height=TALLEST if len(project.history) > FITS else "content", border=False, gap="small", key="lab_book"):
            for made, what, why, numbers in lab_book_table(project).itertuples(index=False):
                after = [f"  \n{as_markdown(why)}" if why else "", f"  \n:small[:gray[{as_markdown(numbers)}]]" if numbers else ""]
                st.markdown(f":small[:gray[{as_markdown(made)}]] {as_markdown(what)}{''.join(after)}")
        st.download_button("Download as Markdown", lambda: lab_book_markdown(project), "lab_book.md", mime="text/markdown",
                           on_click="ignore", key="lab_book_file", icon=":material/download:")
