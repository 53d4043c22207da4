"""Motive's window. Run with: streamlit run app/streamlit_app.py"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # streamlit puts only app/ on the path

import streamlit as st

from app.shell import sidebar

st.set_page_config(page_title="Motive", page_icon=":material/explore:", layout="wide")
PAGES = (("start", "Start", "home"), ("tracks", "Tracks", "timeline"), ("features", "Features", "category"),
         ("fit", "Fit", "tune"), ("review", "Review", "flag"), ("intent", "Intent", "target"),
         ("report", "Report", "description"))
page = st.navigation([st.Page(f"pages/{name}.py", title=title, icon=f":material/{icon}:", default=name == "start")
                      for name, title, icon in PAGES])
sidebar()
page.run()
