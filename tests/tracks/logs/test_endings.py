"""Which sequences of a log have ended: by events, by a column, by when they were last active; and what is guessed and said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.logs.endings import (
    ALL_ENDED,
    DAY_S,
    Endings,
    duration,
    ending_columns,
    guessed,
    last_counts,
    still_running,
    told,
    usual_pause,
)
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.tracks import LinkTracks
from tests.cut_logs import cut_log


def log_of(texts: list[str], ends: list[float] | None = None, **columns: list[object]) -> LinkTracks:
    """Each letter an event, an hour apart; ends: hours at which each sequence had its last."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in texts]))).astype(np.int64)
    times = None if ends is None else np.concatenate([3600.0 * (end - np.arange(len(one))[::-1]) for one, end in
                                                     zip(texts, ends, strict=True)])
    return LinkTracks(np.array([f"s{k}" for k in range(len(texts))], object), offsets, np.array(list("".join(texts)), object),
                      pd.DataFrame(columns or None, index=range(len(texts))), times=times)


LOG = log_of(["abz", "ab", "abc", "az"], [10.0, 20.0, 99.0, 100.0], status=["closed", "open", "open", None])


@pytest.mark.parametrize(("endings", "running"), [
    (ALL_ENDED, []), (Endings(("z",)), [1, 2]), (Endings(("z", "c")), [1]), (Endings(column="status", values=("closed",)), [1, 2, 3]),
    (Endings(("c",), "status", ("closed",)), [1, 3]), (Endings(within=5 * 3600.0), [2, 3]), (Endings(("z",), within=5 * 3600.0), [2]),
    (Endings(("c",), within=85 * 3600.0), [1, 3])])
def test_who_is_still_running(endings: Endings, running: list[int]) -> None:
    assert np.flatnonzero(still_running(LOG, endings)).tolist() == running


@pytest.mark.parametrize(("log", "endings", "what"), [
    (LOG, Endings(("q",)), "not one sequence has ended"), (LOG, Endings(column="nope", values=("x",)), "no column nope"),
    (log_of(["ab"]), Endings(within=1.0), "no times"), (LOG, Endings(within=1e9), "not one sequence has ended")])
def test_what_a_log_does_not_tell_is_said(log: LinkTracks, endings: Endings, what: str) -> None:
    with pytest.raises(DataError, match=what) as caught:
        still_running(log, endings)
    assert caught.value.fix


def test_a_log_that_is_cut_off_is_guessed_and_a_whole_one_and_one_without_times_are_not() -> None:
    """Of whole logs less than one in a thousand is taken for cut off, of cut ones nearly all are seen."""
    for seed in range(8):
        cut = cut_log(200, np.random.default_rng((20121, seed)))
        guess = guessed(cut.tracks)
        assert guess.endings.events == ("close",) and guess.endings.within >= DAY_S and "were still running" in guess.said
        running = still_running(cut.tracks, guess.endings)
        assert not running[cut.ended].any() and running[~cut.ended].mean() > 0.9
        assert guessed(cut.whole).endings == ALL_ENDED and "nothing says" in guessed(cut.whole).said
    assert guessed(log_of(["ab", "ac"])).endings == ALL_ENDED


def test_the_order_of_sequences_and_where_time_begins_have_no_say() -> None:
    cut = cut_log(150, np.random.default_rng(20121)).tracks
    turned = cut.take(np.arange(len(cut))[::-1])
    later = LinkTracks(cut.ids, cut.offsets, cut.links, cut.attributes, times=cut.times + 2.0**32)
    assert guessed(turned) == guessed(cut) == guessed(later)


def test_it_is_said_in_true_sentences() -> None:
    assert told(ALL_ENDED, 0, 4) == "Each sequence is taken to end with its last event."
    assert told(Endings(("z",)), 1, 4) == ('A sequence has ended where it was last seen with "z". 1 of 4 is still running: what it would '
                                           "have done next is left open.")
    long = told(Endings(tuple("abcdefg"), within=DAY_S), 2, 4)
    assert '"d" or 3 more' in long and "no event in the last 1 day of the log" in long and "2 of 4 are still running" in long
    assert [duration(one) for one in (1.0, 90.0, 3600.0, 2 * DAY_S, 0.5)] == ["1 second", "1.5 minutes", "1 hour", "2 days", "0.5 seconds"]
    assert last_counts(LOG) == {"z": 2, "b": 1, "c": 1} and usual_pause(LOG) == 3600.0
    assert ending_columns(LOG.attributes) == ["status"]


@pytest.mark.parametrize("name", ["status", "lifecycle:transition"])
def test_what_a_state_said_last_becomes_an_attribute_that_can_tell(name: str) -> None:
    """A status that changes from row to row; an event that began and was never completed."""
    table = pd.DataFrame({"case": ["1", "1", "2", "2", "3", "3"], "activity": ["a", "b", "a", "b", "a", "c"],
                          "t": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], name: ["complete", "complete", "complete", "start", "complete", "complete"]})
    columns = {"track": "case", "event": "activity", "t": "t", **({"lifecycle": name} if "lifecycle" in name else {})}
    found = read_events(table, columns)
    assert isinstance(found.tracks, LinkTracks)
    last = f"last {name}"
    assert found.tracks.attributes[last].tolist() == ["complete", "start", "complete"] and any(last in one for one in found.said)
    assert still_running(found.tracks, Endings(column=last, values=("complete",))).tolist() == [False, True, False]
