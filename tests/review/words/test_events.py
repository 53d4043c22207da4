"""What is said of the least expected event of a sequence, in every case."""

from __future__ import annotations

import math

import pytest

from irlcore.review.words.events import event_headline, least_expected_event


@pytest.mark.parametrize(("args", "said"), [
    (("export", "login", 3, 9, math.log(4000.0), 40.0, "read", 0.86),
     "After login, export was least expected (event 3 of 9): the model gives it 1 chance in 4,000, 40 times rarer than among all events; "
     "likeliest there is read (86%)."),
    (("export", "", 1, 2, math.log(4.0), 1.5, "export", 0.25),
     "At the start, export was least expected (event 1 of 2): the model gives it 1 chance in 4."),
    (("", "login", 2, 2, math.log(50.0), 7.0, "read", 0.9),
     "After login, the end was least expected (event 2 of 2): the model gives it 1 chance in 50; likeliest there is read (90%)."),
    (("export", "login", 2, 3, math.inf, math.nan, "", 0.7),
     "After login, export was least expected (event 2 of 3): the model sees no chance of it; likeliest there is the end (70%).")])
def test_the_sentence_is_whole_in_every_case(args: tuple[str, str, int, int, float, float, str, float], said: str) -> None:
    assert least_expected_event(*args) == said


def test_one_line_names_the_event_and_what_it_came_after() -> None:
    assert [event_headline("export", "login"), event_headline("", "login"), event_headline("export", ""), event_headline("", "")] == [
        "export after login", "The end after login", "export at the start", "The end at the start"]
