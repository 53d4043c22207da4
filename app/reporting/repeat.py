"""The same from the command line: a settings file of what was done on the pages, and the command to type beside it."""

from collections.abc import Sequence

import streamlit as st

from app.shell import in_its_words, stale
from irlcore.analysis.ranking import Review
from irlcore.project.project import Project
from irlcore.project.settings.of_project import known_reading, settings_of_project
from irlcore.project.settings.settings import Reading
from irlcore.project.settings.settings_file import settings_text
from irlcore.report.file_names import file_name
from irlcore.report.text import NAME, as_markdown

MOST_NAMED = 4
TOLD = ("How the files were read, the world, class, features, fit, false alarms and this report, a line each. The same files give the same "
        "numbers. review, intent, report and watch take it as well.")
LEFT = "Verdicts, notes on tracks and what lies under the map stay in the project file."
LEFT_OF_A_LOG = "Verdicts and notes on tracks stay in the project file."


def repeat(project: Project, review: Review, sections: Sequence[str]) -> None:
    """The download, the command, and where the files have to be."""
    name = file_name(project.name, project.agent_class, "settings", "toml")
    reading = known_reading(project)
    st.subheader("Repeat this from the command line")

    def text() -> str:
        return settings_text(settings_of_project(project, review.control, review.score, tuple(sections)))

    st.download_button("Settings (TOML)", text, name, "application/toml", key="take_settings", icon=":material/terminal:",
                       width="stretch", on_click="ignore", help=in_its_words(TOLD))
    st.code(command(reading, name), language=None, wrap_lines=True)
    left = LEFT_OF_A_LOG if project.world is not None and project.world.kind == "log" else LEFT
    st.caption(f"{as_markdown(in_its_words(where(reading)))} {in_its_words(left)}")
    if stale(project):
        st.caption(in_its_words("The fit here is out of date: the command makes a new one, of the features and tracks as they are now."))


def command(reading: Reading | None, settings: str) -> str:
    """What to type."""
    return f"motive fit {'PROJECT.motive' if reading is None else 'FOLDER'} --settings {settings}"


def where(reading: Reading | None) -> str:
    """What the words in capitals of the command stand for."""
    if reading is None:
        return "PROJECT.motive is this project, saved with Save project: it is not known from which files it was made."
    names = list(reading.files)
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"FOLDER is the one with {', '.join(name[:NAME] for name in names[:MOST_NAMED])}{more}."
