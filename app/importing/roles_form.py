"""What each file holds: guessed from its first rows, for the analyst to confirm."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.columns import guess_role, source_of
from irlcore.tracks.readers import Preview
from irlcore.tracks.sources import Role

ROLES: dict[Role, str] = {"points": "points of tracks", "paths": "paths as link ids", "links": "links of a network",
                          "transitions": "which link follows which", "nodes": "nodes with coordinates",
                          "attributes": "attributes of tracks", "outcomes": "a world of one's own: states, choices, outcomes",
                          "states": "states of a world of one's own", "choices": "observed choices in it", "unknown": "not used"}


def roles_of(heads: Mapping[str, Preview]) -> dict[str, Role]:
    """What each file holds, guessed, for the analyst to confirm."""
    chosen: dict[str, Role] = {}
    for name, head in heads.items():
        left, right = st.columns([3, 2], vertical_alignment="center")
        table = head.table
        rows = f"{head.rows:,} rows" if head.exact else f"about {head.rows:,} rows"
        source = source_of(table)
        left.markdown(f"**{as_markdown(name, NAME)}** · {rows} · {as_markdown(', '.join(map(str, table.columns[:8])))}"
                      + (" ..." if len(table.columns) > 8 else "") + (f" · looks like {source.name}" if source is not None else ""))
        names = list(ROLES)
        chosen[name] = right.selectbox(f"What {as_markdown(name, NAME)} holds", names, index=names.index(guess_role(table)),
                                       key=f"role_{name}", format_func=ROLES.__getitem__, label_visibility="collapsed")
    return chosen
