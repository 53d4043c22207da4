"""Every maker of words on tracks, with one and with many, with nothing, without limit, without units, with long names."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from irlcore.review import words
from irlcore.review.words import amounts, beside, did, events, kinds, pace, places, rarity, sequences, way
from irlcore.review.words.way import Yardstick

LONG = "Old Customs House and Harbour Commissioners' Embankment (northern carriageway)"
NAMES = ("Quay Street", "300 m north of east buoy", "cell 10,22", LONG)
UNITS = ("m", "km", "", "px", "deg", "steps")
COUNTS, SIZES, RATIOS = (1, 2, 3, 1234), (0.4, 1.0, 1.5, 2345.6), (0.01, 0.666, 1.001, 1.34, 2.0, 55.0)
STICKS = (None, Yardstick("length", -0.01, "m"), Yardstick("toll", -2.0), Yardstick("length", 0.0, "m"))
NATS = (0.0, 0.4, 0.7, 5.0, 14.0, 17.0, 30.0, np.inf)
EVENTS, KNOWN = ("open", "(end)", LONG), "known sequence"
RUN = ["open", "check", LONG, "work", "close", "open", "check", "work", "close", "close", "(end)"]
Case = Iterable[tuple[object, ...]]
each = itertools.product

MAKERS: dict[Callable[..., object], Case] = {
    did.passed_goal: each(NAMES, ("1 step", "300 m")),
    did.circled: each(NAMES, (1, 2, 3), ("300 m",), (True, False)),
    did.turned_round: each(NAMES, (1, 2, 3), ("1 step",)),
    did.turned_on_the_spot: each(NAMES),
    did.made_a_detour: each(NAMES, NAMES, NAMES[:2], ("", LONG), ("1 step", "3 km")),
    did.went_where_none_did: each(NAMES, NAMES, ("1 step",), ("known track", "other track"), (True, False)),
    did.ended_where_none_did: each(NAMES, ("known track",), (True, False)),
    way.cut_off: each(NAMES, (0.0, 0.5, 1.0), (1, 2)),
    way.least_expected: ((a, b, 1, last, nats, goal) for a, b, last, nats, goal in each(NAMES, NAMES, (1, 4), NATS, ("", LONG))),
    way.lost: each((0.0, 1.0, 2.5, 1e7, np.inf, np.nan), ("", "Quay Street", "wherever it was going"), STICKS),
    way.took_likeliest: each(("", LONG), (True, False)),
    way.parts_from_it: each(("", "Mill Lane"), NAMES, NAMES, (True, False), (*NATS, np.nan)),
    way.most_share: (([],), (["turned round"],), (["turned round", "passed the goal", "ended there"],)),
    way.few_share: each(("It turned round.",), (0, 1, 3), (4, 1999)),
    pace.all_along: each(RATIOS, (False, True)),
    pace.waited: each(SIZES, COUNTS, ('"a"',), ('"b"',), (0.0, 1.0, 3.0), (1.0, 40.0), ("s",), (True, False)),
    sequences.unlike_events: ((other, new, len(new), own, gone, len(gone)) for other in ("case 7",) for own in (1, 5)
                              for new in ((), ('"a"',)) for gone in ((), ('"b"', '"c"'))),
    sequences.other_share: each(('"a"',), (0.0, 0.2), (0.0, 0.1), ("case 7",)),
    sequences.rare_pair: each(("", '"a"'), ("", '"b"'), (1,), (1, 5), (0.01,)),
    sequences.rare_kind: each(('"a"',), ("hour",), ("night", "(unknown time)"), (1, 2), (2, 3), (1e-4, 0.01, 0.5)),
    sequences.unseen: each((1, 3), (5,), (6,), (('"a"',), ('"a"', '"b"')), (False, True), (False, True)),
    pace.waited_again: each(SIZES, ('"a"',), COUNTS, (0.0, 1.0), ("s",)),
    pace.on_a_stretch: each(SIZES, COUNTS, ("at Quay Street",), (0.0, 1.0, 3.0), (1.0, 40.0), ("s", "samples"), (True, False)),
    pace.stopped: each(SIZES, ("at Quay Street",), (0.0, 1.0, 3.0), ("s", "samples")),
    pace.loitered: each(SIZES, ("at Quay Street",), COUNTS, COUNTS, (0.0, 1.0), ("s", "samples")),
    pace.fast_over_it: each(SIZES, SIZES, ("m", "px", "")),
    pace.silences: each(COUNTS, (0, 1, 7), (100,), (1.0, 1.7)),
    pace.longest: each(SIZES, (0, 1, 7), (100,), SIZES),
    pace.before: each((0.0, 3600.0), (0.0, 1.0), ("m", "px"), (0, 1, 7), (100,), ("2 h",)),
    kinds.ended_elsewhere: each(("began near Mill Lane like this one",), (0, 1, 2, 1000), (0, 1, 2), ("Mill Lane",), ("at Mill Lane",),
                                ("", "at Quay Street")),
    kinds.seldom_together: each((0, *COUNTS), (0, *COUNTS), (0, 1, 7), NAMES, NAMES),
    kinds.far_stretch: each(("1 km",), ("at Quay Street",), ("300 m",)),
    kinds.unshared: ((count, of, runs, run, "Quay Street", LONG)
                     for count, of, runs, run in ((1, 1, 1, 1), (1, 5, 1, 1), (3, 5, 1, 3), (3, 5, 2, 2))),
    kinds.passed_again: each(("Went round in a circle",), COUNTS, ("", "at Quay Street"), ("1 km",), ("", "300 m")),
    kinds.wound: each(("1 km",), ("300 m",), ("400 m",)),
    kinds.turned: each(("400°",), ("300 m",), ("20°",)),
    kinds.unusual_way: (([], 20), ([kinds.unknown_way("a", "b")], 20),
                        ([kinds.rare_places("a", "b", 1, "link", 20), kinds.rare_steps(1, 1, 20, "a", "b", 1, 0)], 20),
                        ([kinds.rare_places("a", "b", 2, "cell", 20), kinds.rare_steps(1, 9, 20, "a", "b", 7, 3)], 20)),
    rarity.unusual: each(("Pace",), ("It spent 1 s at Quay Street.", "U-turn made.", "One stretch is odd."), ("1 in 20 ordinary tracks",)),
    rarity.ordinary: (([],), (["Gaps"],), (["Shape"],), (["Route", "Goal"],), (["Route", "Pace", "Gaps"],)),
    rarity.nameless: each((*rarity.ROUTE, "stop"), ("Stop",)),
    rarity.first_clause: each(("It did one thing; and another.", "It did one thing.")),
    rarity.beside: each(("It turned round.",), ("1 in 20 ordinary tracks",)),
    rarity.called: each(("No ordinary track did so.", "Of 3 ordinary tracks none did."), ("other track",)),
    beside.nearest: each(((), ("T-104",), ("T-104", LONG), ("a", "b", "c")), ("ordinary track",), ("", *NAMES),
                        ((), (0.0,), (-640.0,), (640.0, 900.0), (-640.0, 900.0)), (0.0, 1000.0), UNITS),
    way.explained: each(NAMES, (0.3, 0.66, 1.34, 2.0, 7.3), (1, 9), (128,)),
    beside.used: each(("left turn", LONG), (0.0, 1.0, 1.5, 2345.6), (0.0, 0.005, 1.0, 2.6), (*UNITS, "min", "times"),
                    (-30.0, -2.0, 2.0, 25.0), ("", "none of 107 ordinary tracks", "1 of 1 ordinary track")),
    events.missing: ((name, have, of, KNOWN) for name, have, of in each(EVENTS, (1, 95), (1, 95, 100)) if have <= of),
    events.unknown: each(EVENTS, (1, 120), (KNOWN,)),
    events.running: [()],
    events.strange: each(("1 in 20 ordinary tracks",)),
    events.repeated: each(EVENTS[::2], COUNTS[1:], (0, 1, 3), (3, 120), (KNOWN,)),
    events.out_of_order: each(EVENTS[::2], EVENTS[::2], (0, 1), (1, 20, 1234), (KNOWN,)),
    events.one_after_the_other: ((a, b, begins, ends, more, of, KNOWN) for a, b, (begins, ends), more, of in
                                 each(EVENTS, EVENTS, ((True, False), (False, True), (False, False)), (0, 1, 2), (1, 120))),
    events.least_expected: ((RUN[:last - first + 1], first, last, nats) for first, last, nats in each((1, 2), (2, 3, 11), NATS)),
    events.rarer: each(((), RUN[:1], RUN[:2]), EVENTS, NATS, EVENTS, (0.1, 2.0)),
    events.rarer_kind: each(("open", LONG), ([("hour", "night")], [("hour", "(rare)"), ("who", "Ben")]), NATS,
                            ([("hour", "day")],), NATS[:3]),
    events.instead: each(((), RUN[:1], RUN), (True, False), (*NATS, -1.0), (1, 12)),
    events.as_likeliest: each((RUN[:1], RUN)),
    events.unshared: ((count, of) for count, of in each((1, 2, 7), (1, 2, 7)) if count <= of),
    beside.beside_flagged: each((beside.used("toll", 2.0, 1.0, "", 3.0), beside.used("toll", 2.0, 1.0, "", 3.0, "1 of 9 ordinary tracks")),
                              (0, 1, 3), (4, 1999)),
}
"""Makers of whole sentences, which may say nothing -> what to try them with."""

PARTS: dict[Callable[..., object], Case] = {
    way.likeliest: each(("", LONG)), way.headline: each(NAMES, NAMES, (True, False), (0.0, 5.0, np.inf, np.nan), STICKS),
    places.at: each(NAMES), places.between: each(NAMES, NAMES), places.part_of: each(NAMES), places.place_token: each((0, 12)),
    places.at_spot: each(NAMES), places.spot_token: each((0, 12)), places.at_token: each((0, 12)),
    places.between_token: each((0, 12), (0, 12)),
    places.with_places: (("Went {place:1}, {at place:2}, {between:1:2} {spot place:1}", lambda place: NAMES[place]),),
    amounts.often: each(COUNTS), amounts.said_steps: each((0.0, *SIZES)),
    amounts.said_way: each((0.0, *SIZES), UNITS), amounts.said_time: each((0.0, *SIZES), ("s", "samples")),
    amounts.usual_time: each((0.0, *SIZES), ("s", "samples")), amounts.times_as_long: each(RATIOS), amounts.more_or_less: each(RATIOS),
    amounts.percent: each((0.0, 0.0001, 0.5, 12.0)), amounts.chance: each(NATS[:-1]), amounts.odds: each(NATS),
    amounts.deviations: each((-1.0, 1.0, 2.5, 99.0)), pace.said_speed: each(SIZES, ("m", "px", "")),
    pace.said_far: each(SIZES, ("m", "px")),
    kinds.went_like_it: each(NAMES, NAMES), kinds.began_like_it: each(NAMES), kinds.unknown_way: each(NAMES, NAMES),
    kinds.rare_places: each(NAMES, NAMES, COUNTS, ("link", "cell", "state"), (20,)),
    kinds.rare_steps: each((1, 2), (1, 2), (20,), NAMES[:1], NAMES, (0, 1, 2, 30), (0, 1, 2)),
    rarity.one_in: each((1.0, 0.4, 1.0 / 2000.0)), rarity.how_rare: each((0.05, 1.0 / 2000.0), (True, False), (1, 2, 1999),
                                                                              ("other track",)),
    rarity.in_short: each(("It spent 1 s at Quay Street; 3 s is usual there.", "Went round: 3 m of its way.", "Odd.")),
    rarity.uncapital: each(("It spent.", "U-turn made.", "A stretch.")), way.believed_of: each(NAMES, NAMES),
    beside.amount: each((0.0, 1.0, 1.5, 2345.6, np.inf, np.nan), (*UNITS, "min", "times")),
    beside.usual: each((0.0, 1.0, 1.5), (*UNITS, "min", "times")),
    beside.short: each(NAMES, (-9.0, 2.0), (4.0,)), beside.shared: each(NAMES, (-9.0, 2.0)),
    events.event: each(EVENTS), events.bare: each(("night", "(unknown time)")),
    events.run: each((RUN[:1], RUN)), events.in_all: each((*NATS, 0.001)),
    events.headline: each(EVENTS, EVENTS),
    beside.as_ordinary: each((0, 1, 5), (0, 1, 107), ("ordinary track",)),
}
"""Makers of parts of sentences."""

ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (?!in\b)(?:other |ordinary |known |flagged )*[a-z]*[^s\W]s\b(?<!is)(?<!was)(?<!has)(?<!does)")
WRONG = re.compile(r"  | [.,;:)]|\bnan\b|\binf\b|\bNone\b|\.\.|\(\)|^\s|\s$|[,;:]\.$|\"\"")


TRIED = {maker: list(tried) for maker, tried in {**MAKERS, **PARTS}.items()}


def named(maker: Callable[..., object]) -> str:
    return f"{maker.__module__.rsplit('.', 1)[-1]}.{maker.__name__}"


def texts(made: object) -> list[str]:
    return [made] if isinstance(made, str) else [str(one) for one in made]  # type: ignore[attr-defined]


def public(module: str) -> list[Callable[..., object]]:
    found = importlib.import_module(f"{words.__name__}.{module}")
    return [one for name, one in vars(found).items() if inspect.isfunction(one) and not name.startswith("_")
            and one.__module__ == found.__name__]


def test_every_maker_is_tried() -> None:
    there = {maker for info in pkgutil.iter_modules(words.__path__) for maker in public(info.name)}
    assert there - {places.is_distance} == set(TRIED) and all(TRIED.values())


@pytest.mark.parametrize("maker", list(MAKERS), ids=named)
def test_sentences_are_whole(maker: Callable[..., object]) -> None:
    said = [texts(maker(*one))[0] for one in TRIED[maker]]
    assert any(said)
    for text in filter(None, said):
        assert text[0].isupper() or text[0].isdigit() or text[0] == '"', text
        assert text.endswith("."), text


@pytest.mark.parametrize("maker", list(TRIED), ids=named)
def test_words_are_said_well(maker: Callable[..., object]) -> None:
    for one in TRIED[maker]:
        for text in texts(maker(*one)):
            assert not WRONG.search(text) and not ONE_OF_MANY.search(text), text
            assert text.count("(") == text.count(")") and text.count('"') % 2 == 0, text


@pytest.mark.parametrize("text", ["1 tracks", "of 1 other flagged tracks.", "It took 1 steps at x.", "a  b", "It. .", "nan m", "(",
                                  "of 1 samples"])
def test_what_is_wrong_is_seen(text: str) -> None:
    assert WRONG.search(text) or ONE_OF_MANY.search(text) or text.count("(") != text.count(")")


@pytest.mark.parametrize("text", ["1 track", "21 tracks", "1 in 20 ordinary tracks", "none of 1,001 tracks", "1 is as far off",
                                  "1.1 steps"])
def test_what_is_right_is_let_pass(text: str) -> None:
    assert not WRONG.search(text) and not ONE_OF_MANY.search(text)
