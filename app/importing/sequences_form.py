"""Sequences without a network: an event log, or places whose ways are those that were seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from app.importing.begin import begin_import, import_on_network, wants_import, whole
from app.importing.columns_form import columns_beside, columns_of, options_of, picked_texts
from app.importing.log_form import asked_of_log, made_of
from app.importing.preview import preview, what_was_done
from irlcore.project.importing.log_project import log_name, on_log
from irlcore.project.importing.reading import Plan, fixed
from irlcore.project.importing.sources import Source
from irlcore.project.settings.of_project import reading_of
from irlcore.tracks.logs.naming import as_events, as_paths
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import Preview
from irlcore.tracks.sources import Role


def sequences(sources: Sequence[Source], heads: Mapping[str, Preview], roles: dict[str, Role], tables: dict[Role, pd.DataFrame]) -> None:
    """Sequences without a network: events of a log, or places whose ways are those that were seen."""
    role: Role = "events" if "events" in tables else "paths"
    if "links" in tables:
        st.caption(":material/info: A log has no network: the table of links is used only where the events are places of it, "
                   "which is said here.")
    kind = made_of(tables[role], role)
    if kind is None:
        return
    columns = columns_of(tables[role], role)
    options = options_of(bool({"step", "t"} & set(columns)), kind == "network")
    picked_texts(sources, roles, tables, role, columns)
    read_as: Role = "events" if kind == "log" else "paths"
    taken = as_events(columns) if kind == "log" else as_paths(columns)
    picked: dict[Role, dict[str, str]] = {read_as: taken, **({} if kind == "log" else columns_beside(tables))}
    plan = Plan(tuple(sources), tuple(roles.items()), read_as, fixed(picked), options=options)
    first = read_events if kind == "log" else read_paths
    found = whole(plan, heads, lambda: first(tables[role], taken, options=options))
    if found is None:
        return
    if kind == "network":
        import_on_network(plan, found)
        return
    preview(found.imported, called="sequences")
    what_was_done(found.imported)
    states, ends = st.columns(2)  # beside each other, so that the button is in view too
    log = asked_of_log(plan, found, states, ends)
    with ends:
        wanted = log is not None and wants_import(plan, wide=True)
    if log is not None and wanted:
        name = log_name(next((source.name for source in plan.sources if roles.get(source.name) == role), ""))
        begin_import(plan, lambda watch: on_log(found, watch, log, name), reading_of(plan, log=log))
