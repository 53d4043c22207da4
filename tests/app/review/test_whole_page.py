"""The Review page put together: its line of words, what stands behind its buttons, its card, its views and its order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from app.review.comparing import DISTANCE
from app.review.order import WORTH
from app.review.verdicts import MOST_MARKED
from irlcore.analysis.abnormal import most_worth_a_look, share_of_abnormal
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.reasons import sides_study
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.report.parts_words import parts_cells
from irlcore.report.review_words import evidence_table, promise_words, ranked_words, share_words
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from tests.app.review.triage import act, decide, fine, fitted, listed, project_of, review_page, sent

pytestmark = pytest.mark.kernels


@cache
def town() -> Review:
    return review_study(fitted(), FalseAlarmControl("share_of_flags", 0.1))


@cache
def blind() -> Project:
    """No track is named as normal."""
    return fit_study(replace(sample_project("town"), reference_value=""), "maxent")


@cache
def with_agents() -> Project:
    project = fitted()
    assert project.tracks is not None
    drivers = [f"driver {k % 30}" for k in range(len(project.tracks))]
    tracks = replace(project.tracks, attributes=project.tracks.attributes.assign(driver=drivers))
    return fit_study(replace(sample_project("town"), tracks=tracks, agent_column="driver"), "maxent")


def texts(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.caption, *app.markdown, *app.info, *app.warning)).replace("\\", "")


def look(app: AppTest, what: str) -> AppTest:
    return fine(app.segmented_control(key="look").set_value(what).run())


def view(app: AppTest, what: str) -> AppTest:
    return fine(app.segmented_control(key="review_view").set_value(what).run())


def test_one_line_says_what_ranks_what_is_promised_and_how_many_are_abnormal() -> None:
    app, review = review_page(), town()
    line = next(one.value for one in app.caption if one.value.startswith("Ranked by")).replace("\\", "")
    assert line == f"{ranked_words(review)} {promise_words(review)} {share_words(share_of_abnormal(review))}"
    assert "of 100 planted oddities" in line and "1 in 10 flagged tracks" in line and "of 68" in line and len(line) < 260


def test_behind_a_button_stand_the_promises_in_full_and_which_score_finds_what() -> None:
    app, review = review_page(), town()
    said = texts(app)
    for sentence in (review.promise.sentence, review.any_cut.sentence, share_of_abnormal(review).sentence):
        assert sentence in said
    assert "With 107 calibration tracks no p-value is below 1 in 108" in said and "The tracks carry no times" in said
    assert review.scored.evidence is not None
    shown = next(one.value for one in app.dataframe if "planted" in one.value.columns)
    assert shown.equals(evidence_table(review.scored.evidence, review.score))


def test_the_bound_at_the_cut_moves_with_the_rate() -> None:
    app = review_page()
    app.selectbox(key="control").set_value("share_of_normal").run()
    fine(app.selectbox(key="rate").set_value("1 in 5").run())
    review = review_study(fitted(), FalseAlarmControl("share_of_normal", 0.2))
    assert review.any_cut.sentence in texts(app) and review.any_cut.sentence != town().any_cut.sentence
    assert sum(sent(app, "rows")["flagged"]) == review.flagged.sum()


def test_tracks_are_compared_within_groups_where_that_is_chosen() -> None:
    app = review_page()
    fine(app.selectbox(key="compared_with").set_value(DISTANCE).run())
    review = review_study(fitted(), FalseAlarmControl("share_of_flags", 0.1, Basis(groups="distance")))
    assert review.groups is not None and review.groups.said in texts(app)
    assert sent(app, "rows")["ids"] == [str(i) for i in review.parts.paths.ids[review.order]]


def test_of_several_marked_rows_it_is_said_how_many_may_be_normal() -> None:
    app = review_page()
    rows = listed(app)
    ids = sent(app, "rows")["ids"]
    act(app, select=rows[3], picked=rows[:4])
    assert town().picked([ids[k] for k in rows[:4]]).sentence in texts(app)
    act(app, select=rows[1], picked=[])
    assert "that you picked" not in texts(app) and "flagged decided" in texts(app)
    act(app, select=rows[1], picked=[rows[0], 10**7, -1, "x", rows[1]])
    assert town().picked([ids[k] for k in rows[:2]]).sentence in texts(app), "what is no row is let go"
    decide(app, "discarded", rows[:2], rows[2])
    assert "that you picked" not in texts(app)
    act(app, select=rows[1], picked=rows * MOST_MARKED)
    assert "that you picked" in texts(app)


def test_the_card_shows_each_part_and_how_rare_it_is() -> None:
    app, review = review_page(), town()
    for row in listed(app)[:3]:
        act(app, select=row)
        cells = parts_cells(sides_study(fitted(), review, int(review.order[row])).all)
        assert cells and all(f"badge[{cell.title} {cell.said}]" in texts(app) for cell in cells)
    assert not cells[0].ordinary and cells[-1].ordinary, "what is unusual comes first"


def test_one_look_at_a_time_stays_for_the_next_track() -> None:
    app = review_page()
    a, b, *_ = listed(app)
    assert not app.get("plotly_chart")
    look(app, "Features")
    assert len(app.get("plotly_chart")) == 1
    act(app, select=b)
    assert len(app.get("plotly_chart")) == 1 and app.segmented_control(key="look").value == "Features"
    look(app, "Prices")
    assert "95 %" in texts(app) and len(app.get("plotly_chart")) == 1
    look(app, "Note")
    app.text_area[0].set_value("ask the harbour").run()
    assert list(project_of(fine(app)).track_notes.values()) == ["ask the harbour"] and "ask the harbour" in texts(app)
    assert sent(app, "rows")["ids"][b] in project_of(app).track_notes and a != b


def test_a_rule_made_on_the_card_is_counted_told_and_revoked() -> None:
    app = look(review_page(), "Silence")
    did = next(one for one in app.selectbox if one.label == "Did")
    did.select_index(len(did.options) - 1).run()
    app.button(key="add_rule").click().run()
    assert len(project_of(fine(app)).silencing) == 1
    assert "Rules and verdicts (1 + 0)" in [one.proto.popover.label for one in app.get("popover")] and "silenced by 1 rule." in texts(app)
    assert "It is still flagged." in texts(app), "on the card of the track that it was made of"
    app.button(key="revoke_rule_0").click().run()
    assert not project_of(fine(app)).silencing and "silenced by" not in texts(app)


def test_agents_are_a_view_where_a_column_names_them_and_a_row_leads_to_a_track() -> None:
    assert "Agents" not in review_page().segmented_control(key="review_view").options
    app = view(review_page(with_agents()), "Agents")
    rows = next(one.value for one in app.dataframe if one.key == "agents_list")
    assert "agent" in rows.columns and len(app.subheader) == 1
    before = app.session_state["selected"]
    app.session_state["agents_list"] = {"selection": {"rows": [len(rows) - 1], "columns": [], "cells": []}}
    fine(app.run())
    assert app.session_state["selected"] != before and app.subheader[0].value.replace("\\", "") == app.session_state["selected"]


def test_hindsight_is_a_view_and_the_others_come_back() -> None:
    app = view(review_page(), "Hindsight")
    assert "Without labels" in texts(app) and not app.subheader
    app.switch_page("screens/report.py").run()
    app.switch_page("screens/review.py").run()
    assert app.segmented_control(key="review_view").value == "Hindsight"
    assert listed(view(app, "Tracks"))


def test_where_nothing_is_promised_it_says_why_and_lists_by_what_is_worth_a_look() -> None:
    assert not [one for one in review_page().selectbox if one.key == "list_order"], "where something is promised there is nothing to choose"
    app = review_page(blind())
    review = review_study(blind(), FalseAlarmControl("strangest", 0.02))
    assert "nothing says how many of these are ordinary" in texts(app)
    strangest = sent(app, "rows")["ids"]
    fine(app.number_input(key="share").set_value(20.0).run())
    review = review_study(blind(), FalseAlarmControl("strangest", 0.2))
    worth = most_worth_a_look(review)
    fine(app.selectbox(key="list_order").set_value(WORTH).run())
    ids = sent(app, "rows")["ids"]
    assert sorted(ids) == sorted(strangest) and ids[:len(worth.order)] == [str(i) for i in review.parts.paths.ids[worth.order]]
    assert worth.sentence in texts(app)
    group = next(one for one in worth.groups if len(one.members) > 1)
    act(app, select=ids.index(str(review.parts.paths.ids[group.members[0]])))
    assert f"One of {len(group.members)} tracks that are strange in the same way. {group.said}" in texts(app)
    assert listed(app) == list(range(int(review.flagged.sum()))), "flagged ones are the first all the same"


def test_a_list_that_flags_nothing_says_so_and_where_the_others_are() -> None:
    app = review_page()
    fine(app.selectbox(key="rate").set_value("1 in 100").run())
    assert not any(sent(app, "rows")["flagged"]) and "No track is flagged." in texts(app)
    assert "Undecided and All list the others" in sent(app)["empty"]


def test_all_controls_are_one_for_all_pages() -> None:
    app = review_page()
    app.selectbox(key="compared_with").set_value(DISTANCE).run()
    score = app.selectbox(key="score").options
    app.selectbox(key="score").select_index(len(score) - 1).run()
    chosen = app.session_state["score"]
    app.switch_page("screens/report.py").run()
    assert not app.exception and app.session_state["score"] == chosen and app.session_state["compared_with"] == DISTANCE
    assert chosen in town().scored.table.names
