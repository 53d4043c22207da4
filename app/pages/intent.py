"""Intent: what is this one after?"""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from app import session
from app.shell import errors_as_words, need, safe
from irlcore.report.figures import SELECTED, WORST, add_choices, base_map, posterior_figure
from irlcore.study import intent_study, split_paths

st.title("What is this one after?")
project = session.project()
need(project.fit is not None, "There is no fit of this class yet.", "fit", "Fit first")
world = project.world
assert world is not None
with errors_as_words():
    ids = [str(i) for i in split_paths(project).paths.ids]
    current = session.selected() if session.selected() in ids else ids[0]
    track = st.selectbox("Track", ids, index=ids.index(current))
    session.select(track)
    posterior, paths, index, goals = intent_study(project, track)
    names = [str(n) for n in paths.goals.names[goals]]
    steps = len(posterior.probability) - 1
    seen = st.slider("Steps seen", 0, steps, max(1, steps // 2))
    now = posterior.probability[seen]
    best = int(now.argmax())
    word = "likely" if now[best] >= 0.8 else "possible" if now[best] >= 0.4 else "unclear"
    a, b, c = st.columns(3)
    a.metric(f"Likeliest goal after {seen} steps", safe(names[best]), f"{now[best]:.0%}, {word}", delta_color="off")
    b.metric("Certain (80 %) after", "never" if posterior.certain_step < 0 else f"{posterior.certain_step} of {steps} steps")
    c.metric("Uncertainty", f"{posterior.entropy[seen]:.2f} nats", help="Entropy of the goals' probabilities; 0 is certain.")
    left, right = st.columns([3, 2])
    with left:
        if world.has_coordinates:
            figure = base_map(world, project.zones, 480)
            chosen = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
            add_choices(figure, world, chosen[:seen], SELECTED, 4, "solid", "seen so far")
            xy = np.array([world.place_xy[world.place_of_state[paths.goals.of(int(g))[0]]] for g in goals])
            figure.add_trace(go.Scatter(x=xy[:, 0], y=xy[:, 1], mode="markers", customdata=names, name="goals",
                                        hovertemplate="%{customdata}: %{text}<extra></extra>", text=[f"{p:.1%}" for p in now],
                                        marker={"size": 6 + 34 * np.sqrt(now), "color": WORST, "opacity": 0.75}))
            st.plotly_chart(figure, width="stretch", key="map_intent")
            st.caption("Circles: candidate goals, sized by their probability.")
    with right:
        st.plotly_chart(posterior_figure(posterior.probability, names, posterior.certain_step), width="stretch", key="posterior")
        order = np.argsort(-now)[:5]
        st.dataframe([{"goal": names[k], "probability": f"{now[k]:.1%}"} for k in order], width="stretch")
