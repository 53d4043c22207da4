"""Project files with one thing wrong in them: each is refused in words, or opens and can be used. Never a traceback, never Undo lost."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.hostile.opened import Opened
from benchmarks.hostile.projects import BOMBS, ODD, good, of_version, tampered
from benchmarks.hostile.rich_projects import grid_project, network_project
from benchmarks.hostile.tampering import TAMPERED, VERSIONS, WORLD
from benchmarks.hostile.wrong_values import SPOILT, WRONG, Where, array_places, kinds_of_places, spoilt
from irlcore.errors import ProjectError
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from tests.app.test_pages import PAGES, opened
from tests.project.project_works import use
from tests.project.test_project_file import differences

ONE_IN, ARRAYS_ONE_IN, USED_ONE_IN = 12, 3, 12
"""How many of all wrong values and arrays are tried, and of those that open used: by a hash of what they are, so always the same ones. A
sample of this size took as long as all of the issue's before, and ``hypothesis`` draws from all."""


@cache
def base(kind: str) -> Opened:
    """A rich project's file, taken apart."""
    return Opened(save_project({"grid": grid_project, "network": network_project}[kind]()))


def outcome(data: bytes) -> Project | None:
    """What opens, None where it is refused in words; a refusal that nobody foresaw does not name a field."""
    try:
        return load_project(data)
    except ProjectError as error:
        assert error.what.strip() and error.fix.strip()
        assert "or no project" not in error.what, repr(error.__cause__)
        return None


def chosen(label: str, one_in: int) -> bool:
    return zlib.crc32(label.encode()) % one_in == 0


def with_value(kind: str, where: Where, wrong: Callable[[Any], Any]) -> bytes:
    file = copy.copy(base(kind))
    file.body = copy.deepcopy(file.body)
    spoilt(file, where, wrong)
    return file.sealed()


def with_array(kind: str, key: str, how: str) -> bytes:
    file = copy.copy(base(kind))
    file.arrays = {**file.arrays, key: SPOILT[how](file.arrays[key])}
    return file.sealed()


def test_the_good_files_open_as_they_were_and_can_be_used() -> None:
    for project in (grid_project(), network_project()):
        loaded = load_project(save_project(project))
        assert differences(project, loaded) == []
        use(loaded, deep=True)


@pytest.mark.parametrize("name", [*TAMPERED, *WORLD])
def test_a_tampered_file_is_refused_and_the_field_named(name: str) -> None:
    with pytest.raises(ProjectError) as caught:
        load_project(tampered(name))
    assert "or no project" not in caught.value.what, repr(caught.value.__cause__)
    assert caught.value.fix


def test_the_error_names_the_field_and_what_it_should_be() -> None:
    with pytest.raises(ProjectError, match=r"fits\[0\]\.result\.theta has 4 entries, and there are 3 features"):
        load_project(tampered("a weight too many"))
    assert len(TAMPERED) + len(WORLD) >= 57


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_or_a_forgery_is_refused(name: str) -> None:
    with pytest.raises(ProjectError) as caught:
        load_project(BOMBS[name]())
    assert caught.value.what and caught.value.fix
    assert "or no project" not in caught.value.what, repr(caught.value.__cause__)


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_refused_in_words_or_read(name: str) -> None:
    outcome(ODD[name]())


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: repr(version)[:60])
def test_a_format_number_that_is_none_is_refused(version: Any) -> None:
    with pytest.raises(ProjectError):
        load_project(of_version(version))


@pytest.mark.parametrize("kind", ["grid", "network"])
def test_whatever_is_wrong_with_a_value_the_file_is_refused_in_words_or_works(kind: str) -> None:
    refused = 0
    for where in kinds_of_places(base(kind).body):
        for name, wrong in WRONG.items():
            label = f"{where} {name}"
            if chosen(label, ONE_IN):
                found = outcome(with_value(kind, where, wrong))
                refused += found is None
                if found is not None and chosen(label, ONE_IN * USED_ONE_IN):
                    use(found)
    assert refused > 100


@pytest.mark.parametrize("kind", ["grid", "network"])
def test_whatever_is_wrong_with_an_array_the_file_is_refused_in_words_or_works(kind: str) -> None:
    refused = 0
    for key, where in array_places(base(kind).body).items():
        for how in SPOILT:
            if chosen(f"{where} {how}", ARRAYS_ONE_IN):
                found = outcome(with_array(kind, key, how))
                refused += found is None
                if found is not None and chosen(f"{where} {how}", ARRAYS_ONE_IN * USED_ONE_IN):
                    use(found)
    assert refused > 50


NAMES = ["dict", "tuple", "kind", "fields", "array", "text", "float", "status"]
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
                    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(NAMES), one, max_size=2), max_leaves=6)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_values_drawn_at_random_in_fields_drawn_at_random(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["grid", "network"]))
    where = data.draw(st.sampled_from(kinds_of_places(base(kind).body)))
    drawn = data.draw(JSON)
    found = outcome(with_value(kind, where, lambda value: drawn))
    if found is not None and kind == "network":
        use(found)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_numbers_drawn_at_random_in_arrays_drawn_at_random(data: st.DataObject) -> None:
    file = copy.copy(base("network"))
    key = data.draw(st.sampled_from(sorted(file.arrays)))
    values = file.arrays[key].copy()
    if values.size and values.dtype.kind in "fiu":
        at = data.draw(st.integers(0, values.size - 1))
        drawn = (st.floats(width=64) if values.dtype.kind == "f" else st.integers(-2, 2**40) if values.dtype.kind == "i"
                 else st.integers(0, min(2**40, int(np.iinfo(values.dtype).max))))
        values.reshape(-1)[at] = data.draw(drawn)
    file.arrays = {**file.arrays, key: values}
    found = outcome(file.sealed())
    if found is not None:
        use(found, deep=True)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed_or_harmless(at: int, bit: int) -> None:
    flipped = bytearray(good())
    flipped[at % len(flipped)] ^= 1 << bit
    found = outcome(bytes(flipped))
    assert found is None or differences(found, grid_project()) == []


def odd_but_sound() -> dict[str, Project]:
    """Projects that open though something in them is odd: zones that a feature misses, a stale fit, texts as tables may hold them."""
    one = grid_project()
    texts = replace(one, name="\x07 <img src=x> [a](http://b) $x$", notes="\x00\x1b[31m\n" * 3, agent_column="nobody")
    return {"a zone that is not there": replace(one, zones={}), "texts that are not": texts,
            "a fit of other data": replace(network_project(), fits=tuple(replace(f, result=replace(f.result, data_hash="0" * 12))
                                                                         for f in network_project().fits))}


@pytest.mark.parametrize("name", ["a zone that is not there", "texts that are not", "a fit of other data"])
def test_every_page_runs_on_what_opens_and_undo_leads_back(name: str) -> None:
    app = opened("town")
    before = app.session_state["project"]
    app.switch_page("screens/start.py").run()
    app.file_uploader(key="project_upload").set_value(("p.motive", save_project(odd_but_sound()[name]), "application/zip")).run()
    assert app.session_state["project"].tracks is not before.tracks
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception, page
        assert not app.sidebar.button(key="undo").disabled
    app.sidebar.button(key="undo").click().run()
    assert app.session_state["project"] is before


def test_control_characters_of_a_table_open_as_their_pictures_wherever_they_stand() -> None:
    one = network_project()
    tracks, paths = one.tracks, one.paths
    assert tracks is not None and paths is not None
    attributes = tracks.attributes.assign(kind=np.where(np.arange(len(tracks)) % 2 == 0, "b\x07us", ""))
    odd = replace(one, tracks=replace(tracks, attributes=attributes), class_column="kind", agent_class="b\x07us")
    again = load_project(save_project(odd))
    assert again.agent_class == "b\u2407us" and set(again.tracks.attributes["kind"]) == {"b\u2407us", ""}  # type: ignore[union-attr]
    use(again)


def test_a_column_without_a_name_is_no_source_of_times() -> None:
    file = Opened(save_project(network_project()))
    file.get("tracks.attributes")["table"][0][0] = ""
    use(load_project(file.sealed()))
