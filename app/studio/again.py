"""Drawing the studio again without the rest of the page: it is a fragment, and most clicks in it change nothing beside it."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app import session


def drawn_for() -> tuple[object, ...]:
    """What the sidebar and the lines above the page show of: where it has changed, the studio alone is not enough."""
    return session.changes(), session.job(), session.notice()


def same_as(before: tuple[object, ...]) -> bool:
    """Whether ``drawn_for`` is still what it was."""
    return all(a is b or a == b for a, b in zip(before, drawn_for(), strict=True))


def again() -> NoReturn:
    """Draw the studio again; the whole page where it is being drawn as a whole."""
    run = get_script_run_ctx()
    if run is not None and run.fragment_ids_this_run:
        st.rerun(scope="fragment")
    st.rerun()
