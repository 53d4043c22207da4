"""Events written in several ways: found, told, and taken as one by the commonest spelling alone where that is asked."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.logs.spelling import spelled_as_one, spellings
from irlcore.tracks.tracks import LinkTracks
from tests.tracks.logs.test_read_events import read


def log(*sequences: str) -> LinkTracks:
    return read("case,events\n" + "\n".join(f"{k},{one}" for k, one in enumerate(sequences)))[0].tracks  # type: ignore[return-value]


def test_spellings_of_one_event_become_the_commonest_of_them() -> None:
    tracks = log("Pick goods>Ship", "PICK GOODS>ship", "pick-goods>Ship>other", "Pick goods>Ship")
    found = spellings(tracks)
    assert found.as_one == {"PICK GOODS": "Pick goods", "pick-goods": "Pick goods", "ship": "Ship"}
    assert found.said.startswith("2 events are written in several ways (") and "Ship, ship" in found.said
    made = spelled_as_one(tracks, found.as_one)
    assert made.links.tolist() == ["Pick goods", "Ship", "Pick goods", "Ship", "Pick goods", "Ship", "other", "Pick goods", "Ship"]
    assert not spellings(made).as_one and not spellings(made).said


def test_the_order_of_sequences_does_not_choose_the_spelling() -> None:
    one, other = log("ab>AB", "AB>ab>x"), log("AB>ab>x", "ab>AB")
    assert spellings(one).as_one == spellings(other).as_one == {"ab": "AB"}


def test_a_log_of_one_spelling_and_names_of_signs_alone_are_left_as_they_are() -> None:
    tracks = log("a>b>-", "a>_>b")
    assert spellings(tracks).as_one == {} and spelled_as_one(tracks, {}) is tracks
    assert np.array_equal(spelled_as_one(tracks, {"z": "a"}).links, tracks.links)


def test_an_event_that_began_in_another_spelling_is_completed_all_the_same() -> None:
    found, events = read("case,t,event,lifecycle:transition\na,1,PICK,start\na,2,Pick,complete\na,3,ship it,start\na,4,Ship-it,complete\n")
    assert events == {"a": ["Pick", "Ship-it"]} and "lifecycle:transition: 2 start" in " ".join(found.said)
