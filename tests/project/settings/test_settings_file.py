"""A settings file: what is written is read back, and what cannot be is told with its line and what was meant."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from irlcore.errors import MotiveError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import GoalGroup, Project
from irlcore.project.settings.plain import SettingsError
from irlcore.project.settings.settings import (
    VERSION,
    Clock,
    FitSettings,
    Grid,
    LogSettings,
    Reading,
    ReportSettings,
    ReviewSettings,
    Settings,
    Study,
    WorldSettings,
)
from irlcore.project.settings.settings_file import line_of, read_settings, settings_text
from irlcore.project.silencing import Silencing
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.tracks.logs.endings import Endings
from irlcore.tracks.options import Options
from irlcore.tracks.trips.cleaning import Cleaning
from irlcore.worlds.clock import Bands
from irlcore.worlds.history.build import Memory
from irlcore.worlds.history.classifier import HourOf, ValueOf, WaitOf

RING = np.array([[0.1, 0.2], [3.0, 0.0], [0.0, 1 / 3], [0.1, 0.2]])
FULL = Settings(
    reading=Reading("points", {"a b.csv": "points", "att.csv": "attributes"}, {"points": {"track": "id", "t": "when"}}, "/data", "km",
                    "dmy", "Europe/Paris", "EPSG:32631",
                    Cleaning(30.0, 600.0, np.inf, "split", 0.1, 60.0, "class", (("car", 30.0), ("bus", np.inf))), True,
                    LogSettings(Memory(2, 7, ("login",), 2, (HourOf(Bands((6.0, 22.0)), ("by day", "at night"), 1.5),
                                                             WaitOf((60.0, 3600.0)), ValueOf("who", ("a", "b"))), 3), 4, True)),
    world=WorldSettings(Grid(25.0, "hexagons", True, 0.1, 0.0, 0.1, 100.0, 90.0, (RING,), (RING, RING), 300.0, True),
                        Clock((6.5, 22.0), "weekday and weekend", "start", -2.0)),
    study=Study("class", "car", "period", "before", "driver", {"car": "stops", "": "nowhere"}, {"t 1": "unfinished"},
                {"t2": "operational event"}, Endings(("closed",), "state", ("done",), 60.0)),
    zones={"old town": RING}, spots={"gate \"A\"": np.array([1.5, -2.0])},
    features=(FeatureSpec("length (km)", "length", {"per": 1000.0}, "negative", False, "it costs", 3, "2026-01-01T00:00:00+00:00"),
              FeatureSpec("near", "formula", {"text": 'exp(-distance("gate")/300)', "many": [1, 2.5, "x"]})),
    fit=FitSettings("maxent", "value_basis", 0.95, {"value_basis": {"lam": 0.1}}),
    review=ReviewSettings(FalseAlarmControl("share_of_normal", 0.05, Basis("finer", adaptive=True)), "worst_stretch"),
    report=ReportSettings("A title", "Ann", "Port", "Two\nlines", ("cards", "map")),
    goals={"car": (GoalGroup("harbour", ("1,2", "1,3")),)}, silencing=(Silencing("car", "old town", (22.0, 6.0), "weekend"),))


def test_what_is_written_is_read_back() -> None:
    again = read_settings(settings_text(FULL))
    assert settings_text(again) == settings_text(FULL)
    for name in ("reading", "study", "fit", "review", "report", "goals", "silencing"):
        assert getattr(again, name) == getattr(FULL, name), name
    assert again.world is not None and FULL.world is not None and again.world.clock == FULL.world.clock
    assert again.world.grid is not None and np.array_equal(again.world.grid.land[1], RING) and again.world.grid.y_down is True
    assert np.array_equal(again.zones["old town"], RING) and np.array_equal(again.spots['gate "A"'], [1.5, -2.0])
    assert again.features is not None and FULL.features is not None
    assert [spec.to_json() for spec in again.features] == [spec.to_json() for spec in FULL.features]


def test_what_says_nothing_is_read_as_nothing_said() -> None:
    assert read_settings("") == Settings() == read_settings(settings_text(Settings()))
    assert read_settings("[study]\n").study == Study()
    assert read_settings("\ufeffversion = 1\n") == Settings()


def test_a_setting_is_called_as_the_project_calls_it() -> None:
    project = {one.name for one in fields(Project)}
    assert {one.name for one in fields(Study)} <= project
    assert {"zones", "spots", "features", "goals", "silencing"} <= project & {one.name for one in fields(Settings)}
    assert {one.name for one in fields(Options)} <= {one.name for one in fields(Reading)}
    assert {"author", "region", "notes"} <= project & {one.name for one in fields(ReportSettings)}


WRONG = {
    "a misspelt key": ("[fit]\nmodell = \"maxent\"\n", "line 2", 'Did you mean "model"?'),
    "a misspelt table": ("version = 1\n\n[fitt]\nmodel = \"maxent\"\n", "line 3", 'Did you mean "fit"?'),
    "a key of another table": ("[review.control]\nkind = \"share_of_flags\"\nrate = 0.1\nslip = 1\n", "line 4", "Known: kind, rate, basis"),
    "a word that is none of those": ("[review.control]\nrate = 0.1\nkind = \"share_of_flag\"\n", "line 3",
                                     'Did you mean "share_of_flags"?'),
    "a text for a number": ("[world.grid]\ncell = \"25\"\n", "line 2", "It has to be a number"),
    "a number for a text": ("[study]\nagent_class = 3\n", "line 2", "a text in quotes"),
    "a truth for a number": ("[world.grid]\nslip = true\n", "line 2", "It has to be a number"),
    "a rate that cannot be": ("[review.control]\nkind = \"share_of_flags\"\nrate = 2.0\n", "line 1", "between 0 and 1"),
    "something missing": ("[review.control]\nrate = 0.1\n", "line 1", 'Add a line "kind = ..."'),
    "a place of three": ("[spots]\ngate = [1, 2, 3]\n", "line 2", "a place [x, y]"),
    "a feature of a list": ("[[features]]\nname = \"a\"\nkind = \"step\"\n\n[[features]]\nname = \"b\"\nkid = \"step\"\n", "line 7",
                            'Did you mean "kind"?'),
    "a list for a table": ("fit = [1]\n", "line 1", "It has to be a table"),
    "bands that cannot be": ("[reading]\nread_as = \"events\"\n[reading.files]\n[reading.columns]\n[reading.log.memory]\n"
                             "told_apart = [{name = \"x\"}]\n", "line 6", "Name a time of day"),
    "no TOML": ("[fit\n", "line 1", "Write a line as name = value"),
    "a newer file": (f"version = {VERSION + 1}\n", "newer Motive", "Update"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_what_cannot_be_is_told_with_its_line_and_what_to_do(name: str) -> None:
    text, what, fix = WRONG[name]
    with pytest.raises(SettingsError) as refused:
        read_settings(text, "mine.toml")
    assert what in refused.value.what and "mine.toml" in refused.value.what and fix in refused.value.fix
    assert isinstance(refused.value, MotiveError)


def test_the_line_of_a_key_is_found_among_quoted_and_dotted_ones() -> None:
    text = '[fit.settings."value_basis"]\nlam = 1\n[study]\nclass_aims.car = "ends"\n'
    assert line_of(text, ("fit", "settings", "value_basis", "lam")) == 2
    assert line_of(text, ("study", "class_aims", "car")) == 4 and line_of(text, ("nowhere",)) == 0
