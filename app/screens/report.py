"""Report: what do I hand over?"""

import streamlit as st

from app import session
from app.reporting.downloads import downloads
from app.reporting.fields import fields
from app.reporting.findings import findings_for
from app.reporting.preview import preview
from app.reporting.repeat import repeat
from app.review.controls import need_review
from app.review.hindsight import looked_back
from app.shell import errors_as_words, headline, need, say_stale
from irlcore.project.project import Project
from irlcore.report.contents import SECTIONS, contents_of, heading
from irlcore.worlds.called import called
from irlcore.worlds.world import World


def page(project: Project, world: World) -> None:
    """The report as it will be handed over, and beside it what goes in and the files."""
    review = need_review()
    left, right = st.columns([3, 2], gap="medium")
    with right:
        st.subheader("Take it away")
        files = st.container()
        st.subheader("What goes in")
        sections = [key for key in SECTIONS if key != "intent" or world.kind != "log"]  # all go to the one end
        wanted = st.pills("Sections", sections, selection_mode="multi", default=sections,
                          format_func=lambda key: heading(key, called(world)),
                          key="sections_of_log" if world.kind == "log" else "sections", persist_state="session",
                          label_visibility="collapsed", wrap=True)
        fields(project)
        with errors_as_words():
            repeat(project, review, wanted or ())
    with left:
        found = findings_for(project, review, "intent" in wanted)
        contents = None
        if found is not None:
            back = looked_back(project, review) if "hindsight" in wanted else None
            contents = session.derived_on("contents", lambda: contents_of(project, review, found, wanted, looked_back=back), project,
                                          tuple(wanted), found, review, back)
            preview(contents)
    with files, errors_as_words():
        downloads(project, world, review, contents, found)


opened = headline("What do I hand over?")
need(opened.fit is not None, "There is no fit yet, so there is nothing to report. The project itself can be saved at any time, in the "
     "sidebar.", "fit", "Fit first")
assert opened.world is not None
say_stale(opened)
with errors_as_words():
    page(opened, opened.world)
