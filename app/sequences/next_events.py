"""The Intent page of a log: every sequence goes to the one end, so what is asked is what comes next."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from app import session
from app.sequences.component import Drawing, show
from irlcore.analysis.next_events import NextEvents, next_events_study
from irlcore.analysis.study import fit_key
from irlcore.maps.sequences.band import Band, Onward, band_alt, band_svg, plain_name
from irlcore.maps.sequences.drawn import choices_of, kinds_of, names_of
from irlcore.project.project import Project
from irlcore.quantities import counted
from irlcore.report.text import NAME, as_html, as_markdown, as_shown
from irlcore.review.words.events import in_all, run
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

AHEAD, MOST_AHEAD, LISTED, KINDS = 4, 30, 7, 3
"""Events that are looked ahead at first and at most, next events that are listed, and kinds of the likeliest one."""
WIDE = (420, 560, 700, 900, 1100)
HIGH, ROW, HEAD, MOST_TABLE = "max(320px, calc(100vh - 400px))", 35, 38, 260
SHOWN = 24
"""Events of a long sequence that are drawn, most of them just before what comes next: its likely ways on are to be in view below them."""
ORDER = ("Likeliest", "Second likeliest", "Third likeliest")
ONE_END = ("**What comes next.** The sequences of a log all go to the one end, so no goals are guessed; here is what is likely to follow.")
RUNNING = "Taken to be still running: what comes after its last event is not known yet."
EXACT = "Chances are exact under the fit: nothing is sampled."


def next_events(project: Project, world: World, paths: Paths, index: int, left: st.delta_generator.DeltaGenerator,
                right: st.delta_generator.DeltaGenerator) -> None:
    """The band with the likely ways on, and beside it the next events by how likely they are. index: of the class's paths."""
    ended = bool(paths.goal[index] >= 0)
    events = int(paths.lengths[index]) - ended  # the end is none
    begin = max(events // 2, min(events, 1)) if ended else events  # of one still running all is seen: what comes next is the question
    with left:
        a, b = st.columns([3, 1])
        seen = a.slider("Events seen", 0, events, begin, key=f"seen_{paths.ids[index]}") if events else 0
        ahead = int(b.number_input("Events ahead", 1, MOST_AHEAD, AHEAD, key="events_ahead", persist_state="session"))
        asked = session.derived_on("next events", lambda: next_events_study(project, index, seen, ahead), *fit_key(project), index, seen,
                                   ahead)
        band = _band(world, asked)
        show([Drawing(band_svg(band, wide, most=SHOWN), wide) for wide in WIDE], band_alt(band), "next_events", HIGH)
        st.caption(f"Faint: what came after the {counted(seen, 'event')} seen. {EXACT}" if seen < len(band.events) else EXACT)
        _stood(world, asked)
    with right:
        st.markdown(ONE_END)
        if not ended:
            st.caption(RUNNING)
        if not len(asked.choices):
            st.caption("It has ended: nothing follows.")
            return
        st.html(_table(world, asked))
        st.caption(_ends(asked))
        if asked.kinds:
            st.caption(as_markdown(_kinds(world, asked)))


def _band(world: World, asked: NextEvents) -> Band:
    choices = choices_of(asked.paths, asked.index)
    onward = tuple(Onward(asked.seen, names_of(world, one.choices), f"{ORDER[k]} way on: "
                          f"{in_all(-math.log(one.chance)) if one.chance > 0.0 else 'hardly ever'}", tuple(one.chances.tolist()))
                   for k, one in enumerate(asked.ways))
    at = min(asked.seen, len(choices) - 1)
    return Band(str(asked.paths.ids[asked.index]), names_of(world, choices), asked.nats, onward=onward, seen=asked.seen,
                focus=(max(at - SHOWN // 2, 0), at + 1), kinds=kinds_of(world, choices))


def _table(world: World, asked: NextEvents) -> str:
    """HTML: a row an event, the likeliest first, and all others together; what came then is marked in words and weight."""
    choices = choices_of(asked.paths, asked.index)
    came = int(world.choice_place[choices[asked.seen]]) if asked.seen < len(choices) else -1
    event = world.choice_place[asked.choices]
    own = np.flatnonzero(event == came)
    shown = list(range(min(LISTED, len(asked.choices))))
    shown += [int(own[0])] if len(own) and own[0] >= LISTED else []
    rows = [_row(names_of(world, asked.choices[k:k + 1])[0], float(asked.chance[k]), bool(event[k] == came)) for k in shown]
    rest = float(np.delete(asked.chance, shown).sum())
    if len(shown) < len(asked.choices):
        rows.append(_row("all others", rest, False))
    head = f"<thead><tr><th>next event</th><th>after {counted(asked.seen, 'event')}</th></tr></thead>"
    return f'<table class="motive-goals" aria-label="The likeliest next events">{head}<tbody>{"".join(rows)}</tbody></table>'


def _row(name: str, chance: float, came: bool) -> str:
    said = in_all(-math.log(chance)) if chance > 0.0 else "never"
    return (f'<tr{" class=ended" if came else ""}><td>{as_html(plain_name(name), NAME)}{" (came)" if came else ""}</td>'
            f"<td>{as_html(said)}</td></tr>")


def _kinds(world: World, asked: NextEvents) -> str:
    """Of which kinds the likeliest next event would be."""
    told = [f"{kind} {in_all(-math.log(max(share, 1e-300)))}" for kind, share in asked.kinds[:KINDS]]
    rest = len(asked.kinds) - len(told)
    more = f"; {counted(rest, 'other kind')}" if rest else ""
    return f"If it is {run(names_of(world, asked.choices[:1]))}: {'; '.join(told)}{more}."


def _ends(asked: NextEvents) -> str:
    """How likely it ends soon."""
    k = len(asked.ended)
    share = float(asked.ended[-1])
    told = in_all(-math.log(share)) if share > 0.0 else "no chance"
    return f"Chance that it ends with the next event or sooner: {told}." if k == 1 else \
        f"Chance that it has ended within {counted(k, 'event')}, the end counted: {told}."


def _stood(world: World, asked: NextEvents) -> None:
    """How likely each of its events was when it came, and what was likelier."""
    choices = choices_of(asked.paths, asked.index)
    names, likely = names_of(world, choices), names_of(world, asked.likeliest)
    many = world.n_places - 1  # every event may follow, and the end
    chance = [in_all(-math.log(max(float(p), 1e-300))) for p in asked.likely]
    table = pd.DataFrame({
        "event": np.arange(1, len(choices) + 1), "came": [plain_name(one) for one in names],
        "chance": [in_all(float(one)) for one in asked.nats], "rank there": [f"{rank:,} of {many:,}" for rank in asked.rank.tolist()],
        "likeliest there": [plain_name(one) for one in likely], "its chance": chance})
    first = int(np.count_nonzero(asked.rank == 1))
    after = as_markdown(run(list(names[max(asked.seen - 2, 0):asked.seen]))) if asked.seen else "the start"
    whole = ", the end counted," if asked.paths.goal[asked.index] >= 0 else ""
    st.caption(f"At each event: {first:,} of {counted(len(choices), 'event')}{whole} {'was' if first == 1 else 'were'} the likeliest "
               f"there. Now it stands after {after}.")
    st.dataframe(as_shown(table), hide_index=True, width="stretch", height=min(HEAD + ROW * len(table), MOST_TABLE), key="stood",
                 alt="How likely each event was when it came, and what was the likeliest there")
