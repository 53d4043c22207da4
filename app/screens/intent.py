"""Intent: what is this one after?"""

import numpy as np
import streamlit as st

from app import session, track_map
from app.shell import errors_as_words, headline, need, say_stale
from irlcore.analysis.onward import intent_study, onward_study
from irlcore.project.split import split_paths
from irlcore.report.charts import posterior_figure
from irlcore.report.maps import ALTERNATIVE, SELECTED, add_choices, add_goals, ground
from irlcore.report.text import NAME, as_line, as_markdown, told_apart

project = headline("What is this one after?")
need(project.fit is not None, "There is no fit of this class yet: wants come first, goals second.", "fit", "Fit first")
world = project.world
assert world is not None
say_stale(project)
with errors_as_words():
    ids = [str(i) for i in session.derived("parts", lambda: split_paths(project)).paths.ids]
    current = session.selected() if session.selected() in ids else ids[0]
    left, right = st.columns([1, 2], gap="medium")
    track = left.selectbox("Track", ids, index=ids.index(current), key=f"track_{current}",
                           format_func=told_apart(ids).__getitem__)
    if track != current:
        session.select(track)
        st.rerun()
    posterior, paths, index, goals = session.derived("intent", lambda: intent_study(project, track), track)
    names = [str(n) for n in paths.goals.names[goals]]
    steps = len(posterior.probability) - 1
    seen = right.slider("Steps seen", 0, steps, max(1, steps // 2), key=f"seen_{track}")
    now = posterior.probability[seen]
    ranked = np.argsort(-now, kind="stable")
    best, explained = int(ranked[0]), bool(posterior.top[seen] >= 0)
    word = "likely" if now[best] >= 0.8 else "possible" if now[best] >= 0.4 else "unclear"
    a, b, c, d = st.columns(4)
    a.metric(f"Likeliest goal after {seen} steps", as_markdown(names[best], NAME) if explained else "none of them")
    b.metric("Its probability", f"{now[best]:.0%}, {word}" if explained else "none",
             help="Likely: 80 % or more. Possible: 40 % or more. Else unclear.")
    sure = posterior.certain_step
    c.metric("Certain (80 %) after", "never" if sure < 0 else f"{sure} of {steps} steps")
    d.metric("Uncertainty", f"{posterior.entropy[seen]:.2f} nats" if explained else "none",
             help=f"Entropy over {len(names)} candidate goals; 0 is certain, {np.log(len(names)):.1f} knows nothing.")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if world.has_coordinates:
            figure = ground(world, project.zones)
            likely = [int(k) for k in ranked[:3] if now[k] >= 0.05]
            ways = session.derived("onward", lambda: onward_study(project, paths, index, seen, goals[likely]), track, seen)
            for way, k in zip(ways, likely, strict=True):
                add_choices(figure, world, way, ALTERNATIVE, 1.0 + 4.0 * float(now[k]), "dash", f"likely way to {names[k]}")
            chosen = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
            add_choices(figure, world, chosen[:seen], SELECTED, 4, "solid", "seen so far")
            xy = np.array([world.place_xy[world.place_of_state[paths.goals.of(int(g))[0]]] for g in goals])
            add_goals(figure, xy, names, now)
            track_map.show(figure, "map_intent", "Map of candidate goals sized by probability and the likely ways on")
        else:
            st.info("This network has no coordinates, so there is no map; the probabilities stand beside it.")
    with right:
        st.plotly_chart(posterior_figure(posterior.probability, names, sure, seen), width="stretch",
                        key="posterior", alt="Probability of each goal over the steps, stacked")
        st.dataframe([{"goal": as_line(names[k]), "probability": float(now[k])} for k in ranked[:5]], width="stretch", hide_index=True,
                     column_config={"probability": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)})
        if not explained:
            st.warning("No candidate explains these steps: it passed every one of them, or is after something else.")
        true = paths.goal[index]
        aside = "" if true in goals else ", which is not among them"
        st.caption(f"Candidates are the commonest {len(names)} ends of this class's known tracks. This one ended at "
                   f"{as_markdown(paths.goals.names[true], NAME)}{aside}.")
