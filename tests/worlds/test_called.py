"""What is said of tracks in the words of each kind of world."""

from __future__ import annotations

import pytest

from irlcore.worlds.called import CALLED


@pytest.mark.parametrize(("ours", "of_a_log"), [
    ("3 tracks, 1 trip and 2 steps.", "3 sequences, 1 sequence and 2 events."), ("A track took a step.", "A sequence took an event."),
    ('Tracks with "track 3" or "a step"', 'Sequences with "track 3" or "a step"'), ("on the Tracks page", "on the Sequences page"),
    ("Stop, Loitering", "Long wait, Long waits after one event"),
    ("most like it: my-track, track-7, track 12 and tracker", "most like it: my-track, track-7, track 12 and tracker"), ("", "")])
def test_sentences_of_ours_are_said_in_the_words_of_a_log_and_names_stay(ours: str, of_a_log: str) -> None:
    assert CALLED["log"].say(ours) == of_a_log
    assert all(CALLED[kind].say(ours) == ours for kind in CALLED if kind != "log")
