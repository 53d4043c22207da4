"""The preview card: what a proposal promises before any refit, and the buttons that decide on it."""

from __future__ import annotations

import streamlit as st

from app import session
from app.callbacks import clicked
from app.desk import Desk, drawing_key, uses_drawing, with_drawing
from app.shell import errors_as_words, in_its_words, say, terms_explained
from app.studio.decision import Typed, accept, add_as_it_is, checked, made_of
from app.studio.drawing import drawing_head, keep_drawing
from app.studio.feature_cards import SIGNS, Look, look_of
from app.studio.findings import Findings, kept
from irlcore.analysis.proposals import Preview, preview_study
from irlcore.elicitation.suggestions import Suggestion, Suggestions
from irlcore.errors import MotiveError
from irlcore.features.base import KINDS, FeatureSpec, Sign
from irlcore.features.measured import measured
from irlcore.project.project import Project
from irlcore.report.proposal_words import (
    ALIKE,
    GOOD,
    HARM,
    LEAST_NATS,
    LUCK,
    NOTHING,
    alike_words,
    explained_words,
    gain_words,
    luck_words,
    sentence_words,
    sign_words,
    support_words,
    title_words,
    verdict_words,
)
from irlcore.report.text import NAME, as_line, as_markdown, printable
from irlcore.tracks.bounds import LONGEST_TYPED, LONGEST_WORDS
from irlcore.worlds.world import World

COLOURS = {GOOD: "green", LUCK: "orange", NOTHING: "gray", HARM: "red"}
ICONS = {GOOD: ":material/thumb_up:", LUCK: ":material/casino:", NOTHING: ":material/content_copy:", HARM: ":material/thumb_down:"}
MOST_NAMES = 6


def preview_card(project: Project, world: World, found: Findings | None, preview: Preview | MotiveError | None) -> None:
    """The proposal on the desk."""
    desk = session.now_on_desk()
    spec = desk.spec
    if spec is None:
        return
    with st.container(border=True, key="preview_card"), errors_as_words():
        try:
            look = look_of(project, world, spec, desk)
        except MotiveError as error:
            say_with_pointer(error)
            st.button("Dismiss", key="dismiss_proposal", on_click=clicked(session.clear_drawing))
            return
        if uses_drawing(desk, spec):
            drawing_head(project, world, desk)
        suggestion = suggested(spec, found)
        test = preview.test if isinstance(preview, Preview) else suggestion  # which is known before its preview is
        tried = session.number_tried(suggested=suggestion is not None)
        n_trips = len(found.left.problem.paths) if found is not None else 0
        head(world, spec, look, verdict_words(test, tried, n_trips, suggestion is not None) if test is not None else "")
        if test is not None:
            promise(test, n_trips, tried, suggestion is not None)
        if isinstance(preview, Preview):
            alike(preview)
            explained(preview, found)
        elif isinstance(preview, MotiveError):
            say(preview)
        elif project.fit is None:
            st.info("Fit first to see what it would explain. You can add it as it is.", icon=":material/info:")
        decide(project, desk, spec, test)


def say_with_pointer(error: MotiveError) -> None:
    """An error in words; for a formula also where in it, so that it need not be named."""
    say(MotiveError(error.what.removeprefix("Feature 'formula': "), error.fix))
    if pointer := getattr(error, "pointer", ""):
        st.code(printable(pointer), language=None)


def previewed(project: Project, found: Findings | None) -> Preview | MotiveError | None:
    """The preview of the proposal on the desk, computed once for a fit, a proposal and a review; each is counted as tried."""
    desk = session.now_on_desk()
    spec = desk.spec
    if found is None or spec is None:
        return None
    review, left = found.review, found.left
    flagged = review.flagged.tobytes() if review is not None else b""
    drawn, named = with_drawing(project, desk), spec
    candidate = measured(spec, drawn.zones, drawn.spots)  # under another name it is the same
    key = (found.key, candidate, flagged)
    preview: Preview | MotiveError | None = kept("preview", key, f"Trying {spec.name}",
                                                 lambda watch: preview_study(drawn, left, named, review, watch=watch), 24)
    if isinstance(preview, Preview) and suggested(spec, found) is None:  # else it is counted already
        session.tried().add(candidate)
    return preview


def suggested(spec: FeatureSpec, found: Findings | None) -> Suggestion | None:
    """The suggestion that a proposal is, None where it is none."""
    held: Suggestions | None = session.found("suggestions", found.key) if found is not None else None
    return next((one for one in held.best if one.spec == spec), None) if held is not None else None


def head(world: World, spec: FeatureSpec, look: Look, verdict: str) -> None:
    """Name, sentence, picture and verdict."""
    left, right = st.columns([1, 2], vertical_alignment="center", gap="small")
    if look.picture:
        left.image(look.picture, width="stretch", alt=f"Where {as_line(spec.name, NAME)} is not 0")
    with right:
        if verdict:
            st.badge(verdict, icon=ICONS[verdict], color=COLOURS[verdict])  # type: ignore[arg-type]
        whole = in_its_words(KINDS[spec.kind].describe(spec.params, world.unit))
        said = in_its_words(sentence_words(spec, world.unit))
        st.markdown(f"**{as_markdown(title_words(spec), NAME)}**  \n{as_markdown(said)}",
                    help=as_markdown(whole) if said != whole else None)
        st.caption(f"Applies to {look.coverage:.0%} of choices.")


def promise(test: Suggestion, n_trips: int, tried: int, suggested: bool) -> None:
    """What it would bring, in sentences; tried: how many candidates it is the best of; suggested: whether it is the machine's."""
    if test.lm > 0.0:
        luck = luck_words(test.lm, tried)
        luck = f"{luck[0].upper()}{luck[1:]}; {support_words(test, n_trips, suggested)}"
        st.markdown(f"- Predicted gain: **{as_markdown(gain_words(test, n_trips))}**\n"
                    f"- Predicted sign: **{sign_words(test.weight)}** (weight about {as_markdown(f'{test.weight:.2g}')})\n"
                    f"- {as_markdown(luck)}",
                    help=f"{terms_explained('nat', 'held out', 'by luck')}\n\nThe Lagrange multiplier statistic is {test.lm:.1f} here; "
                         "above 3.8 is 1 in 20 for a single candidate.")


def alike(preview: Preview) -> None:
    """How close it comes to a feature that is there."""
    near = alike_words(preview)
    if preview.correlation and abs(preview.correlation[0][1]) >= ALIKE:
        st.warning(as_markdown(f"It {near}."), icon=":material/content_copy:")
    elif near:
        st.caption(as_markdown(near[0].upper() + near[1:] + "."))


def explained(preview: Preview, found: Findings | None) -> None:
    """The flagged tracks that it would make likelier or take off the list; a click selects one."""
    if found is None or found.review is None or not found.review.flagged.any():
        return
    rows = [row for row in preview.explained if row[1] >= LEAST_NATS or row[2]]
    st.markdown(explained_words(preview, int(found.review.flagged.sum()), found.review.score),
                help=in_its_words("Likelier is not yet ordinary: a track leaves the list where its score falls below the limit of your "
                                  "false-alarm control. This is reckoned without a refit, and a refit may differ a little."))
    if not rows:
        return
    with st.container(horizontal=True, gap="xsmall", key="explained"):
        for name, gained, leaves in rows[:MOST_NAMES]:
            label = as_markdown(f"{as_line(name, NAME)} {gained:+.1f}") + (" · would leave" if leaves else "")
            st.button(label, key=f"explained_{name}", on_click=clicked(session.select), args=(name,),
                      icon=":material/logout:" if leaves else None, help="Nats it would gain. A click selects the track.")
        if len(rows) > MOST_NAMES:
            st.caption(f"and {len(rows) - MOST_NAMES} more")


def decide(project: Project, desk: Desk, spec: FeatureSpec, test: Suggestion | None) -> None:
    """Name, reason, sign; accept, add, or dismiss. What was drawn has its name already."""
    mark = f"{session.changes()}_{spec.kind}_{hash((repr(spec), drawing_key(desk)))}"
    named, name_key = uses_drawing(desk, spec), f"proposal_name_{mark}"
    left, right = st.columns([3, 2])
    if not named:
        left.text_input("Name", printable(spec.name), LONGEST_TYPED, key=name_key)
        left = st.container()
    signs: dict[Sign, str] = dict(SIGNS)
    if test is not None and test.weight:
        likely: Sign = "negative" if test.weight < 0.0 else "positive"
        signs[likely] += ", as predicted"
    typed = Typed(name_key, f"proposal_sign_{mark}", f"proposal_reason_{mark}")
    right.selectbox("Its weight", list(signs), format_func=signs.__getitem__, key=typed.sign)
    left.text_input("Why it might matter", printable(spec.reason), LONGEST_WORDS, key=typed.reason,
                    placeholder="Your reason, for the lab book")
    checked(project, made_of(spec, typed))
    fitted = project.fit is not None
    with st.container(horizontal=True, gap="small"):
        if fitted:
            st.button("Accept and refit", type="primary", key="accept", disabled=session.busy(), on_click=clicked(accept),
                      args=(desk, typed, test))
        st.button("Add without a refit" if fitted else "Add feature", key="add_proposal", disabled=session.busy(),
                  type="secondary" if fitted else "primary", on_click=clicked(add_as_it_is), args=(desk, typed))
    with st.container(horizontal=True, gap="medium"):
        if named:
            st.button(f"Keep the {'place' if desk.use == 'spot' else 'zone'} only", key="keep_zone", on_click=clicked(keep_drawing),
                      type="tertiary")
        st.button("Dismiss", key="dismiss_proposal", on_click=clicked(session.clear_drawing), type="tertiary")
