"""The summary of a report: its period, of the class's tracks and of dates alone; and what stands out, of several tracks or of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.project.project import Project
from irlcore.project.split import split_paths
from irlcore.report import summary
from irlcore.report.summary import period_of, stands_out
from irlcore.review.behaviour import Finding
from irlcore.tracks.tracks import LinkTracks
from tests.report import plain_streets

DAY, MARCH = 86_400.0, 1_709_290_800.0  # 1 March 2024, 11:00


def begun(*seconds: float) -> Project:
    """Four tracks that start then; the first two are cars, the others trucks."""
    world, paths = plain_streets()
    attributes = pd.DataFrame({"kind": ["car", "car", "truck", "truck"], "start": seconds})
    tracks = LinkTracks(paths.ids, np.arange(5), np.array(["a"] * 4, object), attributes)
    return Project(tracks=tracks, world=world, paths=paths, class_column="kind")


def period(project: Project, agent_class: str) -> str:
    chosen = replace(project, agent_class=agent_class)
    return period_of(chosen, split_paths(chosen).paths)


def test_the_period_is_that_of_the_class() -> None:
    project = begun(MARCH, MARCH + DAY, MARCH + 10 * DAY, MARCH + 10 * DAY + 60.0)
    assert period(project, "car") == "1 March 2024 to 2 March 2024" and period(project, "truck") == "11 March 2024"
    assert period(project, "") == "1 March 2024 to 11 March 2024"


@pytest.mark.parametrize("odd", [1000.0 * MARCH, 1e300, -1e300, np.inf, np.nan])
def test_a_number_that_is_no_date_does_not_count(odd: float) -> None:
    project = begun(MARCH, odd, MARCH, MARCH + DAY)
    assert period(project, "car") == "1 March 2024" and period(project, "") == "1 March 2024 to 2 March 2024"


def test_without_a_date_there_is_no_period() -> None:
    assert period(begun(1e300, 1e300, MARCH, MARCH + DAY), "car") == "" == period(begun(8.0, 9.5, 12.0, 13.0), "")


def test_what_began_before_1970_is_a_date_too() -> None:
    assert period(begun(-DAY, MARCH, MARCH, MARCH), "car") == "31 December 1969 to 1 March 2024"


@pytest.mark.parametrize(("tracks", "said"), [
    (1, "What stands out: it circled and turned round."), (3, "What stands out: 3 of 3 circled and 3 turned round.")])
def test_one_track_that_stands_out_is_told_as_one(tracks: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (Finding(kind, 1.0, "", "", shared) for kind, shared in (("circle", "circled"), ("turn", "turned round")))
    monkeypatch.setattr(summary, "_told", lambda index, findings: ((one, other), ()))
    nothing: Any = None
    assert stands_out(begun(DAY, DAY, DAY, DAY), nothing, range(tracks), nothing) == said
