"""A process as a graph: counts by hand, what is left out said, layers from the start to the end, and a picture that holds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from irlcore.maps.sequences.drawn import process_path
from irlcore.maps.sequences.graph import graph_svg, graph_svgs
from irlcore.maps.sequences.layers import layout
from irlcore.maps.sequences.process import Process, process_of, shown_part, with_expected
from irlcore.worlds.history.build import build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.logs import log_of, sequences
from tests.maps.sequences.test_band import HOSTILE as ANY_TEXT
from tests.maps.sequences.test_band import SVG

HOSTILE = tuple(one.replace("\ud800", "") for one in ANY_TEXT)  # no reader lets half a pair through


def read(found: list[list[str]]) -> tuple[World, Paths]:
    log = log_of(found, 0)
    world = build_history(log)
    return world, map_log(world, log).paths


def test_steps_are_counted_as_by_hand() -> None:
    found = sequences(80)
    world, paths = read(found)
    process = process_of(world, paths, np.arange(len(paths)))
    slow = Counter(pair for one in found for pair in pairwise(["(start)", *one, "(end)"]))
    told = {(process.names[a], process.names[b]): n for a, b, n in zip(process.tail, process.head, process.count.tolist(), strict=True)}
    assert told == slow
    assert process.often[:-2].tolist() == [sum(one.count(name) for one in found) for name in process.names[:-2]]
    assert process.often[-2:].tolist() == [80, 80]


def test_rare_steps_are_left_out_and_said() -> None:
    world, paths = read(sequences(240))
    process = process_of(world, paths, np.arange(len(paths)))
    part, whole = shown_part(process), shown_part(process, 0.0)
    assert len(part.steps) < len(whole.steps) == len(process.count)
    assert part.said.startswith(f"All 6 events are drawn, and {len(part.steps)} of {len(process.count)} steps from one event to the next")
    assert whole.said == f"All 6 events are drawn, and all {len(process.count)} steps from one event to the next."
    left = np.setdiff1d(np.arange(len(process.count)), part.steps)
    assert (process.count[left] < 0.05 * 240).all()
    for side in (process.tail, process.head):  # each event keeps a step to it and one from it
        assert set(side[part.steps]) == set(side)
    few = shown_part(process, 0.0, most=3)
    assert len(few.events) == 5 and few.said.startswith("3 of 6 events are drawn, the commonest")


def test_where_most_steps_are_left_out_the_start_still_leads_on_and_something_to_the_end() -> None:
    """Sequences so long that steps from the start and to the end are the rarest of all, among more events than steps can be drawn of."""
    rng, events = np.random.default_rng(4), [f"e{k}" for k in range(15)]
    world, paths = read([[events[k] for k in rng.integers(15, size=200)] for _ in range(30)])
    process = process_of(world, paths, np.arange(len(paths)))
    shown = shown_part(process)
    for side in (process.tail, process.head):
        assert set(side[shown.steps]) == set(side)


def test_all_steps_of_a_sequence_are_drawn() -> None:
    world, paths = read(sequences(240))
    process, path = process_of(world, paths, np.arange(len(paths))), process_path(world, paths, 5)
    shown = shown_part(process, 0.5, path)
    drawn = set(zip(process.tail[shown.steps].tolist(), process.head[shown.steps].tolist(), strict=True))
    assert set(pairwise(path.tolist())) <= drawn


@pytest.mark.parametrize("seed", range(6))
def test_layers_lead_from_the_start_to_the_end(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, e = 12, 30
    tail, head = rng.integers(0, n - 1, e), rng.integers(1, n, e)  # 0 the start, n - 1 the end
    weight = rng.integers(1, 50, e).astype(float)
    found = layout(n, tail, head, weight, 0, n - 1)
    on = (tail != head) & ~found.backwards
    assert (found.layer[head[on]] > found.layer[tail[on]]).all()
    assert (found.layer[head[found.backwards]] < found.layer[tail[found.backwards]]).all()
    assert found.layer[0] == 0 and (found.layer == 0).sum() == 1 and (found.layer[:n - 1] < found.layer[n - 1]).all()
    for layer in range(int(found.layer.max()) + 1):
        assert (np.diff(np.sort(found.y[found.layer == layer])) >= 1.0 - 1e-9).all()
    for k, bends in enumerate(found.bends):
        assert len(bends) == max(abs(int(found.layer[head[k]] - found.layer[tail[k]])) - 1, 0)


def test_the_order_of_sequences_changes_nothing() -> None:
    found = sequences(100)
    one, other = (process_of(*read(each), np.arange(100)) for each in (found, found[::-1]))
    assert graph_svg(one, shown_part(one)) == graph_svg(other, shown_part(other))


@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize("down", [False, True])
def test_hostile_names_are_texts(residual: bool, down: bool) -> None:
    world, paths = read([[*HOSTILE], [*HOSTILE[::-1]], ["a", HOSTILE[0]]])
    process = process_of(world, paths, np.arange(3))
    process = with_expected(process, process_of(world, paths, np.arange(1))) if residual else process
    svg = graph_svg(process, shown_part(process, 0.0), process_path(world, paths, 0).tolist(), (1, 2), HOSTILE[1], residual, down=down)
    root = ET.fromstring(svg)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "g", "rect", "text", "title", "path"}
    assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or "href" in key or key == "id"]
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    for rect in root.iter(f"{SVG}rect"):
        assert float(rect.attrib["x"]) >= 0.0 and float(rect.attrib["x"]) + float(rect.attrib["width"]) <= wide
        assert float(rect.attrib["y"]) >= 0.0 and float(rect.attrib["y"]) + float(rect.attrib["height"]) <= high


def boxes(svg: str) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of the boxes of events, by what is said of them."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        if "data-place" in group.attrib:
            rect = group.find(f"{SVG}rect")
            title = group.find(f"{SVG}title")
            assert rect is not None and title is not None
            x, y, wide, high = (float(rect.attrib[one]) for one in ("x", "y", "width", "height"))
            found[str(title.text)] = (x, y, x + wide, y + high)
    return found


@pytest.mark.parametrize("share", [0.0, 0.05])
def test_downwards_events_follow_below_apart_from_each_other_and_within_the_picture(share: float) -> None:
    world, paths = read(sequences(240))
    process = process_of(world, paths, np.arange(len(paths)))
    shown = shown_part(process, share)
    down, right = graph_svgs(process, shown)
    root, found = ET.fromstring(down), boxes(down)
    assert len(found) == len(shown.events) and found.keys() == boxes(right).keys()
    start, end = (next(box for said, box in found.items() if said.startswith(one)) for one in ("the start", "the end"))
    for said, (left, top, far, bottom) in found.items():
        assert left >= 0.0 and far <= float(root.attrib["width"]) and bottom <= float(root.attrib["height"])
        assert (start[3] <= top and bottom <= end[1]) or said.startswith(("the start", "the end"))
        for other, (a, b, c, d) in found.items():
            assert other == said or far <= a or c <= left or bottom <= b or d <= top
    assert float(root.attrib["width"]) < float(ET.fromstring(right).attrib["width"])
    assert float(ET.fromstring(graph_svg(process, shown, down=True, narrowest=700.0)).attrib["width"]) >= 700.0


@pytest.mark.parametrize("down", [False, True])
def test_what_is_least_expected_says_where_to_look(down: bool) -> None:
    world, paths = read(sequences(80))
    process, path = process_of(world, paths, np.arange(80)), process_path(world, paths, 5)
    drawn = [ET.fromstring(graph_svg(process, shown_part(process, path=path), path.tolist(), worst, down=down))
             for worst in ((0, 0), (1, 2))]
    looked = [[group for group in root.iter(f"{SVG}g") if "data-look" in group.attrib] for root in drawn]
    assert [len(one) for one in looked] == [0, 1]


def process(count: list[int], expected: list[float], spread: list[float]) -> Process:
    """Steps of one event: from the start, to itself, to the end."""
    return Process(("a", "(start)", "(end)"), 10, np.array([30, 10, 10]), np.array([1, 0, 0]), np.array([0, 0, 2]), np.array(count),
                   np.array(expected), np.array(spread))


def test_more_and_less_than_expected_are_told_by_sign_and_dash_too() -> None:
    found = process([10, 20, 10], [10.0, 8.0, 22.0], [0.0, 2.0, 2.0])
    assert found.beyond.tolist() == [0.0, 6.0, -6.0]
    svg = graph_svg(found, shown_part(found), residual=True)
    assert ">+12<" in svg and ">−12<" in svg and "stroke-dasharray" in svg
    assert "a to a more often than expected; a to the end less often than expected." in ET.fromstring(svg).attrib["aria-label"]


def test_what_is_not_sure_is_no_more_and_no_less() -> None:
    found = process([10, 20, 10], [10.0, 19.0, 11.0], [0.0, 2.0, np.nan])
    assert not found.beyond.any()


def test_steps_beside_those_of_others_are_as_often_where_they_are_the_same() -> None:
    world, paths = read(sequences(240))
    usual = process_of(world, paths, np.arange(6, 240))
    few = with_expected(process_of(world, paths, np.arange(6, 60)), usual)
    assert few.count.sum() == paths.take(np.arange(6, 60)).lengths.sum()
    assert (few.beyond != 0.0).mean() < 0.2
    visits = np.bincount(few.tail, few.count, len(few.names))
    assert np.allclose(np.bincount(few.tail, few.expected, len(few.names)), visits)
    odd = with_expected(process_of(world, paths, np.arange(5, 6)), usual)
    names = {(odd.names[a], odd.names[b]) for a, b, z in zip(odd.tail, odd.head, odd.beyond, strict=True) if z > 0.0}
    assert ("open", "close") in names


def test_a_name_in_capitals_has_the_room_that_it_needs() -> None:
    world, paths = read([["MANUAL OVERRIDE", "manual override"]] * 3)
    process = process_of(world, paths, np.arange(3))
    wide = {said: box[2] - box[0] for said, box in boxes(graph_svg(process, shown_part(process))).items()}
    large, small = (next(w for said, w in wide.items() if said.startswith(name)) for name in ("MANUAL", "manual"))
    assert large > 1.15 * small and large >= 15 * 12.0 * 0.72
