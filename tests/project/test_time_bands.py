"""A project with a clock: its tracks in the bands in which they start, and back again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.study import fit_study
from irlcore.errors import DataError, FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.feature_set import feature_column
from irlcore.project.loading import with_grid, with_time_bands, with_world, without_time_bands
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import context_of, split_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.worlds.clock import Bands
from irlcore.worlds.grid import grid_over
from irlcore.worlds.start_times import POINTS
from irlcore.worlds.world import World

NIGHT, WEEK = Bands((6.0, 22.0)), Bands((6.0, 22.0), "weekday and weekend")
STARTS = ["2024-03-01T08:00:00", "2024-03-01T23:00:00", "2024-03-02T09:00:00", "2024-03-02T03:00:00", "2024-03-04T21:59:00"]
BANDS = [0, 1, 2, 3, 0]  # a Friday, a Saturday and a Monday


def harbour() -> Project:
    """Five vessels that cross a square, one a start time, ten minutes between points."""
    rows = [(f"v{i}", pd.Timestamp(start) + pd.Timedelta(minutes=10 * k), 100.0 * k, 100.0 * (i + k % 2))
            for i, start in enumerate(STARTS) for k in range(6)]
    table = pd.DataFrame(rows, columns=["track", "time", "x", "y"])
    imported = read_points(table, {"track": "track", "t": "time", "x": "x", "y": "y"})
    return with_world(Project(), imported, grid_over(imported.tracks, 100.0))  # type: ignore[arg-type]


def town(**columns: object) -> Project:
    project = sample_project("town")
    return replace(project, tracks=replace(project.tracks, attributes=project.tracks.attributes.assign(**columns)))


def start_bands(project: Project) -> np.ndarray:
    assert project.world is not None and project.paths is not None
    return project.world.choice_band[project.paths.choices[project.paths.offsets[:-1]]]


def test_each_track_is_in_the_copy_of_the_band_in_which_it_starts() -> None:
    before = harbour()
    project = with_time_bands(before, WEEK)
    np.testing.assert_array_equal(start_bands(project), BANDS)
    np.testing.assert_array_equal(project.world.ground_choice[project.paths.choices], before.paths.choices)
    np.testing.assert_array_equal(project.world.choice_band[project.paths.choices], np.asarray(BANDS)[project.paths.owner])
    assert project.world.settings["clock"] == {"edges": [6.0, 22.0], "days": "weekday and weekend", "n_bands": 4, "column": POINTS,
                                               "shift_h": 0.0}
    assert "6-22" in project.history[-1].what and len(project.problems) == len(before.problems)


def test_hours_are_added_where_the_file_is_in_another_time_zone() -> None:
    project = with_time_bands(harbour(), WEEK, shift_h=2.0)
    np.testing.assert_array_equal(start_bands(project), [0, 3, 2, 3, 1])  # Friday at 23 is Saturday at 1
    assert "Hours added: 2" in project.history[-1].what


def test_another_clock_takes_the_place_of_the_first_and_none_gives_the_ground_back() -> None:
    before = harbour()
    once = with_time_bands(before, NIGHT)
    again = with_time_bands(with_time_bands(before, WEEK), NIGHT)
    np.testing.assert_array_equal(again.paths.choices, once.paths.choices)
    assert again.world.n_bands == 2
    back = without_time_bands(again)
    np.testing.assert_array_equal(back.paths.choices, before.paths.choices)
    assert back.world.settings == before.world.settings and back.world.n_bands == 1
    assert "no longer" in back.history[-1].what
    assert without_time_bands(back) is back


def test_tracks_without_a_start_time_are_listed_and_come_back_with_the_ground() -> None:
    hours = np.where(np.arange(len(sample_project("town").tracks)) % 10 == 3, np.nan, 12.0)
    before = town(hour=hours)
    project = with_time_bands(before, NIGHT, "hour")
    lost = project.problems[project.problems["what"] == "no usable start time"]
    assert set(lost["track"]) == set(before.paths.ids) - set(project.paths.ids) == set(before.tracks.ids[np.isnan(hours)])
    assert set(lost["done"]) == {"dropped"}
    again = with_time_bands(project, NIGHT, "hour")
    assert (again.problems["what"] == "no usable start time").sum() == len(lost)
    back = without_time_bands(again)
    assert len(back.paths) == len(before.paths) and "no usable start time" not in set(back.problems["what"])


def test_a_fit_does_not_outlive_the_clock_it_was_made_for() -> None:
    fitted = fit_study(town(hour=np.arange(len(sample_project("town").tracks)) % 24), "maxent")
    banded = with_time_bands(fitted, NIGHT)
    assert banded.fits == () and banded.features == fitted.features
    plain, clocked = fit_study(without_time_bands(banded), "maxent").fit, fit_study(banded, "maxent").fit
    np.testing.assert_allclose(clocked.result.theta, plain.result.theta, rtol=1e-3)
    assert clocked.result.loglik == pytest.approx(plain.result.loglik, rel=1e-6)


def test_another_grid_keeps_the_clock() -> None:
    project = with_grid(with_time_bands(harbour(), WEEK, shift_h=2.0), 200.0, False, 0.0, [])
    assert project.world.n_bands == 4 and project.world.settings["cell"] == 200.0 and project.world.settings["clock"]["shift_h"] == 2.0
    assert "200" in project.history[-2].what and "time matter" in project.history[-1].what
    assert with_grid(harbour(), 200.0, False, 0.0, []).world.n_bands == 1


def test_what_cannot_be_done_says_why() -> None:
    with pytest.raises(DataError, match="no tracks"):
        with_time_bands(Project(), NIGHT)
    with pytest.raises(DataError, match="tells when they start"):
        with_time_bands(town(), NIGHT)
    with pytest.raises(DataError, match="nowhere"):
        with_time_bands(town(), NIGHT, "nowhere")
    with pytest.raises(DataError, match="no date"):
        with_time_bands(town(hour=np.arange(len(sample_project("town").tracks)) % 24), WEEK)


def column(project: Project, **params: object) -> np.ndarray:
    return feature_column(FeatureSpec("then", "time", params), project.world, context_of(project, split_paths(project)))


def bands_where(world: World, values: np.ndarray) -> list[str]:
    """Labels of bands in which a column is 1; it is 1 or 0 in a whole band."""
    by_band = values.reshape(world.n_bands, -1)
    assert (by_band == by_band[:, :1]).all()
    return [label for label, one in zip(Bands((6.0, 10.0, 16.0, 20.0), "weekday and weekend").labels, by_band[:, 0], strict=True) if one]


@pytest.mark.parametrize(("start", "end", "days", "bands"), [
    (6, 10, "any", ["weekdays 6-10", "weekend 6-10"]), (20, 6, "weekdays", ["weekdays 20-6"]),
    (16, 6, "weekend", ["weekend 16-20", "weekend 20-6"]), (0, 24, "weekend", [f"weekend {s}" for s in ("6-10", "10-16", "16-20", "20-6")]),
    (6, 20, "weekdays", ["weekdays 6-10", "weekdays 10-16", "weekdays 16-20"]),
    (10, 6, "weekend", ["weekend 10-16", "weekend 16-20", "weekend 20-6"])])
def test_the_feature_is_one_in_the_bands_between_its_hours(start: int, end: int, days: str, bands: list[str]) -> None:
    project = with_time_bands(harbour(), Bands((6.0, 10.0, 16.0, 20.0), "weekday and weekend"))
    assert bands_where(project.world, column(project, from_hour=start, to_hour=end, days=days)) == bands


def test_hours_that_cut_a_band_and_days_that_are_not_told_apart_are_refused() -> None:
    project = with_time_bands(harbour(), NIGHT)
    with pytest.raises(FeatureError) as caught:
        column(project, from_hour=7, to_hour=22)
    assert "7 o'clock" in caught.value.what and "6, 22" in caught.value.fix
    with pytest.raises(FeatureError, match="days"):
        column(project, days="weekend")
    with pytest.raises(FeatureError, match="Tracks page"):
        column(without_time_bands(project), from_hour=6, to_hour=22)
    with pytest.raises(FeatureError, match="tell hours apart"):
        column(with_time_bands(project, Bands((), "each day")), from_hour=6, to_hour=22)
    with pytest.raises(FeatureError, match="25"):
        column(project, from_hour=25)
