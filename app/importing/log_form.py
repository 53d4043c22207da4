"""Sequences without a network: whether they are events of a log or places, and what of a history a log's states keep."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar, cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import session
from app.importing.endings_form import asked_endings
from app.importing.kinds_form import asked_kinds
from irlcore.errors import MotiveError
from irlcore.features.log_memory import HeldOut, chosen_memory, held_out_orders
from irlcore.project.importing.log_project import Log
from irlcore.project.importing.reading import Plan, Read
from irlcore.project.importing.understood import MadeOf, made_of_what
from irlcore.report.text import NAME, as_markdown
from irlcore.tracks.attributes import label_counts
from irlcore.tracks.logs.endings import guessed as guessed_endings
from irlcore.tracks.logs.rare import rare_together, usual_fewest
from irlcore.tracks.logs.spelling import spelled_as_one, spellings
from irlcore.tracks.sources import Role
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import MOST_COUNTED, MOST_REMEMBERED, Memory, history_size
from irlcore.worlds.history.contexts import LONGEST

T = TypeVar("T")
WORDS: dict[MadeOf, str] = {"log": "Events of a log: what comes next hangs on what came before",
                            "network": "Places of a network: the ways between them are those that were seen"}
HELP = ("Of a log (a process, commands, system calls, port calls) the last events say what is likely next, and anything may follow. In a "
        "network made of what was seen the agents plan a way to where they end, and what nobody did is no choice.")
HOW_FAR = "How far back, and how often seen"
STATES = "A state of the world is what has happened so far: the last events, and whether some events have happened at all."


def made_of(table: pd.DataFrame, role: Role) -> MadeOf | None:
    """What sequences without a network are, guessed and asked; None until it is said, where neither names nor shape tell."""
    options = list(WORDS)
    guess = made_of_what(table, role)
    if guess is None:
        st.info("Paths need their network: add the table of links. Without one, say what they are.", icon=":material/info:")
    return st.radio("There is no network here. What are these?", options, index=None if guess is None else options.index(guess),
                    key="made_of", format_func=WORDS.__getitem__, help=HELP, horizontal=True)


def asked_of_log(plan: Plan, found: Read, left: DeltaGenerator, right: DeltaGenerator) -> Log | None:
    """What of a history the states keep, with what that comes to, on the left, and where sequences end, on the right; None where such a
    world cannot be, which is said."""
    tracks = found.imported.tracks
    assert isinstance(tracks, LinkTracks)
    key = zlib.crc32(repr(plan.key).encode())
    with left.container(border=True):
        st.markdown("**What comes next hangs on**", help=STATES)
        tracks, one_spelling = _spelled(plan, tracks, key)
        with st.expander(HOW_FAR, icon=":material/history:"):  # what is usual is chosen, and told below
            usual_least = _once(plan, f"fewest {one_spelling}", lambda: usual_fewest(tracks))
            fewest = int(st.number_input("Events seen less often than this are taken as one", 1, value=usual_least,
                                         key=f"log_fewest_{key}_{one_spelling}",
                                         help="For logs of very many different events. At 1 each event stands for itself."))
            kept = f"{fewest} {one_spelling}"
            together = _once(plan, f"together {kept}", lambda: rare_together(tracks, fewest))
            held_out = _once(plan, f"held out {kept}", lambda: held_out_orders(together.tracks))
            memory = _how_far(plan, together.tracks, held_out, f"{key}_{kept}", kept)
        asked = asked_kinds(together.tracks, memory, f"{key}_{kept}",
                            lambda what, work: _once(plan, f"{what} {kept}", work))
        if asked is None:
            return None
        memory = asked
        try:
            states, choices = _once(plan, f"size {kept} {memory}", lambda: history_size(together.tracks, memory))
        except MotiveError as error:
            st.warning(as_markdown(f"{error.what} {error.fix}"), icon=":material/warning:")
            return None
        st.caption(as_markdown(" ".join([*together.said, told(memory, states, choices, together.distinct)])))
    with right.container(border=True):
        guess = _once(plan, f"endings {kept}", lambda: guessed_endings(together.tracks))
        endings = asked_endings(together.tracks, guess, f"{key}_{kept}")
    return None if endings is None else Log(memory, fewest, one_spelling, endings)


def _how_far(plan: Plan, tracks: LinkTracks, held_out: HeldOut, key: str, kept: str) -> Memory:
    """How many events back a state goes, and what it keeps of those before. key: of the widgets. kept: names what is worked
    out of ``tracks``."""
    usual = _once(plan, f"memory {kept}", lambda: chosen_memory(tracks, held_out=held_out))
    left, right = st.columns(2)
    order = int(left.number_input("Last events that count, at most", 1, LONGEST, usual.order, key=f"log_order_{key}",
                                  help="How many events back a state goes. Where these were seen too rarely together, fewer count."))
    least = int(right.number_input("Seen together at least so often", 1, value=usual.least, key=f"log_least_{key}",
                                   help="The last two, three, ... events are a state of their own where they were seen so often."))
    names = _once(plan, f"names {kept}", lambda: list(label_counts(tracks.links)))
    st.caption(as_markdown(held_out.said))
    left, right = st.columns([3, 1])
    remembered = left.multiselect("Events that count however long ago", names, key=f"log_remembered_{key}",
                                  max_selections=MOST_REMEMBERED, format_func=lambda one: as_markdown(one, NAME),
                                  placeholder="none named (an approval, say)",
                                  help="A state then knows whether each has happened. Each that is named here up to doubles the states.")
    count = int(right.number_input("Counted up to", 1, MOST_COUNTED, 1, key=f"log_count_{key}", disabled=not remembered,
                                   help="How often they have happened, so many times or more being as good as that. At 1 a state only "
                                        "knows whether they have. Each more makes states many more."))
    return Memory(order, least, tuple(remembered), count)


def _spelled(plan: Plan, tracks: LinkTracks, key: int) -> tuple[LinkTracks, bool]:
    """The log as it is, or with each event in one spelling, asked where some have several; and whether that was chosen."""
    found = _once(plan, "spellings", lambda: spellings(tracks))
    if not found.as_one:
        return tracks, False
    st.warning(as_markdown(found.said), icon=":material/match_case:")
    if not st.checkbox("Take these as one, in the commonest spelling", key=f"log_spelling_{key}",
                       help="They differ in upper and lower case, blanks, hyphens or underscores alone. In a process these are most often "
                            "slips; commands and codes may mean something by them."):
        return tracks, False
    return _once(plan, "spelled", lambda: spelled_as_one(tracks, found.as_one)), True


def told(memory: Memory, states: int, choices: int, events: int) -> str:
    """What is understood, in a sentence. states, choices: at most, events: how many different ones."""
    last, kept = "the last event", ""
    if memory.order > 1:
        last += f", or the last {_to(memory.order)} where these were seen together {_times(memory.least)}"
    if memory.remembered:
        often = "whether" if memory.count == 1 else f"how often, up to {memory.count} times,"
        kept = f", and {often} {_listed(memory.remembered)} {'has' if len(memory.remembered) == 1 else 'have'} happened"
    return (f"A state is {last}{kept}: up to {states:,} {'state' if states == 1 else 'states'}, in each of which any of {events:,} "
            f"{'event' if events == 1 else 'events'}{', in all its kinds,' if memory.told_apart else ''} or the end may follow "
            f"({choices:,} choices).")


def _to(order: int) -> str:
    return "2" if order == 2 else f"2 to {order}"


def _times(least: int) -> str:
    return "once" if least == 1 else f"{least:,} times or more"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _once(plan: Plan, what: str, work: Callable[[], T]) -> T:
    """What is worked out from what was read, kept while the plan is the same: a page runs again at every click."""
    kept: dict[str, object] | None = session.found("of a log", plan.key)
    if kept is None:
        kept = {}
        session.keep_found("of a log", plan.key, kept, 1)
    if what not in kept:
        kept[what] = work()
    return cast(T, kept[what])
