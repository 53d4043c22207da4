"""One card a feature: picture, what it measures, weight, on or off, edit, remove."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from app import session
from app.desk import Desk, drawing_key, with_drawing
from app.shell import errors_as_words, in_its_words
from app.studio.findings import parts_of
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec, Sign
from irlcore.features.checks import names_used
from irlcore.features.feature_set import feature_column
from irlcore.project.project import Project, now, remember
from irlcore.project.split import context_of
from irlcore.report.fit_words import weight_words
from irlcore.report.proposal_words import LONGEST, sentence_words, side_words
from irlcore.report.text import NAME, as_line, as_markdown, printable
from irlcore.report.thumbnail import thumbnail
from irlcore.tracks.bounds import LONGEST_TYPED, LONGEST_WORDS
from irlcore.worlds.world import World

IN_SIGHT = 8  # cards; the others are drawn where they are unfolded
SIGNS: dict[Sign, str] = {"free": "free", "negative": "a cost (0 or less)", "positive": "liked (0 or more)"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a card shows of a feature: values by place (L,), share of choices it applies to, its picture."""

    by_place: np.ndarray
    coverage: float
    picture: str


def look_of(project: Project, world: World, spec: FeatureSpec, desk: Desk | None = None) -> Look:
    """A feature's values, computed once for the world, the tracks it may count and the places it names: no verdict, fit or other feature
    changes them."""
    desk = desk or Desk()
    drawn = with_drawing(project, desk)
    places = {**drawn.spots, **drawn.zones}
    named = tuple(places[name] for name in sorted(names_used(spec, places)) if name in places)
    what = repr((spec.kind, spec.params))

    def work() -> Look:
        column = feature_column(spec, world, context_of(drawn, parts_of(project)))
        mean = world.mean_by_place(column)
        return Look(mean, float((column != 0).mean()), thumbnail(world, mean))

    return session.derived_on(f"look {what}", work, world, parts_of(project), drawing_key(desk) if desk.use == "spot"
                              else (), named)


def swap(project: Project, k: int, new: FeatureSpec | None, said: str, why: str = "") -> None:
    """Feature ``k`` replaced, or removed where ``new`` is None."""
    features = (*project.features[:k], *(() if new is None else (new,)), *project.features[k + 1:])
    session.put(remember(replace(project, features=features), said, why))
    st.rerun()


def edit(project: Project, k: int, spec: FeatureSpec) -> None:
    """Name, sign and reason; drawn where it is open."""
    box = st.popover("", icon=":material/edit:", type="tertiary", help="Rename, constrain, say why", key=f"edit_{k}_{session.changes()}",
                     on_change="rerun")
    if not box.open:
        return
    with box, st.form(f"edit_form_{k}_{session.changes()}", border=False):
        name = st.text_input("Name", printable(spec.name), LONGEST_TYPED)
        sign = st.selectbox("Its weight", list(SIGNS), index=list(SIGNS).index(spec.sign), format_func=SIGNS.__getitem__)
        reason = st.text_input("Why it might matter", printable(spec.reason), LONGEST_WORDS, key=f"edit_reason_{k}_{session.changes()}")
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
        widths = [5, 11, 5] if world.has_coordinates else [0.5, 15.5, 5]  # nothing can be drawn of it then
        left, middle, right = st.columns(widths, vertical_alignment="center", gap="xsmall")
        if look.picture:
            left.image(look.picture, width="stretch", alt=f"Where {as_line(spec.name, NAME)} is not 0")
        version = f" :small[v{spec.version}]" if spec.version > 1 else ""
        text = f"**{as_markdown(spec.name, NAME)}**{version}  \n{as_markdown(in_its_words(sentence_words(spec, world.unit)))}"
        whole = in_its_words(KINDS[spec.kind].describe(spec.params, world.unit))
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
    """Every feature, with its weight where there is a fit; those beyond the first ones folded."""
    weights = {}
    if project.fit is not None:
        result = project.fit.result
        weights = {n: ", ".join(filter(None, (weight_words(w, low, high), side_words(low, high))))
                   for n, w, (low, high) in zip(result.names, result.theta, result.interval(), strict=True)}
    for k, spec in enumerate(project.features[:IN_SIGHT]):
        card(project, world, k, weights.get(spec.name, ""))
    rest = project.features[IN_SIGHT:]
    if not rest:
        return
    more = st.expander(f"{len(rest):,} more feature{'' if len(rest) == 1 else 's'}", key="more_features", on_change="rerun",
                       icon=":material/unfold_more:")
    if more.open:
        with more:
            for k, spec in enumerate(rest, IN_SIGHT):
                card(project, world, k, weights.get(spec.name, ""))
