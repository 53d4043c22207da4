"""The before / after card: what accepting a feature and refitting changed, with the way back."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd
import streamlit as st

from app import session
from app.callbacks import clicked
from app.review.controls import reviewed
from app.server.policy import SCROLL
from app.shell import errors_as_words, in_its_words
from app.studio.findings import Findings, kept
from irlcore.analysis.changes import Change, ListChange, WeightChange, as_fitted, earlier_fit, fit_change, list_change
from irlcore.analysis.ranking import scored_study
from irlcore.analysis.study import fit_key
from irlcore.errors import MotiveError
from irlcore.project.project import FitRecord, Project
from irlcore.report.charts import changes_figure
from irlcore.report.fit_words import weight_words
from irlcore.report.proposal_words import known_words, nats, ranked_change_words
from irlcore.report.text import NAME, as_markdown, as_shown

MOST_NAMES, LONGEST = 8, 600
INTO_SIGHT = f"<script>{SCROLL}</script>"
"""The card stands above the button that was pressed for it, often out of sight."""


def change_card(project: Project, found: Findings | None) -> None:
    """Shown after a proposal was accepted, until it is dismissed; undo and redo take it away and bring it back."""
    desk, after = session.now_on_desk(), project.fit
    before = earlier_fit(project)
    if after is None or before is None:
        return
    if desk.change != after.identity:
        if desk.spec is None:
            st.button("What the last refit changed", key="show_change", on_click=clicked(session.lay), icon=":material/compare_arrows:",
                      kwargs={"change": after.identity, "promised": (math.nan, math.nan)}, type="tertiary")
        return
    with st.container(border=True, key="change_card"), errors_as_words():
        change = fit_change(before, after)
        new = [w.feature for w in change.weights if w.before is None]
        st.markdown(f"**What {quoted(new) if new else 'the refit'} changed**")
        likelihood(change, before, after, desk.promised)
        st.plotly_chart(changes_figure([(w.feature, w.before, w.after) for w in change.weights]), width="stretch", key="change_weights",
                        alt="Weights with their intervals before and after", config={"displayModeBar": False})
        st.caption("Below 0: avoided. Above 0: sought.")
        flagged(project, before, found)
        with st.expander("Weights as numbers"):
            st.dataframe(as_shown(pd.DataFrame([_row(w) for w in change.weights])), hide_index=True, width="stretch")
        with st.container(horizontal=True):
            former = session.before()
            if former is not None and (former.fit is None or former.fit.identity != after.identity):
                st.button("Undo this", key="undo_change", on_click=clicked(session.undo), icon=":material/undo:")
            st.button("Go on", key="go_on", on_click=clicked(session.lay), kwargs={"change": ""}, type="primary")
        st.html(f"<!-- {after.identity} -->{INTO_SIGHT}", unsafe_allow_javascript=True)


def quoted(names: list[str]) -> str:
    """Features by their names, which may read like words of the sentence."""
    return ", ".join(f'"{as_markdown(name, NAME)}"' for name in names)


def likelihood(change: Change, before: FitRecord, after: FitRecord, promised: tuple[float, float]) -> None:
    """Fit before and after, and whether the promise was kept."""
    a, b = st.columns(2)
    a.metric(in_its_words("Log-likelihood per track"), f"{change.loglik[1]:.3f}", f"{change.loglik[1] - change.loglik[0]:+.3f}",
             help=in_its_words("On the tracks fitted to, in nats."))
    if all(math.isfinite(v) for v in change.held_out):
        b.metric(in_its_words("Held out, per track"), f"{change.held_out[1]:.3f}", f"{change.held_out[1] - change.held_out[0]:+.3f}",
                 help=in_its_words("Log-likelihood a track on those kept for calibration, in nats. Features that are accepted for its sake "
                                   "make false-alarm rates a little too good."))
    gained = nats(after.result.loglik - before.result.loglik)
    if math.isfinite(promised[0]):
        st.caption(as_markdown(f"{gained} in all; promised were {nats(promised[0])}, held out {nats(promised[1])}."))
    else:
        st.caption(as_markdown(f"{gained} in all."))


def flagged(project: Project, before: FitRecord, found: Findings | None) -> None:
    """The flagged list before and after, under today's control."""
    if found is None or found.review is None:
        return
    former = as_fitted(project, before)
    key = session.derived("earlier fit key", lambda: fit_key(former), before.identity)
    scores = session.found("scores", key) or kept("earlier scores", key, "Scoring the earlier fit",
                                                  lambda watch: scored_study(former, watch))
    if isinstance(scores, MotiveError):
        st.caption(as_markdown(f"The list before cannot be told: {scores.what}"))
        return
    if scores is None:
        return
    change = list_change(reviewed(scores), found.review, project.verdicts)
    expected = change.false_alarms
    alarms = f"; at most about {expected[0]:.1f} → {expected[1]:.1f} of them false alarms" if all(map(math.isfinite, expected)) else ""
    st.markdown(f"**Flagged: {change.before} → {change.after}**{as_markdown(alarms)}")
    if ranked := ranked_change_words(change.scores):
        st.caption(as_markdown(ranked, LONGEST))
    movers(change)
    mine = set(found.review.parts.paths.ids)
    counts = Counter(v.outcome for track, v in project.verdicts.items() if track in mine)
    for sentence in known_words(change.known, counts):
        st.caption(as_markdown(sentence))


def movers(change: ListChange) -> None:
    """Who left and who entered; a click selects."""
    for what, tracks, icon in (("Left the list", change.left, ":material/logout:"), ("Entered it", change.entered, ":material/login:")):
        if tracks:
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.markdown(f"{what}:", width="content")
                for name in tracks[:MOST_NAMES]:
                    st.button(as_markdown(name, NAME), key=f"mover_{name}", icon=icon, on_click=clicked(session.select), args=(name,))
                if len(tracks) > MOST_NAMES:
                    st.caption(f"and {len(tracks) - MOST_NAMES:,} more", width="content")
    if not change.left and not change.entered:
        st.caption(in_its_words("The same tracks are on the list."))


def _row(weight: WeightChange) -> dict[str, str]:
    def said(value: tuple[float, float, float] | None) -> str:
        return "" if value is None else weight_words(*value)

    return {"feature": weight.feature, "before": said(weight.before), "after": said(weight.after)}
