"""With very many tracks a page that runs again works nothing out again: what it rests on is known by which objects these are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import app.session.candidates
import irlcore.analysis.study as study
from irlcore.analysis.study import fit_study, staleness
from irlcore.project.loading import with_world
from irlcore.project.project import Project, remember
from irlcore.project.split import split_paths
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network
from tests.app.test_pages import opened

MANY = 200_000


@pytest.fixture(scope="module")
def many() -> Project:
    """Trips over a ring with a short cut, fitted."""
    links = pd.DataFrame({"link": [f"l{k}" for k in range(12)], "length": np.arange(12) % 5 + 1.0})
    pairs = [(k, (k + 1) % 12) for k in range(12)] + [(0, 3), (5, 9)]
    world = build_network(links, pd.DataFrame({"from_link": [f"l{a}" for a, _ in pairs], "to_link": [f"l{b}" for _, b in pairs]}))
    ways = ["l0 l3 l4 l5", "l0 l1 l2 l3 l4 l5", "l3 l4 l5 l9 l10", "l3 l4 l5 l6 l7 l8 l9 l10", "l1 l2 l3", "l8 l9 l10 l11"]
    drawn = np.random.default_rng(0).integers(0, len(ways), MANY)
    table = pd.DataFrame({"track": [f"t{k}" for k in range(MANY)], "path": np.array(ways, object)[drawn]})
    return fit_study(with_world(Project(), read_paths(table, {"track": "track", "path": "path"}), world), "maxent")


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often what looks at all tracks is called from here on."""
    calls: Counter[str] = Counter()

    def watch(place: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(place, name)

        def told(*given: Any, **named: Any) -> Any:
            calls[name] += 1
            return real(*given, **named)

        monkeypatch.setattr(place, name, told)

    for place, name in ((study, "split_paths"), (study, "data_hash"), (app.session.candidates, "digest_of"), (Paths, "take"),
                        (Paths, "__post_init__"), (Paths, "check_within")):
        watch(place, name)
    return calls


@pytest.mark.kernels
@pytest.mark.parametrize("page", ["start", "tracks", "fit"])
def test_a_page_that_runs_again_looks_at_no_track(page: str, many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    app.session_state["project"] = many
    app.switch_page(f"screens/{page}.py").run()
    assert not app.exception and not app.error
    calls = counted(monkeypatch)
    app.run()
    assert not app.exception
    assert not calls


@pytest.mark.kernels
def test_whether_a_fit_holds_is_told_by_what_was_worked_out_before(many: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert staleness(many) == ""
    calls = counted(monkeypatch)
    assert staleness(remember(many, "a note")) == ""  # another project, of the very tracks, world and zones
    assert not calls
    assert many.paths is not None
    assert "have changed" in staleness(replace(many, paths=many.paths.take(np.arange(MANY - 1))))
    assert calls["data_hash"] and calls["split_paths"]


def test_a_split_of_all_tracks_copies_none_of_their_steps(many: Project) -> None:
    parts = split_paths(many)
    assert many.paths is not None
    assert parts.paths.choices is many.paths.choices
    assert parts.paths.take(parts.fit) is parts.paths
    assert parts.paths.take(parts.fit[::-1]).ids[0] == parts.paths.ids[-1]
