"""Fit: what do they want, and how sure are we?"""

import time

import streamlit as st

from app import session
from app.jobs import Job
from app.shell import errors_as_words, need, safe
from irlcore.report.figures import weights_figure
from irlcore.study import MODELS, fit_study

st.title("What do they want, and how sure are we?")
project = session.project()
need(project.world is not None, "There are no tracks in a world yet.", "tracks", "Load tracks")
need(any(s.enabled for s in project.features), "No feature is switched on.", "features", "Choose features")
left, right = st.columns([2, 3])
with left, st.container(border=True):
    model = st.radio("How well do they choose?", list(MODELS), format_func=lambda m: MODELS[m].title,
                     captions=[m.sentence for m in MODELS.values()], key="model", persist_state="session")
    gamma = st.number_input("Discount per step (gamma)", 0.5, 1.0, 1.0, 0.01,
                            help="1: the whole way counts. Below 1: what is far away counts less.")
    running = session.job()
    busy = running is not None and running.state == "running"
    if st.button("Fit", type="primary", width="stretch", disabled=busy, key="fit_button"):
        session.start_job(Job("Fit", lambda watch: fit_study(project, str(model), float(gamma), watch), session.inline()))
        st.rerun()


@st.fragment(run_every=0.5)
def progress() -> None:
    """The running job; leaves the fragment when it ends."""
    now = session.job()
    if now is None:
        return
    if now.state == "running":
        st.progress(min(0.95, now.steps / 14), text=safe(f"{now.message} · {now.seconds:.0f} s so far"))
        if st.button("Cancel", key="cancel"):
            now.control.cancel.set()
        return
    session.start_job(None)
    if now.state == "done":
        session.put(now.result)
    elif now.error is not None:
        with errors_as_words():
            raise now.error
        time.sleep(4)
    st.rerun()


with left:
    if session.job() is not None:
        progress()
with right:
    if project.fit is None:
        st.info("No fit yet. Press Fit: the first one compiles the solver, which takes a few seconds.", icon=":material/info:")
        st.stop()
    result = project.fit.result
    if project.fit_is_stale:
        st.warning("The features have changed since this fit. Fit again to see what they bring.", icon=":material/sync_problem:")
    st.plotly_chart(weights_figure(result.names, result.theta, result.interval()), width="stretch", key="weights")
    numbers = st.columns(4)
    numbers[0].metric("Log-likelihood", f"{result.loglik:,.1f}", help="Of the tracks fitted to, in nats. Higher is better.")
    numbers[1].metric("Per track", f"{result.loglik / max(result.n_paths, 1):.3f}")
    numbers[2].metric("Per held-out track", f"{result.held_out:.3f}", help="On tracks kept out of the fit.")
    numbers[3].metric("AIC", f"{result.aic:,.1f}", help="Lower is better; counts the number of features against the fit.")
    st.caption(f"{result.status.value} {MODELS[result.rationality].title}; {result.n_paths:,} tracks, {result.iterations} steps, "
               f"{result.seconds:.1f} s, {result.made}, data {result.data_hash}.")
    for warning in result.warnings:
        st.warning(f"{safe(warning.what)} {safe(warning.fix)}")
    st.dataframe(result.table(), hide_index=True, width="stretch")
    if len(project.fits) > 1:
        st.markdown("**Earlier fits**")
        st.dataframe([{"made": f.result.made, "class": f.agent_class, "model": f.result.rationality, "features": len(f.features),
                       "log-likelihood": f.result.loglik, "held out, per track": f.result.held_out} for f in reversed(project.fits)],
                     width="stretch")
