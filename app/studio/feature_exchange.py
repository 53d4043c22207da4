"""Features to a file and from one, with the zones and places that they use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import streamlit as st

from app import session
from app.shell import errors_as_words
from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.exchange import Exchanged, features_from_json, features_to_json
from irlcore.project.project import Project, remember
from irlcore.worlds.world import World


def feature_exchange(project: Project, world: World) -> None:
    """Export all, import a file."""
    with st.expander("Features from and to a file", icon=":material/swap_horiz:"), errors_as_words():
        st.download_button("Export all features (JSON)", lambda: features_to_json(project.features, project.zones, project.spots, world),
                           "features.json", mime="application/json", on_click="ignore", disabled=not project.features, width="stretch",
                           key="export_features")
        upload = st.file_uploader("Features from another project", type=["json"], key=f"features_file_{session.changes()}")
        if upload is not None and st.button("Add these features", key="import_features", type="primary"):
            text = upload.getvalue().decode("utf-8", errors="replace")
            found = features_from_json(text, world)
            made = with_features(project, found)
            new = len(made.features) - len(project.features)
            if not new:
                raise FeatureError(f"All {len(found.specs)} features of this file are here already.", "There is nothing to add.")
            session.put(remember(made, f"Imported {new} features from {upload.name}"))
            st.rerun()


def with_features(project: Project, found: Exchanged) -> Project:
    """The project with these features, zones and places; a feature's name that is taken gets a number.

    A feature that measures the same as one that is there is left out: twice the same cannot be told apart by a fit.
    A zone or place of a taken name is let be where it is the same; FeatureError where it is another, since features go by its name.
    """
    taken = {**project.zones, **project.spots}
    others = [n for n, xy in {**found.zones, **found.spots}.items()
              if n in taken and not (np.shape(xy) == np.shape(taken[n]) and np.allclose(xy, taken[n]))]
    if others:
        raise FeatureError(f"Zones or places of these names are there already, elsewhere: {', '.join(others)[:200]}.",
                           "Rename or remove them here first.")
    names = [s.name for s in project.features]
    added: list[FeatureSpec] = []
    for spec in found.specs:
        if any((spec.kind, spec.params) == (one.kind, one.params) for one in (*project.features, *added)):
            continue
        name = free(spec.name, names)
        names.append(name)
        added.append(replace(spec, name=name))
    return replace(project, features=(*project.features, *added), zones={**found.zones, **project.zones},
                   spots={**found.spots, **project.spots})


def free(name: str, taken: Collection[str]) -> str:
    """The name, or the name with the first number from 2 that is free."""
    k = 2
    chosen = name
    while chosen in taken:
        chosen, k = f"{name} ({k})", k + 1
    return chosen
