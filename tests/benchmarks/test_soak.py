"""The soak: what its visitors hold for lost, crossed and broken, and two of them on a real server, one thing after another."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.soak import measured
from benchmarks.soak.screen import Screen
from benchmarks.soak.server import Server
from benchmarks.soak.tally import State, Tally
from benchmarks.soak.visitor import Visitor
from benchmarks.soak.walks import unpacked
from irlcore.project.project import Project
from irlcore.project.project_file import save_project

KEYS = ["visitors", "minutes", "actions", "lost", "crossed", "tracebacks", "mb_first", "mb_last", "restarts"]
OLD, NEW = State("My tracks", ("06\\:00 Loaded",), 1), State("My tracks", ("06\\:01 Fitted", "06\\:00 Loaded"), 2)


class Shown:
    """A page that shows these words in the sidebar, and these alerts."""

    query = "project=0123456789abcdef"

    def __init__(self, words: list[str], alerts: tuple[str, ...] = (), exceptions: tuple[str, ...] = ()) -> None:
        self._of = {"markdown": [SimpleNamespace(body=word) for word in words], "alert": [SimpleNamespace(body=word) for word in alerts],
                    "exception": [SimpleNamespace(message=word) for word in exceptions]}

    def elements(self, kind: str, sidebar: bool = False) -> list[Any]:
        return self._of.get(kind, [])


def visitor(shown: Shown) -> tuple[Visitor, Tally]:
    tally = Tally()
    one = Visitor(7, [1], tally)
    one._page = shown  # type: ignore[assignment]
    return one, tally


def page_of(state: State, *more: str) -> Shown:
    return Shown([f"**{state.name}**", *([f"Saved, version {state.n}"] if state.n else []), *state.history, *more])


@pytest.mark.parametrize(("last", "since", "now", "amid", "lost"), [
    (NEW, [], NEW, False, 0), (NEW, [], OLD, False, 1), (OLD, [NEW], NEW, False, 0), (OLD, [], NEW, True, 0), (OLD, [], NEW, False, 1),
    (NEW, [], State("Port town", ("06\\:03 Loaded",), 3), True, 1),
    (NEW, [], State("New project", ()), True, 1), (None, [], State("New project", ()), False, 0)])
def test_what_counts_as_lost(last: State | None, since: list[State], now: State, amid: bool, lost: int) -> None:
    """Older than acknowledged, or another; newer is right only where an answer was lost with the server."""
    one, tally = visitor(page_of(now))
    one.acknowledged, one._since, one._amid = last, since, amid
    one._check()
    assert tally.lost == lost == len(tally.names)


def test_what_the_page_says_is_saved_is_remembered_and_nothing_else() -> None:
    one, tally = visitor(page_of(NEW))
    one.look()
    assert one.acknowledged == NEW and tally.acknowledged == 1 and one._kept_at == Shown.query
    later = State("My tracks", ("06:02 Undone",))
    for words in ("Not saved: the disk is full", "Saving ..."):
        one._page = page_of(later, words)  # type: ignore[assignment]
        one.look()
        assert one.acknowledged == NEW and any(later.same(state) for state in one._since)
    assert tally.refused == 1


@pytest.mark.parametrize("words", [[], ["Kept in this window alone: this browser sends no cookie."], ["Removed from the recent projects."]])
def test_words_that_do_not_say_saved_acknowledge_nothing(words: list[str]) -> None:
    state = State("My tracks", ("06:02 Fitted",))
    one, tally = visitor(page_of(state, *words))
    one.look()
    assert one.acknowledged is None and tally.acknowledged == 0 and one._since == [state]


def test_a_marker_of_another_is_counted_and_his_own_is_not() -> None:
    one, tally = visitor(Shown([]))
    one.hear(b"..qzv007q..qzv007q..")
    assert (tally.crossed, tally.own_seen) == (0, 1)
    one.hear(b"..qzv008q..")
    assert tally.crossed == 1 and "qzv008q" in tally.names[0]


def test_an_error_that_nobody_foresaw_is_counted_once_and_one_in_words_is_not() -> None:
    alerts = ("This cannot be\\: something went wrong inside Motive \\(KeyError\\)", "Pick another column.")
    one, tally = visitor(Shown(["**a**"], alerts, ("boom",)))
    one.look()
    one.look()
    assert tally.broken == 2


def test_the_measure_has_its_keys_in_order() -> None:
    told = measured(Tally(actions=5, lost=1, crossed=2, broken=3), 20, 3.0, 4, 2, 400.0, 401.0)
    assert list(told)[:9] == KEYS
    assert [told[key] for key in KEYS] == [20, 3.0, 5, 1, 2, 7, 400.0, 401.0, 2]


def test_a_saved_project_is_looked_through_to_its_arrays() -> None:
    names = [part for part in unpacked(save_project(Project(name="qzv007q")))]
    assert any(b"qzv007q" in part for part in names)


def message(**parts: Any) -> ForwardMsg:
    made = ForwardMsg()
    for name, value in parts.items():
        at: Any = made
        *path, last = name.split("__")
        for part in path:
            at = getattr(at, part)
        if isinstance(value, list):
            getattr(at, last).extend(value)
        else:
            setattr(at, last, value)
    return made


def text(run: str, path: list[int], body: str, fragment: str = "") -> ForwardMsg:
    return message(metadata__delta_path=path, delta__new_element__markdown__body=body, delta__fragment_id=fragment)


def test_what_a_run_did_not_draw_again_is_gone_and_a_fragment_leaves_the_rest() -> None:
    screen = Screen()

    def run(name: str, fragments: list[str], *drawn: ForwardMsg) -> list[str]:
        screen.take(message(new_session__initialize__session_id="s", metadata__run__script_run_id=name,
                            metadata__run__fragment_ids=fragments))
        for one in drawn:
            screen.take(one)
        ended = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY if fragments else ForwardMsg.FINISHED_SUCCESSFULLY
        screen.take(message(script_finished=ended))
        return [one.body for one in screen.elements("markdown")]

    first = [text("1", [0, 0], "a"), text("1", [0, 1], "b", "f"), text("1", [0, 2], "c", "f"), text("1", [1, 0], "side")]
    assert run("1", [], *first) == ["a", "b", "c", "side"]
    assert run("2", ["f"], text("2", [0, 1], "b2", "f")) == ["a", "b2", "side"]
    assert run("3", [], text("3", [0, 0], "a3")) == ["a3"]
    assert (screen.whole, screen.some) == (2, 3)


def test_two_visitors_on_a_real_server(tmp_path: Path) -> None:
    """They import, change, reload and save: nothing is lost or crossed, and each finds what he brought."""
    async def both() -> tuple[Tally, int]:
        tally = Tally()
        server = Server(tmp_path / "home", tmp_path / "log", tally)
        (tmp_path / "home").mkdir()
        await server.start()
        two = [Visitor(k, [server.port], tally) for k in (1, 2)]

        async def one_after_another(one: Visitor) -> None:
            await one.come_back()
            for act in (one.bring, one.another_class, one.undo, one.save, one.reload):
                assert await act(), f"{act.__name__} could not be done"
                one.look()

        try:
            await asyncio.gather(*map(one_after_another, two))
        finally:
            for one in two:
                await one.leave()
            server.kill()
        return tally, server.tracebacks()

    tally, logged = asyncio.run(both())
    assert (tally.lost, tally.crossed, tally.broken, tally.stuck, logged) == (0, 0, 0, 0, 0), tally.names
    assert tally.own_seen >= 6 and tally.acknowledged >= 8
