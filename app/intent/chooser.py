"""Which track is asked about: found by its id, for a select box of fifteen thousand tracks is slow and cannot be read."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from irlcore.report.text import NAME, as_markdown, told_apart
from irlcore.worlds.called import Called

MOST = 8
"""Tracks that are offered."""


def choose(ids: list[str], words: Called) -> str:
    """A field to search by id, with the tracks that match; the one chosen is selected everywhere. words: of the kind of world."""
    current = session.selected() if session.selected() in ids else ids[0]
    wanted = st.text_input(words.say("Find a track"), key="find_track",
                           placeholder=f"Find one of {len(ids):,} {words.tracks} by its id",
                           label_visibility="collapsed")
    if wanted.strip():
        hits = matching(ids, wanted.strip())
        if not hits:
            st.caption(f"No {words.track} of this class is called like {as_markdown(wanted, NAME)}.")
        shown = told_apart(hits[:MOST])
        for at, row in enumerate(hits[:MOST]):
            st.button(as_markdown(shown[row]), key=f"hit_{at}", width="stretch", on_click=clicked(_take), args=(row,),
                      type="primary" if row == current else "secondary")
        if len(hits) > MOST:
            st.caption(f"And {len(hits) - MOST:,} more: type more of the id.")
    at = ids.index(current)
    left, right = st.columns(2)
    left.button("Previous", disabled=at == 0, width="stretch", shortcut="Left", key="previous", on_click=clicked(session.select),
                args=(ids[max(at - 1, 0)],))
    right.button("Next", disabled=at == len(ids) - 1, width="stretch", shortcut="Right", key="next", on_click=clicked(session.select),
                 args=(ids[min(at + 1, len(ids) - 1)],))
    return current


def _take(track: str) -> None:
    session.select(track)
    session.choose(find_track="")


def matching(ids: list[str], wanted: str) -> list[str]:
    """The ids that hold a text, whatever its case: those that are it first, then those that begin with it."""
    low = wanted.casefold()
    folded = np.array([one.casefold() for one in ids], object)
    rank = np.array([0 if one == low else 1 if one.startswith(low) else 2 if low in one else 3 for one in folded])
    return [ids[k] for k in np.argsort(rank, kind="stable") if rank[k] < 3]
