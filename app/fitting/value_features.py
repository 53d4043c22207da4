"""What agents go by beside their plan, chosen beside the model: it becomes part of the model's name."""

from __future__ import annotations

import streamlit as st

from app import session
from irlcore.features.described_fit import BESIDE, word_with_zone_renamed
from irlcore.project.project import Project
from irlcore.project.value_ground import value_features_of
from irlcore.rationality.guided.value_features import KINDS
from irlcore.rationality.models import named
from irlcore.report.glossary import explained_terms
from irlcore.report.text import as_markdown, told_apart

KEY = "value_features"
KEPT_ERROR = "Not for agents who keep one error for a whole trip: let them err afresh at every step, or choose MaxEnt or Boltzmann."


def with_value_features(project: Project, model: str, gamma: float) -> str:
    """The model's name with the value features that are chosen; the model's own where there are none to choose."""
    if project.world is None or not named(model).plans:
        return model
    offered = {spec.text: spec for spec in value_features_of(project) if gamma == 1.0 or not KINDS[spec.kind].aims}
    if not offered:
        return model
    before: list[str] = session.chosen(KEY, [])
    session.choose(**{KEY: [word for word in before if word in offered]})  # a zone may be gone
    kept = bool(getattr(named(model), "persistent", False))
    read = told_apart([spec.title for spec in offered.values()])  # zones and features are called as people like
    chosen = st.multiselect("Value features", list(offered), format_func=lambda word: read[offered[word].title], key=KEY,
                            persist_state="session", disabled=kept, placeholder="None: they go by their plan alone",
                            help=explained_terms("value feature"))
    if kept:
        st.caption(KEPT_ERROR)
        return model
    for word in chosen:
        st.caption(as_markdown(KINDS[offered[word].kind].sentence.format(offered[word].of)))
    return BESIDE.join((model, *chosen))


def rename_zone_of_value_features(old: str, new: str) -> None:
    """Those that are chosen stay so where a zone has got another name."""
    before: list[str] = session.chosen(KEY, [])
    if before:
        session.choose(**{KEY: [word_with_zone_renamed(word, old, new) for word in before]})


def set_value_features(model: str) -> str:
    """Set the widget as if the analyst had, by a model's name; the name of the model that it plans by."""
    plan, *words = model.split(BESIDE)
    session.choose(**{KEY: words})
    return plan
