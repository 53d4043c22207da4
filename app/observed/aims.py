"""What the tracks of the class under study are after, and single tracks that are after something else: said by the analyst."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.importing.aims_form import HELP, TITLE, WORDS, counted_as
from app.importing.endings_form import asked_endings
from app.shell import errors_as_words
from irlcore.project.aims import Ways, aim_of_class, arrived, labels_of, whole_ways
from irlcore.project.aims_suggested import Suggestion, kept_under, suggested_aim
from irlcore.project.loading import with_aims, with_endings
from irlcore.project.places import NO_DESTINATION, STILL_RUNNING, UNFINISHED_GOAL
from irlcore.project.project import ClassAim, Project, TrackAim
from irlcore.report.text import NAME, as_markdown, as_shown
from irlcore.tracks.logs.endings import guessed
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import without_clock
from irlcore.worlds.world import World

BY_CLASS = "as its class"
TRACK_WORDS: dict[TrackAim, str] = {"end": "the place where it ends", "nowhere": "nothing in particular: no destination",
                                    "unfinished": "a goal that it did not reach: unfinished"}
OF_LOGS = "Every sequence goes to its end, so nothing is asked of what it is after. Zones and staying play no part."
LOG_AIMS: dict[TrackAim, str] = {"end": "has ended", "unfinished": "is still running"}
DROPS = "Fits are dropped, since what they were made from changes."


def where_trips_end(project: Project, world: World) -> None:
    """The whole form; tracks are put on the world again when Apply is pressed. Worlds of tables and logs say
    themselves where trips end."""
    if world.kind == "log":
        _where_sequences_end(project)
    if world.kind in ("table", "log"):
        return
    label, now = project.agent_class, aim_of_class(project.class_aims, project.agent_class)
    suggested, kept = _counts(project, world, label)
    with st.container(border=True):
        st.markdown(f"**{TITLE}**" + (f" · {as_markdown(label, NAME)}" if label else ""), help=HELP)
        options = list(WORDS)
        aim = st.radio(TITLE, options, index=options.index(now), key=f"class_aim_{session.changes()}", label_visibility="collapsed",
                       format_func=lambda one: counted_as(one, kept))
        st.caption(suggested.said)
        moved = aim == now == "stops" and _unfinished_now(project, label) != kept["stops"][1]
        if moved:
            st.caption(f"By the stops that there are now {kept['stops'][1]:,} tracks are unfinished; {_unfinished_now(project, label):,} "
                       "are so taken.")
        if (aim != now or moved) and st.button("Apply", width="stretch", key="set_aim", help=DROPS):
            with errors_as_words(), st.spinner("Putting the tracks on the world ..."):
                session.put(with_aims(project, {**project.class_aims, label: aim}, project.track_aims, again=moved))
                st.rerun()
        with errors_as_words():
            _corrections(project)


def _where_sequences_end(project: Project) -> None:
    """Which sequences of a log have ended, and which are still running."""
    tracks = project.tracks
    assert isinstance(tracks, LinkTracks)
    with st.container(border=True):
        guess = session.derived_on("endings guessed", lambda: guessed(tracks), tracks)
        found = asked_endings(tracks, guess, f"tracks_{session.changes()}", project.endings)
        if found is not None and found != project.endings and st.button("Apply", width="stretch", key="set_endings", help=DROPS):
            with errors_as_words(), st.spinner("Following the sequences ..."):
                session.put(with_endings(project, found))
                st.rerun()
        with errors_as_words():
            _corrections(project)
    st.caption(OF_LOGS)


def _counts(project: Project, world: World, label: str) -> tuple[Suggestion, dict[ClassAim, tuple[int, int]]]:
    """What is suggested for a class ("" for all of which nothing is said), and how many tracks are kept under each aim."""
    tracks = project.tracks
    assert tracks is not None

    def ways_there() -> tuple[World, Ways]:
        ground = without_clock(world)
        return ground, whole_ways(ground, tracks)

    def work() -> tuple[Suggestion, dict[ClassAim, tuple[int, int]]]:
        ground, ways = session.derived_on("whole ways", ways_there, tracks, world)
        labels = labels_of(tracks, project.class_column)[ways.index]
        mine = labels == label if label else ~np.isin(labels, [name for name in project.class_aims if name])
        return suggested_aim(ways, mine), kept_under(ways, mine, arrived(project, ground, ways, mine, label))
    return session.derived("aims counted", work, label)


def _unfinished_now(project: Project, label: str) -> int:
    """How many of the class's tracks are unfinished as they were put on the world, leaving out those corrected by hand."""
    assert project.paths is not None and project.tracks is not None
    cut = project.paths.ids[project.paths.goal < 0].tolist()
    labels = dict(zip(project.tracks.ids.tolist(), labels_of(project.tracks, project.class_column).tolist(), strict=True))
    return sum((not label or labels[one] == label) and one not in project.track_aims for one in cut)


def _corrections(project: Project) -> None:
    """Tracks that are after something else than their class: the selected one to be corrected, and a list of those that were."""
    track = session.selected()
    if project.tracks is not None and (project.tracks.ids == track).any():
        if correct(project, track):
            st.rerun()
    elif project.world is not None and project.world.kind == "log":
        st.caption("Select a sequence to say of it alone whether it has ended.")
    else:
        st.caption("Select a track on the map to say what it alone is after.")
    if not project.track_aims:
        return
    of_log = project.world is not None and project.world.kind == "log"
    table = pd.DataFrame({"sequence": list(project.track_aims), "it": [LOG_AIMS[aim] for aim in project.track_aims.values()]}) if of_log \
        else pd.DataFrame({"track": list(project.track_aims), "is after": [TRACK_WORDS[aim] for aim in project.track_aims.values()]})
    event: Any = st.dataframe(as_shown(table), hide_index=True, width="stretch", on_select="rerun", selection_mode="multi-row",
                              key=f"corrected_{session.changes()}", height=min(38 + 35 * len(table), 200),
                              alt="Sequences of which it was said whether they have ended" if of_log else
                              "Tracks that are after something else than their class")
    rows = event["selection"]["rows"]
    said = f"Take {len(rows):,} of these back" if rows else "Take all of these back"
    if st.button(said, key="uncorrect", width="stretch", help=DROPS):
        left = {one: aim for k, (one, aim) in enumerate(project.track_aims.items()) if rows and k not in rows}
        session.put(with_aims(project, project.class_aims, left))
        st.rerun()


def correct(project: Project, track: str) -> bool:
    """A choice of what one track is after; whether it was just made. Then the project is another one, without its fits."""
    of_log = project.world is not None and project.world.kind == "log"
    words, as_others = (LOG_AIMS, "as said above") if of_log else (TRACK_WORDS, BY_CLASS)
    options: list[str] = [BY_CLASS, *words]
    now = project.track_aims.get(track, BY_CLASS)
    chosen = st.selectbox(f"{as_markdown(track, NAME)}{'' if of_log else ' is after'}", options, index=options.index(now),
                          key=f"aim_{session.changes()}_{track}",
                          format_func=lambda one: as_others if one == BY_CLASS else words[one])
    told = f"Correct this {'sequence' if of_log else 'track'}"
    if chosen == now or not st.button(told, key="correct_track", width="stretch", help=DROPS):
        return False
    aims: dict[str, TrackAim] = {one: aim for one, aim in project.track_aims.items() if one != track}
    if chosen in words:
        aims[track] = chosen
    session.put(with_aims(project, project.class_aims, aims))
    return True


def told_aim(project: Project, track: str) -> str:
    """What a track is after where that is not where it ends: ``NO_DESTINATION``, ``UNFINISHED_GOAL``, of a sequence of a log
    ``STILL_RUNNING``; else empty."""
    paths = project.paths
    assert paths is not None
    at = np.flatnonzero(paths.ids == track)
    goal = int(paths.goal[at[0]]) if len(at) else 0
    if not len(at) or (goal >= 0 and not paths.goals.nowhere[goal]):
        return ""
    if project.world is not None and project.world.kind == "log":
        return STILL_RUNNING
    return NO_DESTINATION if goal >= 0 else UNFINISHED_GOAL
