"""What each verdict is called, wherever one is shown, listed or written into a file: on screen, in the report, the lab book and tables.

The keys are what projects keep; they may read otherwise ("misunderstood"), and never reach a reader.
"""

from __future__ import annotations

from irlcore.project.project import Outcome, Project

CALLED: dict[Outcome, str] = {"understood": "understood", "discarded": "discarded", "misunderstood": "lacks a feature",
                              "operational event": "operational event"}
MEANING: dict[Outcome, str] = {"understood": "ordinary after all, no reason to be alerted", "discarded": "bad data, or not of this class",
                               "misunderstood": "what it was after has no feature in the model yet",
                               "operational event": "a true positive, to be handed over"}
"""What it says to someone who does not know the tool."""


def as_title(outcome: Outcome) -> str:
    """The name as a sentence or a button begins with it."""
    return CALLED[outcome][:1].upper() + CALLED[outcome][1:]


def words_on(project: Project, track: str) -> str:
    """All that the analyst wrote about a track: the reason of its verdict, then its note, which stays whatever the verdict."""
    verdict = project.verdicts.get(track)
    said = (verdict.reason.strip() if verdict is not None else "", project.track_notes.get(track, "").strip())
    return " ".join(dict.fromkeys(words for words in said if words))


def as_sentence(outcome: Outcome) -> str:
    """Name and meaning, without a full stop: "Lacks a feature: what it was after has no feature in the model yet"."""
    return f"{as_title(outcome)}: {MEANING[outcome]}"
