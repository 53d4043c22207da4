"""Pictures of logs on a page: the same SVG as in a report, in the width that fits, in the page's colours, told with the keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from app.page_program import door, program
from irlcore.maps.sequences.ink import dark_css

FOLDER = Path(__file__).parent / "js"
HERE = "window.motivePictures ??= { waiting: [] }"
"""The program's place on the page."""

WIDE = re.compile(r'<svg [^>]*? width="(\d+)"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of a picture. wide: pixels that it needs. grow: whether it may be drawn larger where there is more room."""

    svg: str
    wide: int
    grow: bool = False

    @staticmethod
    def growing(svg: str) -> Drawing:
        """One that is as wide as its own picture says, and may grow and shrink."""
        found = WIDE.search(svg)
        return Drawing(svg, int(found[1]) if found else 700, True)


@cache
def _program() -> str:
    return program(FOLDER, ("picture",))


@cache
def _style() -> str:
    return f"{(FOLDER / 'picture.css').read_text(encoding='utf-8')}\n{dark_css()}"


_engine = st.components.v2.component("motive_picture_engine", js=_program())
_picture = st.components.v2.component("motive_picture", js=door(HERE), css=_style())


def show(drawings: Sequence[Drawing], alt: str, key: str, most: str = "none", picks: bool = False) -> int:
    """Draw one of ``drawings``, the widest that fits, the narrowest first. alt: what is on it, in words. most: its largest height as CSS
    has it, beyond which it scrolls. picks: whether a place can be clicked; the one that just was, else -1."""
    with st.container(gap=None, key=f"{key}_picture"):
        _engine(key=f"{key}_engine")
        svgs = [{"svg": one.svg, "wide": one.wide, "grow": one.grow} for one in drawings]
        result = _picture(key=key, data={"svgs": svgs, "alt": alt, "most": most, "picks": picks}, on_place_change=lambda: None)
    place = result.get("place") if picks else None
    return int(place) if isinstance(place, str) and place.isascii() and place.isdigit() and len(place) < 10 else -1
