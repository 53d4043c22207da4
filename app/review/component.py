"""The list of reviewed tracks as the page shows it: what it is sent, and what was done on it.

The rows of a review and the page's JavaScript travel in messages of their own, which stay the same, so that Streamlit sends them once and
afterwards only names them; beside them go which rows are listed, which one is selected, and the verdicts. What is done comes back as
numbered acts, again and again until the server has confirmed them; each is heeded once, and in the session alone that it names: the browser
still has the last ones when a server that was started again opens a new session.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, get_args

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.page_program import carrier, door, program
from irlcore.project.project import Outcome
from irlcore.project.verdicts import CALLED, MEANING, as_title
from irlcore.report.text import NAME, as_line
from irlcore.tracks.bounds import LONGEST_WORDS

FOLDER = Path(__file__).parent / "js"
ORDER = ("rows", "keys", "list", "main")
"""The files of the page's part, each of which may use those before it."""
HERE = "window.motiveReview ??= { lists: new Map(), tables: new Map(), waiting: [] }"
"""The program's place on the page."""
KEY = "review_list"
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""In the order of the keys 1 to 4."""
HELP: dict[Outcome, str] = {one: f"{meaning[:1].upper()}{meaning[1:]}." for one, meaning in MEANING.items()}
HELP["misunderstood"] = f"{HELP['misunderstood'][:-1]}: name it on the Features page."
MOST_ACTS = 64
LONGEST_LINE = 200  # characters of a line of the list


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of a review as the page gets them: a name for what is in them, then JSON. of: a name for which tracks stand in which row.
    ids: (n,) of the tracks, strangest first; row: id -> where it stands. Ids are a stranger's texts, so the page tells of rows by their
    numbers.
    """

    name: str
    of: str
    data: bytes
    ids: tuple[str, ...]
    row: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done: a track selected (``then``), with the ``tracks`` that are marked where they are several; a verdict on ``tracks`` with
    the track that is selected next; or ``undo``."""

    n: int
    then: str = ""
    outcome: Outcome | None = None
    tracks: tuple[str, ...] = ()
    reason: str = ""
    undo: bool = False


def table_of(ids: Sequence[str], scores: Sequence[str], places: Sequence[str], lines: Sequence[str], flagged: np.ndarray) -> Table:
    """Texts of n rows each, and (n,) bool."""
    said = json.dumps({"ids": [as_line(i, NAME) for i in ids], "scores": [*scores], "places": [*places],
                       "lines": [as_line(line, LONGEST_LINE) for line in lines], "flagged": flagged.astype(int).tolist()},
                      ensure_ascii=False, separators=(",", ":"))
    data = said.encode("utf-8", "replace")
    name, of = (blake2b(one, digest_size=12).hexdigest() for one in (data, "\0".join(ids).encode("utf-8", "replace")))
    return Table(name, of, name.encode() + data, tuple(ids), {one: k for k, one in enumerate(ids)})


_engine = st.components.v2.component("motive_review_engine", js=program(FOLDER, ORDER))
_list = st.components.v2.component("motive_review_list", js=door(HERE), css=(FOLDER / "list.css").read_text(encoding="utf-8"))
_feeder = st.components.v2.component("motive_review_rows", js=carrier(HERE))


def feed(table: Table) -> None:
    """Send the rows and the page's JavaScript, outside of what is drawn anew at each step through them."""
    _engine(key=f"{KEY}_engine")
    _feeder(key=f"{KEY}_rows", data=table.data)


def show(table: Table, listed: np.ndarray, selected: str, verdicts: Mapping[str, str], empty: str, heed: Callable[[Act], None]) -> None:
    """The list of those rows that are ``listed`` (n,) bool. verdicts: track -> outcome. empty: what to say where none is. heed: called for
    each act, before the page is drawn."""
    bits = np.packbits(listed, bitorder="little").tobytes()
    data = {"key": KEY, "session": _session(), "table": table.name, "of": table.of, "rows": base64.b64encode(bits).decode(),
            "heeded": _heeded(), "selected": table.row.get(selected, -1),
            "verdicts": {table.row[i]: one for i, one in verdicts.items() if i in table.row},
            "outcomes": OUTCOMES, "actions": [as_title(one) for one in OUTCOMES], "helps": [HELP[one] for one in OUTCOMES],
            "labels": CALLED, "empty": empty}

    def heed_own() -> None:
        state: Any = session.chosen(KEY, {})
        heed_acts(state.get("acts") if isinstance(state, Mapping) else None, table, heed)

    result = _list(key=KEY, data=data, on_acts_change=clicked(heed_own))
    if heed_acts(result.get("acts"), table, heed):  # what came in while the page was drawn
        st.rerun()


def _heeded() -> int:
    return int(session.found("review acts", KEY) or 0)


def _session() -> str:
    """A name of this session for its acts; it opens nothing."""
    if (name := session.found("review session", KEY)) is None:
        session.keep_found("review session", KEY, name := secrets.token_hex(8))
    return str(name)


def heed_acts(sent: object, table: Table, heed: Callable[[Act], None]) -> bool:
    """Heed what is not heeded yet of what a browser sent, each once and by rising number; whether there was any. What is not sound, or
    is of another table or session, is let go."""
    any_new = False
    for act in _sound(sent, table):
        if act.n <= _heeded():
            continue
        session.keep_found("review acts", KEY, act.n)
        any_new = True
        heed(act)
    return any_new


def _sound(sent: object, table: Table) -> Iterator[Act]:
    for one in sent[:MOST_ACTS] if isinstance(sent, list) else []:
        if not isinstance(one, dict) or type(n := one.get("n")) is not int or not 0 < n < 2**53:
            continue
        if one.get("session") != _session():
            continue
        rows, reason, then = one.get("rows"), one.get("reason"), _ids([one.get("then", one.get("select"))], table)
        if one.get("undo") is True:
            yield Act(n, undo=True)
        elif one.get("of") != table.of:
            continue
        elif one.get("verdict") in OUTCOMES and isinstance(rows, list) and isinstance(reason, str):
            if mine := _ids(rows, table):
                yield Act(n, "".join(then), one["verdict"], mine, reason.strip()[:LONGEST_WORDS])
        elif then:
            yield Act(n, then[0], tracks=_ids(picked, table) if isinstance(picked := one.get("picked"), list) else ())


def _ids(rows: list[object], table: Table) -> tuple[str, ...]:
    """Of rows that there are, each once."""
    return tuple(dict.fromkeys(table.ids[k] for k in rows if type(k) is int and 0 <= k < len(table.ids)))
