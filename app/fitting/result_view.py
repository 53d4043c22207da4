"""Beside the weights: what to be careful about, with the next step, how well the fit does, and where its numbers come from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.fitting.model_comparison import fit_with
from app.fitting.weights_view import listed
from app.shell import in_its_words, link, terms_explained
from irlcore.analysis.comparison import comparison_staleness, model_ahead
from irlcore.analysis.way_only import knows_only_the_way
from irlcore.fitting.compare import short_title
from irlcore.fitting.result import FitResult, FitWarning
from irlcore.project.project import FitRecord, Project
from irlcore.rationality.models import named
from irlcore.report.fit_cautions import ONLY_THE_WAY, UNENDED, ahead_words, cautions
from irlcore.report.fit_words import fit_provenance, how_ended, interval_sentences, own_sentences, weights_table
from irlcore.report.text import NAME, as_markdown, as_shown


def next_steps(project: Project, record: FitRecord) -> None:
    """Above the weights, a line each: that another model is ahead, that the model knows only how long a way is."""
    ahead = model_ahead(project)
    if ahead is not None and not session.derived("comparison stale", lambda: comparison_staleness(project)):
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.info(as_markdown(ahead_words(ahead)), icon=":material/trending_up:")
        right.button(f"Fit with {as_markdown(short_title(named(ahead.model)), NAME)}", key="fit_ahead", width="stretch",
                     disabled=session.busy(), on_click=clicked(fit_with), args=(project, ahead.model, ahead.gamma))
    if knows_only_the_way(record.features):
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.info(as_markdown(ONLY_THE_WAY.what), icon=":material/lightbulb:")
        with right:
            link("features", "Suggest features", width="stretch")


def warned(result: FitResult) -> None:
    """What to be careful about, each with what to do; the details of all of them folded below."""
    found = cautions(result)
    for caution in found:
        st.warning(in_its_words(f"{as_markdown(caution.what)} **{as_markdown(caution.fix)}**"))
    if details := [one for one in found if one.details]:
        with st.expander("Details of these warnings", icon=":material/function:"):
            st.markdown(in_its_words(listed([in_detail(one) for one in details])))


def in_detail(caution: FitWarning) -> str:
    """The details of a warning with the feature that it is about."""
    return f"{caution.feature}: {caution.details}" if caution.feature and caution.feature not in caution.details else caution.details


def quality(result: FitResult, track: str) -> None:
    """How well it fits, and where the numbers come from. track: what one of those that it was fitted to is."""
    numbers = [st.columns(2), st.columns(2)]
    numbers[0][0].metric("Log-likelihood", f"{result.loglik:z,.1f}", help=terms_explained("log-likelihood", "nat"))
    numbers[0][1].metric(f"Per {track}", f"{result.loglik / max(result.n_paths, 1):z.3f}", help=terms_explained("log-likelihood", "nat"))
    numbers[1][0].metric(f"Held out, per {track}", "not known" if np.isnan(result.held_out) else f"{result.held_out:z.3f}",
                         help=terms_explained("held out", "nat"))
    numbers[1][1].metric("AIC", f"{result.aic:,.1f}", help=terms_explained("AIC"))
    for sentence in own_sentences(result):
        st.markdown(as_markdown(sentence))
    if result.status not in UNENDED:  # a warning already
        st.caption(as_markdown(how_ended(result)))
    with st.expander("Numbers and where they come from", icon=":material/table:"):
        st.dataframe(as_shown(weights_table(result)), hide_index=True, width="stretch")
        for sentence in (*interval_sentences(result), fit_provenance(result)):
            st.caption(as_markdown(in_its_words(sentence)))
