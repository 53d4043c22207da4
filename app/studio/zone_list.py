"""Zones and places of the project: import, export, rename, remove."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import Desk, drawn_spec, places_key, uses_drawing
from app.fitting.value_features import rename_zone_of_value_features
from app.shell import errors_as_words
from app.studio.findings import keep_findings
from app.studio.suggestion_list import renamed
from irlcore.analysis.study import fit_key
from irlcore.errors import FeatureError, MotiveError
from irlcore.features.checks import names_used
from irlcore.features.renaming import with_place_renamed
from irlcore.features.zones import zones_from_geojson, zones_to_geojson
from irlcore.project.project import Project, remember
from irlcore.project.renaming import place_renamed
from irlcore.report.text import NAME, as_markdown, as_shown, printable, told_apart
from irlcore.tracks.bounds import LONGEST_TYPED
from irlcore.worlds.world import World


def zone_list(project: Project, world: World) -> None:
    """Zones and places: import, export, rename, remove."""
    upload = st.file_uploader("Zones from GeoJSON polygons", type=["geojson", "json"], key="geojson")
    if upload is not None and st.button("Add these zones"):
        with errors_as_words():
            found = zones_from_geojson(upload.getvalue().decode("utf-8", errors="replace"), world.crs)
            taken = [name for name in found if name in project.zones or name in project.spots]
            if taken:
                raise FeatureError(f"A zone or place called {taken[0]!r} is there already.",
                                   "Rename it in the file, or remove the old one.")
            session.choose(chosen_zone=next(iter(found)))
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
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox("Zone or place", names, key="chosen_zone", format_func=told_apart(names).__getitem__)
    st.button(f"What would {as_markdown(chosen, NAME)} explain?" if project.fit is not None else f"Propose {as_markdown(chosen, NAME)}",
              key="propose_zone", on_click=clicked(propose_place), args=(chosen,), icon=":material/lightbulb:", width="stretch",
              help="Proposes being inside the zone (the distance to it, for a place) as a feature; nothing is added before you accept it.")
    key = f"zone_name_{names.index(chosen)}_{session.changes()}"
    right.text_input("Its name", printable(chosen), LONGEST_TYPED, key=key)
    with st.container(horizontal=True):
        busy = session.busy()  # a fit that is being made names its zones as they were when it began
        st.button("Rename", key="rename_zone", on_click=clicked(rename), args=(chosen, key), icon=":material/edit:", disabled=busy)
        st.button(f"Remove {as_markdown(chosen, NAME)}", key="remove_zone", on_click=clicked(remove), args=(chosen,),
                  icon=":material/delete:", disabled=busy)


def propose_place(name: str) -> None:
    """Lay the feature that a zone or place stands for on the desk, as if it had just been drawn: its preview says what it would bring."""
    project = session.project()
    if project.world is not None and (name in project.zones or name in project.spots):
        session.lay(spec=drawn_spec(Desk(name=name, use="inside" if name in project.zones else "spot"), project.world))


def rename(old: str, typed: str) -> None:
    """Another name, typed into the widget of that key. What was found with the fit is kept, and what is proposed stays on the desk: it
    measures what it measured."""
    project, new = session.project(), str(session.chosen(typed, "")).strip()
    if new == old:
        return
    after = place_renamed(project, old, new)
    found = suggestions = None
    key = _key_of_fit(project)
    if key is not None:
        found = session.found("unexplained", key), session.found("scores", key)
        suggestions = session.found("suggestions", (*key, places_key(project)))
    desk = session.now_on_desk()
    if desk.spec is not None and not uses_drawing(desk, desk.spec):
        desk = replace(desk, spec=with_place_renamed(desk.spec, old, new))
    session.put(after, desk)
    rename_zone_of_value_features(old, new)
    if found is not None and None not in found:
        keep_findings(fit_key(after), *found)
    if suggestions is not None:
        session.keep_found("suggestions", (*fit_key(after), places_key(after)), renamed(suggestions, old, new))


def _key_of_fit(project: Project) -> tuple[object, ...] | None:
    """What is found with the newest fit hangs on; None where there is none, or it can no longer be used."""
    try:
        return fit_key(project)
    except MotiveError:
        return None


def remove(name: str) -> None:
    """Take a zone or place away. FeatureError where a feature uses it."""
    project = session.project()
    if users := [s.name for s in project.features if name in names_used(s, [name])]:
        raise FeatureError(f"{name} is used by {', '.join(users)}.", "Remove these features first.")
    zones, spots = ({n: xy for n, xy in places.items() if n != name} for places in (project.zones, project.spots))
    session.put(remember(replace(project, zones=zones, spots=spots), f"Removed {name}"))
