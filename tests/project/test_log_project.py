"""A project of an event log: it is kept and opened as it is, and a file whose world is none is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.hostile.opened import Opened
from irlcore.errors import DataError, ProjectError
from irlcore.project.loading import with_aims, with_class, with_time_bands, with_world
from irlcore.project.project import Project
from irlcore.project.project_file import check_savable, load_project, save_project
from irlcore.project.split import split_paths
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.clock import Bands
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classes import aspects_of, parts_of
from irlcore.worlds.history.classifier import HourOf, ValueOf
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.world import World


def log(memory: Memory | None = None) -> Project:
    """Its events have times and who did them, of which the project keeps what the memory tells them apart by."""
    rng = np.random.default_rng(20121)
    lengths = rng.integers(1, 9, 60)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    tracks = LinkTracks(np.array([f"c{k}" for k in range(60)], object), offsets, rng.choice(np.array(list("abcde"), object), offsets[-1]),
                        pd.DataFrame({"class": ["x"] * 60, "period": ["reference"] * 40 + ["today"] * 20}),
                        times=1.7e9 + 4000.0 * np.arange(offsets[-1]),
                        of_events=pd.DataFrame({"who": rng.choice(np.array(["Ann", "Ben", ""], object), offsets[-1]),
                                                "note": rng.choice(np.array(["x", "y"], object), offsets[-1])}))
    imported = Imported(tracks, problem_table([]), len(tracks.links), 0, 60, 0)
    return with_world(Project(name="log"), imported, build_history(tracks, memory))


KINDS = (HourOf(Bands((6.0, 22.0)), ("day", "night")), ValueOf("who", ("Ann",)))


def world_of(project: Project) -> World:
    assert project.world is not None
    return project.world


@pytest.mark.parametrize("memory", [Memory(3, 2), Memory(1, 1), Memory(4, 2, ("a", "b")), Memory(2, 1000), Memory(2, 2, ("a", "b"), 3),
                                    Memory(2, 2, ("a",), 2, KINDS, 3), Memory(2, 2, (), 1, KINDS[1:])])
def test_a_log_is_kept_and_opened_as_it_is(memory: Memory) -> None:
    project = log(memory)
    again = load_project(save_project(project))
    mine, theirs = world_of(project), world_of(again)
    assert theirs.kind == "log" and dict(theirs.settings) == dict(mine.settings)
    assert np.array_equal(mine.mdp.successors, theirs.mdp.successors) and mine.place_names.tolist() == theirs.place_names.tolist()
    assert project.paths is not None and again.paths is not None and np.array_equal(project.paths.choices, again.paths.choices)
    assert isinstance(again.tracks, LinkTracks) and parts_of(theirs) == memory.told_apart
    frame = again.tracks.of_events
    assert (frame is None) == (not memory.told_apart) and (frame is None or list(frame.columns) == ["who"])
    assert np.array_equal(map_log(theirs, again.tracks).paths.choices, project.paths.choices)
    assert len(project.paths) == 60 and project.reference_value == "reference" and not project.class_aims


def last(rows: Any) -> Any:
    return [*rows[:-1], rows[-2]]


@pytest.mark.parametrize("change", [
    lambda s: {"order": 0}, lambda s: {"order": 2}, lambda s: {"order": True}, lambda s: {"least": 0}, lambda s: {"least": 1.5},
    lambda s: {"remembered": ["z"]}, lambda s: {"remembered": ["a", "a"]}, lambda s: {"remembered": ["b"]}, lambda s: {"recent": "x"},
    lambda s: {"recent": [[1], [2, 3]]}, lambda s: {"recent": s["recent"][::-1]}, lambda s: {"recent": last(s["recent"])},
    lambda s: {"recent": [[99, *row[1:]] for row in s["recent"]]}, lambda s: {"remembers": [0.5] * len(s["remembers"])},
    lambda s: {"remembers": [1 - one for one in s["remembers"]]}, lambda s: {"more": 1}, lambda s: {"cell": 3.0}])
def test_settings_that_do_not_go_together_are_refused(change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    project = log(Memory(3, 2, ("a",)))
    world = world_of(project)
    with pytest.raises(ProjectError, match="world"):
        check_savable(replace(project, world=replace(world, settings={**world.settings, **change(world.settings)})))


@pytest.mark.parametrize("change", [
    lambda s: {"count": 0}, lambda s: {"count": 3}, lambda s: {"count": True}, lambda s: {"count": 10}, lambda s: {"told_apart": []},
    lambda s: {"told_apart": "who"}, lambda s: {"told_apart": s["told_apart"][:1]}, lambda s: {"told_apart": [*s["told_apart"]] * 2},
    lambda s: {"told_apart": [{"name": "wait", "edges": [1.0]}]}, lambda s: {"told_apart": [{"name": "who"}]}])
def test_settings_of_kinds_and_counts_that_do_not_go_together_are_refused(change: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    project = log(Memory(2, 2, ("a",), 2, KINDS))
    world = world_of(project)
    check_savable(project)
    changed = {**world.settings, **change(world.settings)}
    if changed["told_apart"] == list(world.settings["told_apart"])[:1]:  # a column that is there and tells nothing is refused, too
        changed["told_apart"] = [{"name": "hour", "edges": [6.0], "days": "all", "called": [], "shift_h": 0.0}]
    with pytest.raises(ProjectError, match="world"):
        check_savable(replace(project, world=replace(world, settings=changed)))


@pytest.mark.parametrize("name", ["event", "hour", "who"])
def test_labels_that_are_not_the_same_in_each_state_are_refused(name: str) -> None:
    project = log(Memory(2, 2, (), 1, KINDS))
    world = world_of(project)
    labels = world.choice_attributes[name].copy()
    labels[1] = labels[-2] if labels[-2] != labels[1] else "b"
    with pytest.raises(ProjectError, match=name):
        check_savable(replace(project, world=replace(world, choice_attributes={**world.choice_attributes, name: labels})))


def test_rows_of_events_that_are_not_as_many_as_events_are_refused() -> None:
    project = log(Memory(2, 2, (), 1, KINDS))
    assert isinstance(project.tracks, LinkTracks) and project.tracks.of_events is not None
    with pytest.raises(ProjectError, match="of_events"):
        check_savable(replace(project, tracks=replace(project.tracks, of_events=project.tracks.of_events.iloc[:-1])))


def test_a_log_saved_before_events_were_told_apart_opens_as_it_was() -> None:
    project = log(Memory(3, 2, ("a",)))
    file = Opened(save_project(project))
    file.body["version"] = 9
    file.drop("tracks.of_events")
    again = load_project(file.sealed())
    mine, theirs = world_of(project), world_of(again)
    assert dict(mine.settings) == dict(theirs.settings) and set(theirs.choice_attributes) == {"event"} and not aspects_of(theirs)
    assert again.paths is not None and project.paths is not None and np.array_equal(again.paths.choices, project.paths.choices)


def test_a_class_of_a_log_may_be_any_attribute_of_whole_sequences() -> None:
    project = log(Memory(2, 2))
    assert project.tracks is not None
    priority = np.where(np.arange(60) % 3 == 0, "high", "low")
    project = replace(project, tracks=replace(project.tracks, attributes=project.tracks.attributes.assign(priority=priority)))
    of_high = with_class(project, "priority", "high", "period", "reference")
    parts = split_paths(of_high)
    assert len(parts.paths) == 20 and {str(one) for one in parts.paths.ids} == {f"c{k}" for k in range(0, 60, 3)}


def test_choices_that_lead_elsewhere_than_their_events_say_are_refused() -> None:
    project = log(Memory(2, 2))
    world = world_of(project)
    successors = world.mdp.successors.copy()
    successors[[0, 1]] = successors[[1, 0]]
    with pytest.raises(ProjectError, match="lead elsewhere"):
        check_savable(replace(project, world=replace(world, mdp=replace(world.mdp, successors=successors))))


def test_what_makes_no_sense_for_a_log_says_so() -> None:
    project = log()
    with pytest.raises(DataError, match="every sequence goes to its end"):
        with_aims(project, {"": "stops"}, {})
    with pytest.raises(DataError, match="time of day"):
        with_time_bands(project, Bands((6.0, 22.0), "all"))
