"""Intent: what is this one after?"""

import numpy as np
import streamlit as st

from app import session
from app.intent.chooser import choose
from app.intent.finding import LEAST, LIKELY_WAYS, flagged, intent, parts_of, ways
from app.intent.goal_fold import goal_fold
from app.intent.layout import CHART, STYLE
from app.intent.no_destination import no_destination
from app.intent.picture import picture
from app.intent.table import goals_table
from app.sequences.next_events import next_events
from app.shell import errors_as_words, headline, need, say_stale
from irlcore.analysis.memory import places_of_project
from irlcore.analysis.onward import Intent
from irlcore.analysis.roaming import all_roam, roaming
from irlcore.project.project import Project
from irlcore.report.charts import posterior_figure
from irlcore.report.glossary import explained_terms
from irlcore.report.intent_words import how_sure
from irlcore.report.text import NAME, as_markdown
from irlcore.worlds.called import called
from irlcore.worlds.world import World

CAUTION = "**This track is flagged, so take its goal with caution:** a model that cannot explain a track cannot guess its goal."
UNKNOWN = "Whether this track is flagged is known once the tracks are scored (Review); the goal of a flagged one is no more than a hint."


def say_now(asked: Intent, seen: int) -> None:
    """The likeliest goal after the steps seen, how likely it is, and since when it is certain."""
    posterior, steps = asked.posterior, len(asked.posterior.probability) - 1
    now, best = posterior.probability[seen], int(posterior.top[seen])
    sure = posterior.certain_step
    if best >= 0:
        st.markdown(f"### {as_markdown(asked.names[best], NAME)}\n{how_sure(float(now[best])).capitalize()}: **{now[best]:.0%}** after "
                    f"{seen} of {steps} steps.", help=explained_terms("likely", "certain from"))
    else:
        st.warning("No candidate explains these steps: it passed every one of them, or is after something else.")
    a, b = st.columns(2)
    a.metric("Last certain from", "never" if sure < 0 else "the start" if sure == 0 else f"step {sure} of {steps}",
             help=explained_terms("certain from"))
    b.metric("As uncertain as", f"{np.exp(posterior.entropy[seen]):.1f} goals" if best >= 0 else "none fits",
             help=f"So many equally likely goals would leave as much open (e to the power of the entropy); there are {len(asked.names)}.")


def say_ended(asked: Intent) -> None:
    """Where the track ended, and what the candidates are."""
    end = asked.names[asked.own] if asked.own >= 0 else places_of_project(session.project()).said(_last_place(asked))
    aside = "" if asked.own >= 0 else ", which is none of them"
    cut = asked.paths.goal[asked.index] < 0
    st.caption(f"Candidates are {len(asked.names)} goals, the commonest ends of this class's known tracks. This one "
               + (f"was cut off before it arrived, {as_markdown(end, NAME)}." if cut else f"ended at {as_markdown(end, NAME)}{aside}."))


def _last_place(asked: Intent) -> int:
    world = session.project().world
    assert world is not None
    return int(world.place_of_state[asked.paths.last_state[asked.index]])


def beside(asked: Intent, seen: int) -> None:
    """What is said of the track beside its map."""
    say_now(asked, seen)
    st.html(goals_table(asked, seen))
    say_ended(asked)
    is_flagged = flagged(session.project(), str(asked.paths.ids[asked.index]))
    if is_flagged is not False:
        st.caption(UNKNOWN if is_flagged is None else CAUTION)


def drawn(project: Project, world: World, asked: Intent) -> int:
    """The slider, the map and the chart, which share the steps; how many steps are seen."""
    posterior = asked.posterior
    steps = len(posterior.probability) - 1
    seen = st.slider("Steps seen", 0, steps, max(1, steps // 2), key=f"seen_{asked.paths.ids[asked.index]}") if steps > 1 else steps
    now = posterior.probability[seen]
    likely = [int(k) for k in np.argsort(-now, kind="stable")[:LIKELY_WAYS] if now[k] >= LEAST]
    if world.has_coordinates:
        picture(project, world, asked, seen, ways(project, asked, seen, likely), likely, 430)
    else:
        st.info(f"{called(world).no_coordinates}, so there is no map; the probabilities stand beside it.")
    st.plotly_chart(posterior_figure(posterior.probability, asked.names, posterior.certain_step, seen, height=CHART), width="stretch",
                    key="posterior", alt="Probability of each goal over the steps, stacked; the table beside it names the colours",
                    config={"displayModeBar": False})
    return seen


@st.fragment
def one_track() -> None:
    """One track; another one is shown without drawing the rest of the page again."""
    project = session.project()
    world = project.world
    assert world is not None
    with errors_as_words(), st.container(key="intent_page"):
        columns = st.columns([5, 3], gap="medium")
        left, right = (column.container(key=key) for column, key in zip(columns, ("intent_left", "intent_right"), strict=True))
        with right:
            track = choose([str(one) for one in parts_of(project).paths.ids], called(world))
            st.subheader(as_markdown(track, NAME))
        paths = parts_of(project).paths
        index = int(np.flatnonzero(paths.ids == track)[0])
        if world.kind == "log":
            next_events(project, world, paths, index, left, right)
            return
        if roaming(paths)[index]:
            no_destination(project, world, left, right, index)
            return
        asked = intent(project, track)
        if asked is None:
            if session.busy():
                left.info("The ways to every goal are being looked for, once for this fit.")
            return
        with left:
            seen = drawn(project, world, asked)
        with right:
            beside(asked, seen)


opened = headline("What is this one after?")
need(opened.fit is not None, "There is no fit of this class yet: wants come first, goals second.", "fit", "Fit first")
assert opened.world is not None
st.html(STYLE)
say_stale(opened)
one_track()
with errors_as_words():
    if opened.world.kind != "log" and not all_roam(opened):
        goal_fold(opened)
