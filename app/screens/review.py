"""Review: who does not behave like the rest, and why?"""

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.observed.aims import correct, told_aim
from app.review import component, verdicts
from app.review.controls import need_review
from app.review.filters import asked
from app.review.layout import STYLE
from app.review.picture import picture
from app.review.standing import Standing, standing
from app.shell import errors_as_words, go_to, headline, need, say_stale
from app.studio.map import FITTED_VIEW, MISSED, SELECTED_TRACK
from app.studio.propose import SUGGESTIONS
from irlcore.analysis.listing import listed
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.ranking import Review
from irlcore.analysis.triage import progress
from irlcore.analysis.way_only import knows_only_the_way
from irlcore.project.places import NO_DESTINATION
from irlcore.project.project import Project
from irlcore.project.verdicts import CALLED
from irlcore.report.charts import uses_figure
from irlcore.report.fit_cautions import ONLY_THE_WAY
from irlcore.report.review_list import PROGRESS_HELP, progress_words
from irlcore.report.text import NAME, as_markdown
from irlcore.review.reasons import Reasons
from irlcore.tracks.tracks import find_ids
from irlcore.tracks.trips.dark_gaps import gap_words
from irlcore.worlds.world import World

BESIDE = (1, -1, 2)  # rows from the selected one whose reasons are worked out ahead


def name_features(track: str) -> None:
    """To the Features page, with what this track was after, or with suggestions where none is named."""
    if track:
        session.select(track)
        session.choose(**{FITTED_VIEW: MISSED, "whom": SELECTED_TRACK})
    else:
        session.choose(propose=SUGGESTIONS)
    session.keep_found("review", "leaves", True)


def leave() -> None:
    """Follow a button that leads to the Features page."""
    if session.found("review", "leaves"):
        session.keep_found("review", "leaves", False)
        go_to("features")


def say_only_length(project: Project) -> None:
    """What a first fit cannot know, and the next step."""
    if project.fit is not None and knows_only_the_way(project.fit.features):
        with st.container(key="only_length"):
            words, button = st.columns([5, 1.6], vertical_alignment="center")
        words.info(as_markdown(ONLY_THE_WAY.what), icon=":material/lightbulb:")
        button.button("Suggest features", key="suggest_features", on_click=clicked(name_features), args=("",), width="stretch",
                      icon=":material/arrow_forward:")


def current(review: Review, held: Standing, rows: np.ndarray) -> int:
    """The row of the selected track; of the first listed one, or the first of all, where that is not reviewed."""
    row = held.table.row.get(session.selected(), -1)
    if row < 0:
        row = int(rows[0]) if len(rows) else 0
        session.select(held.table.ids[row])
    return row


def why(project: Project, world: World, track: str, reasons: Reasons) -> None:
    """The reasons in sentences, what was decided, and how it used each feature."""
    verdict = project.verdicts.get(track)
    st.subheader(as_markdown(track, NAME))
    if verdict is not None:
        said = f"{CALLED[verdict.outcome]}: {verdict.reason}" if verdict.reason else CALLED[verdict.outcome]
        st.caption(as_markdown(f"Decided: {said}", 300))
    after = told_aim(project, track)
    if after:
        st.caption(f"Taken to have {after}." if after == NO_DESTINATION else f"Taken to be {after}.")
    if gaps := gaps_of(project, track):
        st.caption(f":material/signal_disconnected: {as_markdown(gaps)}")
    st.markdown("\n".join(f"- {as_markdown(sentence)}" for sentence in reasons.sentences))
    with st.expander("How it used each feature", icon=":material/bar_chart:", expanded=not world.has_coordinates):
        z = np.array([use.z for use in reasons.features])
        st.plotly_chart(uses_figure([use.name for use in reasons.features], z), width="stretch", key="uses",
                        alt="Use of each feature against what is expected")
    if world.kind == "table":  # which says itself where trips end
        return
    with st.expander("What it is after", icon=":material/flag:"):
        st.caption("Where this track alone has no destination, or was cut off before it arrived, say so; then fit again.")
        if correct(project, track):
            st.rerun(scope="app")  # without its fits the project has no review


def gaps_of(project: Project, track: str) -> str:
    """For how long nothing was heard of a track, before it and within it; empty where that is not known."""
    assert project.tracks is not None
    return gap_words(project.tracks, int(find_ids(project.tracks.ids, [track])[0]))


def say_lacking() -> None:
    """The way to name what a track was after that the model knows nothing of."""
    if track := verdicts.lacking():
        st.button(as_markdown(f"Name what {track} was after", NAME), key="name_it", on_click=clicked(name_features), args=(track,),
                  icon=":material/arrow_forward:", width="stretch")


def round_of(world: World, review: Review, held: Standing) -> None:
    """Map, list, reasons and verdicts: all that a step through the list draws anew."""
    with errors_as_words():
        leave()
        project = session.project()
        with st.container(key="review_round"):
            left, right = st.columns([1, 1], gap="medium")
            with right, st.container(key="review_right"):
                wanted = asked(project, world, review, held.began, lambda: places_of_project(project))
                keep = listed(project, review, wanted, held.began)
                rows = np.flatnonzero(keep)
                row = current(review, held, rows)
                track = held.table.ids[row]
                component.show(held.table, keep, track, {i: v.outcome for i, v in project.verdicts.items()},
                               "Nothing to show under this filter.", verdicts.heed)
                st.caption(progress_words(progress(project, review)), help=PROGRESS_HELP)
            index = int(review.order[row])
            with left, st.container(key="review_left"):
                reasons = held.ahead.of(index)
                with st.container(), errors_as_words("The map cannot be drawn"):
                    picture(project, world, review, index, reasons)
                with st.container(key="review_why"):
                    say_lacking()
                    why(project, world, track, reasons)
        at = int(np.searchsorted(rows, row))
        held.ahead.prepare([int(review.order[rows[k]]) for k in (at + step for step in BESIDE) if 0 <= k < len(rows)])
    if verdicts.newly_made():
        session.settle()
        st.rerun(scope="app")  # undo, history and what is saved stand beside the page


def page(project: Project, world: World) -> None:
    st.html(STYLE)
    with st.container(key="review_page"):
        review = need_review(folded=True)
        if not len(review.order):
            st.info("There is no track to review in this class: all of them are named as normal.")
            return
        say_only_length(project)
        held = standing(project, review)
        component.feed(held.table)
        verdicts.newly_made()  # the whole page is being drawn
        st.fragment(round_of)(world, review, held)


opened = headline("Who does not behave like the rest, and why?")
need(opened.fit is not None, "There is no fit of this class yet: without it nothing can be unusual.", "fit", "Fit first")
assert opened.world is not None
say_stale(opened)
with errors_as_words():
    page(opened, opened.world)
