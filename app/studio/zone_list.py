"""Zones and places of the project: import, export, remove."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import session
from app.shell import errors_as_words
from irlcore.errors import FeatureError
from irlcore.features.checks import names_used
from irlcore.features.zones import zones_from_geojson, zones_to_geojson
from irlcore.project.project import Project, remember
from irlcore.report.text import NAME, as_markdown, as_shown, told_apart
from irlcore.worlds.world import World


def zone_list(project: Project, world: World) -> None:
    """Zones and places: import, export, remove."""
    upload = st.file_uploader("Zones from GeoJSON polygons", type=["geojson", "json"], key="geojson")
    if upload is not None and st.button("Add these zones"):
        with errors_as_words():
            found = zones_from_geojson(upload.getvalue().decode("utf-8", errors="replace"), world.crs)
            taken = [name for name in found if name in project.zones or name in project.spots]
            if taken:
                raise FeatureError(f"A zone or place called {taken[0]!r} is there already.",
                                   "Rename it in the file, or remove the old one.")
            session.put(remember(replace(project, zones={**project.zones, **found}), f"Imported {len(found)} zones"))
            st.rerun()
    if not project.zones and not project.spots:
        st.caption("No zones or places yet. Draw round an area on the map, or load GeoJSON.")
        return
    table = pd.DataFrame([*({"name": n, "is": "zone", "corners": len(r) - 1} for n, r in project.zones.items()),
                          *({"name": n, "is": "place", "corners": 1} for n in project.spots)])
    st.dataframe(as_shown(table), hide_index=True, width="stretch")
    st.download_button("Export zones (GeoJSON)", lambda: zones_to_geojson(project.zones, world.crs), "zones.geojson", width="stretch",
                       on_click="ignore", disabled=not project.zones)
    names = [*project.zones, *project.spots]
    gone = st.selectbox("Remove", names, key="remove_zone", format_func=told_apart(names).__getitem__)
    if st.button(f"Remove {as_markdown(gone, NAME)}", width="stretch"):
        users = [s.name for s in project.features if gone in names_used(s, [gone])]
        with errors_as_words():
            if users:
                raise FeatureError(f"{gone} is used by {', '.join(users)}.", "Remove these features first.")
            left = {n: r for n, r in project.zones.items() if n != gone}, {n: r for n, r in project.spots.items() if n != gone}
            session.put(remember(replace(project, zones=left[0], spots=left[1]), f"Removed {gone}"))
            st.rerun()
