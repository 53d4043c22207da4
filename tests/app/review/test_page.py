"""The Review page: opens on what is flagged, takes verdicts on one or several tracks, takes them back, and lists what is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.analysis.study import fit_study
from irlcore.project.samples import sample_project
from irlcore.review.parts.kinds import UNITS
from tests.app.review.triage import act, decide, fine, fitted, listed, project_of, review_page, said, sent


def test_it_opens_on_flagged_with_the_score_that_ranks_and_a_line_of_words() -> None:
    app = review_page()
    rows, told = sent(app, "rows"), sent(app)
    shown = listed(app)
    assert shown and all(rows["flagged"][k] for k in shown) and len(shown) == sum(rows["flagged"]) < len(rows["ids"])
    assert told["selected"] == shown[0] and app.session_state["selected"] == rows["ids"][0]
    unit = UNITS[app.selectbox(key="score").value]
    assert all(score.endswith(f" {unit}") if unit else float(score) for score in rows["scores"]) and all(rows["lines"])
    first = [rows["scores"][k] for k in shown]
    assert len(set(first)) == len(first), "the score tells apart what the p-value does not"


def test_a_verdict_is_given_and_the_next_track_is_selected() -> None:
    app = review_page()
    a, b, *_ = listed(app)
    ids = sent(app, "rows")["ids"]
    decide(app, "operational event", [a], b, "  went twice round ")
    verdict = project_of(app).verdicts[ids[a]]
    assert (verdict.outcome, verdict.reason) == ("operational event", "went twice round")
    assert sent(app)["selected"] == b and sent(app)["verdicts"] == {str(a): "operational event"}
    assert ids[b] in said(app) or ids[b] in app.subheader[0].value.replace("\\", "")


def test_several_rows_get_one_verdict_one_line_of_history_and_one_undo() -> None:
    app = review_page()
    before, rows = project_of(app), listed(app)[:4]
    ids = sent(app, "rows")["ids"]
    decide(app, "discarded", rows, listed(app)[4])
    after = project_of(app)
    assert list(after.verdicts) == [ids[k] for k in rows] and {v.outcome for v in after.verdicts.values()} == {"discarded"}
    assert len(after.history) == len(before.history) + 1 and "and 1 more: discarded" in after.history[-1].what
    act(app, undo=True)
    assert not project_of(app).verdicts and sent(app)["selected"] == rows[0]


def test_the_same_act_sent_again_is_heeded_once_and_others_are_let_go() -> None:
    app = review_page()
    a, b, *_ = listed(app)
    decide(app, "discarded", [a], b)
    history = project_of(app).history
    fine(app.run())  # the component still says the same
    for wrong in ({"verdict": "guilty", "rows": [b], "reason": ""}, {"verdict": "discarded", "rows": [10**6, -1, "x"], "reason": ""},
                  {"select": True}, {"verdict": "discarded", "rows": [b], "reason": "", "of": "another table"},
                  {"verdict": "discarded", "rows": [b], "reason": "", "session": "a former one"}, {"undo": True, "session": ""}):
        act(app, **wrong)
    assert project_of(app).history == history and list(sent(app)["verdicts"]) == [str(a)]


def test_the_same_verdict_pressed_again_leaves_the_one_before_to_be_undone() -> None:
    app = review_page()
    a, b, *_ = listed(app)
    decide(app, "operational event", [a], a, "went round twice")
    first = project_of(app)
    decide(app, "operational event", [a], b)
    assert project_of(app) is first and sent(app)["selected"] == b
    act(app, undo=True)
    assert not project_of(app).verdicts


def test_undo_by_key_takes_back_verdicts_alone() -> None:
    app = review_page()
    fits = project_of(app).fits
    act(app, undo=True)
    assert project_of(app).fits == fits
    zoned = replace(project_of(app), notes="seen")
    app.session_state["project"] = zoned
    act(app, undo=True)
    assert project_of(app).notes == "seen"


def test_an_understood_track_leaves_the_flagged_ones_and_is_found_under_understood() -> None:
    app = review_page()
    a, b, *_ = before = listed(app)
    decide(app, "understood", [a], b)
    assert listed(app) == before[1:]
    app.segmented_control(key="shown").set_value("understood").run()
    assert listed(fine(app)) == [a]
    app.segmented_control(key="shown").set_value("undecided").run()
    assert a not in listed(fine(app)) and b in listed(app) and len(listed(app)) == len(sent(app, "rows")["ids"]) - 1


def test_it_lists_by_verdict_score_zone_and_time() -> None:
    project = fitted()
    assert project.world is not None
    low, high = project.world.shape_xy.min(axis=0), project.world.shape_xy.max(axis=0)
    west = np.array([low, (low[0] + (high[0] - low[0]) * 0.2, low[1]), (low[0] + (high[0] - low[0]) * 0.2, high[1]), (low[0], high[1])])
    app = review_page(replace(project, zones={"west": west}))
    app.segmented_control(key="shown").set_value("all").run()
    everyone = listed(fine(app))
    app.selectbox(key="through").set_value("zone: west").run()
    through = listed(fine(app))
    assert 0 < len(through) < len(everyone)
    app.number_input(key="least_score").set_value(2.0).run()
    strange = listed(fine(app))
    assert set(strange) < set(through)
    app.button(key="clear_filters").click().run()
    assert listed(fine(app)) == everyone
    decide(app, "discarded", everyone[:2], everyone[2])
    app.multiselect(key="with_verdict").set_value(["discarded"]).run()
    assert listed(fine(app)) == everyone[:2]


def test_a_zone_reads_unlike_the_option_of_its_name_and_unlike_other_zones() -> None:
    square = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
    app = review_page(replace(fitted(), zones={"anywhere": square, "a" * 90: square, "a" * 91: square}))
    read = app.selectbox(key="through").options
    assert read[0] == "anywhere" and len(read) == len(set(read)) == 4


def test_precision_is_said_once_enough_are_decided() -> None:
    app = review_page()
    shown = listed(app)
    assert f"0 of {len(shown)} flagged decided" in said(app)
    decide(app, "operational event", shown[:3], shown[3])
    assert f"3 of {len(shown)} flagged decided; 3 of them were operational events." in said(app)
    decide(app, "discarded", shown[3:5], shown[5])
    assert "3 of them were operational events (60%)." in said(app).replace("\\", "")


def test_lines_and_reasons_follow_the_way_that_y_runs() -> None:
    project = fitted()
    assert project.world is not None
    attributes = {name: values for name, values in project.world.place_attributes.items() if name != "name"}
    world = replace(project.world, place_attributes=attributes)
    app = review_page(replace(project, world=world, spots={"wreck": np.nanmean(world.place_xy, axis=0)}, map_files=()))
    assert " of wreck" in "".join(sent(app, "rows")["lines"])
    up, told = sent(app, "rows")["lines"], said(app)
    app.session_state["project"] = replace(project_of(app), world=replace(world, settings={**world.settings, "y_down": True}))
    down = sent(fine(app.run()), "rows")["lines"]
    assert any("north" in line for line in up) and not any("north" in line or "south" in line for line in down)
    assert "east of wreck" in told and "east of wreck" not in said(app)


def test_a_track_that_the_model_lacks_a_feature_for_leads_to_the_features_page() -> None:
    app = review_page()
    a, b, *_ = listed(app)
    assert not [one for one in app.button if one.key == "name_it"]
    decide(app, "misunderstood", [a], b)
    app.button(key="name_it").click()
    assert sent(app, "rows")["ids"][a] in app.button(key="name_it").label.replace("\\", "")
    app = review_page()
    decide(app, "misunderstood", [a], b)
    app.session_state["project"] = fitted()
    fine(app.run())
    assert not [one for one in app.button if one.key == "name_it"], "of a verdict that this project does not have"


def test_a_fit_that_knows_only_length_says_so_and_leads_to_suggestions() -> None:
    assert "knows only how long a way is" not in said(review_page())
    project = sample_project("town")
    bare = fit_study(replace(project, features=tuple(s for s in project.features if s.kind in ("length", "step"))))
    app = review_page(bare)
    assert "knows only how long a way is" in said(app)
    app.button(key="suggest_features").click().run()
    assert app.session_state["propose"] == "Suggestions"


def test_a_gap_before_a_track_stands_in_its_card_and_tracks_with_long_ones_can_be_listed() -> None:
    project = fitted()
    assert project.tracks is not None
    hours = np.where(np.arange(len(project.tracks)) % 2, 8.7, np.nan)
    frame = project.tracks.attributes.assign(**{"gap before (h)": hours, "gap before (km)": 12.0 * hours / 8.7})
    app = review_page(replace(project, tracks=replace(project.tracks, attributes=frame)))
    app.segmented_control(key="shown").set_value("all").run()
    ids = [sent(app, "rows")["ids"][k] for k in listed(app)]
    silent = {str(one) for one in project.tracks.ids[1::2]}
    app = act(app, select=next(k for k in listed(app) if sent(app, "rows")["ids"][k] in silent))
    assert "A gap of 8.7 h and 12 km before this track." in said(app).replace("\\", "")
    app = fine(app.number_input(key="silent").set_value(8.0).run())
    assert {sent(app, "rows")["ids"][k] for k in listed(app)} == silent & set(ids) != set(ids)
    app = fine(app.number_input(key="silent").set_value(9.0).run())
    assert not listed(app)
    app = fine(app.button(key="clear_filters").click().run())
    assert len(listed(app)) == len(ids)
    app = act(app, select=next(k for k in listed(app) if sent(app, "rows")["ids"][k] not in silent))
    assert "A gap of" not in said(app)
