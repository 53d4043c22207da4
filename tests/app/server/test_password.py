"""The door: wrong tries cost time, a pass is one visitor's, and the form shows what it is given as text."""

from __future__ import annotations

import pytest

from app.server import password
from app.server.access import digest
from app.server.password import A_MINUTE, FREE_TRIES, HOLDS, LONGEST_WAIT, MOST, Door, form

RIGHT, VISITOR = "correct horse", "v" * 43


class Clock:
    """A time that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(password.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_pass_is_made_for_the_right_password_and_for_its_visitor() -> None:
    door = Door(digest(RIGHT))
    assert not any(door.enter("a", wrong, VISITOR) for wrong in ("", "correct", "correct horse ", "Correct horse", "\ud800"))
    first, second = door.enter("b", RIGHT, VISITOR), door.enter("b", RIGHT, VISITOR)
    assert len(first) >= 40 and first != second
    assert door.admits(first, VISITOR) and door.admits(second, VISITOR)
    assert not door.admits(first, "w" * 43) and not door.admits(first, "")
    assert not door.admits("", VISITOR) and not door.admits("x", VISITOR) and not door.admits("", "")


def test_a_pass_lapses_when_it_is_not_shown(clock: Clock) -> None:
    door = Door(digest(RIGHT))
    shown = door.enter("a", RIGHT, VISITOR)
    clock.now += HOLDS - 1
    assert door.admits(shown, VISITOR)
    clock.now += HOLDS - 1
    assert door.admits(shown, VISITOR)
    clock.now += HOLDS + 1
    assert not door.admits(shown, VISITOR) and not door.admits(shown, VISITOR)


def test_wrong_tries_of_one_address_cost_it_more_and_more(clock: Clock) -> None:
    door, waits = Door(digest(RIGHT)), []
    for _ in range(FREE_TRIES + 12):
        clock.now += door.wait("a", VISITOR)
        door.enter("a", "wrong", VISITOR)
        waits.append(door.wait("a", VISITOR))
    assert waits[:FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1:] == sorted(waits[FREE_TRIES - 1:]) and waits[FREE_TRIES - 1] > 0 and waits[-1] == LONGEST_WAIT
    assert door.wait("b", VISITOR) == 0.0
    clock.now += LONGEST_WAIT
    assert door.enter("a", RIGHT, VISITOR) and door.wait("a", VISITOR) == 0.0


def test_many_addresses_do_not_get_round_the_limit(clock: Clock) -> None:
    """However many they have: A_MINUTE wrong tries a minute in all, so eight random letters and digits hold for centuries."""
    door, tried, began = Door(digest(RIGHT)), 0, clock.now
    for i in range(50 * A_MINUTE):
        if door.wait(f"address {i}", VISITOR) == 0.0:
            door.enter(f"address {i}", "wrong", VISITOR)
            tried += 1
        clock.now += 0.2
    minutes = (clock.now - began) / 60
    assert A_MINUTE * (minutes - 1) <= tried <= A_MINUTE * (minutes + 1)
    assert 36 ** 8 / 2 / (A_MINUTE * 60 * 24 * 365) > 80_000  # years


def test_the_addresses_of_one_network_of_ipv6_count_as_one(clock: Clock) -> None:
    """Whoever has one has 2**64 of them, and each had its free tries."""
    door = Door(digest(RIGHT))
    for k in range(FREE_TRIES):
        assert door.wait(f"2001:db8:1:2::{k}", VISITOR) == 0.0
        door.enter(f"2001:db8:1:2::{k}", "wrong", VISITOR)
    assert door.wait("2001:db8:1:2:ffff::1", VISITOR) > 0.0 and door.wait("[2001:db8:1:2::9%eth0]", VISITOR) > 0.0
    assert door.wait("2001:db8:1:3::", VISITOR) == 0.0 and door.wait("192.0.2.1", VISITOR) == 0.0
    for _ in range(FREE_TRIES):
        door.enter("192.0.2.1", "wrong", VISITOR)
    assert door.wait("192.0.2.1", VISITOR) > 0.0 and door.wait("192.0.2.2", VISITOR) == 0.0


def test_who_was_inside_before_does_not_wait_for_the_tries_of_all_others_but_for_his_own(clock: Clock) -> None:
    door = Door(digest(RIGHT))
    shown = door.enter("home", RIGHT, VISITOR)
    clock.now += HOLDS + 1
    assert not door.admits(shown, VISITOR)
    for k in range(A_MINUTE):
        door.enter(f"192.0.2.{k}", "wrong", "x" * 43)
    assert door.wait("home", VISITOR) == 0.0 and door.enter("home", RIGHT, VISITOR)
    assert door.wait("home", "new" * 20) > 0.0 and door.wait("home", "") > 0.0
    for _ in range(FREE_TRIES):
        door.enter("home", "wrong", VISITOR)
    assert door.wait("home", VISITOR) > 0.0


def test_what_is_remembered_stays_small(clock: Clock) -> None:
    door = Door(digest(RIGHT))
    for i in range(MOST + 50):
        door.enter(str(i), "wrong", VISITOR)
        clock.now += 10
    assert len(door._wrong) == MOST and len(door._lately) < MOST + 51
    door.wait("x", VISITOR)
    assert len(door._lately) <= A_MINUTE
    first = door.enter("y", RIGHT, VISITOR)
    for _ in range(MOST):
        door.enter("y", RIGHT, VISITOR)
    assert len(door._passes) == MOST and not door.admits(first, VISITOR)
    for i in range(MOST + 5):
        door.enter("y", RIGHT, str(i))
    assert len(door._known) == MOST


def test_the_form_shows_what_it_is_given_as_text() -> None:
    shown = form("/_motive/enter", '/"><script>alert(1)</script>', "<b>no</b>")
    assert "<script>" not in shown and "<b>" not in shown and 'method="post"' in shown and 'type="password"' in shown
    assert "not encrypted" in form("/x", "/", open_line=True) and "not encrypted" not in shown
