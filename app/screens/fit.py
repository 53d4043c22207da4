"""Fit: what do they want, and how sure are we?"""

import numpy as np
import streamlit as st

from app import session
from app.fitting.fit_controls import choose_agents, choose_estimator, choose_gamma, choose_model
from app.fitting.model_comparison import side_by_side, start_fit
from app.shell import errors_as_words, headline, need, stale
from irlcore.analysis.study import fit_again
from irlcore.fitting.compare import short_title
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.result import FitResult, Status
from irlcore.project.project import FitRecord
from irlcore.project.split import split_paths
from irlcore.rationality.models import MODELS
from irlcore.report.charts import weights_figure
from irlcore.report.fit_words import counted, fit_provenance, how_ended, interval_sentences, own_sentences, said_time, weights_table
from irlcore.report.text import NAME, as_markdown, as_shown, told_apart

UNENDED = (Status.AT_EDGE, Status.OUT_OF_STEPS)
FORMATS = {"log-likelihood": "%.1f", "held out, per track": "%.3f", "AIC": "%.1f"}
project = headline("What do they want, and how sure are we?")
need(project.world is not None, "There are no tracks in a world yet.", "tracks", "Load tracks")
need(any(s.enabled for s in project.features), "No feature is switched on.", "features", "Choose features")


def settings(n_trips: int) -> float:
    """The button and what to fit; the discount, which a comparison uses too."""
    top = st.container()  # in sight on a small window, where the settings below it are not
    model, estimator, gamma = choose_model(project), choose_estimator(), choose_gamma()
    choose_agents(project)
    used = sum(s.enabled for s in project.features)
    with top:
        if st.button("Fit", type="primary", width="stretch", disabled=session.busy(), key="fit_button"):
            start_fit(project, model, gamma, estimator)
            st.rerun()
        st.caption(f"{counted(used, 'feature')}, {counted(n_trips, 'track')} to fit to. Signs and features are set on the Features page.")
    return gamma


def weights(record: FitRecord) -> None:
    """Dots with intervals, in utility or in the unit of one feature."""
    result = record.result
    units = ["utility", *[n for n, w in zip(result.names, result.theta, strict=True) if w != 0.0]]
    unit = st.selectbox("In the unit of", units, key="unit_of", format_func=told_apart(units).__getitem__,
                        help="Weights relative to one feature are easier to read: \"a left turn costs as much as 230 m\".")
    if unit == "utility":
        figure = weights_figure(result.names, result.theta, result.interval())
        told = "Below 0: avoided. Above 0: sought."
    else:
        k = result.names.index(unit)
        spec = record.features[k]
        times = float(spec.params.get("per", 1.0)) if spec.kind == "length" else 1.0
        assert project.world is not None
        name = f"{project.world.unit} of length" if spec.kind == "length" else unit
        value, interval = result.worth(k)
        figure = weights_figure(result.names, times * value, times * interval, name)
        told = "How much of {0} weighs as much as one of each feature. Above 0: it counts the same way as {0}. The interval says little " \
               "where {0} itself is unsure.".format(as_markdown(unit, NAME))
    st.plotly_chart(figure, width="stretch", key="weights", alt="Weights with their intervals")
    st.caption(told)


def cautions(result: FitResult) -> None:
    """What to be careful about, and the next step."""
    if result.status in UNENDED:
        st.warning(as_markdown(result.status.value))
    for warning in result.warnings:
        st.warning(f"{as_markdown(warning.what)} **{as_markdown(warning.fix)}**")


def quality(result: FitResult) -> None:
    """How well it fits, and where the numbers come from."""
    numbers = st.columns(4)
    numbers[0].metric("Log-likelihood", f"{result.loglik:z,.1f}", help="Of the tracks fitted to, in nats. Higher is better.")
    numbers[1].metric("Per track", f"{result.loglik / max(result.n_paths, 1):z.3f}")
    numbers[2].metric("Held out, per track", "not known" if np.isnan(result.held_out) else f"{result.held_out:z.3f}",
                      help="On normal tracks that the fit did not see. Close to the number on its left: no overfitting.")
    numbers[3].metric("AIC", f"{result.aic:,.1f}", help="Lower is better; counts the number of features against the fit.")
    for sentence in own_sentences(result):
        st.markdown(as_markdown(sentence))
    ended = "" if result.status in UNENDED else how_ended(result)  # a warning already
    for sentence in (*interval_sentences(result), f"{ended} {fit_provenance(result)}".strip()):
        st.caption(as_markdown(sentence))
    with st.expander("Numbers", icon=":material/table:"):
        st.dataframe(as_shown(weights_table(result)), hide_index=True, width="stretch")


def earlier() -> None:
    """Every fit of this class side by side, and the way back to one."""
    mine = [f for f in reversed(project.fits) if f.agent_class == project.agent_class]
    if len(mine) < 2:
        return
    st.divider()
    st.subheader("Earlier fits")
    st.dataframe([{"made": said_time(f.result.made), "model": short_title(MODELS[f.result.rationality]),
                   "weights found by": ESTIMATORS[f.result.estimator].title, "gamma": f.result.gamma,
                   "features": len(f.features), "log-likelihood": f.result.loglik, "held out, per track": f.result.held_out,
                   "AIC": f.result.aic} for f in mine], hide_index=True, width="stretch",
                 column_config={name: st.column_config.NumberColumn(format=form) for name, form in FORMATS.items()})
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    told = [f"{said_time(f.result.made)}, {short_title(MODELS[f.result.rationality])}, {len(f.features)} features" for f in mine]
    which = left.selectbox("Return to", range(1, len(mine)), key="return_to", format_func=told.__getitem__)
    if right.button("Use this fit", width="stretch", key="use_fit"):
        session.put(fit_again(project, mine[which]))
        st.rerun()


def page() -> None:
    trips = len(split_paths(project).fit)
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(border=True):
        gamma = settings(trips)
    with right:
        if project.fit is None:
            st.info("No fit of this class yet. Press Fit.", icon=":material/info:")
        else:
            if stale(project):
                st.warning(f"{as_markdown(stale(project))} Fit again to see what that brings.", icon=":material/sync_problem:")
            weights(project.fit)
            cautions(project.fit.result)
            quality(project.fit.result)
    st.divider()
    side_by_side(project, trips, gamma)
    earlier()


with errors_as_words():
    page()
