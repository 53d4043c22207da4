"""The three sentences at the top of a report: how many tracks, how many flagged and under which control, and what stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from irlcore.analysis.memory import places_of_project
from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import rules_of, silenced
from irlcore.project.project import Outcome, Project
from irlcore.project.split import need_world
from irlcore.quantities import counted, listed
from irlcore.report.findings import Findings
from irlcore.report.review_words import limit_words
from irlcore.report.text import LABEL, as_line
from irlcore.review.behaviour import Finding as Told
from irlcore.review.words.places import at
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.mdp import Paths
from irlcore.worlds.start_times import FROM_MILLISECONDS, StartTimes, start_times

NONE_FLAGGED = "No track is flagged under this control."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # added to: what lies before it is no time stamp on every system
EARLIEST = (datetime.min.replace(tzinfo=UTC) - EPOCH).total_seconds()
MOST_KINDS, MOST_PLACES, MOST_USES = 4, 2, 3
BECAME: dict[Outcome, str] = {"understood": "understood by now", "discarded": "discarded", "operational event": "to be handed over"}


def summary_sentences(project: Project, review: Review, left: int) -> tuple[str, str]:
    """How many tracks were reviewed and flagged and what became of them, and the control of false alarms. left: how many still deserve
    a look."""
    record = project.fit
    of_class = f" of the class {as_line(record.agent_class, LABEL)}" if record is not None and record.agent_class else ""
    flagged = int(review.flagged.sum())
    said = f"{counted(len(review.order), 'track')}{of_class} {'was' if len(review.order) == 1 else 'were'} reviewed, and " \
           f"{f'{flagged:,}' if flagged else 'none'} {'is' if flagged < 2 else 'are'} flagged"
    decided = Counter(one.outcome for i in np.flatnonzero(review.flagged)
                      if (one := project.verdicts.get(str(review.parts.paths.ids[i]))) is not None)
    became = [f"{decided[which]:,} {'is' if decided[which] == 1 else 'are'} {words}" for which, words in BECAME.items() if decided[which]]
    if became:
        said += f"; of these {listed(became)}"
    quiet = int(silenced(project, review).mask.sum())
    if quiet:
        said += f"; {quiet:,} {'is' if quiet == 1 else 'are'} silenced by {counted(len(rules_of(project)), 'rule')}"
    if left != flagged:
        said += f". {counted(left, 'track')} {'deserves' if left == 1 else 'deserve'} a look"
    control = review.promise.sentence
    if not flagged and review.parts.has_reference:  # whether any could have been
        control = f"{control} {limit_words(review)}".strip()
    if flagged and review.control.kind == "share_of_flags" and review.promise.holds:
        control = f"{control.partition('. ')[0]}."  # that the list may be empty says nothing of one that is not
    return f"{said}.", control


def stands_out(project: Project, review: Review, asked: Sequence[int], findings: Findings) -> str:
    """What the paths ``asked``, those that deserve a look, did: the commonest first and where; then what most of them share."""
    known = {i: told for i in asked if (told := _told(i, findings)) is not None}
    if not known:
        return "So nothing stands out." if not review.flagged.any() else "Nothing is left that deserves a look."
    alone = len(known) == 1

    def who(n: int, first: bool) -> str:
        """How many of them, or who did several things: "2 of 7 ", "3 ", "it "."""
        return ("it " if first else "") if alone else f"{n:,}{f' of {len(known):,}' if first else ''} "

    kinds = _kinds([one for one in own if one.placed] for own, _ in known.values())
    said = [f"{who(len(alike), not k)}{alike[0].shared}{_often(Counter(one.where for one in alike if one.where))}"
            for k, alike in enumerate(kinds[:MOST_KINDS])]
    rest = [i for i, (own, _) in known.items() if not any(one.placed for one in own)]
    if rest:
        used = _kinds(known[i][0] for i in rest)
        often = f", {'and' if alone else f'of which {len(used[0]):,}'} {used[0][0].shared} than expected" if used else ""
        was = "were" if len(rest) > 1 else "was"
        how = "took improbable steps on no odd way" if need_world(project)[0].kind != "log" else f"{was} improbable with no odd event"
        said.append(f"{who(len(rest), not said)}{how}{often}{_begins(project, review, rest)}")
    most = [alike[0].shared for alike in _kinds(shared for _, shared in known.values()) if 2 * len(alike) > len(known)]
    used_most = listed([text if not k else text.removeprefix("used ") for k, text in enumerate(most[:MOST_USES])]) if most else ""
    return f"What stands out: {listed(said)}.{f' Most {used_most} than expected.' if used_most else ''}"


def _told(index: int, findings: Findings) -> tuple[Sequence[Told], Sequence[Told]] | None:
    """What sets a path apart from the other flagged ones, and what most of these show too; None where neither is known."""
    found = findings.told.apart.found.get(index)
    if found is not None:
        return findings.told.apart.ordered(index, found.findings)
    card = findings.of.get(index)  # an operational event need not be flagged
    return (card.reasons.own, card.reasons.shared) if card is not None and card.reasons is not None else None


def _kinds(tracks: Iterable[Sequence[Told]]) -> list[list[Told]]:
    """The findings of each track: those of one kind together, the first of each track, the commonest kind first."""
    found: dict[str, list[Told]] = {}
    for findings in tracks:
        for one in {one.kind: one for one in reversed(findings)}.values():
            found.setdefault(one.kind, []).append(one)
    return sorted(found.values(), key=lambda alike: (-len(alike), alike[0].kind))


def _begins(project: Project, review: Review, known: Sequence[int]) -> str:
    """Where the least expected stretches of several begin."""
    world, _ = need_world(project)
    places, paths = places_of_project(project), review.parts.paths
    first = world.choice_from[paths.choices[paths.offsets[known] + review.scores.worst_start[known]]]
    return _often(Counter(places.said(int(place)) for place in first))


def _often(where: Counter[str]) -> str:
    """The places that come more than once, in brackets."""
    common = sorted(((-n, place) for place, n in where.items() if n > 1))[:MOST_PLACES]
    return f" ({', '.join(f'{-n:,} {at(as_line(place, LABEL))}' for n, place in common)})" if common else ""


def period_of(project: Project, paths: Paths) -> str:
    """From when to when the tracks of ``paths`` begin, where their times are dates; else empty. A number that is no date does not count."""
    if project.tracks is None:
        return ""
    found = start_times(project.tracks)
    if not isinstance(found, StartTimes) or not found.dated:
        return ""
    seconds = found.seconds[find_ids(project.tracks.ids, [str(i) for i in paths.ids])]
    seconds = seconds[(seconds >= EARLIEST) & (seconds < FROM_MILLISECONDS)]
    if not len(seconds):
        return ""
    first, last = (EPOCH + timedelta(seconds=float(at)) for at in (seconds.min(), seconds.max()))
    if first.date() == last.date():
        return f"{first.day} {first:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
