"""Rules that silence the same explanation again: made from the selected track, listed with what each does, revoked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import places_key
from app.review import verdicts
from app.shell import errors_as_words, in_its_words
from app.studio.findings import kept
from irlcore.analysis.fitting_rules import Offered, offered, told_when
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import NO_PROMISE, Effect, Silenced, effect_of, silenced, silenced_sentence, with_rule, without_rule
from irlcore.analysis.study import fit_key
from irlcore.errors import MotiveError
from irlcore.project.project import Project
from irlcore.project.silencing import DAY_H, DID, Days, Silencing, rule_words, wrong_with
from irlcore.quantities import counted
from irlcore.report.review_list import rule_lines, silenced_words
from irlcore.report.text import as_line, as_markdown
from irlcore.review.apart import Found
from irlcore.tracks.bounds import LONGEST_WORDS

NOTHING = "not asked for"


def say_silenced(found: Silenced, row: int) -> None:
    """In a track's card: which rules silence it, where any do."""
    if said := silenced_sentence(found, row):
        st.caption(f":material/notifications_off: {as_markdown(said)}")


def rules(project: Project, review: Review, known: Mapping[int, Found] | None = None) -> None:
    """What is silenced by now, and each rule with what it does, to be revoked. known: what was found of flagged paths already
    (``Telling.apart.found``)."""
    with errors_as_words():
        found = silenced(project, review, known)
        st.caption(silenced_words(found) or in_its_words("There is no rule yet. One is made from the card of a track: Silence."))
        if found.rules:
            st.caption(as_markdown(NO_PROMISE))
        _list(found)


def new_rule(project: Project, review: Review, index: int, known: Mapping[int, Found] | None = None) -> None:
    """A rule made of path ``index``: what it asks for, what it would do, and the button that makes it."""
    st.caption(as_markdown(NO_PROMISE))
    _new(project, review, index, known)


def _new(project: Project, review: Review, index: int, known: Mapping[int, Found] | None) -> None:
    track = str(review.parts.paths.ids[index])
    there = session.derived_on("what a rule can name", lambda: offered(project, review, index, known), project.fit, project.zones, index)
    rule = _asked(project, there, f"{track}_{session.changes()}")
    if wrong_with(rule):
        st.caption(in_its_words("Choose at least one thing that explains this track; all that you choose has to hold of a track."))
        return
    effect = _effect(project, review, rule)
    if effect is None:
        st.caption("What this rule would do is being looked for.")
        return
    st.markdown(f"{in_its_words('A track')} that {as_markdown(rule_words(rule, told_when(project, review.parts.paths)))}:")
    st.caption(_effect_words(effect, review.parts.has_reference))
    for caution in effect.cautions:
        st.warning(as_markdown(caution), icon=":material/warning:")
    st.button("Silence it all the same" if effect.cautions else "Silence these", key="add_rule", on_click=clicked(_add), args=(rule,),
              icon=":material/notifications_off:")


def _asked(project: Project, there: Offered, key: str) -> Silencing:
    """What the widgets ask for."""
    zone = ""
    hours: tuple[float, ...] = ()
    days: Days = "any day"
    if there.zones:
        names = ["", *(name for name, _ in there.zones)]
        zone = st.selectbox("Passed the zone", names, key=f"rule_zone_{key}", format_func=lambda one: as_line(one) or NOTHING)
    hour = dict(there.zones).get(zone, there.hour)
    hour = there.hour if math.isnan(hour) else hour
    if not math.isnan(hour) and st.checkbox("At this time of the day", key=f"rule_timed_{key}"):
        first = math.floor(hour)
        hours = st.slider("Between (hours)", 0.0, DAY_H, (max(0.0, first - 1.0), min(DAY_H, first + 2.0)), 0.5, key=f"rule_hours_{key}")
    if there.days != "any day":
        options: tuple[Days, ...] = ("any day", there.days)
        days = st.selectbox("On", options, key=f"rule_days_{key}")
    did: tuple[str, str] = ("", "")
    if there.did:
        choices = [("", ""), *dict.fromkeys([*there.did, *((kind, "") for kind, _ in there.did)])]
        did = st.selectbox("Did", choices, key=f"rule_did_{key}", format_func=_did_words)
    feature: tuple[str, str, float] = ("", "", 0.0)
    if there.used:
        feature = st.selectbox("Used", [("", "", 0.0), *there.used], key=f"rule_used_{key}",
                               format_func=lambda one: f"{one[1]} of {as_line(one[0])} than expected" if one[0] else NOTHING)
    why = st.text_input("Why this needs no look", key=f"rule_why_{key}", max_chars=LONGEST_WORDS)
    asked = Silencing(project.agent_class, zone, tuple(hours), days, did=did[0], place=did[1], why=why.strip())
    return replace(asked, feature=feature[0], use="more" if feature[1] == "more" else "less") if feature[0] else asked


def _did_words(one: tuple[str, str]) -> str:
    kind, place = one
    return f"{DID.get(kind, as_line(kind))}{f' at {as_line(place)}' if place else ', anywhere'}" if kind else NOTHING


def _effect(project: Project, review: Review, rule: Silencing) -> Effect | None:
    """At once where no track has to be looked at closely; else beside the page, None until then."""
    if not rule.looks_closer:
        return effect_of(project, review, rule)
    decided = tuple((track, one.outcome) for track, one in project.verdicts.items())
    key = (*fit_key(project), review.score, review.control, rule.asks, decided, session.derived("places", lambda: places_key(project)))
    found = kept("effect of a rule", key, "Looking at what a rule would do", lambda watch: effect_of(project, review, rule, watch))
    if isinstance(found, MotiveError):
        raise found
    return found if isinstance(found, Effect) else None


def _effect_words(effect: Effect, reference: bool) -> str:
    normal = "normal tracks" if reference else "tracks that are not flagged"
    return in_its_words(f"It silences {counted(len(effect.flagged), 'flagged track')} now. It fits {effect.reviewed.said} reviewed tracks "
                        f"and {effect.normal.said} {normal}.")


def _list(found: Silenced) -> None:
    for k, (rule, line) in enumerate(zip(found.rules, rule_lines(found), strict=True)):
        words, button = st.columns([5, 1], vertical_alignment="center")
        words.markdown(f"- {as_markdown(line)}")
        button.button("Revoke", key=f"revoke_rule_{k}", on_click=clicked(_revoke), args=(rule,), width="stretch")


def _add(rule: Silencing) -> None:
    session.put(with_rule(session.project(), rule))
    verdicts.made()


def _revoke(rule: Silencing) -> None:
    session.put(without_rule(session.project(), rule))
