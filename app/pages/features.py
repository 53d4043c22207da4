"""Features: what might matter to them, and what does the model miss?"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.shell import errors_as_words, need, safe
from irlcore.features.base import KINDS, FeatureSpec, Parameter, Sign
from irlcore.features.feature_set import feature_column
from irlcore.features.zones import ring_from_points, zones_from_geojson
from irlcore.project import remember
from irlcore.report.figures import ORDINARY, add_paths, add_values, base_map
from irlcore.study import context_of, residual_study, split_paths
from irlcore.worlds.world import World

st.title("What might matter to them, and what does the model miss?")
project = session.project()
need(project.world is not None, "There is no world yet: features live on its links or cells.", "tracks", "Load tracks")
world = project.world
assert world is not None and project.paths is not None


SIGNS: dict[Sign, str] = {"free": "free", "negative": "a cost (0 or less)", "positive": "liked (0 or more)"}
ground: World = world


def put_zone(name: str, ring: np.ndarray) -> None:
    """A new zone, and the feature that says inside it."""
    spec = FeatureSpec(f"in {name}", "zone", {"zone": name})
    session.put(remember(replace(project, zones={**project.zones, name: ring}, features=(*project.features, spec)),
                         f"Drew the zone {name} and made a feature of it"))


left, right = st.columns([3, 2])
with left:
    views = ["Tracks", *[s.name for s in project.features]] + (["What the model misses"] if project.fit else [])
    view = st.selectbox("Show", views, key="view")
    figure = base_map(world, project.zones)
    with errors_as_words():
        parts = split_paths(project)
        if view == "What the model misses":
            add_values(figure, world, residual_study(project), True, "more / less than expected")
        elif view == "Tracks":
            add_paths(figure, world, parts.paths, np.arange(len(parts.paths)), ORDINARY, 1, 0.3)
        else:
            spec = next(s for s in project.features if s.name == view)
            column = feature_column(spec, world, context_of(project, parts))
            place = np.bincount(world.choice_place, weights=column, minlength=world.n_places)
            used = np.maximum(np.bincount(world.choice_place, minlength=world.n_places), 1)
            add_values(figure, world, place / used, False, spec.name)
    figure.update_layout(dragmode="lasso")
    event: Any = st.plotly_chart(figure, width="stretch", key=f"map_features_{session.changes()}", on_select="rerun",
                                 selection_mode=("lasso", "box"))
    lassos = event["selection"].get("lasso", []) if event else []
    if lassos:
        with st.form("zone_form"):
            name = st.text_input("Name of the zone you drew", f"zone {len(project.zones) + 1}")
            if st.form_submit_button("Save zone and add feature", type="primary"):
                with errors_as_words():
                    put_zone(name.strip() or "zone", ring_from_points(lassos[-1]["x"], lassos[-1]["y"]))
                    st.rerun()
    else:
        st.caption("Draw round an area with the lasso to make a zone of it.")
with right:
    st.subheader("Features")
    weights = {}
    if project.fit is not None:
        result = project.fit.result
        weights = {n: f"{w:.3g} [{a:.3g}, {b:.3g}]" for n, w, (a, b) in zip(result.names, result.theta, result.interval(), strict=True)}
    for k, spec in enumerate(project.features):
        with st.container(border=True):
            a, b, c = st.columns([5, 1, 1])
            a.markdown(f"**{safe(spec.name)}**  \n{safe(KINDS[spec.kind].describe(spec.params, world.unit))}")
            with errors_as_words():
                coverage = float((feature_column(spec, world, context_of(project, split_paths(project))) != 0).mean())
                a.caption(f"applies to {coverage:.0%} of choices"
                          + (f" · weight {safe(weights[spec.name])}" if spec.name in weights else ""))
            on = b.toggle("On", spec.enabled, key=f"on_{k}_{session.changes()}", label_visibility="collapsed")
            if on != spec.enabled:
                changed = (*project.features[:k], replace(spec, enabled=on), *project.features[k + 1:])
                session.put(remember(replace(project, features=changed), f"Switched {spec.name} {'on' if on else 'off'}"))
                st.rerun()
            if c.button("", icon=":material/delete:", key=f"del_{k}_{session.changes()}", help="Remove this feature"):
                rest = (*project.features[:k], *project.features[k + 1:])
                session.put(remember(replace(project, features=rest), f"Removed {spec.name}"))
                st.rerun()
    with st.expander("Add a feature", icon=":material/add:", expanded=not project.features):
        usable = [k for k in KINDS.values() if not k.available(world)]
        kind = st.selectbox("Kind", usable, format_func=lambda k: k.title, key="kind")
        st.caption(kind.sentence)

        def ask(p: Parameter) -> Any:
            if p.type == "number":
                return st.number_input(p.label, value=float(p.default or 0.0), min_value=p.minimum, help=p.help or None)
            options = {"choice": list(p.options), "zone": list(project.zones), "spot": [*project.spots, *project.zones],
                       "place_attribute": list(ground.place_attributes), "choice_attribute": list(ground.choice_attributes),
                       "attribute": [*ground.place_attributes, *ground.choice_attributes]}.get(p.type)
            if options is None:
                return st.text_input(p.label, str(p.default or ""), help=p.help or None)
            if not options:
                st.info("Draw a zone on the map first.")
            return st.selectbox(p.label, options, help=p.help or None)

        with st.form("add_form", border=False):
            params = {p.name: ask(p) for p in kind.parameters}
            name = st.text_input("Name", kind.title.lower())
            sign = st.selectbox("Its weight", list(SIGNS),
                                format_func=SIGNS.__getitem__)
            if st.form_submit_button("Add feature", width="stretch"):
                with errors_as_words():
                    spec = FeatureSpec(name.strip(), kind.kind, params, sign)
                    feature_column(spec, world, context_of(project, split_paths(project)))
                    session.put(remember(replace(project, features=(*project.features, spec)), f"Added {spec.name}"))
                    st.rerun()
    with st.expander("Zones from GeoJSON"):
        upload = st.file_uploader("GeoJSON with polygons", type=["geojson", "json"], key="geojson")
        if upload is not None and st.button("Add these zones"):
            with errors_as_words():
                found = zones_from_geojson(upload.getvalue().decode("utf-8", errors="replace"), world.crs)
                session.put(remember(replace(project, zones={**project.zones, **found}), f"Imported {len(found)} zones"))
                st.rerun()
    if project.zones:
        st.dataframe(pd.DataFrame({"zone": list(project.zones), "corners": [len(r) - 1 for r in project.zones.values()]}),
                     hide_index=True, width="stretch")
