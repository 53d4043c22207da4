"""Going through the reviewed tracks: what was decided, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from irlcore.analysis.listing import outcomes_of
from irlcore.analysis.ranking import Review
from irlcore.project.project import Outcome, Project, Verdict, now, remember
from irlcore.project.verdicts import CALLED

MOST_NAMED = 3  # tracks that a line of the history names


def decided(project: Project, tracks: Sequence[str], outcome: Outcome, reason: str) -> Project:
    """The project with one verdict on some tracks: one step to undo, one line of the history. A track keeps the reason that it had where
    no new one is given. The same project where all of that stands already: a step that changes nothing could not be told when undone."""
    when, had = now(), project.verdicts
    made = {i: Verdict(outcome, reason or (had[i].reason if i in had else ""), when) for i in tracks}
    if all(i in had and (had[i].outcome, had[i].reason) == (outcome, one.reason) for i, one in made.items()):
        return project
    named = ", ".join(tracks[:MOST_NAMED]) + (f" and {len(tracks) - MOST_NAMED:,} more" if len(tracks) > MOST_NAMED else "")
    return remember(replace(project, verdicts={**had, **made}), f"{named}: {CALLED[outcome]}", reason)


def noted(project: Project, track: str, note: str) -> Project:
    """The project with a note on a track, which stays with it whatever the verdict; none any more where it is empty. One step to undo;
    the same project where the note stands already."""
    note = note.strip()
    if project.track_notes.get(track, "") == note:
        return project
    notes = {**{i: said for i, said in project.track_notes.items() if i != track}, **({track: note} if note else {})}
    return remember(replace(project, track_notes=notes), f"{track}: {'noted' if note else 'note removed'}", note)


def redecided(before: Project, after: Project) -> list[str]:
    """The tracks whose verdicts are all that tells two projects apart; none where something else changed too, or nothing did."""
    others = (f.name for f in fields(Project) if f.name not in ("verdicts", "history"))
    if any(getattr(before, name) is not getattr(after, name) for name in others):
        return []
    return changed(before.verdicts, after.verdicts)


def changed(before: Mapping[str, Verdict], after: Mapping[str, Verdict]) -> list[str]:
    """The tracks on which the verdict is another one, in the order in which they were decided."""
    return [i for i in {**before, **after} if before.get(i) != after.get(i)]


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the flagged tracks: how many there are, have a verdict, and are operational events. Tracks are decided from the strangest down,
    and so are no random sample: no interval for the share of events among all flagged ones follows from them."""

    flagged: int
    decided: int
    events: int


def progress(project: Project, review: Review) -> Progress:
    """How far the review is, and how often a flag was right so far."""
    verdict = outcomes_of(project, review)[review.flagged[review.order]]
    return Progress(len(verdict), int((verdict != "").sum()), int((verdict == "operational event").sum()))
