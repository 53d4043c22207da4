"""A whole path in one cell: "12 7 9", "12_7_9", "[12, 7, 9]", "['a', 'b']", "[(1, 2, 0), (2, 5, 0)]" into link ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.tracks.cells import NOTHING, shown
from irlcore.tracks.plain_text import plain_text

LONG = 100_000  # letters of a path whose links are not made into a list of their own
A_LINK = 20  # bytes in a project that is opened: a pointer to the id, its number in the file, and a choice
NO_PATH = (*NOTHING, "[]", "()", "{}")

SEPARATORS = ((r"[\s;,]", r"[^\s;,]+"), (r"\|", r"[^|]+"), (r"->|>|\u2192", r"(?:[^>\u2192-]|-(?!>))+"), ("_", r"[^_]+"))
"""Signs between links, the surest first, and what a link is then: what parts some path of a column parts them all, and the signs after
it belong to the ids."""

LOOKED_AT = 1000  # ids of the network
ARROWS = {"->", ">", "\u2192", "|", "-"}  # between blanks
_LIST = re.compile(r"\s*(?:(?:np\.)?array\()?[\[({]")
_ELEMENT = re.compile(r"""'([^']*)'|"([^"]*)"|np\.\w+\(([^()]*)\)|\(([^()]*)\)|([^\s,;\[\](){}'"]+)""")
"""One of a list: in quotes, as numpy writes its numbers, a tuple (osmnx: u, v, key), or bare. No part of it can go over a text twice."""

_WHOLE = re.compile(r"-?\d+\.0", re.ASCII)
_COUNTED = " _;,\t\n|>\u2192'\"("


@dataclass(frozen=True, slots=True)
class PathTexts:
    """links: (P,) str objects, one object an id, all paths one after the other. lengths: (n,) int64, how many each row has. said: how they
    were parted, where that should be looked at."""

    links: np.ndarray
    lengths: np.ndarray
    said: list[str]


def read_texts(column: pd.Series, clock: Clock, known: Collection[str] = ()) -> PathTexts:
    """The link ids of all paths of a column.

    known: ids of the network, where it is at hand: underscores alone part links only where the parts are among them, or none is.
    """
    texts = column.astype("string").fillna("").to_numpy(dtype=object)
    sign, pattern, said = _parted(column.astype("string").fillna(""), known)
    link = re.compile(pattern)
    ids: dict[str, str] = {}
    flat: list[str] = []
    ends = np.zeros(len(texts) + 1, np.int64)
    lists = False
    for k, text in enumerate(texts):
        if k % 1000 == 0 or len(text) > LONG:
            clock.check()
            most = len(flat) + sum(text.count(one) for one in _COUNTED) + 1
            within("unpacked", float(A_LINK * most), f"The paths have up to {most:,} links.", "Read them in parts.")
        text = plain_text(text)
        if _LIST.match(text):
            lists = True
            found = _of_list(text)
        elif len(text) < 8 and text.strip().lower() in NO_PATH:
            found = iter(())
        else:
            found = (match.group() for match in link.finditer(text))
        flat.extend(ids.setdefault(one, one) for one in map(_plain, found) if one and one not in ARROWS)
        ends[k + 1] = len(flat)
    within("unpacked", float(A_LINK * len(flat)), f"The paths have {len(flat):,} links.", "Read them in parts.")
    if lists:
        said = ["Paths are written as lists."]
    elif sign and sign != "_" and (example := next((one for one in ids if "_" in one), "")):
        said = [f"Underscores belong to the ids of links, such as {shown(example)}."]
    return PathTexts(np.array(flat, dtype=object), np.diff(ends), said)


def _parted(texts: pd.Series, known: Collection[str]) -> tuple[str, str, list[str]]:
    """The sign that parts links in a column, the pattern of a link, and what is to be said."""
    bare = texts.str.strip()
    bare = bare[~bare.str.match(_LIST.pattern).astype(bool)]
    if len(known) and any(" " in one for one in list(known)[:LOOKED_AT]):  # names of streets: a blank parts nothing where another sign does
        strong = next(((sign, pattern) for sign, pattern in SEPARATORS[1:3] if bare.str.contains(sign, regex=True).any()), None)
        if strong is not None:
            return *strong, []
    for sign, pattern in SEPARATORS:
        if bare.str.contains(sign, regex=True).any():
            if sign == "_" and len(known) and _are_ids(bare, frozenset(known)):  # of an array each look-up would pass over all
                break
            return sign, pattern, ["Paths are parted by underscores."] if sign == "_" else []
    return "", r"[^\s;,]+", []


def _are_ids(texts: pd.Series, known: Collection[str]) -> bool:
    """Whether texts with underscores are ids of links as they stand, and their parts are none."""
    first = texts[texts != ""].iloc[:1000]
    parts = {part for text in first for part in text.split("_")}
    return any(text in known for text in first) and not any(part in known for part in parts)


def _of_list(text: str) -> Iterator[str]:
    """The links of a text that is a list."""
    if text.count("(") == 1 and text.lstrip().startswith("("):
        text = text.replace("(", " ").replace(")", " ")
    elif text.lstrip().startswith(("array(", "np.array(")):
        text = text.replace("np.", "").replace("array(", " ").replace(")", " ")
    for match in _ELEMENT.finditer(text):
        quoted, twice, number, several, bare = match.groups()
        if several is not None:
            parts = [_plain(part.strip().strip("'\"")) for part in re.split(r"[\s,]+", several.strip())]
            yield "_".join(part for part in parts if part)
        else:
            yield (quoted or twice or (number or "").strip("'\" ") or bare or "").strip()


def _plain(link: str) -> str:
    """7.0 is the link 7, as in columns of ids."""
    link = link.strip()
    return link[:-2] if link.endswith(".0") and _WHOLE.fullmatch(link) else link
