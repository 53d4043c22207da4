"""Fitting again with the verdicts heeded: what it would change is shown before anything does."""

from __future__ import annotations

import math

import streamlit as st

from app import session
from app.callbacks import clicked
from app.shell import errors_as_words, in_its_words
from app.studio.findings import kept
from irlcore.analysis.heeded import HeedChange, heed_study, heedless, with_heeded
from irlcore.analysis.ranking import Review
from irlcore.analysis.study import fit_key
from irlcore.errors import MotiveError
from irlcore.project.heeding import ADDED, BIAS, DROPPED, heedable, heeded_sentences, heeds_understood, outdated
from irlcore.project.project import Project
from irlcore.quantities import counted
from irlcore.report.charts import changes_figure
from irlcore.report.text import NAME, as_markdown

WHAT = "heeded verdicts"
MOST_NAMES = 8
UNDERSTOOD = "Fit to reviewed tracks that were understood as well"


def show(project: Project, review: Review) -> None:
    """What is heeded now, the choice, and the card of what it would change, to be accepted or left."""
    with st.expander("Let verdicts count in the fit", icon=":material/fact_check:"), errors_as_words():
        st.caption(as_markdown(in_its_words(
            f"Discarded tracks and operational events are left out of the fit and of calibration. {DROPPED}")))
        for sentence in heeded_sentences(review.parts):
            st.markdown(f"- {as_markdown(in_its_words(sentence))}")
        if since := outdated(project):
            st.info(f"The verdict on {in_its_words(counted(len(since), 'track'))} has changed since verdicts were last heeded.")
        understood = st.checkbox(in_its_words(UNDERSTOOD), heeds_understood(project), key="heed_understood",
                                 help=in_its_words(f"{ADDED} {BIAS}"))
        if project.heeded:
            st.button("Heed no verdict any more", key="heed_none", on_click=clicked(_heed_none))
        if heedable(project, understood) == dict(project.heeded):
            st.caption("No verdict would change what is fitted to or calibrated on.")
            return
        key = (*fit_key(project), review.score, review.control, tuple(sorted(heedable(project, understood).items())))
        if session.found(WHAT, key) is None and not st.button("See what would change", key="heed_look", disabled=session.busy()):
            return
        found = kept(WHAT, key, "Fitting with the verdicts heeded",
                     lambda watch: heed_study(project, understood, review.control, review.score, watch))
        if isinstance(found, MotiveError):
            raise found
        if isinstance(found, HeedChange):
            _card(found)


def _card(found: HeedChange) -> None:
    change, flags = found.change, found.flags
    with st.container(border=True, key="heed_card"):
        st.markdown("**What heeding the verdicts would change**")
        for sentence in found.sentences or ("No verdict is heeded any more.",):
            st.markdown(f"- {as_markdown(in_its_words(sentence))}")
        a, b = st.columns(2)
        a.metric(in_its_words("Log-likelihood per track"), f"{change.loglik[1]:.3f}", f"{change.loglik[1] - change.loglik[0]:+.3f}",
                 help=in_its_words("On the tracks fitted to, in nats; these are others than before."))
        if all(math.isfinite(value) for value in change.held_out):
            b.metric(in_its_words("Held out, per track"), f"{change.held_out[1]:.3f}", f"{change.held_out[1] - change.held_out[0]:+.3f}",
                     help=in_its_words("On the tracks kept for calibration, in nats."))
        st.plotly_chart(changes_figure([(w.feature, w.before, w.after) for w in change.weights]), width="stretch", key="heed_weights",
                        alt="Weights with their intervals before and after", config={"displayModeBar": False})
        st.markdown(f"**Flagged: {flags.before:,} → {flags.after:,}**")
        for what, tracks in (("Would leave the list", flags.left), ("Would enter it", flags.entered)):
            if tracks:
                more = f" and {len(tracks) - MOST_NAMES:,} more" if len(tracks) > MOST_NAMES else ""
                st.caption(f"{what}: {', '.join(as_markdown(one, NAME) for one in tracks[:MOST_NAMES])}{more}")
        st.button("Accept", key="heed_accept", type="primary", on_click=clicked(_accept), args=(found,))


def _accept(found: HeedChange) -> None:
    session.put(with_heeded(session.project(), found))


def _heed_none() -> None:
    session.put(heedless(session.project()))
