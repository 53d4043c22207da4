"""Glossary: what the words of the screens mean."""

import streamlit as st

from app.shell import errors_as_words, headline
from irlcore.report.glossary import TERMS, found_terms
from irlcore.report.text import NAME, as_markdown

COLUMNS = 2

headline("What do these words mean?")


def page() -> None:
    """A search, then every term that it leaves."""
    asked = st.text_input("Search", key="glossary_search", placeholder="nat, p-value, gamma ...", max_chars=NAME)
    found = found_terms(asked)
    if not found:
        st.info(f"None of the {len(TERMS)} terms speaks of that.", icon=":material/info:")
    half = -(-len(found) // COLUMNS)
    for column, first in zip(st.columns(COLUMNS, gap="large"), range(0, COLUMNS * half, max(half, 1)), strict=False):
        with column:
            for term in found[first:first + half]:
                also = f" :gray[({as_markdown(', '.join(term.also))})]" if term.also else ""
                st.markdown(f"**{as_markdown(term.name)}**{also}  \n{as_markdown(term.meaning)}  \n*{as_markdown(term.example)}*")
                if term.pages and not asked:
                    st.caption(f"Met on: {', '.join(term.pages)}")


with errors_as_words():
    page()
