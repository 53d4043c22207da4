"""Propose a feature: drawn, written as a formula, by an attribute, a place, two combined, any kind, or suggested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from app import session
from app.desk import DRAWN_AS, with_drawing
from app.shell import errors_as_words
from app.studio.again import again
from app.studio.drawing import DRAW, draw
from app.studio.feature_cards import look_of
from app.studio.findings import Findings, parts_of
from app.studio.preview_card import say_with_pointer
from app.studio.suggestion_list import suggestion_list
from irlcore.elicitation.expected_use import described
from irlcore.errors import MotiveError
from irlcore.features.base import KINDS, FeatureKind, FeatureParameter, FeatureSpec
from irlcore.features.checks import embedded
from irlcore.features.formula.names import formula_words
from irlcore.project.project import Project
from irlcore.project.split import context_of
from irlcore.report.text import NAME, as_code, as_markdown, printable, told_apart
from irlcore.worlds.clock import clock_of, hour_text
from irlcore.worlds.world import World

GROUPS = {"Attribute": ("attribute",), "Place": ("distance", "near", "bump", "zone"), "Combine": ("combine",)}
OF_WAYS = ("traffic", "habit", "step")
"""Kinds that speak of links and turns: a log has its own of what usually follows, and each event is one of its sequence's."""
FORMULA, ANYTHING, SUGGESTIONS = "Formula", "Anything", "Suggestions"


def propose(project: Project, world: World, found: Findings | None) -> None:
    """The ways to propose, and the one chosen."""
    gone = OF_WAYS if world.kind == "log" else ()
    usable = {name: kind for name, kind in KINDS.items() if not kind.available(world) and name not in gone}
    ways = [*([DRAW] if world.has_coordinates else []), *([FORMULA] if "formula" in usable else []),
            *(name for name, kinds in GROUPS.items() if any(k in usable for k in kinds)), ANYTHING, SUGGESTIONS]
    st.markdown(f"**Propose a feature** :small[:gray[{session.number_tried():,} looked at so far]]",
                help="The best of many looks good by luck, so chances are judged by how many were tried: a suggestion by all of them, an "
                     "idea of your own by how many of your own you looked at.")
    if session.chosen("propose", None) not in ways:
        session.choose(propose=ways[0])
    way = st.segmented_control("Propose", ways, key="propose", persist_state="session", label_visibility="collapsed", required=True)
    drawn = with_drawing(project, session.now_on_desk())
    with errors_as_words():
        if way == DRAW:
            draw(project, world)
        elif way == FORMULA:
            formula(drawn, world)
        elif way == SUGGESTIONS:
            suggestion_list(project, world, found)
        else:
            kinds = [k for name, k in usable.items() if way == ANYTHING or name in GROUPS[str(way)]]
            form(drawn, world, kinds, str(way))


def formula(project: Project, world: World) -> None:
    """A formula with its error or its picture as typed."""
    parameter = KINDS["formula"].parameters[0]
    shown = session.now_on_desk().spec
    was = str(shown.params.get(parameter.name, "")) if shown is not None and shown.kind == "formula" else ""
    usual = KINDS["formula"].sentence.split("such as ")[-1].split(" or ")[0]
    if world.kind == "log":  # no place is near or far in it
        usual = f'event == "{printable(str(world.place_names[0]))}"'
    text = st.text_input(parameter.label, printable(was), key=f"formula_{session.changes()}", help=parameter.help,
                         placeholder=usual).strip()
    spec = FeatureSpec(text[:60], "formula", {parameter.name: text})
    if text and text != was and session.newly_picked("formula", text):
        try:
            look_of(project, world, replace(spec, name="formula"))
        except MotiveError as error:
            session.newly_picked("formula", "")  # to be read again once a zone it names is there
            if was:  # what was proposed before is not what stands in the line now
                session.lay(spec=None)
                again()
            say_with_pointer(error)
        else:
            session.lay(spec=spec)
            again()
    words = usable_words(project, world)
    if words:
        with st.expander("Words you can use", icon=":material/menu_book:", expanded=not text):
            for group, entries in words.items():
                if entries:
                    st.markdown(f"{as_markdown(group.capitalize())}: " + ", ".join(as_code(e, NAME) for e in entries[:60]))
            if (bands := clock_of(world)) is not None and bands.edges:
                hours = dict(zip(bands.spans, bands.hours, strict=False))
                st.caption("hour is when the hours in which a trip starts begin: "
                           + ", ".join(f"{hour_text(h)} for {as_markdown(span, NAME)}" for span, h in hours.items()) + ".")


def usable_words(project: Project, world: World) -> dict[str, list[str]]:
    """What a formula may name here."""
    parts = parts_of(project)
    return formula_words(world, context_of(project, parts))


def ask(project: Project, world: World, p: FeatureParameter, key: str) -> Any:
    """The widget of one parameter."""
    if p.type == "number":
        at = session.looked_at()  # a point begins at the place that was clicked
        clicked = p.name in ("x", "y") and 0 <= at < world.n_places and np.isfinite(world.place_xy[at]).all()
        value = float(world.place_xy[at]["xy".index(p.name)]) if clicked else float(p.default or 0.0)
        return st.number_input(p.label, value=value, min_value=p.minimum, help=p.help or None, key=f"{key}_{at}" if clicked else key)
    options = {"choice": list(p.options), "zone": list(project.zones), "spot": [*project.spots, *project.zones],
               "place_attribute": list(world.place_attributes), "choice_attribute": list(world.choice_attributes),
               "attribute": [*world.place_attributes, *world.choice_attributes], "places": [*project.spots, *project.zones],
               "feature": [s.name for s in project.features]}.get(p.type)
    if p.type == "fit":
        if project.fit is None:
            st.info("Fit first: this feature is counted on a fit.")
            return None
        return described(project.fit.result, project.fit.features, project.features)
    if options is None:
        return st.text_input(p.label, str(p.default or ""), help=p.help or None, key=key)
    if not options:
        st.info("Draw it on the map first." if p.type in ("zone", "spot", "places") else "Add a feature first." if p.type == "feature"
                else "This world has no attributes.")
        return None
    read = told_apart(options)
    if p.type == "places":
        return st.multiselect(p.label, options, default=options[:1], help=p.help or None, key=key, format_func=read.__getitem__)
    if p.type == "feature":
        chosen = st.selectbox(p.label, range(len(options)), format_func=lambda k: read[options[k]], help=p.help or None, key=key)
        return embedded(project.features[chosen])
    return st.selectbox(p.label, options, help=p.help or None, key=key, format_func=read.__getitem__)


def in_words(value: Any) -> str:
    """A parameter's value as a name shows it: a list by its entries, a feature by its name."""
    return ", ".join(value) if isinstance(value, list) else str(value["name"]) if isinstance(value, dict) else str(value)


def form(project: Project, world: World, kinds: list[FeatureKind], way: str) -> None:
    """The parameters of a kind, with its picture as they are set; the button looks what it would explain."""
    kind = kinds[0] if len(kinds) == 1 else st.selectbox("Kind", kinds, format_func=lambda k: k.title, key=f"kind_{way}")
    st.caption(kind.sentence)
    mark = session.changes()
    params = {p.name: ask(project, world, p, f"{way}_{kind.kind}_{p.name}_{mark}") for p in kind.parameters}
    if None in params.values():
        return
    said = [in_words(v) for p, v in zip(kind.parameters, params.values(), strict=True) if v and p.type not in ("number", "fit")]
    spec = FeatureSpec(" ".join([DRAWN_AS.get(kind.kind, kind.title.lower()), *said])[:80], kind.kind, params)
    look = look_of(project, world, spec)
    left, right = st.columns([2, 3], vertical_alignment="center")
    if look.picture:
        left.image(look.picture, width=130, alt="Where this feature is not 0")
    right.caption(f"Applies to {look.coverage:.0%} of choices.")
    if right.button("Look at it" if project.fit is None else "What would it explain?", key=f"look_{way}", width="stretch",
                    type="secondary" if session.now_on_desk().spec else "primary"):
        session.lay(spec=spec)
        again()
