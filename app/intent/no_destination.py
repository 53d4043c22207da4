"""A track without a destination: that it has none, and what it is likely to do next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from app import session
from app.intent.picture import SEEN
from app.intent.table import said_share
from app.map.component import show
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.study import fit_key
from irlcore.analysis.walking_on import WalkOn, walk_on_study
from irlcore.maps.compose import scene
from irlcore.maps.scene import Style
from irlcore.maps.tracks import choices_lines, extent_of
from irlcore.project.project import Project
from irlcore.report.text import NAME, as_html, as_markdown
from irlcore.worlds.called import called
from irlcore.worlds.world import World

AHEAD, MOST_AHEAD, MOVES = 10, 50, 6
"""Steps that are looked ahead at first and at most, and next moves that are listed."""
NONE = "**No destination.** These tracks are not taken to be on their way to anywhere, so no goals are guessed; here is what comes next."


def no_destination(project: Project, world: World, left: st.delta_generator.DeltaGenerator, right: st.delta_generator.DeltaGenerator,
                   index: int) -> None:
    """The map with the likeliest walk on, and beside it the next moves by how likely they are. index: of the class's paths."""
    with left:
        asked, seen = _asked(project, world, index)
    with right:
        st.markdown(NONE)
        if not len(asked.choices):
            st.caption("No way leads on from where it is.")
            return
        names = _onward(project, world, asked)
        st.html(_table(names, asked.chance[:MOVES], seen))
        st.caption(f"How likely each next move is by the fit; the dashed line is the likeliest walk of {len(asked.way)} steps. After "
                   f"{seen} steps it was {_where(project, world, asked, seen)}.")


def _asked(project: Project, world: World, index: int) -> tuple[WalkOn, int]:
    parts = session.derived("parts of roamers", lambda: walk_on_study(project, index, 0, 1).paths, index)
    steps = int(parts.lengths[index])
    a, b = st.columns([3, 1])
    seen = a.slider("Steps seen", 0, steps, max(1, steps // 2), key=f"seen_{parts.ids[index]}") if steps > 1 else steps
    ahead = int(b.number_input("Steps ahead", 1, MOST_AHEAD, AHEAD, key="steps_ahead", persist_state="session"))
    asked = session.derived_on("walk on", lambda: walk_on_study(project, index, seen, ahead), *fit_key(project), index, seen, ahead)
    if not world.has_coordinates:
        st.info(f"{called(world).no_coordinates}, so there is no map; the next moves stand beside it.")
        return asked, seen
    chosen = parts.choices[parts.offsets[index]:parts.offsets[index + 1]]
    on = choices_lines(world, asked.way, "likeliest walk on", Style("likelier", 3.0, dash=True))
    drawn = on + choices_lines(world, chosen[:seen], "seen so far", SEEN)
    show(scene(project, drawn, alt="Map of what was seen so far and the likeliest walk on",
               focus=extent_of(choices_lines(world, chosen, "", SEEN))), "map_intent", height=430)
    return asked, seen


def _onward(project: Project, world: World, asked: WalkOn) -> list[str]:
    places = places_of_project(project)
    here = world.choice_from[asked.choices[:MOVES]]
    to = world.choice_place[asked.choices[:MOVES]]
    return [f"{'stays at ' if a == b else ''}{places.said(int(b))}" for a, b in zip(here, to, strict=True)]


def _where(project: Project, world: World, asked: WalkOn, seen: int) -> str:
    state = int(asked.paths.states(world.mdp, asked.index)[seen])
    return f"at {as_markdown(places_of_project(project).said(int(world.place_of_state[state])), NAME)}"


def _table(names: Sequence[str], chance: np.ndarray, seen: int) -> str:
    """HTML: a row a move, in the order of their chances."""
    rows = "".join(f"<tr><td>{as_html(name, NAME)}</td><td>{as_html(said_share(p))}</td></tr>"
                   for name, p in zip(names, chance.tolist(), strict=True))
    return (f'<table class="motive-goals" aria-label="The likeliest next moves"><thead><tr><th>next move</th><th>after {seen} steps</th>'
            f"</tr></thead><tbody>{rows}</tbody></table>")
