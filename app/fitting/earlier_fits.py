"""Every fit of the class side by side, and the way back to one."""

from __future__ import annotations

import streamlit as st

from app import session
from app.callbacks import clicked
from irlcore.analysis.study import fit_again
from irlcore.fitting.compare import short_title
from irlcore.fitting.estimators import made_by, settings_words
from irlcore.project.project import FitRecord, Project
from irlcore.quantities import counted
from irlcore.rationality.models import named
from irlcore.report.fit_words import said_time

FORMATS = {"log-likelihood": "%.1f", "held out": "%.3f", "AIC": "%.1f"}
HELPS = {"held out": "Log-likelihood a track on those held out, in nats: the higher, the better."}


def earlier(project: Project) -> None:
    """The section of the Fit page; nothing where there is one fit alone."""
    mine = [f for f in reversed(project.fits) if f.agent_class == project.agent_class]
    if len(mine) < 2:
        return
    st.subheader("Earlier fits")
    st.dataframe([{"held out": f.result.held_out, "features": len(f.features), "made": said_time(f.result.made),
                   "model": short_title(named(f.result.rationality)), "log-likelihood": f.result.loglik, "AIC": f.result.aic,
                   "gamma": f.result.gamma, "weights found by": made_by(f.result)} for f in mine],
                 hide_index=True, width="stretch",
                 column_config={name: st.column_config.NumberColumn(format=form, help=HELPS.get(name)) for name, form in FORMATS.items()})
    told = [", ".join([said_time(f.result.made), counted(len(f.features), "feature"), short_title(named(f.result.rationality)),
                       *settings_words(f.result)]) for f in mine]
    which = st.selectbox("Return to", range(1, len(mine)), key="return_to", format_func=told.__getitem__)
    st.button("Use this fit", width="stretch", key="use_fit", on_click=clicked(use), args=(project, mine[which]))


def use(project: Project, record: FitRecord) -> None:
    """Go on with an earlier fit and its features."""
    session.put(fit_again(project, record))
