"""Features: what might matter to them, and what does the model miss?"""

import streamlit as st

from app.shell import errors_as_words, headline, link, need, say_stale_fit
from app.studio.change_card import change_card
from app.studio.feature_cards import cards
from app.studio.feature_exchange import feature_exchange
from app.studio.findings import findings
from app.studio.lab_book import lab_book
from app.studio.map import map_column
from app.studio.preview_card import preview_card, previewed
from app.studio.propose import propose
from irlcore.project.project import Project
from irlcore.worlds.world import World


def page(project: Project, world: World) -> None:
    """Map beside proposals; the features under these, or as a third column where the window is wide."""
    found = findings(project)
    preview = previewed(project, found)
    with st.container(key="studio"):
        left, right = st.columns([5, 4], gap="medium")
        with left:
            map_column(project, world, found)
            lab_book(project)
        with right, st.container(key="studio_right"):
            with st.container(key="studio_work"):
                say_stale_fit(project)
                change_card(project, found)
                with st.container(border=True):
                    propose(project, world, found)
                preview_card(project, world, found, preview)
            with st.container(key="studio_cards"):
                on = sum(s.enabled for s in project.features)
                st.markdown(f"**Features** :small[:gray[{on} of {len(project.features)} switched on]]")
                cards(project, world)
                if project.fit is None and project.features:
                    link("fit", "Fit, then come back to see what these miss")
                feature_exchange(project, world)


opened = headline("What might matter to them, and what does the model miss?")
need(opened.world is not None, "There is no world yet: features live on its links or cells.", "tracks", "Load tracks")
assert opened.world is not None and opened.paths is not None
with errors_as_words():
    page(opened, opened.world)
