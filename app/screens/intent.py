"""Intent: what is this one after?"""

import numpy as np
import streamlit as st

from app import session
from app.intent.chooser import choose
from app.intent.finding import LEAST, WAYS, intent, parts_of, places, ways
from app.intent.goal_fold import goal_fold
from app.intent.picture import picture
from app.shell import errors_as_words, headline, need, say_stale
from irlcore.analysis.onward import Intent
from irlcore.project.project import Project
from irlcore.report.charts import posterior_figure
from irlcore.report.text import NAME, as_line, as_markdown
from irlcore.worlds.world import World

LIKELY, POSSIBLE = 0.8, 0.4
CAUTION = "**Intent of a flagged track carries a caution:** a model that cannot explain a track cannot guess its goal."


def in_words(probability: float) -> str:
    """How sure a probability is."""
    return "likely" if probability >= LIKELY else "possible" if probability >= POSSIBLE else "unclear"


def say_now(asked: Intent, seen: int) -> None:
    """The likeliest goal after the steps seen, how likely it is, and since when it is certain."""
    posterior, steps = asked.posterior, len(asked.posterior.probability) - 1
    now, best = posterior.probability[seen], int(posterior.top[seen])
    sure = posterior.certain_step
    if best >= 0:
        st.markdown(f"### {as_markdown(asked.names[best], NAME)}\n{in_words(float(now[best])).capitalize()}: **{now[best]:.0%}** after "
                    f"{seen} of {steps} steps.")
    else:
        st.warning("No candidate explains these steps: it passed every one of them, or is after something else.")
    a, b = st.columns(2)
    a.metric("Last certain from", "never" if sure < 0 else "the start" if sure == 0 else f"step {sure} of {steps}",
             help="From there on the goal that is the likeliest at the end never falls below 80 %. Likely: 80 % or more; possible: 40 % or "
                  "more; else unclear.")
    b.metric("As uncertain as", f"{np.exp(posterior.entropy[seen]):.1f} goals" if best >= 0 else "none fits",
             help=f"So many equally likely goals would leave as much open (e to the power of the entropy); there are {len(asked.names)}.")


def say_ranked(asked: Intent, seen: int) -> None:
    """The five likeliest goals, and where the track ended."""
    now = asked.posterior.probability[seen]
    ranked = np.argsort(-now, kind="stable")[:5]
    st.dataframe([{"goal": as_line(asked.names[k]), "probability": float(now[k])} for k in ranked], width="stretch", hide_index=True,
                 height=36 * (len(ranked) + 1) + 3, alt="The likeliest goals",
                 column_config={"probability": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)})
    end = asked.names[asked.own] if asked.own >= 0 else places(session.project()).said(int(_last_place(asked)))
    aside = "" if asked.own >= 0 else ", which is none of them"
    st.caption(f"Candidates are {len(asked.names)} goals, the commonest ends of this class's known tracks. This one ended at "
               f"{as_markdown(end, NAME)}{aside}.")


def _last_place(asked: Intent) -> int:
    world = session.project().world
    assert world is not None
    return int(world.place_of_state[asked.paths.last_state[asked.index]])


def page(project: Project, world: World) -> None:
    ids = [str(one) for one in parts_of(project).paths.ids]
    left, right = st.columns([5, 3], gap="medium")
    with right:
        track = choose(ids)
        st.subheader(as_markdown(track, NAME))
    asked = intent(project, track)
    if asked is None:
        left.info("The ways to every goal are being looked for, once for this fit.")
        return
    steps = len(asked.posterior.probability) - 1
    with left:
        seen = st.slider("Steps seen", 0, steps, max(1, steps // 2), key=f"seen_{track}") if steps > 1 else steps
        now = asked.posterior.probability[seen]
        likely = [int(k) for k in np.argsort(-now, kind="stable")[:WAYS] if now[k] >= LEAST]
        if world.has_coordinates:
            picture(project, world, asked, seen, ways(project, asked, seen, likely), likely, 430)
        else:
            st.info("This network has no coordinates, so there is no map; the probabilities stand beside it.")
        goal_fold(project)
    with right:
        say_now(asked, seen)
        st.caption(CAUTION)
        st.plotly_chart(posterior_figure(asked.posterior.probability, asked.names, asked.posterior.certain_step, seen), width="stretch",
                        key="posterior", alt="Probability of each goal over the steps, stacked")
        say_ranked(asked, seen)


opened = headline("What is this one after?")
need(opened.fit is not None, "There is no fit of this class yet: wants come first, goals second.", "fit", "Fit first")
assert opened.world is not None
say_stale(opened)
with errors_as_words():
    page(opened, opened.world)
