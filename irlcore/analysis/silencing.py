"""Which flagged tracks the analyst's rules take as understood, and what a rule would do before it is one.

A verdict on a track outranks every rule. Flags, p-values and what was promised of false alarms are those of all tracks, silenced or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.fitting_rules import fitting, told_when
from irlcore.analysis.listing import outcomes_of
from irlcore.analysis.memory import kept
from irlcore.analysis.ranking import Review
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.project.project import Project, now, remember
from irlcore.project.silencing import Silencing, check_rule, rule_words
from irlcore.quantities import listed
from irlcore.review.apart import Found
from irlcore.worlds.called import called

SEED = 20121
MOST_LOOKED = 300  # tracks of each kind that a rule is tried on where each has to be looked at closely
MOST = 0.5  # of the normal tracks: a rule that fits more explains nothing of what is strange
MOST_KEPT = 64
MOST_NAMED = 5
NO_PROMISE = ("Silencing changes no flag and no promise: false alarms are counted over all flagged tracks, silenced ones among them. "
              "Silenced tracks stay in the list under \"Silenced\".")


@dataclass(frozen=True, slots=True, eq=False)
class Silenced:
    """Rules of the class under study at work. fits: (R, n) bool, which flagged tracks of the review's order each fits. mask: (n,) bool,
    those that are silenced: flagged, without a verdict of their own, and fitted by a rule. flagged: how many are flagged. timed: whether
    the data tell when a track is where. gone: (R,) what each rule names and is no more, as a sentence, "" where nothing is."""

    rules: tuple[Silencing, ...]
    fits: np.ndarray
    mask: np.ndarray
    flagged: int
    timed: bool
    gone: tuple[str, ...] = ()

    @property
    def many(self) -> tuple[int, ...]:
        """(R,) how many tracks each rule silences, those that another one silences too among them."""
        return tuple(int((row & self.mask).sum()) for row in self.fits)

    def by(self, row: int) -> tuple[Silencing, ...]:
        """The rules that silence the track in a row of the review's order; none where it is not silenced."""
        return tuple(rule for rule, fits in zip(self.rules, self.fits[:, row], strict=True) if fits) if self.mask[row] else ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many tracks a rule fits, of those it was tried on, of how many there are."""

    fits: int
    tried: int
    there: int

    @property
    def said(self) -> str:
        """"12 of 40 normal tracks" without what they are."""
        return f"{self.fits:,} of {self.tried:,}{'' if self.tried == self.there else f' tried (of {self.there:,})'}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule would do. flagged: the tracks that it would silence now, strangest first. reviewed, normal: of all tracks of these kinds;
    normal are those of the reference, or where there is none those that are not flagged. events: operational events that it fits: they stay
    what they are, but others like them would be silenced. cautions: sentences to read before it is accepted."""

    flagged: tuple[str, ...]
    reviewed: Share
    normal: Share
    events: tuple[str, ...]
    cautions: tuple[str, ...]


def rules_of(project: Project) -> tuple[Silencing, ...]:
    """The rules for the class under study."""
    return tuple(rule for rule in project.silencing if rule.agent_class == project.agent_class)


def silenced(project: Project, review: Review, known: Mapping[int, Found] | None = None, watch: Control | None = None) -> Silenced:
    """What the rules of the class silence now. Rules on what a track did or used look closely at the flagged tracks, once a fit. known:
    what was found of flagged paths already (``Telling.apart``)."""
    order, rules, n = review.order, rules_of(project), len(review.order)
    flagged = np.flatnonzero(review.flagged[order])
    if not rules:
        return Silenced((), np.zeros((0, n), bool), np.zeros(n, bool), len(flagged), False)
    fits = np.zeros((len(rules), n), bool)
    for row, rule in zip(fits, rules, strict=True):
        row[flagged] = _kept_fits(project, review, rule, order[flagged], known, watch)
    mask = np.asarray(fits.any(axis=0) & (outcomes_of(project, review) == ""))
    return Silenced(rules, fits, mask, len(flagged), told_when(project, review.parts.paths), tuple(_gone(project, rule) for rule in rules))


def _gone(project: Project, rule: Silencing) -> str:
    """What a rule names and the project has no more, so that it fits nothing until it is there again."""
    names = project.fit.result.names if project.fit is not None else ()
    said = [f"there is no zone {rule.zone}"] if rule.zone and rule.zone not in project.zones else []
    said += [f"the fit has no feature {rule.feature}"] if rule.feature and rule.feature not in names else []
    return f"It silences nothing: {listed(said)}. Revoke it, or name that again." if said else ""


def _kept_fits(project: Project, review: Review, rule: Silencing, index: np.ndarray, known: Mapping[int, Found] | None,
               watch: Control | None) -> np.ndarray:
    same = (project.fit, project.map_files, project.goals)
    return kept(project, "rules that silence", lambda: fitting(project, review, rule, index, known, watch), same,
                (rule.asks, index.tobytes()), MOST_KEPT)


def effect_of(project: Project, review: Review, rule: Silencing, watch: Control | None = None) -> Effect:
    """What a rule would do now, and what speaks against it. DataError where it asks for nothing."""
    check_rule(rule)
    parts, order, ids = review.parts, review.order, review.parts.paths.ids
    verdict = outcomes_of(project, review)
    open_ones = order[review.flagged[order] & (verdict == "")]
    normal = np.union1d(parts.fit, parts.calibration) if parts.has_reference else np.sort(order[~review.flagged[order]])
    events = order[verdict == "operational event"]

    def fit(index: np.ndarray) -> np.ndarray:
        return index[fitting(project, review, rule, index, None, watch)]

    def share(index: np.ndarray) -> Share:
        tried = _sample(index) if rule.looks_closer else index
        return Share(len(fit(tried)), len(tried), len(index))

    flagged, alike = fit(open_ones), share(normal)
    theirs = tuple(str(i) for i in ids[fit(events)])
    cautions = _cautions(len(flagged), len(open_ones), alike, theirs, parts.has_reference)
    return Effect(tuple(str(i) for i in ids[flagged]), share(np.sort(order)), alike, theirs, cautions)


def _sample(index: np.ndarray) -> np.ndarray:
    """The tracks a rule is tried on: all, or as many of them at random, always the same."""
    if len(index) <= MOST_LOOKED:
        return index
    return np.sort(np.random.default_rng(SEED).choice(index, MOST_LOOKED, replace=False))


def _cautions(silences: int, flagged: int, normal: Share, events: Sequence[str], reference: bool) -> tuple[str, ...]:
    said = []
    if events:
        more = f" and {len(events) - MOST_NAMED:,} more" if len(events) > MOST_NAMED else ""
        which = f"an operational event ({events[0]})" if len(events) == 1 else \
            f"{len(events):,} operational events ({', '.join(events[:MOST_NAMED])}{more})"
        said.append(f"It fits {which}: the next one like it would be silenced.")
    if normal.tried and normal.fits > MOST * normal.tried:
        kind = "normal tracks" if reference else "tracks that are not flagged"
        said.append(f"It fits {normal.said} {kind}: what most tracks do explains nothing of what is strange about this one.")
    if silences == flagged and flagged > 1:
        said.append(f"It would silence all {flagged:,} flagged tracks that have no verdict yet.")
    return tuple(said)


def with_rule(project: Project, rule: Silencing) -> Project:
    """The project with one more rule: one step to undo, one line of the history. DataError where it asks for nothing, or is there
    already."""
    check_rule(rule)
    if any(rule.asks == other.asks for other in project.silencing):
        raise DataError("This rule is there already.", "Change what it asks for.")
    made = replace(rule, made=rule.made or now())
    return remember(replace(project, silencing=(*project.silencing, made)), f"{_flagged(project)}: {_words(project, rule)}", rule.why)


def _flagged(project: Project) -> str:
    return f"Silenced flagged {'tracks' if project.world is None else called(project.world).tracks}"


def without_rule(project: Project, rule: Silencing) -> Project:
    """The project without a rule; the same project where it is not there."""
    left = tuple(other for other in project.silencing if other.asks != rule.asks)
    if len(left) == len(project.silencing):
        return project
    return remember(replace(project, silencing=left), f"Revoked the rule that silenced: {_words(project, rule)}")


def _words(project: Project, rule: Silencing) -> str:
    """A rule as the lab book tells it."""
    timed = project.paths is not None and told_when(project, project.paths)
    told = f"a track that {rule_words(rule, timed)}"
    return told if project.world is None else called(project.world).say(told)


def silenced_sentence(found: Silenced, row: int) -> str:
    """What silences the track in a row of the review's order, for its card; empty where nothing does."""
    rules = found.by(row)
    if not rules:
        return ""
    which = listed([f"a track that {rule_words(rule, found.timed)}" for rule in rules])
    return f"Silenced by {'a rule' if len(rules) == 1 else f'{len(rules):,} rules'}: {which}. It is still flagged."


def silenced_tracks(review: Review, found: Silenced) -> dict[str, str]:
    """Track -> the rules that silence it, in words, in the review's order."""
    rows: Iterable[int] = np.flatnonzero(found.mask).tolist()
    return {str(review.parts.paths.ids[review.order[row]]): "; ".join(rule_words(rule, found.timed) for rule in found.by(row))
            for row in rows}
