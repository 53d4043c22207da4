"""What each file holds: guessed from its first rows, for the analyst to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from app.importing.uploads import first_rows
from app.shell import errors_as_words
from irlcore.project.importing.sources import Source
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.columns import guess_role, source_of
from irlcore.tracks.files.roads import AreasOnly
from irlcore.tracks.readers import Preview
from irlcore.tracks.sources import Role

ROLES: dict[Role, str] = {"points": "points of tracks", "paths": "paths as link ids", "events": "events of a log",
                          "links": "links of a network",
                          "transitions": "which link follows which", "nodes": "nodes with coordinates",
                          "attributes": "attributes of tracks", "outcomes": "a world of one's own: states, choices, outcomes",
                          "states": "states of a world of one's own", "choices": "observed choices in it", "unknown": "not used"}
FORMATS = """**Points**: one row a point, `track, t, x, y` or `track, t, lon, lat`; every column that is the same along a track (class,
period) becomes its attribute. **Network**: a table of links (`link, u, v, length`, shapes as `wkt`, or nodes with coordinates), if you
have one a table of transitions (`from_link, to_link`), and paths (`track, path` as `12_15_9`, or long: `track, step, link`). Names of
columns as AIS, Movebank, GTFS, OpenSky, osmnx, fmm and others write them are known. CSV of any separator and encoding, Excel, Parquet,
GPX, KML, TCX, XES, GeoJSON, GeoLife, GraphML, shapefiles (all their parts), GeoPackages; gzipped or zipped. Points beside a network can
be matched to it. **Event logs** (a process, commands, system calls): one row an event, `case, time, event`, or one row a sequence with
its events in one text; XES, and CSV as pm4py writes it. **A world of one's own**: outcomes (`state, choice, next_state, probability`) and
what was chosen (`track, step, state, choice`). Files stay on this machine."""
ALIKE = 3  # files of the same columns, from which on they are one line


def looked_into(sources: Sequence[Source]) -> tuple[dict[str, Preview], list[Source]]:
    """The first rows of each file; and the files that hold areas, which are no tables."""
    heads: dict[str, Preview] = {}
    areas: list[Source] = []
    for source in sources:
        with errors_as_words():
            try:
                heads[source.name] = first_rows(source)
            except AreasOnly:
                if len(sources) == 1:
                    raise
                areas.append(source)
    return heads, areas


def roles_of(heads: Mapping[str, Preview]) -> dict[str, Role]:
    """What each file holds, guessed, for the analyst to confirm; files of the same columns (a day each, say) together."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, head in heads.items():
        groups.setdefault((guess_role(head.table), *map(str, head.table.columns)), []).append(name)
    chosen: dict[str, Role] = {}
    for names in groups.values():
        for some in [names] if len(names) >= ALIKE else [[one] for one in names]:
            role = _asked(some, heads)
            chosen |= dict.fromkeys(some, role)
    return {name: chosen[name] for name in heads}


def _asked(names: Sequence[str], heads: Mapping[str, Preview]) -> Role:
    """What these files hold, all of the same columns."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    table, many = heads[names[0]].table, sum(heads[name].rows for name in names)
    rows = f"{many:,} rows" if all(heads[name].exact for name in names) else f"about {many:,} rows"
    source = source_of(table)
    files = as_markdown(names[0], NAME)
    if len(names) > 1:
        files = f"{len(names)} files, {files} to {as_markdown(names[-1], NAME)}"
    left.markdown(f"**{files}** · {rows} · {as_markdown(', '.join(map(str, table.columns[:8])))}"
                  + (" ..." if len(table.columns) > 8 else "") + (f" · looks like {source.name}" if source is not None else ""))
    roles = list(ROLES)
    role: Role = right.selectbox(f"What {as_markdown(names[0], NAME)} holds", roles, index=roles.index(guess_role(table)),
                                 key=f"role_{names[0]}", format_func=ROLES.__getitem__, label_visibility="collapsed")
    return role
