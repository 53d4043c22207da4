"""Which sequences of a log have ended, and which were still running when the log was taken.

Nothing in a log tells the last event of a sequence from the last that was seen of it. So the analyst says it: events that end one, a column
that tells, or that those which had an event shortly before the log ends are still running.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom

from irlcore.errors import DataError
from irlcore.quantities import counted, plain
from irlcore.tracks.attributes import column_of, value_labels
from irlcore.tracks.cells import shown
from irlcore.tracks.logs.waits import counted_from, waits
from irlcore.tracks.times.parts import DAY_S
from irlcore.tracks.times.zones import HOUR_S
from irlcore.tracks.tracks import LinkTracks

COMMON, FEWEST = 1.0 / 50.0, 5
"""A last event is a usual one where so large a share of the sequences, and so many, end with it."""
PAUSE = 0.95
"""Of the pauses between events: one that was quiet for longer than so many of them are is hardly going to go on."""
LUCK = 0.001
MOST_LATE = 0.5
MINUTE_S = 60.0
MOST_NAMED, MOST_LABELS = 4, 50


@dataclass(frozen=True, slots=True)
class Endings:
    """events: with which a sequence ends. column, values: an attribute of sequences, and its labels that mean that one has ended. within:
    seconds before the last event of the log; a sequence with an event since then is still running.

    A sequence that ends with one of the events, or that the column tells has ended, has ended. Of the others all are still running, or,
    where ``within`` is above 0, those that had an event within it. Where nothing is said every sequence has ended.
    """

    events: tuple[str, ...] = ()
    column: str = ""
    values: tuple[str, ...] = ()
    within: float = 0.0

    @property
    def says(self) -> bool:
        """Whether it says anything."""
        return bool(self.events or self.column or self.within > 0.0)


ALL_ENDED = Endings()


@dataclass(frozen=True, slots=True)
class Guess:
    """What is suggested, and why, in a sentence."""

    endings: Endings
    said: str


def still_running(tracks: LinkTracks, endings: Endings) -> np.ndarray:
    """(N,) bool, the sequences that have not ended. DataError where the log does not tell what is asked, or none has ended."""
    done = np.zeros(len(tracks), bool)
    if not endings.says:
        return done
    if endings.events:
        done |= np.isin(last_events(tracks), endings.events)
    if endings.column:
        values = column_of(tracks.attributes, endings.column)
        if values is None:
            raise DataError(f"There is no column {shown(endings.column)} that tells which sequences have ended.", "Choose another one.")
        done |= np.isin(value_labels(values), endings.values)
    running = ~done
    if endings.within > 0.0:
        last = last_times(tracks)
        if last is None:
            raise DataError("This log has no times, so nothing tells which sequences were active at its end.",
                            "Say which events end a sequence.")
        running &= last > last.max() - endings.within
    if running.all():
        raise DataError("By this not one sequence has ended, so nothing tells how one ends.",
                        "Name more events that end one, or a shorter time before the end of the log.")
    return running


def last_events(tracks: LinkTracks) -> np.ndarray:
    """(N,) str, with which event each sequence was last seen."""
    return np.asarray(tracks.links[tracks.offsets[1:] - 1])


def last_times(tracks: LinkTracks) -> np.ndarray | None:
    """(N,) float64 seconds, when each had its last event; None where no times are known."""
    return None if tracks.times is None else np.maximum.reduceat(tracks.times, tracks.offsets[:-1])


def last_counts(tracks: LinkTracks) -> dict[str, int]:
    """Last event -> how many sequences were last seen with it, the commonest first, of equally common ones in the order of their names."""
    names, many = np.unique(last_events(tracks).astype(str), return_counts=True)
    return {str(names[k]): int(many[k]) for k in np.argsort(-many, kind="stable")}


def usual_pause(tracks: LinkTracks) -> float:
    """Seconds that so many as ``PAUSE`` of all pauses between two events of a sequence are no longer than, 0 where there are none."""
    if tracks.times is None:
        return 0.0
    pauses = waits(tracks, counted_from(tracks))
    pauses = pauses[pauses > 0.0]
    return float(np.quantile(pauses, PAUSE)) if len(pauses) else 0.0


def guessed(tracks: LinkTracks) -> Guess:
    """Whether sequences look as if they had been cut off by the end of the log: those that were active shortly before it end with events
    that seldom are the last of the others, and do so more often than chance would have it."""
    within, last, n = usual_pause(tracks), last_times(tracks), len(tracks)
    if last is None or not within > 0.0:
        return Guess(ALL_ENDED, "No times tell whether sequences were still running when the log was taken.")
    within = _rounded(within)
    late = last > last.max() - within
    told = f"{counted(int(late.sum()), 'sequence')} had an event in the last {duration(within)} of the log"
    if not (~late).sum() > max(FEWEST, MOST_LATE * n):
        return Guess(ALL_ENDED, f"{told}, too many of {n:,} to tell whether any was still running.")
    names, which = np.unique(last_events(tracks).astype(str), return_inverse=True)
    quiet = np.bincount(which[~late], minlength=len(names))
    usual = quiet >= max(FEWEST, COMMON * int((~late).sum()))
    odd = ~usual[which]
    share = (int(odd[~late].sum()) + 1.0) / (int((~late).sum()) + 2.0)
    k, m = int(odd[late].sum()), int(late.sum())
    before = f"{plain(100.0 * float(odd[~late].mean()), 2)} %"
    if not usual.any() or binom.sf(k - 1, m, share) > LUCK:
        return Guess(ALL_ENDED, f"{told}; {'it ends' if m == 1 else 'they end'} as the others do, so nothing says that "
                                f"{'it was' if m == 1 else 'they were'} still running.")
    return Guess(Endings(tuple(names[usual].tolist()), within=within),
                 f"{told}, and {k:,} of them {'ends' if k == 1 else 'end'} as only {before} of the others do: these look as if they were "
                 "still running.")


def told(endings: Endings, running: int, of: int) -> str:
    """What holds of a log, in a sentence."""
    if not endings.says:
        return "Each sequence is taken to end with its last event."
    ways = []
    if endings.events:
        ways.append(f"it was last seen with {_any_of(endings.events)}")
    if endings.column:
        ways.append(f"{endings.column} says {_any_of(endings.values)}")
    if endings.within > 0.0:
        ways.append(f"it had no event in the last {duration(endings.within)} of the log")
    return (f"A sequence has ended where {', or '.join(ways)}. {running:,} of {of:,} {'is' if running == 1 else 'are'} still running: what "
            f"{'it' if running == 1 else 'they'} would have done next is left open.")


def _any_of(names: tuple[str, ...]) -> str:
    told = [f'"{one}"' for one in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        told.append(f"{len(names) - MOST_NAMED:,} more")
    return " or ".join(told) or "something that was not named"


def duration(seconds: float) -> str:
    """In the unit that suits it."""
    for unit, size in (("day", DAY_S), ("hour", HOUR_S), ("minute", MINUTE_S)):
        if seconds >= size:
            return f"{plain(seconds / size, 3)} {unit}{'' if seconds == size else 's'}"
    return f"{plain(seconds, 3)} {'second' if seconds == 1.0 else 'seconds'}"


def _rounded(seconds: float) -> float:
    """Up to whole units, as people say it."""
    unit = next((size for size in (DAY_S, HOUR_S, MINUTE_S) if seconds >= size), 1.0)
    return float(np.ceil(seconds / unit - 1e-9) * unit) if seconds >= 1.0 else seconds


def ending_columns(frame: pd.DataFrame) -> list[str]:
    """Attributes of sequences that may tell whether one has ended: of two labels or more, and not one for each."""
    out = []
    for name in map(str, frame.columns):
        values = column_of(frame, name)
        many = 0 if values is None else len(np.unique(value_labels(values).astype(str)))
        if 1 < many <= min(MOST_LABELS, max(FEWEST, len(frame) // 2)):
            out.append(name)
    return out
