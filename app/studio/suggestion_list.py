"""Suggestions: the best of everything that could be named in this world, ranked by what it would explain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from app import session
from app.callbacks import clicked
from app.studio.findings import Findings
from irlcore.analysis.proposals import suggest_study
from irlcore.elicitation.suggestions import Suggestion, Suggestions
from irlcore.features.renaming import with_place_renamed
from irlcore.project.project import Project
from irlcore.report.proposal_words import LONGEST, chance_words, nats, short_words, sign_words, title_words
from irlcore.report.text import NAME, as_markdown
from irlcore.worlds.world import World

MOST = 8
TALLEST = 340  # pixels: the preview stays in sight below


def suggestion_list(project: Project, world: World, found: Findings | None) -> None:
    """The button, and what it found for this fit; a row opens in the preview card."""
    if found is None:
        st.info("Suggestions need a fit: they explain what it leaves unexplained." if project.fit is None else
                "Suggestions can be made once it is known what the model misses.", icon=":material/info:")
        return
    held: Suggestions | None = session.found("suggestions", found.key)
    if held is None:
        st.caption("Tries every attribute, turn, zone, place, bump and count of traffic, and pairs of the best, against what this fit "
                   "leaves unexplained.")
        if st.button("Suggest features", key="suggest", type="primary", disabled=session.busy(), icon=":material/lightbulb:"):
            begin(project, found)
            st.rerun()
        return
    if not held.best:
        st.info(f"None of {held.tried:,} candidates says something that is more than luck. Draw a zone, or name what you know.",
                icon=":material/info:")
    with st.container(height=TALLEST if len(held.best) > 3 else "content", border=False, gap="small"):
        for k, one in enumerate(held.best):
            row(world, k, one, session.number_tried())


def begin(project: Project, found: Findings) -> None:
    """Look for suggestions beside the page. Each candidate is counted once by what it measures, whatever it is called, in this fit or the
    next."""
    before, counted = session.number_tried(), session.tried()

    def keep(suggestions: Suggestions) -> None:
        session.keep_found("suggestions", found.key, suggestions)
        now = session.tried()  # of another class by now, it may be
        replace(now, data=counted.data, agent_class=counted.agent_class).update(map(_by_machine, suggestions.looked_at))

    def work(watch: Any) -> Suggestions:
        return suggest_study(project, found.left, MOST, before, watch, lambda measured: _by_machine(measured) in counted)

    session.start_job("Suggesting features", work, keep)


def renamed(suggestions: Suggestions, old: str, new: str) -> Suggestions:
    """The same suggestions where a zone or place that they may rest on has another name."""
    return replace(suggestions, best=tuple(replace(one, spec=with_place_renamed(one.spec, old, new)) for one in suggestions.best))


def _by_machine(measured: str) -> tuple[str, str]:
    """What a candidate that no analyst named is counted as."""
    return "suggested", measured


def row(world: World, k: int, one: Suggestion, tried: int) -> None:
    """One candidate: its name opens it, its promise stands beside."""
    shown = session.now_on_desk().spec == one.spec
    sentence = short_words(one.spec, world.unit)
    short = sentence if len(sentence) <= LONGEST else sentence[:LONGEST].rsplit(" ", 1)[0] + " \u2026"
    with st.container(gap=None, key=f"suggested_{k}"):
        st.button(f"{k + 1}. {as_markdown(title_words(one.spec), NAME)}", key=f"suggestion_{k}", on_click=clicked(session.lay),
                  kwargs={"spec": one.spec}, width="stretch", type="primary" if shown else "secondary",
                  help=f"Look at {as_markdown(one.spec.name, NAME)} in the preview card")
        st.caption(f"{as_markdown(short)}  \n**{as_markdown(nats(one.held_out))}** held out · {sign_words(one.weight)} · "
                   f"{chance_words(one.lm, tried)}")
