"""The process of a log on the Tracks and Features pages: how often what comes after what, and where that differs from what is expected."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.sequences.component import Drawing, show
from irlcore.analysis.process import expected_steps
from irlcore.maps.sequences.drawn import process_path
from irlcore.maps.sequences.graph import graph_alt, graph_svgs
from irlcore.maps.sequences.process import MOST_EVENTS, SHARES, USUAL_SHARE, Process, process_of, shown_part
from irlcore.project.project import Project
from irlcore.quantities import plain
from irlcore.report.text import NAME, as_markdown
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

EVENTS = (6, 12, MOST_EVENTS, 30, 60)
HELP = "Arrows from one event to the next that come less often are left out, but for each event's commonest to it and from it."


def choose_part(key: str, world: World) -> tuple[float, int]:
    """From which share of the sequences on a step is drawn, and how many events, at most."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        share = st.select_slider("Arrows in at least", SHARES, USUAL_SHARE, key=f"{key}_share", help=HELP, persist_state="session",
                                 format_func=lambda one: f"{plain(100.0 * one, 2)} % of sequences" if one else "any sequence", width=230)
        many = [one for one in EVENTS if one < world.n_places - 2]
        most = st.select_slider("Events, the commonest", [*many, world.n_places - 2], MOST_EVENTS if MOST_EVENTS in many
                                else world.n_places - 2, key=f"{key}_events", persist_state="session", width=200) if many else MOST_EVENTS
    return float(share), int(most)


def process_map(world: World, paths: Paths, index: np.ndarray, key: str, most_high: str) -> None:
    """The process of the paths ``index`` (n,), with the selected one drawn on it."""
    share, most = choose_part(key, world)
    process = session.derived_on("process", lambda: process_of(world, paths, index), world, paths, index.tobytes())
    chosen = np.flatnonzero(paths.ids[index] == session.selected())
    at = int(index[chosen[0]]) if len(chosen) else -1
    draw(process, key, most_high, share, most, process_path(world, paths, at) if at >= 0 else None, str(paths.ids[at]) if at >= 0 else "")


def residual_process(project: Project, world: World, paths: Paths, index: np.ndarray, key: str, most_high: str) -> int:
    """The process of the class's paths ``index`` (n,) beside what the fit expects; the event that was clicked, else -1."""
    share, most = choose_part(key, world)

    def work() -> Process:
        return process_of(world, paths, index, *expected_steps(project, index))

    process = session.derived("process and what is expected", work, index.tobytes())
    return draw(process, key, most_high, share, most, residual=True)


def feature_process(world: World, paths: Paths, by_event: np.ndarray, name: str, most_high: str) -> None:
    """The process with the mean value of a feature (L,) in each event."""
    share, most = choose_part("process_feature", world)
    process = session.derived_on("process", lambda: process_of(world, paths, np.arange(len(paths))), world, paths, b"all")
    shown = shown_part(process, share, most=most)
    said = [plain(float(one)) for one in by_event]
    show([Drawing.growing(one) for one in graph_svgs(process, shown, values=said)], f"Mean of {name} by event. {graph_alt(process, shown)}",
         "process_feature", most_high)
    st.caption(f"In each event: the mean of {as_markdown(name, NAME)} over what may come before it. {shown.said}")


def draw(process: Process, key: str, most_high: str, share: float, most: int, path: np.ndarray | None = None, name: str = "",
         residual: bool = False) -> int:
    """The graph and what of it is left out; the event that was clicked, else -1."""
    shown = shown_part(process, share, path, most)
    svgs = graph_svgs(process, shown, path.tolist() if path is not None else (), name=name, residual=residual)
    clicked = show([Drawing.growing(one) for one in svgs], graph_alt(process, shown, name, residual), key, most_high, picks=residual)
    st.caption(shown.said)
    return clicked
