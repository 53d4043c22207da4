"""Made-up tracks for files that are written in other ways: the same few walks, so that every file has the same truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.cases.expectation import Expected, Facts

Made = tuple[Mapping[str, bytes], Expected]
"""The files of a case, name -> bytes, and what is expected of them."""
BEGUN = datetime(2024, 3, 25, 8, 10, tzinfo=UTC)  # no month has a number of 25
STEP_S, POINTS, TRACKS = 60, 10, 3
LON, LAT, EAST = 10.0, 55.0, 0.002
METRES = 1151.8  # of nine steps of .002 degrees along 55 north
LAST = BEGUN + timedelta(seconds=STEP_S * (POINTS - 1))


@dataclass(frozen=True, slots=True)
class Fix:
    """One point of track ``k``, its ``i``-th."""

    k: int
    i: int
    t: datetime
    lon: float
    lat: float


def fixes(begun: datetime = BEGUN, lon: float = LON, lat: float = LAT, tracks: int = TRACKS) -> list[Fix]:
    """Tracks that go east beside one another, a point a minute."""
    return [Fix(k, i, begun + timedelta(seconds=STEP_S * i), lon + EAST * i, lat + 0.001 * k) for k in range(tracks) for i in range(POINTS)]


def table(header: str, row: Callable[[Fix], str], points: Sequence[Fix] | None = None, encoding: str = "utf-8") -> bytes:
    """A table of text: a header and a row a point."""
    return "".join(f"{line}\n" for line in (*([header] if header else []), *map(row, points or fixes()))).encode(encoding)


def facts(ids: Sequence[str] = ("v0", "v1", "v2"), points: int = TRACKS * POINTS, metres: float = METRES, timed: bool = True,
          crs: str = "EPSG:32632", labels: Mapping[str, Mapping[str, int]] | None = None) -> Facts:
    """What the walks are where every point is kept. ids: of the tracks, the first of which is whole."""
    span = {ids[0]: (BEGUN.isoformat(), LAST.isoformat())} if timed else {}
    return Facts(tracks=len(ids), points=points, paths=len(ids), ids=tuple(ids), span=span, metres={ids[0]: metres}, timed=timed, crs=crs,
                 labels=labels or {})


def iso(t: datetime) -> str:
    """As 2024-03-25T08:10:00Z."""
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(t: datetime) -> str:
    """As 2024-03-25 08:10:00."""
    return t.strftime("%Y-%m-%d %H:%M:%S")
