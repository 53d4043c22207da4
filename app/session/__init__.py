"""The session of one window, and the only package that touches ``st.session_state``: pages say ``session.put(...)``.

In the order of what builds on what: ``window`` (whose it is, what is said above the page), ``aside`` (desk, selection, widgets), ``opened``
(the open project), ``results`` (what is worked out once), ``candidates`` (how many were tried), ``work`` (long work), ``keeping`` (changes,
undo, and that they are kept), ``opening`` (from the store).
"""

from app.session.aside import (
    changes,
    choose,
    chosen,
    clear_drawing,
    lay,
    look_at,
    looked_at,
    newly_picked,
    now_on_desk,
    remembered,
    select,
    selected,
)
from app.session.candidates import counted, number_tried, tried
from app.session.keeping import begin_with, keep, put, redo, settle, undo
from app.session.opened import address, before, behind, can_redo, can_undo, project, saving
from app.session.opening import go_on, left_at, open_recent, recent_projects, remove_recent, restore
from app.session.results import derived, derived_on, found, keep_found
from app.session.window import dismiss, heed_download, notice, tell
from app.session.work import busy, finish_job, job, raise_failure, start_job, take_over_job

__all__ = [
    "address", "before", "begin_with", "behind", "busy", "can_redo", "can_undo", "changes", "choose", "chosen", "clear_drawing", "counted",
    "derived", "derived_on", "dismiss", "finish_job", "found", "go_on", "heed_download", "job", "keep", "keep_found", "lay", "left_at",
    "look_at", "looked_at", "newly_picked", "notice", "now_on_desk", "number_tried", "open_recent", "project", "put", "raise_failure",
    "recent_projects", "redo", "remembered", "remove_recent", "restore", "saving", "select", "selected", "settle", "start_job",
    "take_over_job", "tell", "tried", "undo",
]
