"""Lambda and gamma chosen on tracks that were held out: the button, the curve of what was tried, and what it says."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import session
from app.job_results import into, same_ground
from irlcore.analysis.choosing import ChosenRecord, choose_study, with_choice
from irlcore.analysis.study import what_changed
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.rationality.models import named
from irlcore.report.glossary import explained_terms
from irlcore.report.held_out_curve import choice_sentences, curve_figure
from irlcore.report.text import as_markdown
from irlcore.worlds.called import called

WHAT = "held-out choice"


def choose_on_held_out(project: Project, model: str, estimator: str, gamma: float, gamma_key: str, ready: bool) -> None:
    """The button and, once it was pressed, the curve. gamma_key: the widget of the discount. ready: whether nothing wrong is typed."""
    world, _ = need_world(project)
    one = ESTIMATORS[estimator]
    if one.choose is None or all(s.name != "lam" for s in one.offered(named(model), world.mdp)):
        return
    words = called(world)
    both = "Lambda" if world.kind == "log" else "Lambda and gamma"
    if st.button(words.say("Choose on held-out tracks"), key="choose_settings", width="stretch", disabled=session.busy() or not ready,
                 icon=":material/query_stats:", help=words.say(f"{both} that explain tracks best which the fit did not see.")):
        session.start_job(words.say("Choosing on held-out tracks"), lambda watch: choose_study(project, estimator, model, gamma, watch),
                          _taken(project, gamma_key))
        st.rerun()
    record: ChosenRecord | None = session.found(WHAT, _key(project, estimator, model))
    if record is not None:
        _show(project, record)


def _key(project: Project, estimator: str, model: str) -> tuple[str, ...]:
    return (project.agent_class, estimator, model)


def _taken(begun_in: Project, gamma_key: str) -> Callable[[ChosenRecord], None]:
    """What was chosen is filled in, in one step of undo; a discount is no part of the project and stays."""
    def take(record: ChosenRecord) -> None:
        into(begun_in, with_choice, "choice of settings")(record)
        if same_ground(session.project(), begun_in):
            session.keep_found(WHAT, _key(begun_in, record.estimator, record.model), record)
            session.choose(**{gamma_key: record.choice.gamma})

    return take


def _show(project: Project, record: ChosenRecord) -> None:
    words = called(need_world(project)[0])
    changed = session.derived("choice stale", lambda: what_changed(project, record.features, record.data_hash, "choice", record.model),
                              record.made)
    if changed:
        st.warning(f"{as_markdown(changed)} Choose again to see what that brings.", icon=":material/sync_problem:")
    first, *more = choice_sentences(record, words)
    st.markdown(as_markdown(f"{first} The next fit goes by that."), help=explained_terms("nat", "held out", "gamma"))
    st.plotly_chart(curve_figure(record, words), width="stretch", key="held_out_curve", config={"displayModeBar": False},
                    alt="How well held-out tracks are explained under each lambda and gamma")
    st.caption(as_markdown(" ".join(more)))
