"""Motive's window. Run with: streamlit run app/streamlit_app.py"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # streamlit puts only app/ on the path

import streamlit as st

from app import session
from app.server import kernel_cache
from app.shell import errors_as_words, job_line, sidebar

kernel_cache.begin()  # beside the server, where the cache is cold
st.set_page_config(page_title="Motive", page_icon=Path(__file__).with_name("icon.svg"), layout="wide")
NAMES = ("Start", "Tracks", "Features", "Fit", "Review", "Intent", "Report")
pages = {name: st.Page(f"screens/{name.lower()}.py", title=name, default=name == "Start") for name in NAMES}
page = st.navigation(list(pages.values()), position="hidden")
session.restore()
session.finish_job()
sidebar(pages)
job_line()
session.keep()
open_page = next((name for name, one in pages.items() if one is page), "")  # none where Streamlit does not run the script
with errors_as_words(f"The page {open_page} cannot be shown"):  # undo and save, in the sidebar, stand already
    page.run()
