"""Fit: what do they want, and how sure are we?"""

import streamlit as st

from app import session
from app.fitting.earlier_fits import earlier
from app.fitting.fit_controls import choose_settings, said_settings
from app.fitting.model_comparison import side_by_side, start_fit
from app.fitting.result_view import next_steps, quality, warned
from app.fitting.weights_view import weights
from app.shell import errors_as_words, headline, need, stale
from irlcore.project.split import need_world, split_paths
from irlcore.quantities import counted
from irlcore.report.text import as_markdown
from irlcore.worlds.called import called

# From this width on the page has three columns: the comparison stands beside the weights and not under them.
WIDE = """<style>
@media (min-width:1700px){
.st-key-fit_page > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child{flex:5 1 0}
.st-key-fit_page > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:last-child{flex:12 1 0}
.st-key-fit_right{flex-direction:row;align-items:flex-start;gap:1.5rem}
.st-key-fit_right > *{flex:1 1 0;min-width:0}
}
</style>"""

project = headline("What do they want, and how sure are we?")
need(project.world is not None, "There are no tracks in a world yet.", "tracks", "Load tracks")
need(any(s.enabled for s in project.features), "No feature is switched on.", "features", "Choose features")


def settings(n_trips: int) -> float:
    """The button and, folded, what to fit; the discount, which a comparison uses too."""
    top = st.container()  # in sight on a small window, whatever is unfolded below it
    model, estimator, gamma, trouble = choose_settings(project)
    used = sum(s.enabled for s in project.features)
    with top:
        if st.button("Fit", type="primary", width="stretch", disabled=session.busy() or bool(trouble), key="fit_button"):
            start_fit(project, model, gamma, estimator)
            st.rerun()
        words = called(need_world(project)[0])
        told = " ".join(trouble) or said_settings(project, model, estimator, gamma)
        st.caption(f"{counted(used, 'feature')}, {counted(n_trips, words.track)} to fit to. {as_markdown(told)}")
    return gamma


def result() -> None:
    """The newest fit: what to do next, then the weights."""
    if project.fit is None:
        st.info("No fit of this class yet. Press Fit.", icon=":material/info:")
        return
    if stale(project):
        st.warning(f"{as_markdown(stale(project))} Fit again to see what that brings.", icon=":material/sync_problem:")
    next_steps(project, project.fit)
    weights(project.fit, need_world(project)[0])
    warned(project.fit.result)


def page() -> None:
    st.html(WIDE)
    trips = session.derived("trips to fit to", lambda: len(split_paths(project).fit))
    with st.container(key="fit_page"):
        left, right = st.columns([4, 7], gap="medium")
    with left:
        with st.container(border=True):
            gamma = settings(trips)
        if project.fit is not None:
            st.subheader("How well does it explain them?")
            quality(project.fit.result, called(need_world(project)[0]).track)
        earlier(project)
    with right, st.container(key="fit_right"):
        with st.container():
            result()
        with st.container():
            side_by_side(project, trips, gamma)


with errors_as_words():
    page()
