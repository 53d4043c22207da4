"""Names of files that are taken away: project, class, date and what it is, safe on every file system."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

LONGEST = 40
"""Letters of the project's name, and of the class's: with both a path of 255 bytes is never filled, whatever the alphabet."""
APART = re.compile(r"[^\w]+|_+", re.UNICODE)


def file_name(project: str, agent_class: str, what: str, ending: str, today: datetime | None = None) -> str:
    """"port-town_commuter_2026-11-26_review.csv". Letters and digits of any alphabet stay, all else becomes a hyphen; what is empty then is
    left out. what, ending: our own words."""
    day = f"{today or datetime.now(UTC):%Y-%m-%d}"
    return "_".join(part for part in (as_file_part(project), as_file_part(agent_class), day, what) if part) + f".{ending}"


def as_file_part(text: str) -> str:
    """A name of a user's as part of a file's: no sign that a file system or a shell reads as anything but a letter."""
    line = unicodedata.normalize("NFKC", text[:20 * LONGEST]).lower()
    whole = APART.sub("-", line).strip("-")
    while len(whole.encode("utf-8", "ignore")) > 2 * LONGEST or len(whole) > LONGEST:
        whole = whole[:-1]
    return whole.encode("utf-8", "ignore").decode().strip("-")
