"""What is kept for the next track: one fit a visitor, bounded in bytes, apart from the projects; and the table that names the chart's
colours."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from app.intent import ways
from app.intent.table import goals_table
from app.intent.ways import Ways
from irlcore.analysis.onward import Intent, Towards, intent_of, towards_study
from irlcore.errors import FitError
from irlcore.project.split import split_paths
from irlcore.report.charts import goal_colour, goals_shown
from tests.analysis.test_study import fitted
from tests.report import EVIL


@pytest.fixture(scope="module")
def towards() -> Towards:
    project = fitted("anchorage", "ferry")
    return towards_study(project, str(split_paths(project).paths.ids[0]))


@pytest.fixture(scope="module")
def asked(towards: Towards) -> Intent:
    return intent_of(towards, 0)


def test_a_visitor_has_the_newest_fit_alone_and_takes_nothing_from_others(towards: Towards) -> None:
    kept = Ways(10.0 * towards.nbytes)
    kept.keep("anna", "fit 1", towards)
    kept.keep("bert", "fit 1", towards)
    assert kept.find("anna", "fit 1") is towards and kept.bytes() == 2 * towards.nbytes
    kept.keep("anna", "fit 2", replace(towards))
    assert kept.find("anna", "fit 1") is None and kept.find("anna", "fit 2") is not None
    assert kept.find("bert", "fit 1") is towards and kept.find("carl", "fit 1") is None


def test_what_was_used_the_longest_ago_goes_where_not_all_fits(towards: Towards) -> None:
    kept = Ways(2.5 * towards.nbytes)
    for who in ("anna", "bert"):
        kept.keep(who, "fit", towards)
    assert kept.find("anna", "fit") is towards
    kept.keep("carl", "fit", towards)
    assert kept.find("bert", "fit") is None and kept.find("anna", "fit") is towards and kept.bytes() <= 2.5 * towards.nbytes
    alone = Ways(0.5 * towards.nbytes)  # what is too large by itself is kept for who asked last, or he would wait for it again and again
    alone.keep("anna", "fit", towards)
    assert alone.find("anna", "fit") is towards


def test_it_lasts_some_hours_and_says_why_nothing_was_found(monkeypatch: pytest.MonkeyPatch, towards: Towards) -> None:
    now = [0.0]
    monkeypatch.setattr(ways.time, "monotonic", lambda: now[0])
    kept, error = Ways(seconds=10.0), FitError("No way.", "Fit again.")
    kept.keep("anna", "fit", towards)
    kept.keep("bert", "fit", error)
    now[0] = 9.0
    assert kept.find("bert", "fit") is error
    now[0] = 12.0
    assert kept.find("anna", "fit") is None and kept.find("bert", "fit") is error


def test_the_table_names_every_colour_of_the_chart_and_the_likeliest_now(asked: Intent) -> None:
    probability = asked.posterior.probability
    for seen in range(len(probability)):
        table = goals_table(asked, seen)
        colours = re.findall(r"background:(#\w+)", table)
        for rank in range(len(goals_shown(probability))):
            assert colours.count(goal_colour(rank)) == 1
        assert asked.names[int(probability[seen].argmax())] in table.split("</tr>")[1]
        shares = [float(one) for one in re.findall(r"<td>(?:&[lg]t; )?(\d+)%</td>", table)]
        assert sum(shares) == pytest.approx(100.0, abs=1.0 + 0.5 * len(shares))
    assert table.count("(ended here)") == 1


def test_names_of_goals_are_shown_as_text(asked: Intent) -> None:
    named = replace(asked, found=replace(asked.found, names=tuple(f"{EVIL}{k}" for k in range(len(asked.names)))))
    table = goals_table(named, 0)
    assert set(re.findall(r"</?(\w+)", table)) == {"table", "thead", "tbody", "tr", "th", "td", "i"}


def test_goals_that_cannot_be_are_not_in_the_chart() -> None:
    probability = np.array([[0.6, 0.4, 0.0], [1.0, 0.0, 0.0]])
    assert goals_shown(probability).tolist() == [0, 1]
