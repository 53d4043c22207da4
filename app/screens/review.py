"""Review: who does not behave like the rest, and why?"""

import numpy as np
import streamlit as st

from app import session
from app.callbacks import clicked
from app.review import agents, component, hindsight, verdicts
from app.review.card import Shown, card
from app.review.controls import need_review
from app.review.filters import asked
from app.review.layout import STYLE
from app.review.order import in_order
from app.review.picture import picture
from app.review.standing import Standing, standing
from app.review.views import AGENTS, HINDSIGHT, rules_and_verdicts, view_of
from app.shell import errors_as_words, go_to, headline, need, say_stale
from app.studio.map import FITTED_VIEW, MISSED, SELECTED_TRACK
from app.studio.propose import SUGGESTIONS
from irlcore.analysis.listing import listed
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.ranking import Review
from irlcore.analysis.triage import progress
from irlcore.analysis.way_only import knows_only_the_way
from irlcore.project.project import Project
from irlcore.report.fit_cautions import ONLY_THE_WAY
from irlcore.report.review_list import PROGRESS_HELP, progress_words
from irlcore.report.text import NAME, as_markdown
from irlcore.worlds.called import called
from irlcore.worlds.world import World

BESIDE = (1, -1, 2)  # rows from the selected one whose reasons are worked out ahead
NOTHING = "Nothing to show under this filter."
NONE_FLAGGED = "No track is flagged. Undecided and All list the others, the strangest first."
PICKED_HELP = ("It holds for every set that may be picked at once, by score, by place, or by what you know of the tracks: so you may go on "
               "picking until you like what it says, but not changing what ranks: of several scores that are tried, the one that promises "
               "most promises too much.")


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


def say_lacking() -> None:
    """The way to name what a track was after that the model knows nothing of."""
    if track := verdicts.lacking():
        st.button(as_markdown(f"Name what {track} was after", NAME), key="name_it", on_click=clicked(name_features), args=(track,),
                  icon=":material/arrow_forward:", width="stretch")


def round_of(world: World, review: Review, held: Standing, view: str) -> None:
    """Map, list, reasons and verdicts: all that a step through the list draws anew."""
    with errors_as_words():
        leave()
        project = session.project()
        with st.container(key="review_round"):
            left, right = st.columns([1, 1], gap="medium")
            with right, st.container(key="review_right"):
                if view == AGENTS:
                    rows = np.arange(len(review.order))
                    agents.show(project, review)
                else:
                    rows = np.flatnonzero(tracks_list(project, world, review, held))
            row = current(review, held, rows)
            with left, st.container(key="review_left"):
                shown(project, world, review, held, row)
        at = int(np.searchsorted(rows, row))
        held.ahead.prepare([int(review.order[rows[k]]) for k in (at + step for step in BESIDE) if 0 <= k < len(rows)])
    if verdicts.newly_made():
        session.settle()
        st.rerun(scope="app")  # undo, history and what is saved stand beside the page


def tracks_list(project: Project, world: World, review: Review, held: Standing) -> np.ndarray:
    """Draw the filters, the list that they leave and how far the review is; (n,) bool, what is listed."""
    wanted = asked(project, world, review, held.began, lambda: places_of_project(project))
    keep = listed(project, review, wanted, held.began)
    track = held.table.ids[current(review, held, np.flatnonzero(keep))]
    component.show(held.table, keep, track, {i: v.outcome for i, v in project.verdicts.items()},
                   NOTHING if review.flagged.any() else called(world).say(NONE_FLAGGED), verdicts.heed)
    picked = [one for one in verdicts.marked() if one in held.table.row]
    if len(picked) > 1:
        st.caption(as_markdown(called(world).say(review.picked(picked).sentence)), help=called(world).say(PICKED_HELP))
    else:
        here = review.down_to(int(review.order[held.table.row[track]]))
        words = called(world)
        st.caption(as_markdown(words.say(f"{progress_words(progress(project, review))} {here}".strip())), help=words.say(PROGRESS_HELP))
    return keep


def shown(project: Project, world: World, review: Review, held: Standing, row: int) -> None:
    """The selected track: on the map, and its card."""
    index = int(review.order[row])
    reasons = held.ahead.of(index)
    with st.container(), errors_as_words("The map cannot be drawn"):
        picture(project, world, review, index, reasons)
    with st.container(key="review_why"):
        say_lacking()
        card(project, world, review, Shown(row, index, held.table.ids[row], reasons, held.known))


def page(project: Project, world: World, view: str) -> None:
    st.html(STYLE)
    with st.container(key="review_page"):
        review = need_review(lambda review: rules_and_verdicts(project, review))
        if not len(review.order):
            st.info(called(world).say("There is no track to review in this class: all of them are named as normal."))
            return
        if view == HINDSIGHT:
            with st.container(key="hindsight"):
                hindsight.show(project, review)
            return
        say_only_length(project)
        review = in_order(review)
        held = standing(project, review)
        component.feed(held.table)
        verdicts.newly_made()  # the whole page is being drawn
        st.fragment(round_of)(world, review, held, view)


title, switch = st.columns([5, 3], vertical_alignment="center")
with title:
    opened = headline("Who does not behave like the rest, and why?")
need(opened.fit is not None, "There is no fit of this class yet: without it nothing can be unusual.", "fit", "Fit first")
assert opened.world is not None
with switch, st.container(horizontal=True, horizontal_alignment="right"):
    wanted_view = view_of(opened)
say_stale(opened)
with errors_as_words():
    page(opened, opened.world, wanted_view)
