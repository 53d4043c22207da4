"""The studio on the Features page: one turn of elicitation, from what the model misses to what a refit changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.desk import Desk
from app.studio.map import MISSED, PROPOSAL
from app.studio.missed import EVERYONE, SELECTED_TRACK
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.ranking import review_study
from irlcore.features.base import KINDS
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.app.review.triage import decide, listed
from tests.app.studio.on_the_map import click_place, draft, draw, fine, project_of, said, studio
from tests.app.test_pages import opened


def test_a_drawn_zone_is_judged_accepted_undone_and_redone() -> None:
    app = fine(draw(studio()))
    assert "Predicted gain" in said(app) and "with 1 candidate looked at" in said(app)
    before = project_of(app)
    assert not before.zones and len(before.fits) == 1
    app.text_input(key=draft(app, "name")).set_value("market").run()
    assert "in market" in said(fine(app)) and not project_of(app).zones
    next(t for t in app.text_input if t.label == "Why it might matter").set_value("stalls *block* the road")  # no run before the click
    app.button(key="accept").click().run()

    after = project_of(fine(app))
    assert list(after.zones) == ["market"] and len(after.fits) == 2
    assert after.features[-1].name == "in market" and after.features[-1].reason == "stalls *block* the road"
    assert after.features[-1].made
    assert after.history[-1].why == "stalls *block* the road" and "promised" in after.history[-1].numbers
    flagged = [int(review_study(one, FalseAlarmControl("share_of_flags", 0.1)).flagged.sum()) for one in (before, after)]
    assert 'What "in market" changed' in said(app) and f"Flagged: {flagged[0]} → {flagged[1]}" in said(app)
    assert not [b for b in app.button if b.key == "accept"]

    app.button(key="undo_change").click().run()
    undone = project_of(fine(app))
    assert undone.features == before.features and undone.fits == before.fits and not undone.zones
    assert "in market" in said(app) and "Predicted gain" in said(app) and 'What "in market" changed' not in said(app)

    app.sidebar.button(key="redo").click().run()
    assert project_of(fine(app)) is after
    assert 'What "in market" changed' in said(app) and "Predicted gain" not in said(app)
    app.button(key="go_on").click().run()
    assert 'What "in market" changed' not in said(fine(app))
    app.button(key="show_change").click().run()
    assert 'What "in market" changed' in said(fine(app))


@pytest.mark.parametrize(("use", "kind"), [("distance", "distance"), ("spot", "distance")])
def test_a_drawing_is_a_distance_or_a_place_too_and_each_is_counted(use: str, kind: str) -> None:
    app = fine(draw(studio()))
    app.segmented_control(key=draft(app, "use")).set_value(use).run()
    desk: Desk = app.session_state["desk"]
    assert desk.spec is not None and desk.spec.kind == kind
    assert "2 looked at so far" in said(fine(app))
    app.button(key="add_proposal").click().run()
    project = project_of(fine(app))
    assert (list(project.zones), list(project.spots)) == (([], ["zone 1"]) if use == "spot" else (["zone 1"], []))
    assert project.features[-1].kind == kind and len(project.fits) == 1


def test_a_drawing_can_be_kept_as_a_zone_alone_or_dropped() -> None:
    app = draw(studio())
    app.button(key="keep_zone").click().run()
    assert list(project_of(fine(app)).zones) == ["zone 1"] and len(project_of(app).features) == 6
    draw(app, 0.2, 0.4)
    app.button(key="dismiss_proposal").click().run()
    assert list(project_of(fine(app)).zones) == ["zone 1"]
    assert app.session_state["desk"].ring is None and not [b for b in app.button if b.key == "accept"]


def test_a_zone_from_typed_corners_and_a_line_that_is_none() -> None:
    app = studio()
    app.text_area[0].set_value("100, 200\nhere").run()
    app.button(key="use_corners").click().run()
    assert "Line 2" in app.error[0].value.replace("\\", "")
    world = project_of(app).world
    assert world is not None
    low, high = np.nanquantile(world.place_xy, [0.3, 0.7], axis=0)
    corners = f"{low[0]}, {low[1]}\n{high[0]}, {low[1]}\n{high[0]}, {high[1]}\n{low[0]}, {high[1]}"
    app.text_area[0].set_value(corners).run()
    app.button(key="use_corners").click().run()
    assert "Predicted gain" in said(fine(app))


def test_what_says_the_same_as_another_feature_is_told_so() -> None:
    app = studio()
    app.segmented_control(key="propose").set_value("Anything").run()
    app.selectbox(key="kind_Anything").set_value(KINDS["length"]).run()
    app.button(key="look_Anything").click().run()
    assert 'says almost the same as "length (km)"' in said(app)
    assert "Says nothing new" in said(app)


def test_a_suggestion_opens_in_the_preview_and_its_refit_keeps_the_promise() -> None:
    app = studio(without="u-turn", about="path")
    app.segmented_control(key="propose").set_value("Suggestions").run()
    app.button(key="suggest").click().run()
    tried = len(app.session_state["tried"]["commuter"])
    assert tried > 100 and f"{tried} looked at so far" in said(fine(app))
    app.button(key="suggestion_0").click().run()
    assert f"{tried} looked at so far" in said(app), "a suggestion that is looked at was counted before"
    assert "Worth accepting" in said(fine(app)) and "by luck, with 3" in said(app)
    app.button(key="accept").click().run()
    assert "changed" in said(fine(app)) and "promised were +" in said(app)
    first, last = (f.result.loglik for f in project_of(app).fits)
    assert last > first + 5.0
    app.button(key="undo_change").click().run()
    assert [b for b in app.button if b.key == "suggestion_0"], "suggestions are kept for the fit they were made for"


def test_a_track_named_on_the_review_page_opens_with_what_it_used_more() -> None:
    app = studio()
    app.switch_page("screens/review.py").run()
    decide(app, "misunderstood", listed(app)[:1], listed(app)[1])
    track = next(iter(project_of(fine(app)).verdicts))
    app.button(key="name_it").click().run()
    app.switch_page("screens/features.py").run()  # AppTest does not follow st.switch_page
    assert f"What was **{track}** after? Red: places it used more" in said(fine(app))
    assert app.segmented_control(key="whom").value == SELECTED_TRACK


def test_a_click_on_a_place_shows_the_tracks_behind_it() -> None:
    app = studio()
    assert app.segmented_control(key="whom").value == EVERYONE
    project = project_of(app)
    assert project.world is not None
    used = int(project.world.choice_place[project.paths.choices[0]]) if project.paths is not None else 0
    click_place(app, used)
    name = places_of_project(project).said(used)
    assert f"**Tracks behind {name}** (" in said(fine(app)) and " than expected, " in said(app)
    assert "track" in app.dataframe[0].value.columns
    app.segmented_control(key="whom").set_value("the flagged").run()
    assert f"**Tracks behind {name}** (" in said(fine(app)) and " than expected, " in said(app)
    assert app.session_state["selected"] != name if "selected" in app.session_state else True


def test_without_a_fit_a_proposal_has_a_picture_but_no_promise() -> None:
    app = fine(draw(studio(fit=False)))
    assert "Fit first to see what it would explain" in said(app) and "Predicted gain" not in said(app)
    assert not [b for b in app.button if b.key == "accept"]
    app.button(key="add_proposal").click().run()
    assert project_of(fine(app)).features[-1].name == "in zone 1"
    app.segmented_control(key="propose").set_value("Suggestions").run()
    assert "Suggestions need a fit" in said(fine(app))


def test_the_proposal_has_a_map_of_its_own() -> None:
    app = draw(studio())
    app.segmented_control(key="view_of_fit").set_value(PROPOSAL).run()
    fine(app)
    app.button(key="dismiss_proposal").click().run()
    assert app.segmented_control(key="view_of_fit").value == MISSED
    fine(app)


def test_without_coordinates_the_most_missed_places_are_a_table() -> None:
    app = opened("town")
    project = project_of(app)
    assert project.world is not None
    bare = replace(project.world, place_xy=np.full_like(project.world.place_xy, np.nan), shape_xy=np.zeros((0, 2)),
                   shape_offsets=np.zeros_like(project.world.shape_offsets))
    assert not bare.has_coordinates
    app.session_state["project"] = replace(project, world=bare)
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    app.switch_page("screens/features.py").run()
    assert "no coordinates" in said(fine(app))
    assert len(app.dataframe[0].value) == 10 and "uses more than expected" in app.dataframe[0].value.columns
    assert "Draw" not in app.segmented_control(key="propose").options


def test_verdicts_are_followed_through_a_refit() -> None:
    app = studio(without="u-turn")
    app.switch_page("screens/review.py").run()
    decide(app, "understood", listed(app)[:1], listed(app)[1])
    app.switch_page("screens/features.py").run()
    app.segmented_control(key="propose").set_value("Suggestions").run()
    app.button(key="suggest").click().run()
    app.button(key="suggestion_0").click().run()
    app.button(key="accept").click().run()
    assert "Of 1 with the verdict \"understood\", " in said(fine(app))


def test_what_was_drawn_in_one_world_does_not_lie_on_another() -> None:
    app = draw(studio())
    assert app.session_state["desk"].ring is not None
    app.switch_page("screens/start.py").run()
    app.button(key="sample_anchorage").click().run()
    assert app.session_state["desk"].ring is None
    app.switch_page("screens/features.py").run()
    assert "Predicted gain" not in said(fine(app))
    app.sidebar.button(key="undo").click().run()
    assert app.session_state["desk"].ring is not None and "Predicted gain" in said(fine(app))
