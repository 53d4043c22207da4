"""What the model misses, of whom, and who is behind it at a place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.studio.again import again
from app.studio.findings import Findings, parts_of
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.proposals import MOST_TOLD
from irlcore.analysis.residuals import behind, by_place, residuals_of
from irlcore.fitting.residual_rows import Residuals
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.report.text import NAME, as_markdown, as_shown
from irlcore.worlds.called import called as of_kind
from irlcore.worlds.world import World

EVERYONE, SELECTED_TRACK, THE_FLAGGED = "everyone", "the selected", "the flagged"
MOST_ROWS = 200
LEAST_SAID = 0.05  # uses: what differs by less is told as no difference
TOLD = {EVERYONE: "Red: the class goes there more than expected. Blue: less.",
        SELECTED_TRACK: "Red: places it used more than the model expects. Blue: places it was expected to use.",
        THE_FLAGGED: "Red: the flagged go there more than expected. Blue: less."}
OF_EVENTS = {EVERYONE: "Red: steps that the class takes more often than expected. Blue, dashed: less. Click an event to see who.",
             SELECTED_TRACK: "Red: steps that it took more often than the model expects. Blue, dashed: less. Click an event to see who.",
             THE_FLAGGED: "Red: steps that the flagged take more often than expected. Blue, dashed: less. Click an event to see who."}


@dataclass(frozen=True, slots=True)
class Missed:
    """Residuals (n, M) of the tracks ``ids`` (n,), and their sum by place (L,)."""

    ids: np.ndarray
    residuals: Residuals
    by_place: np.ndarray


def choose_missed(project: Project, found: Findings) -> Missed:
    """Of whom, and the residuals."""
    parts = parts_of(project)
    chosen = np.flatnonzero(parts.paths.ids == session.selected())
    review = found.review
    flagged = review.order[review.flagged[review.order]] if review is not None else np.zeros(0, np.int64)
    of = [EVERYONE, *([SELECTED_TRACK] if len(chosen) else []), *([THE_FLAGGED] if len(flagged) else [])]
    if session.chosen("whom", None) not in of:
        verdict = project.verdicts.get(session.selected())
        puzzling = len(chosen) > 0 and verdict is not None and verdict.outcome == "misunderstood"
        session.choose(whom=SELECTED_TRACK if puzzling else EVERYONE)
    whom = st.segmented_control("Of whom", of, key="whom", persist_state="session", label_visibility="collapsed", required=True)
    if whom == EVERYONE:
        left = found.left
        return session.derived_on("missed by everyone", lambda: Missed(left.problem.paths.ids, left.residuals,
                                                                       by_place(project, left.residuals)), left)
    index = chosen if whom == SELECTED_TRACK else flagged

    def work() -> Missed:
        with st.spinner("Tracing what the model does not expect ..."):
            residuals = residuals_of(project, index[:MOST_TOLD])
        return Missed(parts.paths.ids[index[:residuals.shape[0]]], residuals, by_place(project, residuals))

    return session.derived_on("missed by some", work, found.left, index.tobytes())


def tell_missed(project: Project, missed: Missed) -> None:
    """What the colours say, and what to do next."""
    whom = str(session.chosen("whom", EVERYONE))
    verdict = project.verdicts.get(session.selected())
    if whom == SELECTED_TRACK and verdict is not None and verdict.outcome == "misunderstood":
        st.info(f"What was **{as_markdown(session.selected(), NAME)}** after? Red: places it used more than the model expects; name what "
                "they have in common. Blue: places it was expected to use.", icon=":material/lightbulb:")
        return
    if need_world(project)[0].kind == "log":
        st.caption(OF_EVENTS[whom])
        return
    only = f" Of the {MOST_TOLD} strangest." if whom == THE_FLAGGED and len(missed.ids) >= MOST_TOLD else ""
    draw = "" if session.now_on_desk().ring is not None else ", or draw round a likely cause"
    st.caption(f"{TOLD[whom]}{only} Click a place to see who{draw}.")


def as_uses(residual: float) -> str:
    """How many more or fewer uses of a place there are, summed over the tracks, than the model expects of them; in words."""
    size = abs(residual)
    if size < LEAST_SAID:
        return "about as many uses as expected"
    shown = f"{size:,.0f}" if size >= 100.0 else f"{size:.2g}" if size >= 0.1 else f"{size:.2f}"
    return f"{shown} {'use' if shown == '1' else 'uses'} {'more' if residual > 0.0 else 'fewer'} than expected"


def most_missed(project: Project, missed: Missed) -> None:
    """Without a map: the ten places that the model misses most; the one chosen is looked at."""
    places = places_of_project(project)
    top = np.argsort(-np.abs(missed.by_place), kind="stable")[:10]
    table = pd.DataFrame({"place": [places.said(k) for k in top.tolist()], "uses more than expected": missed.by_place[top]})
    rows = st.dataframe(as_shown(table), hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
                        key=of_rows("most_missed", top.tolist()),
                        column_config={"uses more than expected": st.column_config.NumberColumn(format="%+.2f")},
                        alt="Places that the model misses most")["selection"]["rows"]
    if session.newly_picked("most_missed", int(top[rows[0]]) if rows else None) and rows:
        session.look_at(int(top[rows[0]]))


def of_rows(name: str, rows: Sequence[object]) -> str:
    """The key of a table of which a row can be picked: with other rows it is another table, in which nothing is picked yet."""
    return f"{name}_{hashlib.sha256(repr(rows).encode()).hexdigest()[:12]}"


def tracks_behind(project: Project, world: World, missed: Missed) -> None:
    """Who makes the residual at the place that was clicked; a row chosen selects the track everywhere."""
    place = session.looked_at()
    if not 0 <= place < world.n_places:
        return
    words = of_kind(world)
    order = behind(project, missed.residuals, place)[:MOST_ROWS]
    at = world.choice_place == place
    called = as_markdown(places_of_project(project).said(place), NAME)
    together = f", {len(missed.ids):,} {words.tracks} together" if len(missed.ids) > 1 else ""
    st.markdown(f"**{words.tracks.capitalize()} behind {called}** ({as_uses(missed.by_place[place])}{together})")
    if not len(order):
        st.caption(words.say("None of these tracks comes near it."))
        return
    ids = [str(i) for i in missed.ids[order]]
    table = pd.DataFrame({"track": ids, "uses more than expected": missed.residuals[order][:, at].sum(axis=1)})
    key = of_rows(f"behind_{place}", ids)
    rows = st.dataframe(as_shown(table), hide_index=True, width="stretch", height=min(38 + 35 * len(ids), 212), on_select="rerun", key=key,
                        selection_mode="single-row", alt="Tracks behind the place",
                        column_config={"uses more than expected": st.column_config.NumberColumn(format="%+.2f")})["selection"]["rows"]
    if session.newly_picked("behind", (key, ids[rows[0]]) if rows else None) and rows:
        session.select(ids[rows[0]])
        again()
