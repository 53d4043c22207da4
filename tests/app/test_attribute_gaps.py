"""Columns that name the class or the normal tracks may have gaps, or anything else in them: every page goes on working."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import split_paths
from irlcore.tracks.attributes import MISSING
from tests.app.test_pages import PAGES, opened

CASES = Path(__file__).resolve().parents[1] / "cases"
TRACKS = [f"v{k}" for k in range(12)]


def points() -> bytes:
    """Twelve tracks of six points, every third of them by another way."""
    rows = [f"{name},{i},{10 * i},{10 * min(i, 5 - i) if k % 3 else 0}" for k, name in enumerate(TRACKS) for i in range(6)]
    return ("track,t,x,y\n" + "\n".join(rows)).encode()


def imported(files: list[tuple[str, bytes, str]]) -> AppTest:
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value(files).run()
    app.button(key="import").click().run()
    sound(app, "import")
    return app


def case(name: str) -> AppTest:
    return imported([(path.name, path.read_bytes(), "text/csv") for path in sorted((CASES / name).glob("*.csv"))])


def with_attributes(values: dict[str, list[object]]) -> AppTest:
    """Tracks with these columns as a Parquet file brings them, types and all."""
    table = pd.DataFrame({"track": TRACKS[:len(next(iter(values.values())))], **values})
    return imported([("points.csv", points(), "text/csv"), ("attributes.parquet", table.to_parquet(index=False), "")])


def sound(app: AppTest, where: str) -> None:
    """The page drew, and so did undo and save; what it says may be that these tracks cannot be used so."""
    assert not app.exception, (where, app.exception[0].value)
    assert not [e.value for e in app.error if "went wrong" in e.value or "What to do" not in e.value], where
    assert app.sidebar.button(key="undo") is not None
    assert app.sidebar.get("download_button"), where


def every_page(app: AppTest) -> None:
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        sound(app, page)


def set_class(app: AppTest, named: str, mine: str | None = None, period: str = "", normal: str = "") -> None:
    """As an analyst sets it on the Tracks page; without ``mine`` the first class offered."""
    app.switch_page("screens/tracks.py").run()
    box("Column that names the class", app).set_value(named).run()
    if mine is not None:
        box("Class", app).set_value(mine).run()
    box("Column that tells normal tracks", app).set_value(period).run()
    box("Value that means normal", app).set_value(normal).run()
    app.button(key="set_class").click().run()
    sound(app, "set class")


def box(label: str, app: AppTest) -> AppTest:
    return next(one for one in app.main.selectbox if one.label == label)


def classes_of(app: AppTest) -> list[str]:
    return list(next(one for one in app.sidebar.selectbox if one.label == "Class under study").options)


def fitted(app: AppTest) -> None:
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    sound(app, "fit")
    assert app.session_state["project"].fit is not None


@pytest.mark.parametrize(("name", "column", "classes"), [
    ("k01_type_column_blank_csv", "type", [MISSING]), ("k03_numeric_class_some_missing", "class", ["70", "71", MISSING]),
    ("k08_numeric_attribute_some_missing", "vessel_kind", ["70", "71", MISSING])])
def test_a_class_column_with_gaps_goes_through_every_page_and_the_project_file(name: str, column: str, classes: list[str]) -> None:
    app = case(name)
    every_page(app)
    set_class(app, column)
    assert classes_of(app) == classes
    project = app.session_state["project"]
    assert project.class_column == column and project.agent_class == classes[0]
    for label in classes[1:]:
        next(one for one in app.sidebar.selectbox if one.label == "Class under study").set_value(label).run()
        sound(app, label)
        assert len(split_paths(app.session_state["project"]).paths) >= 1
    fitted(app)
    every_page(app)
    again = load_project(save_project(app.session_state["project"]))
    assert (split_paths(again).paths.ids == split_paths(app.session_state["project"]).paths.ids).all()


def test_a_class_that_is_missing_can_be_studied_and_missing_can_mean_normal() -> None:
    app = with_attributes({"class": ["a", None] * 6, "checked": [None] * 8 + [True, False] * 2})
    assert classes_of(app) == ["a", MISSING]
    set_class(app, "class", MISSING, "checked", MISSING)
    parts = split_paths(app.session_state["project"])
    assert sorted(parts.paths.ids) == sorted(TRACKS[1::2])
    assert parts.has_reference and len(parts.review) == 2 and len(parts.fit) + len(parts.calibration) == 4
    fitted(app)
    every_page(app)


def test_a_class_that_nobody_offers_any_more_stays_chosen_until_another_is() -> None:
    """As in a project saved when a column of numbers with gaps read 70.0."""
    app = with_attributes({"class": [70.0, None, 71.0] * 4})
    app.session_state["project"], app.session_state["changes"] = replace(app.session_state["project"], agent_class="70.0"), 99
    app.run()
    sound(app, "70.0")
    assert app.session_state["project"].agent_class == "70.0"
    assert len(split_paths(app.session_state["project"]).paths) == 4
    app.session_state["project"] = replace(app.session_state["project"], class_column="gone", period_column="gone", reference_value="x")
    every_page(app)


def tables(rng: np.random.Generator) -> dict[str, list[object]]:
    """A table of attributes of any types, with gaps, some of them of the names that classes and periods are guessed by."""
    n = int(rng.integers(1, len(TRACKS) + 1))
    kinds: list[list[object]] = [
        [None], [np.nan, 1.0, 2.5], [np.inf, -np.inf, 0.0, None], ["reference", "x", None, ""], [" ", "(missing)", "nan", "None"],
        [True, False], [True, None], [pd.Timestamp("2026-01-02"), pd.NaT, pd.Timestamp("2026-01-02 08:30")], [7, 8], [1e-300, 1e300, None],
        ["007", "7", "7.0"], ["<b>", "*a*", "$x$", "`"]]
    names = rng.permutation(["class", "period", "Type", "start", "7", "x y", "kind", "hour"])[:int(rng.integers(1, 5))]
    found: dict[str, list[object]] = {}
    for name in names:
        pool = kinds[int(rng.integers(len(kinds)))]
        found[str(name)] = [pool[int(rng.integers(len(pool)))] for _ in range(n)]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_any_table_of_attributes_goes_through_every_page(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = tables(rng)
    app = with_attributes(values)
    every_page(app)
    for named in [*values][:2]:
        period = str(rng.choice([*values]))
        set_class(app, named)
        offered = classes_of(app)
        assert offered and all(isinstance(label, str) and label for label in offered)
        set_class(app, named, str(rng.choice(offered)), period)
        every_page(app)
    again = load_project(save_project(app.session_state["project"]))
    assert (split_paths(again).paths.ids == split_paths(app.session_state["project"]).paths.ids).all()
    app.sidebar.button(key="undo").click().run()
    sound(app, "undo")
