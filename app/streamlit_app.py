"""Motive's window, and the server that shows it: ``motive app``, or ``streamlit run app/streamlit_app.py``.

Streamlit loads this file twice over: as a module, for the server (``app`` below, which Streamlit finds by reading the source), and as a
script, once for each time that a page is drawn.
"""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:  # streamlit puts only app/ there
    sys.path.insert(0, ROOT)

NAMES = ("Start", "Tracks", "Features", "Fit", "Review", "Intent", "Report")
BESIDE = ("Glossary",)  # no steps of the story


def window() -> None:
    """Draw what every page shares, then the page that is open."""
    import streamlit as st

    from app import session
    from app.kept_line import kept_line
    from app.shell import errors_as_words, in_its_words, job_line, link, sidebar

    st.set_page_config(page_title="Motive", page_icon=Path(__file__).with_name("icon.svg"), layout="wide")
    with errors_as_words("The project could not be restored"):
        session.restore()  # before anything asks for the project: its words are those of the pages
    pages = {name: st.Page(f"screens/{name.lower()}.py", title=in_its_words(name), default=name == "Start") for name in NAMES}
    pages |= {name: st.Page(f"screens/{name.lower()}.py", title=name) for name in BESIDE}
    page = st.navigation(list(pages.values()), position="hidden")
    with errors_as_words("The result of the last work could not be taken over"):
        session.take_over_job()
        session.finish_job()
        session.heed_download()
    with errors_as_words("The project cannot be kept for a reload"):
        session.keep()  # before the sidebar says that it is saved
    with errors_as_words("The sidebar cannot be shown as a whole"):
        sidebar(NAMES)
    with errors_as_words("How the project is kept cannot be told"):
        kept_line()
    with errors_as_words("The way to the glossary cannot be shown"), st.sidebar:  # below it even where it is not whole
        link("glossary", "Glossary", ":material/menu_book:", width="stretch")
    with errors_as_words("How far the work is cannot be shown"):
        job_line()
    open_page = next((name for name, one in pages.items() if one is page), "")  # none where Streamlit does not run the script
    with errors_as_words(f"The page {open_page} cannot be shown"):  # undo and save, in the sidebar, stand already
        page.run()


def unforeseen(error: Exception) -> bool:
    """For Streamlit: what was raised where nothing else catches it, in words; True, so that it shows no box of its own."""
    from app.faults import fault
    from app.shell import say
    from irlcore.errors import MotiveError

    say(error if isinstance(error, MotiveError) else fault("The page cannot be shown", error))
    return True


if __name__ == "__main__":
    window()
elif __name__ != "__mp_main__":  # a process that Python spawned from the server needs neither
    from streamlit.starlette import App

    from app.server.start import guarded

    app = App(Path(__file__).resolve(), on_script_error=unforeseen, **guarded())
