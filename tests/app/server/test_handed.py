"""What a visitor was given is his; what only stands in a text is nobody's."""

from __future__ import annotations

import time

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.server import handed
from app.server.handed import KEPT, MOST_FILES, Handed
from tests.app.server.asking import message

A, B, FILE = "a" * 43, "b" * 43, "/media/0123abcd.csv"


def given(*visitors: str) -> Handed:
    made = Handed()
    for one in visitors:
        made.opened(one)
    return made


def test_a_file_is_his_whose_page_has_the_button() -> None:
    kept = given(A, B)
    kept.note(A, message(file=FILE), True)
    assert kept.has_file(A, "0123abcd.csv") and not kept.has_file(B, "0123abcd.csv") and not kept.has_file("", "0123abcd.csv")
    assert not kept.has_file(A, "0123abcd") and not kept.has_file(A, "other.csv")


def test_pictures_icons_and_files_made_on_a_click_are_handed_out_too() -> None:
    kept, picture, icon, made = given(A), ForwardMsg(), ForwardMsg(), ForwardMsg()
    picture.delta.new_element.imgs.imgs.add().url = "/media/picture.png"
    icon.page_config_changed.favicon = "/media/icon.svg"
    made.backend_operation_response.deferred_file.url = "/media/project.bin"
    for one in (picture, icon, made):
        kept.note(A, one.SerializeToString(), True)
    assert all(kept.has_file(A, name) for name in ("picture.png", "icon.svg", "project.bin"))


def test_an_address_that_somebody_typed_hands_out_nothing() -> None:
    """Else whoever guesses an address would name a feature so, and be given the file when the page repeats the name."""
    kept, text, label, longer = given(A), ForwardMsg(), ForwardMsg(), ForwardMsg()
    text.delta.new_element.markdown.body = FILE
    label.delta.new_element.download_button.label = FILE
    label.delta.new_element.download_button.help = FILE
    longer.delta.new_element.download_button.url = f"https://elsewhere.example{FILE}"
    for one in (text, label, longer):
        assert b"/media/" in one.SerializeToString()
        kept.note(A, one.SerializeToString(), True)
    assert not kept.has_file(A, "0123abcd.csv")


def test_the_session_of_a_page_is_known_from_the_message_that_begins_it() -> None:
    kept = given(A, B)
    assert not kept.note(A, message(file="/media/x.csv"), False)
    assert kept.note(A, message("s-1"), False)
    assert kept.has_session(A, "s-1") and not kept.has_session(A, "s-2")
    assert not kept.has_session(B, "s-1") and not kept.has_session("", "s-1")


def test_visitors_who_left_are_forgotten_and_those_with_a_page_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr(handed.time, "monotonic", lambda: now)
    kept = given(A, B)
    kept.note(A, message(file=FILE), True)
    kept.note(B, message(file=FILE), True)
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
        kept.note(A, message(file=f"/media/{i}.csv"), True)
    assert not kept.has_file(A, "4.csv") and kept.has_file(A, "5.csv") and kept.has_file(A, f"{MOST_FILES + 4}.csv")


def test_reading_along_costs_little() -> None:
    """A plot of 20 MB goes by without being taken apart; with a picture beside it, it is, and that must not hold the server up either.
    Seconds of this process, fifty times what was measured: other work on the machine makes it slower too."""
    kept, plot = given(A), ForwardMsg()
    plot.delta.new_element.plotly_chart.spec = "[" + "1234567," * 2_500_000 + "0]"
    sent = plot.SerializeToString()
    took = []
    for one in (sent, sent + message(file=FILE)):
        begun = time.process_time()
        kept.note(A, one, True)
        took.append(time.process_time() - begun)
    assert max(took) < 0.5, took
