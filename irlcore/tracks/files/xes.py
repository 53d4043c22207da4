"""XES (IEEE 1849) as rows of events: traces with their attributes, events with theirs. Attributes of attributes are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.gpx import distinct_names
from irlcore.tracks.plain_text import plain_text

TYPES = {"string", "date", "int", "float", "boolean", "id"}
NUMBERS = {"int", "float"}
NAME = "concept:name"
LONGEST = 1000  # letters of a key or a value
A_VALUE = 70  # bytes of one in memory, beside its letters


class XesReader:
    """What has been read of a file so far. Texts are kept once, however often they stand there."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.traces, self.names, self.loose, self.deeper, self.bytes = 0, list[str](), 0, 0, 0
        self.of: list[int] = []  # the trace of each event
        self.of_traces: dict[str, dict[int, str]] = {}  # key -> row -> value
        self.of_events: dict[str, dict[int, str]] = {}
        self.kinds: dict[str, set[str]] = {}
        self.known: dict[str, str] = {}
        self.counted = Counter[int]()

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """A trace, an event or a value of one begins."""
        above = path[-2] if len(path) > 1 else ""
        if name == "trace":
            self.traces += 1
            self.names.append("")
        elif name == "event":
            self._event(above)
        elif name in TYPES and above in ("trace", "event"):
            self._value(name, attributes, above, loose="trace" not in path)
        elif above in TYPES and "trace" in path and name in TYPES:
            self.deeper += 1

    def _event(self, above: str) -> None:
        if above != "trace":
            self.loose += 1
            return
        self.of.append(self.traces - 1)
        self.counted[self.traces - 1] += 1
        self._cost(A_VALUE)

    def _value(self, kind: str, attributes: dict[str, str], above: str, loose: bool) -> None:
        key, value = (self._once(attributes.get(one, "")) for one in ("key", "value"))
        if loose or not key:
            return
        if above == "trace" and key == NAME:
            self.names[-1] = value.strip()
            return
        kept, row = (self.of_traces, self.traces - 1) if above == "trace" else (self.of_events, len(self.of) - 1)
        if key not in kept:
            within("columns", float(len(self.of_traces) + len(self.of_events) + 1), f"{self.label} has attributes of "
                   f"{len(self.of_traces) + len(self.of_events) + 1:,} names.", "Export it with fewer.")
        kept.setdefault(key, {})[row] = value
        self.kinds.setdefault(f"{above} {key}", set()).add(kind)
        self._cost(A_VALUE)

    def _once(self, text: str) -> str:
        text = plain_text(text[:LONGEST])
        if text not in self.known:
            self.known[text] = text
            self._cost(A_VALUE + len(text))
        return self.known[text]

    def _cost(self, size: int) -> None:
        before, self.bytes = self.bytes >> 20, self.bytes + size
        if self.bytes >> 20 != before:
            within("unpacked", float(self.bytes), f"{self.label} takes {self.bytes:,} bytes or more.", "Read it in parts.")

    def hear(self, text: str, path: list[str]) -> None:
        """Values stand in attributes of XML, so texts say nothing."""

    def end(self, name: str, path: list[str]) -> None:
        """All is told where it begins."""

    def table(self, track: str) -> pd.DataFrame:
        """One row an event: case:concept:name, the traces' attributes behind "case:", the events' own. track: what traces without a name
        are called. DataError where there are no events."""
        if not self.of:
            raise DataError(f"{self.label} holds no event of a trace.", "Export the log with its events.")
        of = np.array(self.of, np.int64)
        called = np.array(distinct_names(self.names, track), object)
        table = pd.DataFrame({f"case:{NAME}": pd.Series(called[of], dtype="str")})
        for key in sorted(self.of_events, key=lambda one: one != NAME):
            table[key] = self._column(f"event {key}", self.of_events[key], np.arange(len(of)))
        for key, values in self.of_traces.items():
            table[_free(f"case:{key}", table.columns)] = self._column(f"trace {key}", values, of)
        said = self._said()
        if said:
            table.attrs[SAID] = said
        return table

    def _column(self, which: str, values: dict[int, str], rows: np.ndarray) -> pd.Series:
        texts = pd.Series([values.get(row) for row in rows.tolist()], dtype="str")
        if not self.kinds[which] <= NUMBERS:
            return texts
        numbers = pd.to_numeric(texts.str.slice(0, 60), errors="coerce")
        return numbers if numbers.notna().sum() == texts.notna().sum() else texts

    def _said(self) -> list[str]:
        empty = self.traces - len(self.counted)
        told = ((empty, "1 trace has no event, and is left out.", f"{empty:,} traces have no event, and are left out."),
                (self.loose, "1 event of no trace is left out.", f"{self.loose:,} events of no trace are left out."),
                (self.deeper, "1 attribute of an attribute is left out.", f"{self.deeper:,} attributes of attributes are left out."))
        return [one if many == 1 else several for many, one, several in told if many]


def _free(name: str, taken: Sequence[str] | pd.Index) -> str:
    """A name that no column has."""
    free, n = name, 2
    while free in taken:
        free, n = f"{name} ({n})", n + 1
    return free
