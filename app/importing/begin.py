"""Reading and importing beside the page: begun by hand where there is much, unasked where there is little."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import streamlit as st

from app import session
from app.callbacks import clicked
from app.importing.aims_form import asked_of_links
from app.importing.preview import preview, what_was_done
from app.importing.uploads import release
from app.job_results import into
from app.map.component import show
from irlcore.engine import Control
from irlcore.maps.raw import raw_scene
from irlcore.project.importing.reading import Plan, Read, on_network, read
from irlcore.project.project import Project
from irlcore.project.settings.of_project import reading_of, reading_text
from irlcore.project.settings.settings import Reading
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.readers import Preview
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning

PREVIEW = 420  # pixels


def whole(plan: Plan, heads: Mapping[str, Preview], of_first_rows: Callable[[], Imported]) -> Read | None:
    """All that the plan names, once it has been read. What looks little is read without being asked for; for much there is the preview of
    its first rows and a button. Either is read beside the page, since a packed file may unpack to far more than it looks."""
    found: Read | None = session.found("read", plan.key)
    if found is None and plan.small and not session.busy() and session.found("begun", plan.key) is None:
        said = session.notice()
        with st.spinner("Reading the files ..."):
            begin_reading(plan)
        if said is not None:
            session.tell(said)  # nobody asked for this work, so what stands above the page stays there
        session.raise_failure()  # here, beside the file, and not above the page
        session.finish_job()
        if session.busy():
            session.keep_found("begun", plan.key, True)  # once it is cancelled, it is not begun again unasked
            st.rerun()
        found = session.found("read", plan.key)
    if found is not None:
        return found
    shown = max((head for head in heads.values() if not head.exact), key=lambda head: head.rows, default=None)
    first = of_first_rows()
    preview(first, f"Of the first {len(shown.table):,} rows of about {shown.rows:,}: " if shown else "")
    what_was_done(first)
    if isinstance(first.tracks, Tracks):
        show(raw_scene(first.tracks), "raw_first", height=PREVIEW)
    if st.button("Read all of it", type="primary", key="read_all", disabled=session.busy(), help="Beside the page, with Cancel."):
        begin_reading(plan)
        st.rerun()
    return None


def begin_reading(plan: Plan) -> None:
    """Read all of it beside the page."""
    session.start_job("Reading", lambda watch: read(plan, watch), lambda found: session.keep_found("read", plan.key, found, 1),
                      kernels=False)


def wants_import(plan: Plan, wide: bool = False) -> bool:
    """The button, and whether it was pressed. A click is kept until it is heeded: where the page is drawn anew in between (work beside it
    has ended, a picture answers), what the button says is lost with the run that it was said to. It is drawn last: what comes to stand
    above it later moves it, and a press that is let go beside the button is no click."""
    st.button("Import", type="primary", key="import", width="stretch" if wide else "content", disabled=session.busy(),
              on_click=clicked(session.keep_found), args=("import wanted", plan.key, True, 1))
    return session.found("import wanted", plan.key) is True and not session.busy()


def begin_import(plan: Plan, work: Callable[[Control], Project], how: Reading) -> None:
    """Make the project beside the page and open it; then nothing is kept of the files but how they were read."""
    take = into(session.project(), lambda _, made: made, "import")

    def keep(made: Project) -> None:
        take(made)
        if session.project() is made:
            release(plan.sources)

    session.keep_found("import wanted", plan.key, False, 1)
    session.start_job("Import", lambda watch: replace(work(watch), reading=reading_text(how)), keep, kernels=False)
    st.rerun()


def import_on_network(plan: Plan, found: Read, cleaning: Cleaning = AS_READ, matched: bool = False) -> None:
    """What was kept, what the tracks are after, and the import on their network. matched: whether they are points that were matched to
    it."""
    preview(found.imported)
    what_was_done(found.imported)
    aims = asked_of_links(plan, found, cleaning)
    if wants_import(plan):
        begin_import(plan, lambda watch: on_network(found, watch, aims), reading_of(plan, cleaning, matched))
