"""Models side by side on held-out trips: the button, the answer in a sentence, the figure, and the way to a fit with the best."""

from __future__ import annotations

import streamlit as st

from app import session
from app.callbacks import clicked
from app.fitting.fit_controls import LIKELIHOOD, gamma_to_begin, long_words, representatives, set_choice
from app.job_results import into
from app.shell import in_its_words, terms_explained
from irlcore.analysis.comparison import compare_study, comparison_staleness, with_comparison
from irlcore.analysis.study import fit_record, with_fit
from irlcore.fitting.compare import FOLDS, explained_best, short_title
from irlcore.project.project import ComparisonRecord, Project
from irlcore.rationality.models import is_named, models_of, named, value_specs
from irlcore.report.charts import comparison_figure
from irlcore.report.fit_words import comparison_provenance
from irlcore.report.text import NAME, as_markdown, as_shown


def side_by_side(project: Project, n_trips: int, gamma: float) -> None:
    """The section of the Fit page. n_trips: the tracks that a fit is made on."""
    if len(models_of(project.world)) < 2:
        return  # there is nothing to compare it with
    st.subheader("Which model explains them best?")
    if project.comparison is None:
        st.caption("Not compared yet. Every model is fitted to some of the trips and judged on the others, so that a model cannot win "
                   "by learning trips by heart.")
    else:
        answer(project, project.comparison)
    ask(project, n_trips, gamma)


def ask(project: Project, n_trips: int, gamma: float) -> None:
    """Which models, and the button."""
    fitted = "" if project.fit is None else project.fit.result.rationality
    offered = [*models_of(project.world), *([fitted] if fitted and value_specs(fitted) else [])]
    chosen = st.multiselect("Models", offered, default=representatives(project, gamma_to_begin(project)),
                            format_func=lambda m: short_title(named(m)), key="compared",
                            persist_state="session", placeholder="Choose two or more")
    st.caption(f"{n_trips:,} trips, held out a fifth at a time ({FOLDS} folds); gamma {gamma:g}; each model is fitted {FOLDS} times.")
    if long_words(chosen, gamma):
        st.caption(f":material/hourglass_top: {long_words(chosen, gamma)}")
    if n_trips < FOLDS:
        st.caption(f"At least {FOLDS} trips are needed.")
    if st.button("Compare models", width="stretch", key="compare_button", disabled=session.busy() or len(chosen) < 2 or n_trips < FOLDS):
        session.start_job("Comparing models", lambda watch: compare_study(project, chosen, gamma, watch=watch),
                          into(project, with_comparison, "comparison"))
        st.rerun()


def answer(project: Project, record: ComparisonRecord) -> None:
    """Which model it is, how sure that is, and what to do with it."""
    compared = record.result
    changed = session.derived("comparison stale", lambda: comparison_staleness(project))
    if changed:
        st.warning(f"{as_markdown(changed)} Compare again to see what that brings.", icon=":material/sync_problem:")
    first, *more = explained_best(compared)
    st.markdown(f"**{as_markdown(first)}**", help=terms_explained("comparison of models", "nat", "held out"))
    for sentence in more:
        st.markdown(as_markdown(sentence))
    st.plotly_chart(comparison_figure(compared), width="stretch", key="comparison", alt="How far each model stays behind the best",
                    config={"displayModeBar": False})
    st.caption(as_markdown(in_its_words(comparison_provenance(compared))))
    best = compared.models[compared.best]
    if is_named(best) and (project.fit is None or project.fit.result.rationality != best):
        st.button(f"Fit with {as_markdown(compared.titles[compared.best], NAME)}", key="fit_best", disabled=session.busy(),
                  icon=":material/arrow_forward:", on_click=clicked(fit_with), args=(project, best, compared.gamma))
    with st.expander("Numbers", icon=":material/table:"):
        st.dataframe(as_shown(compared.table()), hide_index=True, width="stretch")


def fit_with(project: Project, model: str, gamma: float) -> None:
    """Fit with this model by maximum likelihood, as it was compared, and show it as chosen above."""
    set_choice(model, gamma)
    start_fit(project, model, gamma, LIKELIHOOD)


def start_fit(project: Project, model: str, gamma: float, estimator: str) -> None:
    """Begin a fit beside the page."""
    session.start_job("Fit", lambda watch: fit_record(project, model, gamma, watch, estimator), into(project, with_fit, "fit"))
