"""The files of an import: uploaded, or in a folder of the server where that may be read; kept for this visitor until they are imported."""

from __future__ import annotations

import os
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app import session
from app.server.letting_go import give_back, keep_giving_back
from app.server.local import serves_one
from app.shell import errors_as_words
from irlcore.project.importing.sources import Source, named_apart, with_parts
from irlcore.report.text import as_markdown
from irlcore.tracks.folder import VARIABLE, Allowed, TableFile, allowed, table_files
from irlcore.tracks.readers import Preview, preview_table

FIRST_ROWS = 2000
KEPT = ("first rows", "begun", "read", "cleaned", "raw picture", "areas", "laid areas")
"""What is kept of files beside the project, by the names that ``session`` has for it."""
IMPORTS = "imports"
"""How many there have been in this session, by the name that ``session`` has for it."""


def uploaded() -> list[Source]:
    """The files that are there, in the order of their names' arrival; the widgets for them are drawn."""
    imports = session.found(IMPORTS, 0) or 0
    left, right = st.columns([3, 2], gap="medium")
    files = left.file_uploader("Files, all that belong together", accept_multiple_files=True, key=anew("uploads", imports))
    found = [Source(file.name, file.size, (file.file_id,), file) for file in files or []]
    may = allowed(serves_one(), os.environ.get(VARIABLE, ""))
    with right:
        if may:
            found += [Source(one.name, one.size, one.key, one) for one in in_folder(may, anew("folder", imports))]
        else:
            st.caption("Folders of this server cannot be read from here. Whoever runs it may name some that can: "
                       f"{as_markdown(VARIABLE)}, set before the start.")
    if not found:
        forget()
        if imports and session.project().tracks is not None:  # a new project has had no files yet
            st.caption("The files have been imported and are no longer held.")
    return with_parts(named_apart(found))


def anew(key: str, imports: int) -> str:
    """A widget's key: after each import it is another one, and so empty."""
    return f"{key}_{imports}" if imports else key


def in_folder(may: Allowed, key: str) -> list[TableFile]:
    """The tables of the folder that is named, if any."""
    folder = st.text_input("Or a folder on the machine Motive runs on", key=key, placeholder="/data/march").strip()
    within = f" Folders within {as_markdown(', '.join(map(str, may.roots)))} can be read." if may.roots else ""
    st.caption(f"All tables in it are read: CSV, Excel, Parquet, GPX, KML, TCX, XES, GeoJSON, GeoLife, GraphML, shapefiles, "
               f"GeoPackages.{within}")
    if not folder:
        return []
    with errors_as_words():
        tables, left_out = table_files(folder, may)
        if left_out:
            st.caption(f"Left out (links out, no ordinary files, names that are no text): {as_markdown(', '.join(left_out[:20]))}")
        return tables
    return []


def first_rows(source: Source, texts: tuple[str, ...] = ()) -> Preview:
    """The first rows of a file, looked at once: a page runs again at every click. texts: columns that stay text."""
    key = source.key, texts
    kept: Preview | None = session.found("first rows", key)
    if kept is None:
        keep_giving_back()
        opened = source.open()
        try:
            with st.spinner(f"Looking into {as_markdown(source.name)} ..."):  # a network in one piece is read whole: seconds
                kept = preview_table(opened, source.name, FIRST_ROWS, texts)
        finally:
            if not isinstance(opened, bytes):
                opened.close()
        session.keep_found("first rows", key, kept, 200)
    return kept


def forget() -> None:
    """Nothing of files is kept any more."""
    for what in KEPT:
        session.keep_found(what, 0, None, 0)


def release(sources: Sequence[Source]) -> None:
    """After an import: what was kept of the files goes, the uploads themselves too, and freed memory back to the system."""
    forget()
    run = get_script_run_ctx()
    if run is not None and isinstance(run.uploaded_file_mgr, MemoryUploadedFileManager):
        for source in [part for one in sources for part in (one.held if isinstance(one.held, tuple) else (one,))]:
            if not isinstance(source.held, TableFile):  # Streamlit would hold the upload until the tab is closed
                run.uploaded_file_mgr.remove_file(session_id=run.session_id, file_id=source.held.file_id)
    session.keep_found(IMPORTS, 0, (session.found(IMPORTS, 0) or 0) + 1)
    give_back()
