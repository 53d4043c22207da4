"""The three sentences at the top of a report: how many tracks, how many flagged and under which control, and what stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from irlcore.analysis.study import Review
from irlcore.project.project import Outcome, Project
from irlcore.project.split import need_world
from irlcore.report.findings import Finding
from irlcore.report.fit_words import counted
from irlcore.report.places import places_of
from irlcore.report.text import LABEL, as_line
from irlcore.review.calibration import control_sentence
from irlcore.review.uses import NOTABLE
from irlcore.tracks.tracks import find_ids
from irlcore.worlds.start_times import StartTimes, start_times

NONE_FLAGGED = "No track is flagged under this control."
MOST_KINDS, MOST_PLACES = 2, 3
BECAME: dict[Outcome, str] = {"understood": "understood by now", "discarded": "discarded", "operational event": "to be handed over"}


def summary_sentences(project: Project, review: Review, left: int) -> tuple[str, str]:
    """How many tracks were reviewed and flagged and what became of them, and the control of false alarms. left: how many still deserve
    a look."""
    record = project.fit
    of_class = f" of the class {as_line(record.agent_class, LABEL)}" if record is not None and record.agent_class else ""
    flagged = int(review.flagged.sum())
    said = f"{counted(len(review.order), 'track')}{of_class} {'was' if len(review.order) == 1 else 'were'} reviewed, and {flagged:,} " \
           f"{'is' if flagged == 1 else 'are'} flagged"
    decided = Counter(one.outcome for i in np.flatnonzero(review.flagged)
                      if (one := project.verdicts.get(str(review.parts.paths.ids[i]))) is not None)
    became = [f"{decided[which]:,} {'is' if decided[which] == 1 else 'are'} {words}" for which, words in BECAME.items() if decided[which]]
    if became:
        said += f"; of these {_listed(became)}"
    if left != flagged:
        said += f". {counted(left, 'track')} {'deserves' if left == 1 else 'deserve'} a look"
    return f"{said}.", control_sentence(review.control, len(review.order))


def stands_out(project: Project, review: Review, findings: Sequence[Finding]) -> str:
    """The commonest kinds of reason and places among the tracks with a card."""
    known = [one for one in findings if one.reasons is not None]
    if not known:
        return NONE_FLAGGED if not review.flagged.any() else "Nothing is left that deserves a look."
    world, _ = need_world(project)
    places = places_of(project)
    kinds: Counter[str] = Counter()
    where: Counter[str] = Counter()
    for one in known:
        assert one.reasons is not None
        used = [f"{'more' if use.z > 0 else 'less'} of \"{as_line(use.name, LABEL)}\" than expected"
                for use in one.reasons.features if abs(use.z) >= NOTABLE]
        kinds.update(used[:2])
        if len(one.reasons.stretch):
            where[as_line(places.said(int(world.choice_from[one.reasons.stretch[0]])), LABEL)] += 1
    of = f" of {len(known)}" if len(known) > 1 else ""
    common = [f"{n}{of} used {kind}" for kind, n in kinds.most_common(MOST_KINDS)]
    spots = [f"{place} ({n})" for place, n in where.most_common(MOST_PLACES) if n > 1]
    said = f"What stands out: {_listed(common)}" if common else "What stands out: each for reasons of its own"
    return f"{said}{f'; most often the least expected stretch begins at {_listed(spots)}' if spots else ''}."


def period_of(project: Project) -> str:
    """From when to when the class's tracks begin, where their times are dates; else empty."""
    if project.tracks is None or project.paths is None:
        return ""
    found = start_times(project.tracks)
    if not isinstance(found, StartTimes) or not found.dated:
        return ""
    seconds = found.seconds[find_ids(project.tracks.ids, [str(i) for i in project.paths.ids])]
    seconds = seconds[np.isfinite(seconds)]
    if not len(seconds):
        return ""
    first, last = (datetime.fromtimestamp(float(at), UTC) for at in (seconds.min(), seconds.max()))
    if first.date() == last.date():
        return f"{first.day} {first:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
