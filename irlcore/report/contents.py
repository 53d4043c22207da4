"""What a report says, as data: the page previews it, ``report.html`` writes it for people and ``report.export`` for programs, so that no
figure of one differs from that of another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pandas as pd

from irlcore.analysis.hindsight import Hindsight
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import headlines
from irlcore.analysis.silencing import silenced
from irlcore.analysis.study import staleness
from irlcore.errors import FitError
from irlcore.project.project import FitRecord, Project, Verdict
from irlcore.project.split import need_world
from irlcore.project.verdicts import CALLED, words_on
from irlcore.report.appendix import problem_sentences, settings_table, versions
from irlcore.report.findings import Finding, Findings
from irlcore.report.fit_cautions import cautions
from irlcore.report.fit_words import weights_table
from irlcore.report.intent_words import Seen, seen_row, trips_end, with_goals
from irlcore.report.lab_book import lab_book_lines
from irlcore.report.method import Method, method_of
from irlcore.report.parts_words import parts_line
from irlcore.report.review_list import list_places, list_scores, rule_lines
from irlcore.report.summary import period_of, stands_out, summary_sentences
from irlcore.report.sureness import Sureness, in_words, sureness_of
from irlcore.report.text import NAME, as_line
from irlcore.report.worth_words import Worth, usual_unit, worth
from irlcore.review.parts.kinds import TITLES
from irlcore.worlds.called import CALLED as CALLED_IN
from irlcore.worlds.called import Called, called

SECTIONS: dict[str, str] = {
    "map": "Map of all flagged tracks", "cards": "Tracks that deserve a look", "sure": "How sure the list is",
    "wants": "What the class wants", "intent": "What they were after", "apart": "Understood and discarded", "hindsight": "In hindsight",
    "method": "Method and numbers", "history": "Lab book"}
"""key -> heading of the parts that an analyst can leave out, in their order."""
NO_MAP = "All flagged tracks in the process"
"""The first of them of a log."""

MOST_CARDS, MOST_SEEN = 40, 1000
"""Tracks with a card of their own, and tracks whose goals are asked for: a report is to be read, and a page to be waited for."""
FIRST = {"operational event": 0}
"""Verdicts whose tracks come first: what is to be handed over must not be among those without a card."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of the class's paths ((n,) ints) a report speaks of. cards: flagged, and neither understood nor discarded, or an operational
    event; those with a card. more: the others of them. understood, discarded: reviewed tracks with these verdicts. silenced: flagged
    ones that a rule takes as understood."""

    cards: tuple[int, ...]
    more: tuple[int, ...]
    understood: tuple[int, ...]
    discarded: tuple[int, ...]
    silenced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A track that deserves a look. rank: its place in the list, from 1. scores: what it has of each score, as it is said. seen: what it
    seemed to be after, None where that was not asked. note: what the analyst wrote about it, whatever the verdict. parts: how unusual each
    kind of score is, one line."""

    finding: Finding
    rank: int
    why: str
    scores: tuple[str, str]
    verdict: Verdict | None
    seen: Seen | None
    note: str = ""
    parts: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """A report. sections: keys of ``SECTIONS`` that it has; what belongs to others is there all the same. facts: class, place, period,
    author and date, those that are known. more, understood, discarded: tables of tracks by one line each. intents: a row a track;
    intents_left: of how many it was not asked. worth: the weights in words; weights: the same as numbers. settings: name -> value.
    silenced: as understood, of tracks that a rule takes so; rules: what they say and how many each silences. sure: what is promised of the
    list. looked_back: what labels that came later say of it, None where there are none. words: of the kind of world."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[str, ...]
    summary: tuple[str, ...]
    caution: str
    notes: str
    overview: str
    cards: tuple[Card, ...]
    more: pd.DataFrame
    understood: pd.DataFrame
    discarded: pd.DataFrame
    intents: pd.DataFrame
    intents_left: int
    worth: Worth
    cautions: tuple[str, ...]
    method: Method
    weights: pd.DataFrame
    settings: Mapping[str, str]
    problems: tuple[str, ...]
    history: tuple[str, ...]
    versions: Mapping[str, str]
    data_hash: str
    silenced: pd.DataFrame = field(default_factory=pd.DataFrame)
    rules: tuple[str, ...] = ()
    sure: Sureness = field(default_factory=Sureness)
    looked_back: Hindsight | None = None
    words: Called = CALLED_IN["network"]

    def heading(self, key: str) -> str:
        """Of a section: a log has no map."""
        return heading(key, self.words)


def heading(key: str, words: Called) -> str:
    """Of a section, in the words of a kind of world."""
    return words.say(NO_MAP if key == "map" and words is CALLED_IN["log"] else SECTIONS[key])


def chosen_tracks(project: Project, review: Review) -> Chosen:
    """Which tracks a report speaks of, strangest first; operational events before all others."""
    outcome = {i: project.verdicts[track].outcome if (track := str(review.parts.paths.ids[i])) in project.verdicts else ""
               for i in map(int, review.order)}
    quiet = tuple(map(int, review.order[silenced(project, review).mask]))
    wanted = [i for i, said in outcome.items()
              if said == "operational event" or (review.flagged[i] and said not in ("understood", "discarded") and i not in quiet)]
    wanted.sort(key=lambda i: FIRST.get(outcome[i], 1))  # stable: strangest first within
    apart = {which: tuple(i for i, said in outcome.items() if said == which) for which in ("understood", "discarded")}
    return Chosen(tuple(wanted[:MOST_CARDS]), tuple(wanted[MOST_CARDS:]), apart["understood"], apart["discarded"], quiet)


def contents_of(project: Project, review: Review, findings: Findings, sections: Collection[str], today: datetime | None = None,
                looked_back: Hindsight | None = None) -> Contents:
    """The report of a review; ``findings`` and ``looked_back`` hold what takes long. FitError where there is no fit."""
    world, _ = need_world(project)
    record = project.fit
    if record is None:
        raise FitError("There is no fit of this class yet.", "Press Fit on the Fit page.")
    chosen, result = chosen_tracks(project, review), record.result
    lines = dict(zip(map(int, review.order), headlines(project, review, findings.told), strict=True))
    rank = {int(i): k + 1 for k, i in enumerate(review.order)}
    carded = [findings.of[i] for i in chosen.cards if i in findings.of]
    scored = scores_said(review)
    asked = (*chosen.cards, *chosen.more)
    cards = tuple(Card(one, rank[one.index], lines[one.index], scored[one.index], _verdict(project, review, one.index),
                       findings.seen.get(one.index), project.track_notes.get(one.track, ""),
                       parts_line(one.reasons.sides.all) if one.reasons is not None else "") for one in carded)
    seen = [i for i in asked if i in findings.seen] if "intent" in sections else []
    left = len(with_goals(review.parts.paths, asked)) - len(seen)
    words = called(world)
    many, control = summary_sentences(project, review, len(asked))
    return Contents(
        project.name, _facts(project, record, review, today or datetime.now(UTC)), tuple(key for key in SECTIONS if key in sections),
        tuple(map(words.say, (many, stands_out(project, review, asked, findings), control))),
        staleness(project), project.notes, findings.overview, cards, _listed(project, review, chosen.more, lines),
        _listed(project, review, chosen.understood, lines), _listed(project, review, chosen.discarded, lines),
        pd.DataFrame([seen_row(str(review.parts.paths.ids[i]), findings.seen[i]) for i in seen]), left,
        worth(record, world, usual_unit(record)), tuple(f"{one.what} {one.fix}" for one in cautions(result)),
        method_of(project, record, review, bool(seen)), weights_table(result), settings_table(project, record, review),
        problem_sentences(project), tuple(lab_book_lines(project)), versions(), result.data_hash,
        _listed(project, review, chosen.silenced, lines), rule_lines(silenced(project, review)),
        in_words(sureness_of(review), words.say), looked_back, words)


def scores_said(review: Review) -> dict[int, tuple[str, str]]:
    """Path -> its score with the unit and its p-value or place, as the list of the review says them."""
    name = TITLES[review.score].lower()
    return {int(i): (f"{name} {score}", place)
            for i, score, place in zip(review.order, list_scores(review), list_places(review), strict=True)}


def _verdict(project: Project, review: Review, index: int) -> Verdict | None:
    return project.verdicts.get(str(review.parts.paths.ids[index]))


def _facts(project: Project, record: FitRecord, review: Review, today: datetime) -> tuple[tuple[str, str], ...]:
    words = called(need_world(project)[0])
    said = (("Class", record.agent_class or words.say("all tracks")), (words.say("Where trips end"), trips_end(review.parts.paths, words)),
            ("Place", project.region), ("Period", period_of(project, review.parts.paths)),
            ("Author", project.author), ("Date", f"{today.day} {today:%B %Y}"))
    return tuple((name, as_line(value, 2 * NAME)) for name, value in said if value.strip())


def _listed(project: Project, review: Review, tracks: Collection[int], lines: Mapping[int, str]) -> pd.DataFrame:
    """A row a track: place in the list, why in one line, verdict and note."""
    rank = {int(i): k + 1 for k, i in enumerate(review.order)}
    rows = []
    for i in tracks:
        verdict = _verdict(project, review, i)
        rows.append((rank[i], str(review.parts.paths.ids[i]), lines[i], bool(review.flagged[i]),
                     CALLED[verdict.outcome] if verdict else "", words_on(project, str(review.parts.paths.ids[i]))))
    return pd.DataFrame(rows, columns=["place", "track", "why", "flagged", "verdict", "note"])
