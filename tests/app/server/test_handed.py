"""What a visitor was given is his; what only stands in a text is nobody's."""

from __future__ import annotations

import time

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.server import handed
from app.server.handed import KEPT, MOST_FILES, Handed

A, B, FILE = "a" * 43, "b" * 43, "/media/0123abcd.csv"


def given(*visitors: str) -> Handed:
    made = Handed()
    for one in visitors:
        made.opened(one)
    return made


def button(url: str) -> bytes:
    message = ForwardMsg()
    message.delta.new_element.download_button.url = url
    return message.SerializeToString()


def began(session: str) -> bytes:
    message = ForwardMsg()
    message.new_session.initialize.session_id = session
    return message.SerializeToString()


def test_a_file_is_his_whose_page_has_the_button() -> None:
    kept = given(A, B)
    kept.note(A, button(FILE), True)
    assert kept.has_file(A, "0123abcd.csv") and not kept.has_file(B, "0123abcd.csv") and not kept.has_file("", "0123abcd.csv")
    assert not kept.has_file(A, "0123abcd") and not kept.has_file(A, "other.csv")


def test_pictures_icons_and_files_made_on_a_click_are_handed_out_too() -> None:
    kept, picture, icon, made = given(A), ForwardMsg(), ForwardMsg(), ForwardMsg()
    picture.delta.new_element.imgs.imgs.add().url = "/media/picture.png"
    icon.page_config_changed.favicon = "/media/icon.svg"
    made.backend_operation_response.deferred_file.url = "/media/project.bin"
    for message in (picture, icon, made):
        kept.note(A, message.SerializeToString(), True)
    assert all(kept.has_file(A, name) for name in ("picture.png", "icon.svg", "project.bin"))


def test_an_address_that_somebody_typed_hands_out_nothing() -> None:
    """Else whoever guesses an address would name a feature so, and be given the file when the page repeats the name."""
    kept, text, label, longer = given(A), ForwardMsg(), ForwardMsg(), ForwardMsg()
    text.delta.new_element.markdown.body = FILE
    label.delta.new_element.download_button.label = FILE
    label.delta.new_element.download_button.help = FILE
    longer.delta.new_element.download_button.url = f"https://elsewhere.example{FILE}"
    for message in (text, label, longer):
        assert b"/media/" in message.SerializeToString()
        kept.note(A, message.SerializeToString(), True)
    assert not kept.has_file(A, "0123abcd.csv")


def test_the_session_of_a_page_is_known_from_the_message_that_begins_it() -> None:
    kept = given(A, B)
    assert not kept.note(A, button("/media/x.csv"), False)
    assert kept.note(A, began("s-1"), False)
    assert kept.has_session(A, "s-1") and not kept.has_session(A, "s-2")
    assert not kept.has_session(B, "s-1") and not kept.has_session("", "s-1")


def test_visitors_who_left_are_forgotten_and_those_with_a_page_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(handed.time, "monotonic", lambda: now)
    kept = given(A, B)
    kept.note(A, button(FILE), True)
    kept.note(B, button(FILE), True)
    kept.closed(A)
    now += KEPT - 1
    kept.opened("c")
    assert kept.has_file(A, "0123abcd.csv")  # a page that comes back within the hour
    now += 2
    kept.opened("d")
    assert not kept.has_file(A, "0123abcd.csv") and kept.has_file(B, "0123abcd.csv")


def test_a_visitor_holds_so_many_files_and_no_more() -> None:
    kept = given(A)
    for i in range(MOST_FILES + 5):
        kept.note(A, button(f"/media/{i}.csv"), True)
    assert not kept.has_file(A, "4.csv") and kept.has_file(A, "5.csv") and kept.has_file(A, f"{MOST_FILES + 4}.csv")


def test_reading_along_costs_little() -> None:
    """A plot of 20 MB goes by without being taken apart; with a picture beside it, it is, and that must not hold the server up either."""
    kept, plot = given(A), ForwardMsg()
    plot.delta.new_element.plotly_chart.spec = "[" + "1234567," * 2_500_000 + "0]"
    message = plot.SerializeToString()
    took = []
    for one in (message, message + button(FILE)):
        began_at = time.perf_counter()
        kept.note(A, one, True)
        took.append(time.perf_counter() - began_at)
    assert took[0] < 0.1 and took[1] < 0.5, took
