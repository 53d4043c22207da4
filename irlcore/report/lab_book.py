"""The history of a project as a lab book: what was done when, why, and what came of it."""

from __future__ import annotations

import pandas as pd

from irlcore.project.project import Project
from irlcore.report.text import as_markdown

WHOLE = 100_000  # characters of a line in a file


def lab_book_table(project: Project) -> pd.DataFrame:
    """One row a step, the newest first: time (UTC), what, why, numbers."""
    rows = [(_time(step.made), step.what, step.why, step.numbers) for step in reversed(project.history)]
    return pd.DataFrame(rows, columns=["time (UTC)", "what", "why", "numbers"])


def lab_book_lines(project: Project) -> list[str]:
    """One line a step, the oldest first."""
    return [" ".join(part for part in (f"{_time(step.made)} UTC", step.what, f"because {step.why}" if step.why else "",
                                       f"({step.numbers})" if step.numbers else "") if part) for step in project.history]


def lab_book_markdown(project: Project) -> str:
    """The lab book as Markdown, the oldest step first, the analyst's notes at its end, a paragraph a line: texts are escaped."""
    lines = [f"# Lab book: {_plain(project.name)}", ""]
    for step in project.history:
        lines.append(f"- **{_time(step.made)} UTC** {_plain(step.what)}")
        lines += [f"  - why: {_plain(step.why)}"] if step.why else []
        lines += [f"  - {_plain(step.numbers)}"] if step.numbers else []
    if project.notes.strip():
        lines += ["", "## Notes", "", "\n\n".join(_plain(line) for line in project.notes.splitlines() if line.strip())]
    return "\n".join(lines) + "\n"


def _time(made: str) -> str:
    return made[:16].replace("T", " ")


def _plain(text: str) -> str:
    """Text on one line that Markdown takes as it stands."""
    return as_markdown(text, WHOLE)
