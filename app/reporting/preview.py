"""The report on the page: the same body as in the file, on a sheet of paper."""

import streamlit as st

from app import session
from irlcore.report.contents import Contents
from irlcore.report.html import report_body, with_images
from irlcore.report.style import STYLE

MOST_CARDS = 5
"""Cards that the page shows: each has a map, and a browser draws all of them again at every change."""
SHEET = (".motive-report,.motive-report :is(h1,h2,h3){font-family:inherit}"
         ".motive-report{border:1px solid #d5dde5;border-radius:6px;max-width:none;padding:2rem 2.4rem}")
"""A white sheet of the page's width, also where the page is dark, in the page's font."""


def preview(contents: Contents) -> None:
    """What will be in the file; of many cards the first."""
    body = session.derived_on("report body", lambda: with_images(report_body(contents, MOST_CARDS)), contents)
    st.html(f"<style>{STYLE}{SHEET}</style>{body}")
