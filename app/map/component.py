"""The one map of every page: what it is sent, and what was done on it.

The page's JavaScript is joined here into one text, since what Streamlit loads from a blob cannot import other files. It travels in a
component of its own, as does each heavy layer: their messages stay the same, so that Streamlit sends them once and afterwards only names
them. What is done on a map comes back as numbered acts, again and again until the server has confirmed them; each is heeded once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.map.packing import Message, as_bytes, message
from app.map.touched import Tool, Touched
from app.page_program import carrier, door, program
from irlcore.maps.scene import Scene

FOLDER = Path(__file__).parent / "js"
ORDER = ("store", "laid", "look", "view", "lines", "shapes", "names", "pick", "furniture", "legend", "toolbar", "tools", "moves", "filter",
         "times", "pane", "hands", "map", "main")
"""The files of the page's part, each of which may use those before it."""
HERE = "window.motiveMaps ??= { waiting: [] }"
"""The program's place on the page."""
MOST_RING = 20_000  # corners that a browser may send
MOST_KEPT = 64  # maps whose last act is remembered


@cache
def _program() -> str:
    style = f"const STYLE = {json.dumps((FOLDER / 'map.css').read_text(encoding='utf-8'))};"  # here, or it would travel at every rerun
    return f"{style}\n{program(FOLDER, ORDER)}"


_engine = st.components.v2.component("motive_map_engine", js=_program())
_feeder = st.components.v2.component("motive_map_layer", js=carrier(HERE))
_map = st.components.v2.component("motive_map", js=door(HERE))


def show(scene: Scene, key: str, tool: Tool = "move", drawable: bool = False, height: int = 520) -> Touched:
    """Draw a map ``height`` pixels high. A click on a track selects it everywhere; what is drawn (where ``drawable``) or clicked is given
    back once. tool: what is in hand when the map first appears, or when the page names another than before."""
    return _show([("", scene)], key, tool, drawable, height)


def show_many(scenes: Sequence[tuple[str, Scene]], key: str, height: int = 300) -> Touched:
    """Several small maps side by side, each under its title, which move together."""
    return _show(scenes, key, "move", False, height)


def _show(scenes: Sequence[tuple[str, Scene]], key: str, tool: Tool, drawable: bool, height: int) -> Touched:
    messages = [message(scene) for _, scene in scenes]
    with st.container(gap=None, key=f"{key}_map"):
        _feed(messages, key)
        data = as_bytes(messages, key=key, tool=tool, drawable=drawable, height=height, titles=[title for title, _ in scenes],
                        heeded=_heeded(key))
        result = _map(key=key, data=data, on_acts_change=clicked(_heed_own(key)))
    heed(key, result.get("acts"))
    return taken(key)


def taken(key: str) -> Touched:
    """What was drawn or clicked and not given back yet; to be asked before a scene that shows it is made, else ``show`` gives it back."""
    waiting: Touched | None = session.found("map touched", key)
    session.keep_found("map touched", key, None, MOST_KEPT)
    return waiting or Touched()


def _feed(messages: Sequence[Message], key: str) -> None:
    _engine(key=f"{key}_engine")
    heavy = {one.digest: one for each in messages for one in each.heavy}
    for k, one in enumerate(heavy.values()):
        _feeder(key=f"{key}_layer_{k}", data=one.data)


def _heed_own(key: str) -> Any:
    def heed_acts() -> None:
        state: Any = session.chosen(key, {})
        heed(key, state.get("acts") if isinstance(state, Mapping) else None)

    return heed_acts


def _heeded(key: str) -> int:
    return int(session.found("map acts heeded", key) or 0)


def heed(key: str, acts: object) -> None:
    """Do what the acts that are not yet heeded say: ``[{"n": int, "track": str} | {"n": int, "place": str} | {"n": int, "ring": [x, y,
    x, y ...]}]`` by rising n. Anything else that a browser may send is let go."""
    last, touched = _heeded(key), session.found("map touched", key) or Touched()
    for act in _sound(acts):
        if act["n"] <= last:
            continue
        last = act["n"]
        if isinstance(act.get("track"), str):
            session.select(act["track"])
        elif isinstance(place := act.get("place"), str) and place.isascii() and place.isdigit() and len(place) < 16:
            touched = Touched(touched.ring, int(place))
        elif (ring := _ring(act.get("ring"))) is not None:
            touched = Touched(ring, touched.place)
    session.keep_found("map acts heeded", key, last, MOST_KEPT)
    session.keep_found("map touched", key, touched if touched.ring is not None or touched.place >= 0 else None, MOST_KEPT)


def _sound(acts: object) -> Iterator[dict[str, Any]]:
    for act in acts if isinstance(acts, list) else []:
        if isinstance(act, dict) and type(act.get("n")) is int and 0 < act["n"] < 2**53:
            yield act


def _ring(sent: object) -> np.ndarray | None:
    """(V, 2) float64, closed; None where that is no ring."""
    if not isinstance(sent, list) or not 6 <= len(sent) <= 2 * MOST_RING or len(sent) % 2:
        return None
    if not all(isinstance(x, int | float) and not isinstance(x, bool) for x in sent):
        return None
    ring = np.array(sent, float).reshape(-1, 2)
    if not np.isfinite(ring).all():
        return None
    return ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]])
