"""What a proposal promises, in words: pure functions of a preview's numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from irlcore.analysis.proposals import Preview
from irlcore.elicitation.score_test import adjusted
from irlcore.elicitation.suggestions import LEVEL, Suggestion, least_support
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec
from irlcore.features.checks import embedded_spec
from irlcore.features.kinds.habit import OF
from irlcore.project.project import Outcome
from irlcore.project.verdicts import CALLED
from irlcore.quantities import plain
from irlcore.review.parts.kinds import TITLES

ALIKE = 0.95
FEWEST = 5.0  # trips that an analyst's own idea must rest on
LONGEST = 120  # characters of a sentence on a card
LEAST_NATS = 0.5  # that a flagged track gains where a feature clearly helps it
RE_RANKED = ("surprise", "improbability")  # scores that a preview works out anew, so that it can tell who would leave the list
LEAST_TIMES = 1.05  # below, a track is hardly likelier
JOINED = {"times": "\u00d7", "minus": "\u2212"}
HOW = {"and": "and", "or": "or", "times": "times", "minus": "minus"}
OURS = ("Habit by", "Class traffic by", "How much", "1 for", "1 where", "The share", "Uses", "Length of", "Natural log")
ENOUGH = f"1 chance in {round(1.0 / LEVEL)}"
"""The chance of luck that a candidate may have, all that were looked at counted in."""

GOOD, LUCK, NOTHING, HARM = "Worth accepting", "Could be luck", "Says nothing new", "Would do harm on tracks held out"


def verdict_words(test: Suggestion, tried: int, n_trips: int, suggested: bool = True) -> str:
    """One of the four above; what rests on very few of the ``n_trips`` could be luck whatever its statistic. An idea of the analyst's
    own, not ``suggested`` as the best of many, needs ``FEWEST``."""
    if test.lm == 0.0:
        return NOTHING
    if adjusted(test.lm, tried) > LEVEL or test.support < (least_support(n_trips) if suggested else FEWEST):
        return LUCK
    return GOOD if test.held_out > 0.0 else HARM


def luck_words(lm: float, tried: int) -> str:
    """The chance of so large a statistic where nothing is there, the number of candidates counted in, and what counts as enough."""
    looked = "1 candidate" if tried <= 1 else f"{tried:,} candidates"
    enough = "that is enough" if float(adjusted(lm, tried)) <= LEVEL else "not enough"
    return f"{chance_words(lm, tried)}, with {looked} looked at: {enough} (at most {ENOUGH} counts)"


def chance_words(lm: float, tried: int) -> str:
    """The chance alone: "1 chance in 140 by luck"."""
    p = float(adjusted(lm, tried))
    if p >= 0.5:
        return "quite likely by luck"
    if p < 1e-9:
        return "less than 1 chance in a billion by luck"
    return f"{p:.0%} likely by luck" if p >= 0.1 else f"1 chance in {round_to_two(1.0 / p):,} by luck"


def support_words(test: Suggestion, n_trips: int, suggested: bool = True) -> str:
    """On how many tracks it rests, and how many are asked for, where they are too few."""
    least = least_support(n_trips) if suggested else FEWEST
    rests = f"it rests on about {test.support:,.0f} {'track' if round(test.support) == 1 else 'tracks'}"
    return f"{rests}, too few to count (at least {math.ceil(least):,} do)" if test.support < least else rests


def round_to_two(value: float) -> int:
    """A whole number of two digits that count."""
    digits = max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return int(round(value / 10**digits) * 10**digits)


def nats(value: float) -> str:
    """A gain with its sign, a digit after the point where it is small."""
    return f"{value:+,.0f} nats" if abs(value) >= 10.0 else f"{round(value, 1) + 0.0:+.1f} nats"


def gain_words(test: Suggestion, n_trips: int) -> str:
    """The predicted gain on the trips fitted to, what it means for one of them, and held out."""
    times = math.exp(min(test.gain / max(n_trips, 1), 20.0))
    each = f" (each {plain(times, 2)} times as likely)" if times >= LEAST_TIMES else ""
    return f"about {nats(test.gain)} on {n_trips:,} tracks{each}, held out {nats(test.held_out).removesuffix(' nats')}"


def title_words(spec: FeatureSpec) -> str:
    """A short title for a list: what a feature counts, without the fit or the distances that its name may tell."""
    of = str(spec.params.get("of", ""))
    if spec.kind == "habit":
        return f"Habit by {of}"
    if spec.kind == "traffic":
        return f"Class traffic by {of}"
    if spec.kind == "combine":
        first, second = _parts(spec)
        if first is not None and second is not None:
            return f"{title_words(first)} {JOINED.get(str(spec.params.get('how')), 'with')} {_small(title_words(second))}"
    return spec.name


def short_words(spec: FeatureSpec, unit: str) -> str:
    """One short sentence: what a feature measures, without what the preview tells anyway."""
    of = str(spec.params.get("of", ""))
    if spec.kind == "habit":
        return f"How much more {OF.get(of, 'it')} is used than this fit expects."
    if spec.kind == "combine":
        first, second = _parts(spec)
        if first is not None and second is not None:
            words = [short_words(part, unit).removesuffix(".") for part in (first, second)]
            return f"{words[0]}; {HOW.get(str(spec.params.get('how')), 'with')}: {_small(words[1])}."
    said = KINDS[spec.kind].describe(spec.params, unit).replace(" (no unit)", "").replace(" in the training tracks", "")
    return said.replace("Natural log of the share", "The share, as a logarithm,").replace("Natural log of uses", "Uses, as a logarithm,")


def sentence_words(spec: FeatureSpec, unit: str) -> str:
    """What a feature measures: the whole sentence, the short one where that would fill a card."""
    said = KINDS[spec.kind].describe(spec.params, unit)
    return said if len(said) <= LONGEST else short_words(spec, unit)


def _parts(spec: FeatureSpec) -> list[FeatureSpec | None]:
    """The two features of a combination, None for one that cannot be read."""
    found: list[FeatureSpec | None] = []
    for part in ("first", "second"):
        try:
            found.append(embedded_spec(spec.params.get(part), part))
        except FeatureError:
            found.append(None)
    return found


def _small(text: str) -> str:
    """Words of ours in the middle of a sentence; an analyst's own name stays as it is."""
    return text[:1].lower() + text[1:] if text.startswith(OURS) else text


def sign_words(weight: float) -> str:
    """What the predicted weight means."""
    return "no effect" if weight == 0.0 else "avoided" if weight < 0.0 else "sought"


def side_words(low: float, high: float) -> str:
    """The same of a weight whose whole interval lies on one side of 0; empty where that cannot be told."""
    return sign_words(low) if low > 0.0 or high < 0.0 else ""


def explained_words(preview: Preview, flagged: int, score: str) -> str:
    """What it would do for the ``flagged`` tracks, in Markdown: how many become clearly likelier, which alone takes none off the list, and
    how many it is reckoned to take off. score: by which they are ranked; some are not worked out anew, and then nothing is said of that."""
    likelier = sum(nats >= LEAST_NATS for _, nats, _ in preview.explained)
    leaving = sum(leaves for _, _, leaves in preview.explained)
    which = f"**{likelier or 'none'} of {flagged} flagged** tracks"
    said = f"Would make {which} clearly likelier (by {math.exp(LEAST_NATS):.1f} times or more)"
    if score not in RE_RANKED:
        return f"{said}. Whether one would leave the list shows after a refit."
    return f"{said}; reckoned to leave the list: **{leaving or 'none'}**."


def alike_words(preview: Preview) -> str:
    """The closest feature of the fit, and whether the proposal says almost the same."""
    if not preview.correlation:
        return ""
    name, r = preview.correlation[0][0], round(preview.correlation[0][1], 2) + 0.0
    if abs(r) >= ALIKE:
        return f'says almost the same as "{name}" (correlation {r:.2f})'
    return f'closest to "{name}" (correlation {r:.2f})'


def ranked_change_words(scores: tuple[str, str]) -> str:
    """That the lists before and after are ranked by two scores, where they are. scores: their names."""
    before, after = scores
    if before == after:
        return ""
    return (f"Before, {TITLES[before]} ranked, now {TITLES[after]} does, each by what it finds under its fit: who enters and who leaves is "
            "owed to that as well, and not to the refit alone.")


def known_words(known: Mapping[Outcome, tuple[int, int]], verdicts: Mapping[Any, int]) -> list[str]:
    """What became of the tracks with a verdict: one sentence an outcome. verdicts: how many there are of each outcome."""
    lines = []
    for outcome, (before, after) in known.items():
        n = verdicts.get(outcome, 0)
        now = "all are" if after == n > 1 else "none is" if after == 0 else f"{after} {'is' if after == 1 else 'are'}"
        was = f"{before} {'was' if before == 1 else 'were'}"
        lines.append(f'Of {n} with the verdict "{CALLED[outcome]}", {was} flagged before, {now} flagged now.')
    return lines
