"""What is read on the pages of a log, in its report and in the tables that leave it speaks of sequences and events, not of what moves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.analysis.choosing import choose_study, with_choice
from irlcore.analysis.heeded import heed_study, with_heeded
from irlcore.analysis.proposals import accept_record, with_accepted
from irlcore.analysis.ranking import review_study
from irlcore.analysis.silencing import with_rule
from irlcore.analysis.study import fit_study, staleness
from irlcore.analysis.triage import decided
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_aims
from irlcore.project.project import Project
from irlcore.project.silencing import Silencing
from irlcore.project.split import split_paths
from irlcore.report.contents import SECTIONS, chosen_tracks, contents_of
from irlcore.report.export import review_csv
from irlcore.report.findings import findings_study
from irlcore.report.html import report_html
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.app.test_pages import PAGES, opened
from tests.app.test_words import KEYS, PROGRAM, sent, strings
from tests.cut_logs import BY_CLOSE, cut_log, project_of
from tests.logs import log_project, sequences

OF_WAYS = re.compile(r"\b(trips?|tracks?|steps?|links?|roads?|streets?|km|metres?|speeds?|maps?|stops?|loiter\w*|vessels?|vehicles?|drove|"
                     r"detours?|grids?|lane|lanes)\b", re.IGNORECASE)
ALLOWED = (
    r"steps? from one event to the next",  # an arrow of the process map is a step of the process, and no event
    r"commonest steps:", r"No step differs", r"Red: steps that the class takes",
    r"wherever you stop",  # of how far one reads the list
    r"Names: .?`step`",  # a name in formulas, which are a language of their own
    r"\[\d+\] [^\n]*",  # titles of papers
    r"--motive-map-height",
)
WHERE_ALL_KINDS_ARE_TOLD = {"start"}
"""The Start page tells of samples and projects of every kind."""
CONTROL = FalseAlarmControl("share_of_normal", 0.1)
FILES = "**Points**: one row a point"
"""How the text on what files can be read begins: it is said of all kinds, and not of the log that is open."""


def spoken(text: str) -> list[str]:
    """The words of ways in a text as it is read, with a little round each."""
    if text.startswith(FILES):
        return []
    bare = re.sub(r"<(style|script).*?</\1>|:material/\w+:|<[^>]*>", " ", text, flags=re.DOTALL)
    for phrase in ALLOWED:
        bare = re.sub(phrase, " ", bare)
    return [bare[max(0, found.start() - 40):found.end() + 40] for found in OF_WAYS.finditer(bare)]


def texts(app: AppTest) -> Iterator[str]:
    """All that is sent to be read, in pictures and tables, too."""
    for _, kind, proto in sent(app):
        for path, text in strings(proto):
            if path[-1] == "json":
                yield from _inner(json.loads(text))
            elif path[-1] not in KEYS | PROGRAM and (kind, path[-1]) not in {("page_link", "page"), ("plotly_chart", "spec")}:
                yield text
    for table in app.dataframe:
        yield from map(str, table.value.columns)
        yield from map(str, table.value.to_numpy().ravel()[:2000])


def _inner(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _inner(one)


@pytest.fixture(scope="module")
def project() -> Project:
    return log_project(sequences(1100))


@pytest.mark.kernels
@pytest.mark.parametrize("page", [page for page in PAGES if page not in WHERE_ALL_KINDS_ARE_TOLD])
def test_a_page_of_a_log_speaks_of_sequences_and_events(project: Project, page: str) -> None:
    app = opened()
    app.session_state["project"] = project
    app.session_state["selected"] = "case 5"
    app.switch_page(f"screens/{page}.py").run()
    assert not app.exception and not app.error
    found = list(texts(app))
    assert len(found) > 20 and not [one for text in found for one in spoken(text)]


@pytest.mark.kernels
def test_the_report_and_its_table_speak_of_sequences_and_events(project: Project) -> None:
    review = review_study(project, FalseAlarmControl("share_of_normal", 0.05))
    cards = chosen_tracks(project, review).cards
    found = findings_study(project, review, cards, cards)
    html = report_html(contents_of(project, review, found, tuple(SECTIONS)))
    body = html[html.index("<body"):html.index("References")] if "References" in html else html[html.index("<body"):]
    assert not spoken(body)
    table = review_csv(project, review, found)
    assert table.splitlines()[0].startswith('"sequence",') and not spoken(table)


@pytest.mark.kernels
def test_what_is_done_with_a_log_is_remembered_and_reported_in_its_words() -> None:
    """Chosen, cut off, heeded, silenced, accepted, and stale: the lab book, the report and what has changed."""
    log = cut_log(200, np.random.default_rng(20121), "random", loose=True)
    project = with_choice(project_of(log.tracks, BY_CLOSE), choose_study(project_of(log.tracks, BY_CLOSE), "value_basis"))
    project = fit_study(with_aims(project, {}, {"case 3": "unfinished"}), estimator="value_basis")
    parts = split_paths(project)
    ids = parts.paths.ids.astype(str)
    project = decided(project, ids[parts.calibration[:3]].tolist(), "discarded", "")
    project = decided(project, ids[parts.review[:3]].tolist(), "understood", "")
    project = with_heeded(project, heed_study(project, True, CONTROL))
    project = with_rule(decided(project, ids[parts.calibration[3:5]].tolist(), "discarded", ""),
                        Silencing("", feature=project.features[0].name, use="more"))
    spec = FeatureSpec("work", "attribute", {"attribute": "event", "equals": "work"})
    project = with_accepted(project, spec, accept_record(project, spec), 1.0, 1)
    assert staleness(project).startswith("The verdicts on 2 sequences have changed")
    other = replace(project, reference_value="new")
    assert staleness(other) == "The sequences, where they end, or which of them are normal, have changed since this fit."
    review = review_study(project, CONTROL)
    contents = contents_of(project, review, findings_study(project, review, chosen_tracks(project, review).cards[:2], ()), tuple(SECTIONS))
    running = f"{int((review.parts.paths.goal < 0).sum())} of {len(review.parts.paths)} sequences still running"
    assert ("Where sequences end", running) in contents.facts and len(contents.understood) == 3
    html = report_html(contents)
    assert not spoken(html[html.index("<body"):html.index("References")])
    history = [text for one in project.history for text in (one.what, one.numbers)]
    assert len(history) > 10 and not [one for text in history for one in spoken(text)]
    assert any("nats an event held out" in text for text in history)


def test_what_is_looked_for_is_found() -> None:
    assert len(spoken("Most tracks take 3 steps along a road; a Stop.")) == 4
    assert not spoken("All 15 steps from one event to the next. Backtracking, stepwise.")
