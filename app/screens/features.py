"""Features: what might matter to them, and what does the model miss?"""

import streamlit as st

from app import session
from app.map.component import taken
from app.shell import errors_as_words, headline, link, need, say_stale_fit
from app.studio.again import drawn_for, same_as
from app.studio.change_card import change_card
from app.studio.feature_cards import cards
from app.studio.feature_exchange import feature_exchange
from app.studio.findings import findings
from app.studio.lab_book import lab_book
from app.studio.map import FITTED_VIEW, MAP, heed, map_column
from app.studio.preview_card import preview_card, previewed
from app.studio.propose import propose
from app.studio.style import STYLE
from irlcore.project.project import Project
from irlcore.worlds.world import World

SWITCHES = ("view", FITTED_VIEW, "view_feature", "whom", "propose")  # a reload finds them as they were


@st.fragment
def studio(before: tuple[object, ...]) -> None:
    """All below the headline, drawn again alone while what stands around it stays as it was ``before``."""
    if not same_as(before):
        st.rerun()
    session.remembered(*SWITCHES)
    with errors_as_words():
        project = session.project()
        assert project.world is not None
        page(project, project.world)


def page(project: Project, world: World) -> None:
    """Map beside the card of the proposal; the features under it, or as a third column where the window is wide."""
    with errors_as_words():
        heed(project, world, taken(MAP))
    found = findings(project)
    with st.container(key="studio"):
        left, right = st.columns([5, 4], gap="medium")
        with left:
            map_column(project, world, found)
            lab_book(project)
        with right, st.container(key="studio_right"):
            with st.container(key="studio_work"):
                say_stale_fit(project)
                change_card(project, found)
                preview_card(project, world, found, previewed(project, found))
                with st.container(border=True):
                    propose(project, world, found)
            with st.container(key="studio_cards"):
                on = sum(s.enabled for s in project.features)
                st.markdown(f"**Features** :small[:gray[{on} of {len(project.features)} switched on]]")
                cards(project, world)
                if project.fit is None and project.features:
                    link("fit", "Fit, then come back to see what these miss")
                feature_exchange(project, world)


st.html(STYLE)
opened = headline("What might matter to them, and what does the model miss?")
need(opened.world is not None, "There is no world yet: features live on its links or cells.", "tracks", "Load tracks")
studio(drawn_for())
