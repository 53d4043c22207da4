"""What p-values rest on, as chosen behind the button of false alarms: it ranks, is told and kept, and promises only what holds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app.review.comparing import ALL, CROSSED, ENDED, OWN_KIND, WEIGHTED
from irlcore.analysis.cross_conformal import FOLDS, cross_study
from irlcore.analysis.ranking import Review, rank, review_study, scored_study
from irlcore.analysis.study import fit_study
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.report.basis_words import allowed_for
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.worlds.history.build import Memory
from irlcore.worlds.history.classifier import ValueOf
from tests.app.review.triage import act, fine, listed, review_page, sent
from tests.cut_logs import BY_CLOSE, cut_log, project_of

pytestmark = pytest.mark.kernels
FLAGS = FalseAlarmControl("share_of_flags", 0.1)


@cache
def quick() -> Project:
    return fit_study(sample_project("town"), "maxent")


def review(basis: Basis) -> Review:
    return review_study(quick(), replace(FLAGS, basis=basis))


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.caption, *app.markdown, *app.info, *app.warning)).replace("\\", "")


def flagged(found: Review) -> list[bool]:
    return [bool(one) for one in found.flagged[found.order]]


def test_the_bound_is_said_where_one_stands_and_moves_with_it() -> None:
    app, found = review_page(quick()), review(Basis())
    app.segmented_control(key="shown").set_value("all").run()
    first, last = listed(app)[0], listed(app)[4]
    act(app, select=first)
    assert found.down_to(int(found.order[first])) in said(app) and "Stopping here lists" in said(app)
    act(app, select=last)
    assert found.down_to(int(found.order[last])) in said(app)
    fine(app.selectbox(key="compared_with").set_value(WEIGHTED).run())
    assert "Stopping here" not in said(app), "no such bound is known for these p-values"


@pytest.mark.parametrize("ties", ["finer", "random"])
def test_ties_are_broken_as_chosen_and_promise_what_is_known_of_them(ties: str) -> None:
    app, found = review_page(quick()), review(Basis(ties=ties))  # type: ignore[arg-type]
    fine(app.selectbox(key="ties").set_value(ties).run())
    assert sent(app, "rows")["ids"] == [str(i) for i in found.parts.paths.ids[found.order]]
    assert [bool(one) for one in sent(app, "rows")["flagged"]] == flagged(found)
    assert found.promise.sentence in said(app) and found.promise.holds == (ties == "finer")
    assert ("Stopping here" in said(app)) == (ties == "finer")
    assert ("no p-value is below" in said(app)) == (ties == "finer"), "drawn ones are"


def test_an_estimated_share_of_abnormal_tracks_makes_the_list_longer_and_is_told() -> None:
    app, found = review_page(quick()), review(Basis(adaptive=True))
    fine(app.checkbox(key="adaptive").check().run())
    assert [bool(one) for one in sent(app, "rows")["flagged"]] == flagged(found) and sum(flagged(found)) >= sum(flagged(review(Basis())))
    assert allowed_for(found) in said(app) and found.promise.holds and found.promise.sentence in said(app)
    app.selectbox(key="control").set_value("share_of_normal").run()
    assert not [one for one in fine(app).checkbox if one.key == "adaptive"], "it changes nothing of these"


def test_every_normal_track_is_compared_with_once_the_fits_for_it_are_made() -> None:
    app = review_page(quick())
    app.selectbox(key="control").set_value("share_of_normal").run()
    fine(app.selectbox(key="compared_with").set_value(CROSSED).run())
    score, scored = app.session_state["score"], scored_study(quick())
    control = FalseAlarmControl("share_of_normal", 0.1)
    before = rank(scored, control, score)
    assert f"It takes {FOLDS} fits" in said(app) and before.promise.sentence in said(app), "until then as usual"
    assert "combined" not in app.selectbox(key="score").options and score in ("surprise", "improbability", "utility_gap", "worst_stretch")
    fine(app.button(key="fit_folds").click().run())
    found = rank(scored, replace(control, basis=Basis(crossed=True)), score, cross_study(quick(), score))
    assert found.promise.sentence in said(app) and f"It takes {FOLDS} fits" not in said(app) and "Stopping here" not in said(app)
    assert sent(app, "rows")["ids"] == [str(i) for i in found.parts.paths.ids[found.order]]
    app.switch_page("screens/report.py").run()
    assert not app.exception and found.promise.sentence in said(app)
    fine(app.switch_page("screens/features.py").run())


def test_what_is_chosen_here_leaves_the_models_to_compare_alone_and_outlives_the_widgets() -> None:
    """Both once had one key, which broke the other page."""
    app = review_page(quick())
    app.selectbox(key="ties").set_value("finer").run()
    app.selectbox(key="rate").set_value("1 in 5").run()
    fine(app.switch_page("screens/fit.py").run())
    assert all(isinstance(one, str) for one in app.multiselect(key="compared").value)
    choices = app.session_state["beside"].choices
    assert choices["ties"] == "finer" and choices["rate"] == "1 in 5" and choices["compared_with"]
    for key in ("ties", "rate"):
        del app.session_state[key]  # as in a new window on the same project
    fine(app.switch_page("screens/review.py").run())
    assert app.selectbox(key="ties").value == "finer" and app.selectbox(key="rate").value == "1 in 5"


def test_by_rare_kinds_nothing_is_offered_but_each_with_its_own_kind_and_the_page_says_why() -> None:
    rng = np.random.default_rng(20121)
    log = cut_log(200, rng, "random").tracks
    who = np.where(rng.random(len(log.links)) < 0.75, "Ann", "Ben").astype(object)
    told = replace(log, of_events=pd.DataFrame({"who": who}))
    app = review_page(fit_study(project_of(told, BY_CLOSE, Memory(2, 5, (), 1, (ValueOf("who", ("Ann", "Ben")),)))))
    fine(app.selectbox(key="score").set_value("improbability").run())
    assert app.selectbox(key="compared_with").value == ALL and OWN_KIND not in said(app)
    fine(app.selectbox(key="score").set_value("rare_kinds").run())
    assert len(app.selectbox(key="compared_with").options) == 1 and app.selectbox(key="compared_with").value == ENDED
    assert OWN_KIND in said(app)
    fine(app.selectbox(key="score").set_value("improbability").run())
    assert len(app.selectbox(key="compared_with").options) > 1 and OWN_KIND not in said(app)
