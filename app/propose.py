"""Propose a feature: from a shape drawn on the map, from a form, from GeoJSON."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.feature_cards import SIGNS, look_of
from app.shell import errors_as_words, safe
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec, Parameter
from irlcore.features.checks import embedded, names_used
from irlcore.features.zones import ring_from_points, zones_from_geojson, zones_to_geojson
from irlcore.project import Project, remember
from irlcore.worlds.world import World

DRAWN = {"inside": "a zone: being inside it matters", "distance": "a zone: the distance to it matters",
         "spot": "a place (its middle): the distance to it matters", "only": "a zone, without a feature for now"}


def add(project: Project, spec: FeatureSpec, world: World, said: str) -> None:
    """The feature into the project, once it is known to work; names stay unique."""
    if not spec.name or any(s.name == spec.name for s in project.features):
        raise FeatureError(f"A feature called {spec.name!r} is there already, or the name is empty.", "Choose another name.")
    look_of(project, world, spec)
    session.put(remember(replace(project, features=(*project.features, spec)), said))
    st.rerun()


def save_drawing(project: Project, world: World, ring: tuple[list[float], list[float]]) -> None:
    """What was drawn with the lasso becomes a zone or a place, and a feature of it."""
    with st.form("drawing", border=True):
        left, right = st.columns(2)
        name = left.text_input("Name what you drew", f"zone {len(project.zones) + len(project.spots) + 1}").strip()
        use = right.selectbox("Use it as", list(DRAWN), format_func=DRAWN.__getitem__)
        if not st.form_submit_button("Save and add", type="primary"):
            return
        with errors_as_words():
            corners = ring_from_points(*ring)
            if not name or name in project.zones or name in project.spots:
                raise FeatureError(f"A zone or place called {name!r} is there already, or the name is empty.", "Choose another name.")
            if use == "spot":
                project = replace(project, spots={**project.spots, name: corners[:-1].mean(axis=0)})
            else:
                project = replace(project, zones={**project.zones, name: corners})
            if use == "only":
                session.put(remember(project, f"Drew the zone {name}"))
                st.rerun()
            reach = float(f"{np.ptp(world.place_xy[np.isfinite(world.place_xy[:, 0]), 0]) / 4:.1g}")
            spec = (FeatureSpec(f"in {name}", "zone", {"zone": name}) if use == "inside"
                    else FeatureSpec(f"distance to {name}", "distance", {"place": name, "reach": reach}))
            add(project, spec, world, f"Drew {name} and added {spec.name}")


def ask(project: Project, world: World, p: Parameter, key: str) -> Any:
    """The widget of one parameter."""
    if p.type == "number":
        return st.number_input(p.label, value=float(p.default or 0.0), min_value=p.minimum, help=p.help or None, key=key)
    options = {"choice": list(p.options), "zone": list(project.zones), "spot": [*project.spots, *project.zones],
               "place_attribute": list(world.place_attributes), "choice_attribute": list(world.choice_attributes),
               "attribute": [*world.place_attributes, *world.choice_attributes], "places": [*project.spots, *project.zones],
               "feature": [s.name for s in project.features]}.get(p.type)
    if options is None:
        return st.text_input(p.label, str(p.default or ""), help=p.help or None, key=key)
    if not options:
        st.info("Draw it on the map first." if p.type in ("zone", "spot", "places") else "Add a feature first." if p.type == "feature"
                else "This world has no attributes.")
        return None
    if p.type == "places":
        return st.multiselect(p.label, options, default=options[:1], help=p.help or None, key=key)
    if p.type == "feature":
        chosen = st.selectbox(p.label, range(len(options)), format_func=options.__getitem__, help=p.help or None, key=key)
        return embedded(project.features[chosen])
    return st.selectbox(p.label, options, help=p.help or None, key=key)


def in_words(value: Any) -> str:
    """A parameter's value as a name shows it: a list by its entries, a feature by its name."""
    return ", ".join(value) if isinstance(value, list) else str(value["name"]) if isinstance(value, dict) else str(value)


def form(project: Project, world: World) -> None:
    """Any kind of feature, with its picture and coverage before it is added."""
    usable = [k for k in KINDS.values() if not k.available(world)]
    kind = st.selectbox("Kind", usable, format_func=lambda k: k.title, key="kind")
    st.caption(kind.sentence)
    params = {p.name: ask(project, world, p, f"{kind.kind}_{p.name}_{session.changes()}") for p in kind.parameters}
    chosen = [in_words(v) for p, v in zip(kind.parameters, params.values(), strict=True) if v and p.type != "number"]
    name = st.text_input("Name", " ".join([kind.title.lower(), *chosen]), key=f"name_{kind.kind}_{chosen}")
    sign = st.selectbox("Its weight", list(SIGNS), format_func=SIGNS.__getitem__, key="sign")
    if None in params.values():
        return
    with errors_as_words():
        spec = FeatureSpec(name.strip(), kind.kind, params, sign)
        look = look_of(project, world, replace(spec, name="preview"))
        if look.picture:
            st.image(look.picture, width=240, alt="Where this feature is not 0")
        st.caption(f"Applies to {look.coverage:.0%} of choices.")
        if st.button("Add feature", width="stretch", key="add_feature", type="primary"):
            add(project, spec, world, f"Added {spec.name}")


def zones(project: Project, world: World) -> None:
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
    st.dataframe(pd.DataFrame([*({"name": n, "is": "zone", "corners": len(r) - 1} for n, r in project.zones.items()),
                               *({"name": n, "is": "place", "corners": 1} for n in project.spots)]), hide_index=True, width="stretch")
    st.download_button("Export zones (GeoJSON)", lambda: zones_to_geojson(project.zones, world.crs), "zones.geojson", width="stretch",
                       on_click="ignore", disabled=not project.zones)
    gone = st.selectbox("Remove", [*project.zones, *project.spots], key="remove_zone")
    if st.button(f"Remove {safe(gone)}", width="stretch"):
        users = [s.name for s in project.features if gone in names_used(s, [gone])]
        with errors_as_words():
            if users:
                raise FeatureError(f"{gone} is used by {', '.join(users)}.", "Remove these features first.")
            left = {n: r for n, r in project.zones.items() if n != gone}, {n: r for n, r in project.spots.items() if n != gone}
            session.put(remember(replace(project, zones=left[0], spots=left[1]), f"Removed {gone}"))
            st.rerun()
