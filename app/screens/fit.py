"""Fit: what do they want, and how sure are we?"""

import numpy as np
import streamlit as st

from app import session
from app.shell import headline, need, safe, stale
from irlcore.errors import MotiveError
from irlcore.fitting.result import FitResult
from irlcore.project import FitRecord
from irlcore.rationality.models import MODELS
from irlcore.report.charts import weights_figure
from irlcore.split import split_paths
from irlcore.study import fit_again, fit_record, with_fit

project = headline("What do they want, and how sure are we?")
need(project.world is not None, "There are no tracks in a world yet.", "tracks", "Load tracks")
need(any(s.enabled for s in project.features), "No feature is switched on.", "features", "Choose features")


def settings() -> None:
    """What to fit, and the button."""
    model = st.radio("How well do they choose?", list(MODELS), format_func=lambda m: MODELS[m].title,
                     captions=[m.sentence for m in MODELS.values()], key="model", persist_state="session")
    gamma = st.number_input("Discount per step (gamma)", 0.5, 1.0, 1.0, 0.01, key="gamma", persist_state="session",
                            help="1: the whole way to the goal counts. Below 1: what is far away counts less.")
    used = [s for s in project.features if s.enabled]
    st.caption(f"{len(used)} features, {len(split_paths(project).fit):,} tracks to fit to. Signs and features are set on the "
               "Features page.")
    if st.button("Fit", type="primary", width="stretch", disabled=session.busy(), key="fit_button"):
        session.start_job("Fit", lambda watch: fit_record(project, str(model), float(gamma), watch), take)
        st.rerun()


def take(record: FitRecord) -> None:
    """The fit into the project it was begun in; another one may have been opened meanwhile."""
    now = session.project()
    if now.tracks is project.tracks and now.world is project.world:
        session.put(with_fit(now, record))
    else:
        session.tell(MotiveError("A fit ended after another project or world was opened, and was dropped.", "Fit again where you need it."))


def weights(record: FitRecord) -> None:
    """Dots with intervals, in utility or in the unit of one feature."""
    result = record.result
    units = ["utility", *[n for n, w in zip(result.names, result.theta, strict=True) if w != 0.0]]
    unit = st.selectbox("In the unit of", units, key="unit_of", help="Weights relative to one feature are easier to read: "
                        "\"a left turn costs as much as 230 m\".")
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
        told = (f"How much of {safe(unit)} weighs as much as one of each feature. Above 0: it counts the same way as "
                f"{safe(unit)}. The interval says little where {safe(unit)} itself is unsure.")
    st.plotly_chart(figure, width="stretch", key="weights", alt="Weights with their intervals")
    st.caption(told)


def quality(result: FitResult) -> None:
    """How well it fits, and where the numbers come from."""
    numbers = st.columns(4)
    numbers[0].metric("Log-likelihood", f"{result.loglik:,.1f}", help="Of the tracks fitted to, in nats. Higher is better.")
    numbers[1].metric("Per track", f"{result.loglik / max(result.n_paths, 1):.3f}")
    numbers[2].metric("Held out, per track", "not known" if np.isnan(result.held_out) else f"{result.held_out:.3f}",
                      help="On normal tracks that the fit did not see. Close to the number on its left: no overfitting.")
    numbers[3].metric("AIC", f"{result.aic:,.1f}", help="Lower is better; counts the number of features against the fit.")
    st.caption(f"{result.status.value} {safe(MODELS[result.rationality].title)}, gamma {result.gamma:g}; {result.n_paths:,} tracks, "
               f"{result.iterations} steps, {result.seconds:.1f} s, {safe(result.made)}, data {result.data_hash}.")
    for warning in result.warnings:
        st.warning(f"{safe(warning.what)} {safe(warning.fix)}")
    with st.expander("Numbers", icon=":material/table:"):
        st.dataframe(result.table(), hide_index=True, width="stretch")


def earlier() -> None:
    """Every fit of this class side by side, and the way back to one."""
    mine = [f for f in reversed(project.fits) if f.agent_class == project.agent_class]
    if len(mine) < 2:
        return
    st.subheader("Fits side by side")
    st.dataframe([{"made": f.result.made[:19].replace("T", " "), "model": MODELS[f.result.rationality].name, "gamma": f.result.gamma,
                   "features": len(f.features), "log-likelihood": f.result.loglik, "held out, per track": f.result.held_out,
                   "AIC": f.result.aic} for f in mine], hide_index=True, width="stretch")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    which = left.selectbox("Return to", range(1, len(mine)), key="return_to", format_func=lambda k: (
        f"{mine[k].result.made[:19].replace('T', ' ')}, {MODELS[mine[k].result.rationality].name}, {len(mine[k].features)} features"))
    if right.button("Use this fit", width="stretch", key="use_fit"):
        session.put(fit_again(project, mine[which]))
        st.rerun()


left, right = st.columns([2, 3], gap="medium")
with left, st.container(border=True):
    settings()
with right:
    if project.fit is None:
        st.info("No fit of this class yet. Press Fit: the very first one compiles the solver, which takes about 20 seconds.",
                icon=":material/info:")
    else:
        if stale(project):
            st.warning(f"{safe(stale(project))} Fit again to see what that brings.", icon=":material/sync_problem:")
        weights(project.fit)
        quality(project.fit.result)
        earlier()
