"""How a component of our own comes onto the page: its program once, what it is sent in parts, and a small door that lets both in.

Streamlit sends a component's JavaScript again with each element of it, and a program that it loads cannot import others. So the whole
program is one text in an element of its own, and the elements that are drawn have ``door`` alone: it hands the component to the program, or
lets it wait until that is there. What is heavy travels by ``carrier``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def door(here: str) -> str:
    """JavaScript of an element that is drawn. here: what finds or makes the program's place on the page, with its list ``waiting``."""
    return f"""export default component => {{
  const here = {here};
  if (here.show) return here.show(component);
  here.waiting.push(component);
  return () => {{ here.waiting = here.waiting.filter(one => one !== component); here.gone?.(component.parentElement); }};
}};"""


def carrier(here: str) -> str:
    """JavaScript of an element that brings bytes and shows nothing."""
    return f"""export default component => {{
  const here = {here};
  if (here.take) here.take(component.data); else (here.fed ??= []).push(component.data);
}};"""


def program(folder: Path, order: Sequence[str]) -> str:
    """The files of a folder as one text, each of which may use those before it."""
    return "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in order)
