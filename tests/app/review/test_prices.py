"""The ranked agents and the prices of one of them, drawn on a page of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from tests.app.review.triage import fine

PAGE = Path(__file__).with_name("prices_page.py")


@pytest.fixture(scope="module")
def town() -> Project:
    project = sample_project("town")
    used = {"length (km)", "left turn", "u-turn"}
    return fit_study(replace(project, features=tuple(replace(s, enabled=s.name in used) for s in project.features)), "maxent")


def page(project: Project) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["run_inline"] = True
    app.session_state["project"] = project
    return fine(app.run())


@pytest.mark.kernels
def test_the_list_and_the_card_are_drawn_and_a_row_selects_its_track(town: Project) -> None:
    app = page(town)
    rows = next(one.value for one in app.dataframe if one.key == "agents_list")
    assert len(rows) == 68 and "track" in rows.columns and rows["p-value"].is_monotonic_increasing
    assert any("Of 107 tracks known as normal" in one.value for one in app.markdown)
    assert any("reviewed tracks" in one.value for one in app.caption)
    app.session_state["agents_list"] = {"selection": {"rows": [3], "columns": [], "cells": []}}
    fine(app.run())
    assert app.session_state["selected"] == rows["track"].iloc[3]
