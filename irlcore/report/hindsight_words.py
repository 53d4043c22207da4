"""Hindsight in words and tables, for the page and the files."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from irlcore.analysis.hindsight import Hindsight, Kept, Ranking, Wrong
from irlcore.analysis.next_feature import FEWEST_OTHERS, LUCK, Separated
from irlcore.quantities import counted, plain
from irlcore.review.parts.kinds import TITLES

CAUTION = ("All of this is of the labelled tracks alone. A score or a feature that is best here was chosen with the labels in sight: try "
           "it on tracks whose labels it has not seen.")
HELP = ("AUC: how often an abnormal track is stranger than a normal one (0.5 is chance). Average precision: the share of abnormal tracks "
        "among the strangest, averaged over where each abnormal one stands.")


def hindsight_sentences(found: Hindsight) -> tuple[str, ...]:
    """All of it in sentences: the list, its promise, which score would have been best, what the next feature should have been."""
    return (list_sentence(found), promise_sentence(found.promise), best_sentence(found), feature_sentence(found.for_missed, True),
            feature_sentence(found.for_false, False))


def list_sentence(found: Hindsight) -> str:
    """What the list had, and what it had wrong."""
    flagged, false = found.hits + len(found.false_alarms), len(found.false_alarms)
    had = (f"Of {counted(found.abnormal, 'abnormal track')} the list has {found.hits:,} and missed {len(found.missed):,}" if found.abnormal
           else "None of the labelled tracks is abnormal")
    alarms = f"{false:,} are false alarms" if false > 1 else f"{'1' if false else 'none'} is a false alarm"
    wrong = (f"of the {counted(flagged, 'flagged track')} with a label {alarms}" if flagged else
             "none of the flagged tracks has a label" if found.unlabelled else "no track is flagged")
    said = f"{had}; {wrong}."
    if found.unlabelled:
        said += f" {counted(found.unlabelled, 'reviewed track')} {'has' if found.unlabelled == 1 else 'have'} no label."
    if found.known:
        said += (f" {counted(len(found.known), 'track')} named as normal {'was' if len(found.known) == 1 else 'were'} labelled abnormal: "
                 "what is normal was learned from such, too.")
    if found.elsewhere:
        said += (f" {counted(found.elsewhere, 'label')} more {'is of a track' if found.elsewhere == 1 else 'are of tracks'} that "
                 f"{'is' if found.elsewhere == 1 else 'are'} not reviewed here, and {'tells' if found.elsewhere == 1 else 'tell'} nothing.")
    return said


def promise_sentence(found: Kept | None) -> str:
    """What was promised of false alarms against what was seen."""
    if found is None:
        return "Nothing was promised of false alarms, or no label tells whether it was kept."
    share, were = found.seen / found.of, "was" if found.seen == 1 else "were"
    seen = f"{share:.1%} (95 % interval {found.low:.1%} to {found.high:.1%})"
    if found.control.kind == "share_of_flags":
        return (f"Of {counted(found.of, 'flagged track')} with a label {found.seen:,} {were} normal: {seen}. "
                f"Promised was at most {found.control.rate:.1%} on average over many lists; one list may have more.")
    fate = "more than luck allows: the promise does not hold here" if found.broken else "within what luck allows"
    if found.allowed < found.seen <= found.most:
        fate = ("more than luck allows where tracks were labelled whether they are flagged or not; where flagged ones were labelled rather "
                f"than others it says nothing, and {counted(found.unlabelled, 'reviewed track')} "
                f"{'has' if found.unlabelled == 1 else 'have'} no label")
    return (f"Of {counted(found.of, 'normal track')} with a label {found.seen:,} {were} flagged: {seen}. Promised were about "
            f"{found.control.rate:.1%}; where that holds, up to {found.allowed:,} are seen in 95 of 100 such reviews, so this is {fate}.")


def best_sentence(found: Hindsight) -> str:
    """Which score would have ranked best."""
    best, own = found.rankings[0], found.own
    if math.isnan(best.average_precision) or math.isnan(best.auc):
        return "Which score ranks best cannot be told without labels of both kinds."
    said = [(f"{one.average_precision:.2f}", f"{one.auc:.3f}") for one in (best, own)]
    if best.score == own.score or said[0] == said[1]:  # a difference that cannot be shown is none
        return f"No score ranks better than {TITLES[own.score].lower()}: average precision {own.average_precision:.2f}, AUC {own.auc:.3f}."
    return (f"{TITLES[best.score]} would have ranked best: average precision {best.average_precision:.2f} against "
            f"{own.average_precision:.2f} of {TITLES[own.score].lower()}, AUC {best.auc:.3f} against {own.auc:.3f}.")


def feature_sentence(found: Separated, missed: bool) -> str:
    """What the next feature should have been. missed: for the abnormal tracks that were not flagged, else for the false alarms."""
    who = "missed track" if missed else "false alarm"
    if not found.some:
        return f"There is no {who}: no feature is asked for."
    if found.others < FEWEST_OTHERS:
        return f"There are too few normal tracks to tell what sets the {who}s apart: {found.others:,}, and {FEWEST_OTHERS} are needed."
    if not found.best:
        return f"No feature that could be named here says anything new of the {who}s."
    best = found.best[0]
    did = f"{'more' if best.more else 'less'} of \"{best.spec.name}\""
    if best.luck > LUCK:
        return (f"No feature surely tells the {who}s from normal tracks: the best of {found.tried:,}, {did}, does so in "
                f"{best.separation:.0%} of pairs, and the best does as well by luck with probability {plain(best.luck, 2)}.")
    end = "Name it, and such tracks can be flagged." if missed else "Name it, and such tracks can be explained."
    return (f"The next feature should have been \"{best.spec.name}\": {who}s used {did} than the model expects, in "
            f"{best.separation:.0%} of pairs with a normal track (by luck: probability {plain(best.luck, 2)}, "
            f"{found.tried:,} features tried). {end}")


def wrong_table(tracks: Sequence[Wrong]) -> pd.DataFrame:
    """A row a track."""
    return pd.DataFrame([(one.rank, one.track, one.p, one.why) for one in tracks], columns=["place", "track", "p or share", "why"])


def ranking_table(found: Sequence[Ranking]) -> pd.DataFrame:
    """A row a score, the best first."""
    return pd.DataFrame([(TITLES[one.score], one.auc, one.average_precision, one.precision, one.missing) for one in found],
                        columns=["score", "AUC", "average precision", "precision of the list", "not measured"])


def feature_table(found: Separated) -> pd.DataFrame:
    """A row a candidate, the best first."""
    return pd.DataFrame([(one.spec.name, "more" if one.more else "less", one.apart, one.separation, one.luck) for one in found.best],
                        columns=["feature", "used", "apart (standard errors)", "told apart (share of pairs)", "by luck (probability)"])
