"""The speed check: one limit, or one for each class of agents, with how many steps are above it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from irlcore.project.importing.reading import Plan, Read
from irlcore.report.text import NAME, as_markdown, told_apart
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.by_class import Limits, suggested_limits
from irlcore.tracks.trips.cleaning import Counts

WHY = "Faster steps are jumps: a wrong fix, or two agents under one id. 0 is none."
ALL = "all alike"


@dataclass(frozen=True, slots=True)
class Speeds:
    """What was asked: the limit of all or of those without a class, the attribute that tells classes ("" for none), and their limits. said:
    where the counts go, of all and of each class."""

    speed: float
    column: str
    limits: Limits
    said: tuple[DeltaGenerator, ...]


def speeds_of(plan: Plan, found: Read, suffix: str) -> Speeds:
    """The boxes."""
    tracks, suggested = found.imported.tracks, found.suggested
    assert isinstance(tracks, Tracks)
    unit = f"{as_markdown(tracks.unit, NAME)}/s"
    which, top, said = st.columns([1.4, 1, 1], vertical_alignment="bottom")
    options = ["", *found.classes]
    names = told_apart([ALL, *found.classes])
    usual = options.index(suggested.class_column) if suggested.class_column in options else 0
    column = which.selectbox("Fastest that can be, by", options, usual, key=f"clean_by_{suffix}", disabled=not found.classes,
                             format_func=lambda one: names[one or ALL]) if tracks.timed else ""
    speed = _limit(top, f"{'others' if column else 'at most'} ({unit})", suggested.speed, f"clean_speed_{suffix}", not tracks.timed)
    places, limits = [said.container()], []
    if column:
        usual_limits = _suggested(plan, found, column)
        with st.expander(f"Fastest of each {as_markdown(column, NAME)} ({unit})"):
            for k, (name, limit) in enumerate(usual_limits):
                who, box, many = st.columns([1.4, 1, 1], vertical_alignment="center")
                who.markdown(as_markdown(name, NAME))
                own = _limit(box, name, limit, f"clean_speed_{k}_{column}_{suffix}", False, hidden=True)
                limits.append((name, own))
                places.append(many.container())
    return Speeds(speed, str(column), tuple(limits), tuple(places))


def _suggested(plan: Plan, found: Read, column: str) -> Limits:
    if column == found.suggested.class_column:
        return found.suggested.speeds
    kept: Limits | None = session.found("speeds of classes", (plan.key, column))
    if kept is None:
        assert isinstance(found.imported.tracks, Tracks)
        kept = suggested_limits(found.imported.tracks, column, found.suggested.speed)
        session.keep_found("speeds of classes", (plan.key, column), kept)
    return kept


def _limit(place: DeltaGenerator, label: str, suggested: float, key: str, disabled: bool, hidden: bool = False) -> float:
    value = place.number_input(label, min_value=0.0, value=float(suggested) if np.isfinite(suggested) else 0.0, format="%.6g", key=key,
                               help=None if hidden else WHY, disabled=disabled, label_visibility="collapsed" if hidden else "visible")
    return float(value) if value > 0.0 else np.inf


def tell_speeds(speeds: Speeds, counts: Counts) -> None:
    """How many steps are too fast, of all and of each class."""
    speeds.said[0].caption(_jumps(counts.jumps))
    by_name = {one.name: one for one in counts.classes}
    for place, (name, _) in zip(speeds.said[1:], speeds.limits, strict=True):
        if (one := by_name.get(name)) is not None:
            place.caption(f"{_jumps(one.jumps)} {one.tracks:,} {'track' if one.tracks == 1 else 'tracks'}.")


def _jumps(many: int) -> str:
    return "1 jump." if many == 1 else f"{many:,} jumps." if many else "No jumps."
