"""An event log from its upload to a flagged sequence with its reason, and what is asked on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.project.importing.log_project import log_name
from irlcore.project.project import Project
from irlcore.simulation.tickets import ticket_log
from irlcore.worlds.history.classes import aspects_of, parts_of
from irlcore.worlds.history.classifier import WaitOf, since_event
from tests.app.importing.form import said, tracks_page


def page_of(table: pd.DataFrame) -> AppTest:
    app = tracks_page(log=table.to_csv(index=False).encode())
    assert not app.exception and not app.error
    return app


def imported(app: AppTest) -> Project:
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    project: Project = app.session_state["project"]
    return project


def keyed(app: AppTest, kind: str, begin: str):  # type: ignore[no-untyped-def]
    return next(one for one in getattr(app, kind) if str(one.key).startswith(begin))


def xes_like(reference: int = 160, today: int = 60, of_a_kind: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A made-up log with the names of columns that pm4py writes, rows of the lifecycle among them."""
    log, labels = ticket_log(np.random.default_rng(20121), reference, today, of_a_kind)
    log = log.rename(columns={"case_id": "case:concept:name", "activity": "concept:name", "timestamp": "time:timestamp",
                              "resource": "org:resource", "team": "case:team", "period": "case:period"})
    return pd.concat([log.assign(**{"lifecycle:transition": "start"}), log.assign(**{"lifecycle:transition": "complete"})]), labels


@pytest.mark.kernels
def test_an_xes_like_csv_from_upload_to_a_flagged_sequence_with_its_reason() -> None:
    log, labels = xes_like()
    app = page_of(log)
    assert "looks like an event log of pm4py" in said(app) and "220 sequences kept" in said(app)
    assert "of an event that another row completes" in said(app) and "A state is the last event" in said(app)
    project = imported(app)
    assert project.world is not None and project.world.kind == "log" and project.paths is not None and len(project.paths) == 220
    assert project.reference_value == "reference" and project.tracks is not None
    assert len(project.tracks.attributes.columns) == 2  # resources and the lifecycle are of events
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    for page in ("tracks", "features", "fit", "intent", "report", "review"):
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page
    flagged = str(app.subheader[0].value)
    assert flagged in set(labels.loc[labels["planted"], "track"])
    assert "least expected" in said(app) or "Pace" in said(app)


def test_what_of_a_history_counts_is_asked_and_told_and_kept() -> None:
    log, _ = ticket_log(np.random.default_rng(20121), 60, 20, 1)
    app = page_of(log)
    keyed(app, "number_input", "log_order").set_value(2)
    keyed(app, "number_input", "log_least").set_value(3)
    keyed(app, "multiselect", "log_remembered").set_value(["fix approved"]).run()
    assert "the last 2 where these were seen together 3 times or more, and whether fix approved has happened" in said(app)
    project = imported(app)
    assert project.world is not None and dict(project.world.settings)["remembered"] == ["fix approved"]
    assert (project.world.settings["order"], project.world.settings["least"]) == (2, 3)


def test_rare_events_are_taken_as_one_and_that_stays_with_the_project() -> None:
    log, _ = ticket_log(np.random.default_rng(20121), 60, 20, 1)
    app = page_of(log)
    keyed(app, "number_input", "log_fewest").set_value(20).run()
    assert "(rare)" in said(app)
    project = imported(app)
    assert "taken together" in project.problems["done"].tolist() and project.world is not None and "(rare)" in project.world.place_names


def test_a_world_that_would_be_too_large_is_refused_in_words_before_it_is_built() -> None:
    events = [f"e{k}" for k in np.random.default_rng(20121).integers(0, 40, 4000)]
    app = page_of(pd.DataFrame({"case": [f"c{k // 10}" for k in range(4000)], "t": range(4000), "event": events}))
    keyed(app, "multiselect", "log_remembered").set_value([f"e{k}" for k in range(8)])
    keyed(app, "number_input", "log_order").set_value(12)
    keyed(app, "number_input", "log_least").set_value(1).run()
    assert not app.exception and "Go back fewer events" in said(app) and "import" not in [b.key for b in app.button]


def test_paths_without_a_network_are_asked_what_they_are() -> None:
    app = tracks_page(p=b"track,path\na,1 2 3\nb,1 2 4\nc,1 3\n")
    assert "Paths need their network" in said(app) and app.radio(key="made_of").value is None
    assert "import" not in [b.key for b in app.button]
    app.radio(key="made_of").set_value("log").run()
    project = imported(app)
    assert project.world is not None and project.world.kind == "log" and project.paths is not None and len(project.paths) == 3


def test_one_row_a_sequence_is_a_log_by_its_name() -> None:
    app = tracks_page(p=b"session,events\na,open page > log in > buy\nb,open page > leave\nc,open page > log in\n")
    assert app.radio(key="made_of").value == "log" and "Events are parted by arrows" in said(app)
    project = imported(app)
    assert project.world is not None and "open page" in project.world.place_names


def test_events_written_in_several_ways_are_told_and_taken_as_one_where_that_is_asked() -> None:
    app = tracks_page(p=b"order,events\na,Pick > Ship > Close\nb,PICK > Ship > Close\nc,Pick > ship > Close\n")
    assert "2 events are written in several ways" in said(app) and "any of 5 events" in said(app)
    keyed(app, "checkbox", "log_spelling").check().run()
    assert "any of 3 events" in said(app)
    project = imported(app)
    assert project.name == "p"  # as its file
    assert project.paths is not None and len(project.paths) == 3 and project.world is not None and project.world.n_places == 5
    assert project.problems is not None and project.problems["what"].str.contains("several ways").any()


def test_a_log_is_called_as_its_file() -> None:
    assert [log_name(one) for one in ("orders.csv", "a\\b/Orders May.xes.gz", ".csv", "", "x" * 90)] == [
        "orders", "Orders May", "My log", "My log", "x" * 60]


@pytest.mark.kernels
def test_events_are_told_apart_by_hour_wait_and_who_did_them() -> None:
    """What is typed wrong is said beside its box, and what was chosen is what the project tells events apart by."""
    log, _ = xes_like(80, 30, 1)
    app = page_of(log)
    kinds = keyed(app, "multiselect", "kinds_")
    assert list(kinds.options) == ["the hour of the day", "the wait since the event before", "the time since the sequence began",
                                   "the time since certain events", "org:resource"]
    assert "Nats an event" in said(app) and "lower is better" in said(app)
    kinds.set_value([kinds.options[at] for at in (0, 1, 4)]).run()
    assert not app.exception and not app.warning
    assert "kinds so." in said(app) and "in all its kinds" in said(app)
    keyed(app, "text_input", "kinds_wait").set_value("4 parsecs").run()
    assert any("is no time" in one.value for one in app.warning) and not any(one.key == "import" for one in app.button)
    keyed(app, "text_input", "kinds_wait").set_value("4 h").run()
    keyed(app, "number_input", "kinds_fewest").set_value(3).run()
    keyed(app, "multiselect", "log_remembered").set_value(["assigned"]).run()
    keyed(app, "number_input", "log_count").set_value(2).run()
    assert not app.warning and "how often, up to 2 times" in said(app)
    project = imported(app)
    assert project.world is not None and aspects_of(project.world) == ("hour", "wait", "org:resource")
    assert parts_of(project.world)[1] == WaitOf((14_400.0,)) and project.world.settings["count"] == 2
    assert {"usual hour, wait and org:resource of the event", "remembered event again"} <= {one.name for one in project.features}
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    for page in ("tracks", "features", "review", "intent", "report"):
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page


def test_events_are_told_apart_by_the_time_since_the_start_and_since_others() -> None:
    app = page_of(xes_like(80, 30, 1)[0])
    kinds = keyed(app, "multiselect", "kinds_")
    kinds.set_value(kinds.options[2:4]).run()
    keyed(app, "multiselect", "kinds_after").set_value(["assigned"]).run()
    assert not app.exception and not app.warning
    boxes = {one.label: one for one in app.text_input if str(one.key).startswith("kinds_wait")}
    assert list(boxes) == ["Bands of the time so far begin at", "Bands of time since assigned begin at"]
    boxes["Bands of time since assigned begin at"].set_value("2 h").run()
    world = imported(app).world
    assert world is not None and aspects_of(world) == ("time so far", "time since assigned")
    assert parts_of(world)[1] == since_event("assigned", (7_200.0,))


def test_a_log_without_times_and_columns_is_asked_for_nothing_to_tell_events_apart() -> None:
    app = page_of(pd.DataFrame({"case_id": ["a", "a", "b", "b"], "activity": ["x", "y", "x", "y"]}))
    assert not [one for one in app.multiselect if str(one.key).startswith("kinds_")]
