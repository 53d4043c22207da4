"""A whole path in one cell: "12 7 9", "12_7_9", "[12, 7, 9]", "['a', 'b']", "[(1, 2, 0), (2, 5, 0)]" into link ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.budget import Clock, within
from irlcore.tracks.cells import NOTHING, shown
from irlcore.tracks.path_tokens import LONG, SHORT, tokens_of
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.tracks import take_flat

ROWS = 50_000  # of a table that are taken at a time
A_LINK = 20  # bytes in a project that is opened: a pointer to the id, its number in the file, and a choice
NO_PATH = (*NOTHING, "[]", "()", "{}")

SEPARATORS = ((r"[\s;,]", r"[^\s;,]+"), (r"\|", r"[^|]+"), (r"->|>|\u2192", r"(?:[^>\u2192-]|-(?!>))+"), ("_", r"[^_]+"))
"""Signs between links, the surest first, and what a link is then: what parts some path of a column parts them all, and the signs after
it belong to the ids."""

TOKENS = {"": " ", SEPARATORS[0][0]: " ", SEPARATORS[1][0]: "|", SEPARATORS[2][0]: ">", "_": "_"}
BLANK = r"[\s\v\x1c-\x1f\x{85}\p{Z}]"  # what Python takes for a blank, as RE2 writes it
LOOKED_AT = 1000  # ids of the network
ARROWS = {"->", ">", "\u2192", "|", "-"}  # between blanks
_LIST = re.compile(r"\s*(?:(?:np\.)?array\()?[\[({]")
_ELEMENT = re.compile(r"""'([^']*)'|"([^"]*)"|np\.\w+\(([^()]*)\)|\(([^()]*)\)|([^\s,;\[\](){}'"]+)""")
"""One of a list: in quotes, as numpy writes its numbers, a tuple (osmnx: u, v, key), or bare. No part of it can go over a text twice."""

_WHOLE = re.compile(r"-?\d+\.0", re.ASCII)
_COUNTED = " _;,\t\n|>\u2192'\"("


@dataclass(frozen=True, slots=True)
class PathTexts:
    """codes: (P,) int32, the links of all paths one after the other, into names (k,) str objects, each once. lengths: (n,)
    int64, how many each row has. said: how they were parted, where that should be looked at."""

    codes: np.ndarray
    names: np.ndarray
    lengths: np.ndarray
    said: list[str]

    @property
    def links(self) -> np.ndarray:
        """(P,) str objects, one object an id."""
        return np.asarray(self.names[self.codes])


def read_texts(column: pd.Series, clock: Clock, known: Collection[str] = ()) -> PathTexts:
    """The link ids of all paths of a column.

    known: ids of the network, where it is at hand: underscores alone part links only where the parts are among them, or none is.
    """
    whole = column.astype("string").fillna("")
    sign, pattern, said = _parted(whole, known)
    texts = pa.chunked_array([pa.array(whole, pa.large_string())])
    ids = _Ids({}, {})
    codes: list[np.ndarray] = []
    lengths: list[np.ndarray] = []
    links, lists = 0, False
    for start in range(0, len(texts), ROWS):
        clock.check()
        part = texts.slice(start, ROWS).combine_chunks().dictionary_encode()  # many trips may go the same way
        rows = np.asarray(part.indices)
        found = _links_of(part.dictionary, TOKENS[sign], re.compile(pattern), ids, clock, links)
        offsets, at = take_flat(found.offsets, rows)
        links, lists = links + int(offsets[-1]), lists or found.lists
        _within(links)
        codes.append(found.codes[at])  # 4 bytes a link until all are there
        lengths.append(np.diff(offsets))
    names, flat = np.empty(len(ids.code), object), _joined(codes, np.int32)
    names[:] = list(ids.code)
    within_ids = np.array(["_" in one for one in ids.code], bool)
    if lists:
        said = ["Paths are written as lists."]
    elif sign and sign != "_" and within_ids.any():
        said = [f"Underscores belong to the ids of links, such as {shown(names[flat[np.argmax(within_ids[flat])]])}."]
    return PathTexts(flat, names, _joined(lengths, np.int64), said)


@dataclass(frozen=True, slots=True)
class _Ids:
    """code: id -> number. of_raw: the same of texts as they stand between separators, -1 for none."""

    code: dict[str, int]
    of_raw: dict[str, int]

    def of(self, raw: str) -> int:
        """The number of the id that a text is, -1 where it is none."""
        found = self.of_raw.get(raw)
        if found is None:
            link = _plain(raw)
            found = self.of_raw[raw] = self.code.setdefault(link, len(self.code)) if link and link not in ARROWS else -1
        return found


@dataclass(frozen=True, slots=True)
class _Links:
    """codes: (L,) int32, the links of n texts one after the other; offsets: (n + 1,) int64. lists: whether one was written as a list."""

    codes: np.ndarray
    offsets: np.ndarray
    lists: bool


def _links_of(texts: pa.Array, sign: str, link: re.Pattern[str], ids: _Ids, clock: Clock, before: int) -> _Links:
    """The links of texts: of plain ones all at once, of others one by one. before: how many links there are already."""
    tokens = tokens_of(texts, sign)
    at = np.concatenate(([0], np.cumsum(tokens.counts)))
    codes = np.array([ids.of(one) for one in tokens.raw], np.int32)[tokens.codes] if len(tokens.codes) else np.zeros(0, np.int32)
    kept = codes >= 0
    counts, lists = tokens.counts, False
    if not kept.all():
        counts = np.diff(np.concatenate(([0], np.cumsum(kept)))[at])
        codes = codes[kept]
    odd = np.flatnonzero(~tokens.plain)
    if not len(odd):
        return _Links(codes, np.concatenate(([0], np.cumsum(counts))).astype(np.int64), False)
    own: list[np.ndarray] = np.split(codes, np.cumsum(counts)[:-1])
    for k, text in zip(odd.tolist(), texts.take(pa.array(odd)).to_pylist(), strict=True):
        if k % 1000 == 0 or len(text) > LONG:
            clock.check()
            _within(before + sum(text.count(one) for one in _COUNTED) + 1)
        text = plain_text(text)
        is_list = _LIST.match(text) is not None
        lists |= is_list
        found = _of_list(text) if is_list else () if len(text) < SHORT and text.strip().lower() in NO_PATH else (
            match.group() for match in link.finditer(text))
        own[k] = np.array([code for one in found if (code := ids.of(one)) >= 0], np.int32)
        before += len(own[k])
    return _Links(np.concatenate(own), np.concatenate(([0], np.cumsum([len(one) for one in own]))).astype(np.int64), lists)


def _within(links: int) -> None:
    within("unpacked", float(A_LINK * links), f"The paths have up to {links:,} links.", "Read them in parts.")


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _parted(texts: pd.Series, known: Collection[str]) -> tuple[str, str, list[str]]:
    """The sign that parts links in a column, the pattern of a link, and what is to be said."""
    bare = texts.str.strip()
    bare = bare[~_has(bare, f"^{BLANK}*(?:(?:np\\.)?array\\()?[\\[({{]")]
    if len(known) and any(" " in one for one in list(known)[:LOOKED_AT]):  # names of streets: a blank parts nothing where another sign does
        strong = next(((sign, pattern) for sign, pattern in SEPARATORS[1:3] if _has(bare, _re2(sign)).any()), None)
        if strong is not None:
            return *strong, []
    for sign, pattern in SEPARATORS:
        if _has(bare, _re2(sign)).any():
            if sign == "_" and len(known) and _are_ids(bare, frozenset(known)):  # of an array each look-up would pass over all
                break
            return sign, pattern, ["Paths are parted by underscores."] if sign == "_" else []
    return "", r"[^\s;,]+", []


def _re2(pattern: str) -> str:
    """A pattern of Python's as RE2 writes it."""
    return pattern.replace("\\s", BLANK[1:-1]).replace("\\u2192", "\u2192")


def _has(texts: pd.Series, pattern: str) -> np.ndarray:
    """(n,) bool: which texts have a pattern of RE2 in them."""
    return np.asarray(pc.match_substring_regex(pa.array(texts, pa.large_string()), pattern).to_numpy(zero_copy_only=False), bool)


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
