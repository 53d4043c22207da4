"""One card a feature: picture, what it measures, weight, on or off, edit, remove."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from app import session
from app.desk import Desk, drawing_key, with_drawing
from app.shell import errors_as_words
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec, Sign
from irlcore.features.feature_set import feature_column
from irlcore.project.project import Project, now, remember
from irlcore.project.split import context_of, split_paths
from irlcore.report.fit_words import weight_words
from irlcore.report.proposal_words import LONGEST, sentence_words
from irlcore.report.text import NAME, as_line, as_markdown, printable
from irlcore.report.thumbnail import thumbnail
from irlcore.tracks.bounds import LONGEST_TYPED, LONGEST_WORDS
from irlcore.worlds.world import World

SIGNS: dict[Sign, str] = {"free": "free", "negative": "a cost (0 or less)", "positive": "liked (0 or more)"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a card shows of a feature: values by place (L,), share of choices it applies to, its picture."""

    by_place: np.ndarray
    coverage: float
    picture: str


def look_of(project: Project, world: World, spec: FeatureSpec, desk: Desk | None = None) -> Look:
    """A feature's values, computed once for each state of the project and the drawing on the desk."""
    desk = desk or Desk()

    def work() -> Look:
        parts = session.derived("parts", lambda: split_paths(project))
        column = feature_column(spec, world, context_of(with_drawing(project, desk), parts))
        mean = world.mean_by_place(column)
        return Look(mean, float((column != 0).mean()), thumbnail(world, mean))

    return session.derived("look", work, repr((spec.kind, spec.params)), drawing_key(desk))


def swap(project: Project, k: int, new: FeatureSpec | None, said: str, why: str = "") -> None:
    """Feature ``k`` replaced, or removed where ``new`` is None."""
    features = (*project.features[:k], *(() if new is None else (new,)), *project.features[k + 1:])
    session.put(remember(replace(project, features=features), said, why))
    st.rerun()


def edit(project: Project, k: int, spec: FeatureSpec) -> None:
    """Name, sign and reason."""
    box = st.popover("", icon=":material/edit:", type="tertiary", help="Rename, constrain, say why")
    with box, st.form(f"edit_{k}_{session.changes()}", border=False):
        name = st.text_input("Name", printable(spec.name), LONGEST_TYPED)
        sign = st.selectbox("Its weight", list(SIGNS), index=list(SIGNS).index(spec.sign), format_func=SIGNS.__getitem__)
        reason = st.text_input("Why it might matter", printable(spec.reason), LONGEST_WORDS)
        if st.form_submit_button("Save", width="stretch"):
            if any(s.name == name.strip() for j, s in enumerate(project.features) if j != k) or not name.strip():
                raise FeatureError(f"A feature called {name.strip()!r} is there already, or the name is empty.", "Choose another name.")
            edited = replace(spec, name=name.strip(), sign=sign, reason=reason.strip())
            if edited != spec:
                edited = replace(edited, version=spec.version + 1, made=now())
                swap(project, k, edited, f"Edited {edited.name} (v{edited.version})", edited.reason)


def card(project: Project, world: World, k: int, weight: str) -> None:
    """The card of feature ``k``."""
    spec = project.features[k]
    with st.container(border=True), errors_as_words():
        look = Look(np.zeros(0), 0.0, "")
        with errors_as_words():  # a feature that cannot be computed can still be switched off or removed
            look = look_of(project, world, spec)
        left, middle, right = st.columns([5, 11, 5], vertical_alignment="center", gap="xsmall")
        if look.picture:
            left.image(look.picture, width="stretch", alt=f"Where {as_line(spec.name, NAME)} is not 0")
        version = f" :small[v{spec.version}]" if spec.version > 1 else ""
        text = f"**{as_markdown(spec.name, NAME)}**{version}  \n{as_markdown(sentence_words(spec, world.unit))}"
        whole = KINDS[spec.kind].describe(spec.params, world.unit)
        middle.markdown(text, help=as_markdown(whole) if len(whole) > LONGEST else None)
        sign = "" if spec.sign == "free" else f" · {SIGNS[spec.sign]}"
        why = f" · {spec.reason}" if spec.reason else ""
        worth = f"  \n**weight {as_markdown(weight)}**" if weight else ""
        middle.caption(as_markdown(f"applies to {look.coverage:.0%} of choices{sign}{why}") + worth)
        with right:
            on = st.toggle("On", spec.enabled, key=f"on_{k}_{session.changes()}", label_visibility="collapsed")
            if on != spec.enabled:
                swap(project, k, replace(spec, enabled=on), f"Switched {spec.name} {'on' if on else 'off'}")
            with st.container(horizontal=True, gap="small", wrap=False):
                edit(project, k, spec)
                if st.button("", icon=":material/delete:", type="tertiary", key=f"del_{k}_{session.changes()}", help="Remove this feature"):
                    swap(project, k, None, f"Removed {spec.name}")


def cards(project: Project, world: World) -> None:
    """Every feature, with its weight where there is a fit."""
    weights = {}
    if project.fit is not None:
        result = project.fit.result
        weights = {n: weight_words(w, low, high) for n, w, (low, high) in zip(result.names, result.theta, result.interval(), strict=True)}
    for k, spec in enumerate(project.features):
        card(project, world, k, weights.get(spec.name, ""))
