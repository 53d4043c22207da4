"""The card of the selected track: part by part what is unusual, why in sentences, and one closer look at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from app import session
from app.observed.aims import correct, told_aim
from app.review import notes, prices_card, silencing
from app.review.order import alike
from app.shell import errors_as_words
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import silenced
from irlcore.project.places import NO_DESTINATION
from irlcore.project.project import Project
from irlcore.project.verdicts import CALLED
from irlcore.report.charts import uses_figure
from irlcore.report.parts_words import PARTS_HELP, parts_cells
from irlcore.report.text import NAME, as_markdown
from irlcore.review.apart import Found
from irlcore.review.reasons import Reasons
from irlcore.review.sides import Sides
from irlcore.tracks.tracks import find_ids
from irlcore.tracks.trips.dark_gaps import gap_words
from irlcore.worlds.called import Called, called
from irlcore.worlds.world import World

WHY, USES, PAYS, SILENCE, NOTE, AIM = "Why", "Features", "Prices", "Silence", "Note", "Aim"
LOOKS = {WHY: "", USES: "How it used each feature, beside what the model expects.",
         PAYS: "What its agent pays to have or to avoid, beside its class.", SILENCE: "", NOTE: "",
         AIM: "Where this track alone has no destination, or was cut off before it arrived, say so; then fit again."}
"""What can be looked at -> what it is, where it does not say so itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The track that a card is of. row: in the list; index: among the class's paths. known: what was found of flagged paths already."""

    row: int
    index: int
    track: str
    reasons: Reasons
    known: Mapping[int, Found] | None = None


def card(project: Project, world: World, review: Review, one: Shown) -> None:
    """What was said of it and how unusual it is part by part, then one look at a time."""
    with st.container(horizontal=True, vertical_alignment="center", key="card_head"):
        st.subheader(as_markdown(one.track, NAME), anchor=False)
        look = _look(world)
    _decided(project, review, one)
    parts(one.reasons.sides, called(world))
    with errors_as_words():
        if told := LOOKS[look]:
            st.caption(told)
        _shown(look, project, world, review, one)


def _look(world: World) -> str:
    """What is looked at, the same for the next track."""
    gone = {"table": (AIM,), "log": (AIM, PAYS)}.get(world.kind, ())  # both say themselves where all end; nobody pays for an event
    offered = [look for look in LOOKS if look not in gone]
    if session.chosen("look", WHY) not in offered:
        session.choose(look=WHY)
    return str(st.segmented_control("What of it", offered, default=WHY, key="look", persist_state="session", required=True,
                                    label_visibility="collapsed"))


def _shown(look: str, project: Project, world: World, review: Review, one: Shown) -> None:
    """Only what is looked at is worked out."""
    if look == WHY:
        st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in one.reasons.sentences))
    if look == USES or (look == WHY and not world.has_coordinates and world.kind != "log"):  # there is no map then
        z = np.array([use.z for use in one.reasons.features])
        st.plotly_chart(uses_figure([use.name for use in one.reasons.features], z), width="stretch", key="uses",
                        alt="Use of each feature against what is expected")
    elif look == PAYS:
        prices_card.show(project, review, one.track)
    elif look == SILENCE:
        silencing.new_rule(project, review, one.index, one.known)
    elif look == NOTE:
        notes.show(project, one.track)
    elif look == AIM and correct(project, one.track):
        st.rerun(scope="app")  # without its fits the project has no review


def _decided(project: Project, review: Review, one: Shown) -> None:
    """What was said of it: by a verdict, by a rule, by what it was taken to be after, by its gaps."""
    verdict = project.verdicts.get(one.track)
    if verdict is not None:
        outcome = f"{CALLED[verdict.outcome]}: {verdict.reason}" if verdict.reason else CALLED[verdict.outcome]
        st.caption(as_markdown(f"Decided: {outcome}", 300))
    silencing.say_silenced(silenced(project, review, one.known), one.row)
    if said := alike(review, one.index):
        st.caption(f":material/group_work: {as_markdown(said)}")
    after = told_aim(project, one.track)
    if after:
        st.caption(f"Taken to have {after}." if after == NO_DESTINATION else f"Taken to be {after}.")
    if gaps := gaps_of(project, one.track):
        st.caption(f":material/signal_disconnected: {as_markdown(gaps)}")
    if note := project.track_notes.get(one.track, ""):
        st.caption(f":material/sticky_note_2: {as_markdown(note, 300)}")


def parts(sides: Sides, words: Called) -> None:
    """How unusual each kind of score is, in one row."""
    said = [f":{'gray' if cell.ordinary else 'orange'}-badge[{cell.title} {cell.said}]" for cell in parts_cells(sides.all)]
    if said:
        with st.container(key="parts"):
            st.markdown(" ".join(said), help=words.say(PARTS_HELP))


def gaps_of(project: Project, track: str) -> str:
    """For how long nothing was heard of a track, before it and within it; empty where that is not known."""
    assert project.tracks is not None
    return gap_words(project.tracks, int(find_ids(project.tracks.ids, [track])[0]))
