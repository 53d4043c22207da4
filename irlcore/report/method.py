"""How the numbers of a report were found, built from what really ran: the model, the estimator, the intervals, the control of false alarms,
the scores and the features, each with its references. Nothing that did not run is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.analysis.comparison import comparison_staleness
from irlcore.analysis.ranking import Review
from irlcore.analysis.roaming import roaming
from irlcore.features.base import kind_of
from irlcore.fitting.compare import explained_best
from irlcore.fitting.estimators import ESTIMATORS, settings_words
from irlcore.fitting.result import FitResult
from irlcore.project.heeding import heeded_sentences
from irlcore.project.project import FitRecord, Project
from irlcore.quantities import counted, listed
from irlcore.rationality.models import MODELS, named, plan_name, value_specs
from irlcore.report.basis_words import basis_method
from irlcore.report.fit_words import comparison_provenance, how_ended, interval_sentences, model_words, own_sentences
from irlcore.report.references import REFERENCES
from irlcore.report.text import LABEL, as_line
from irlcore.review.parts.kinds import COMBINED, KINDS
from irlcore.worlds.called import CALLED, Called, called, n_distinct
from irlcore.worlds.cells.kinds import cells_of
from irlcore.worlds.history.build import count_of
from irlcore.worlds.history.classes import aspects_of, class_count
from irlcore.worlds.world import A_PLACE, World

MODEL_REFERENCES: dict[str, tuple[str, ...]] = {
    "boltzmann": ("ramachandran2007",), "maxent": ("ziebart2010", "fosgerau2013"), "conditional_logit": ("mcfadden1974",),
    **{name: ("singliar2012",) for name in MODELS if name.startswith("noisy_value")}}
"""name in ``MODELS`` -> what it goes back to."""

VALUE_REFERENCES = ("bongiorno2021", "ng1999")
"""What value features beside a model go back to."""

ESTIMATOR_REFERENCES: dict[str, tuple[str, ...]] = {
    "maximum_likelihood": ("rust1987",), "linear_programme": ("ng2000",), "sampled_linear_programme": ("ng2000",),
    "max_margin": ("abbeel2004",), "projection": ("abbeel2004",), "trimmed_likelihood": ("neykov2003", "gervini2002"),
    "value_basis": ("aguirregabiria2002", "wulfmeier2024")}
"""name in ``ESTIMATORS`` -> what it goes back to."""

CONTROLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "share_of_flags": ("False alarms: conformal p-values against normal tracks that the fit did not see; the flags are those that keep the "
                       "expected share of normal tracks among them at the chosen rate (Benjamini and Hochberg's procedure).",
                       ("vovk2005", "benjamini1995", "bates2023")),
    "share_of_normal": ("False alarms: conformal p-values against normal tracks that the fit did not see; a track is flagged where its "
                        "p-value is at most the chosen rate.", ("vovk2005",)),
    "strangest": ("False alarms are not limited: no tracks were named as normal, so the strangest share of all is listed.", ())}
"""kind of ``FalseAlarmControl`` -> what was done, and what that goes back to."""

SCORE_WORDS: dict[str, str] = {
    "surprise": "surprise: how improbable a track's steps are under the model, less what is usual between its start and its goal, in "
                "standard deviations of that",
    "improbability": "improbability: minus the log-probability of a track's steps under the model, in nats",
    "utility_gap": "extra cost: what a track paid over the best way from its start to its goal",
    "worst_stretch": "worst stretch: by how much choosing at random explains some part of a track, short or long, better than the "
                     "model does, as a log-likelihood ratio in nats"}
"""name of a score -> what it is."""

ROAMING_WORDS: dict[str, str] = {
    "surprise": "surprise: how improbable a track's steps are under the model, less what is usual for walks of as many steps from its "
                "start, in standard deviations of that",
    "utility_gap": "extra cost: what a track paid over the best that it could do at each step"}
"""The same where no track has a destination, of the scores that ask for one."""


@dataclass(frozen=True, slots=True)
class Method:
    """sentences: what was done, in order, with marks "[n]" of the references. references: in that order, each once."""

    sentences: tuple[str, ...]
    references: tuple[str, ...]


def method_of(project: Project, record: FitRecord, review: Review, intents: bool) -> Method:
    """The method of a report. intents: whether goals were asked for."""
    words = called(project.world) if project.world is not None else CALLED["network"]
    of_tracks = [*_intervals(record.result), *_compared(project), _scores(review), CONTROLS[review.control.kind], *basis_method(review),
                 *([_intent(project)] if intents else [])]
    told: list[tuple[str, tuple[str, ...]]] = [
        _world(project, review), _features(project, record, words), _model(record.result), _estimator(record.result, words),
        *((words.say(text), used) for text, used in of_tracks)]
    keys = list(dict.fromkeys(key for _, used in told for key in used))
    sentences = [" ".join([text, *(f"[{keys.index(key) + 1}]" for key in used)]) for text, used in told]
    return Method(tuple(sentences), tuple(REFERENCES[key] for key in keys))


def _world(project: Project, review: Review) -> tuple[str, tuple[str, ...]]:
    world = project.world
    assert world is not None
    hexagons = cells_of(world.settings) == "hexagons"
    if world.kind == "log":
        return _log(world, review)
    said = f"World: a {world.kind} of {world.n_places:,} {'hexagonal ' if hexagons else ''}{A_PLACE[world.kind]}s"
    if world.kind == "grid" and "cell" in world.settings:
        said += f" {'of the width' if hexagons else 'with a side of'} {float(world.settings['cell']):,.6g} {world.unit}"
    bands = f", in {world.n_bands} bands of time" if world.n_bands > 1 else ""
    chance = "" if world.mdp.deterministic else "; what a choice leads to is chance" if world.kind == "table" else "; a step may slip"
    return f"{said}{bands}{chance}. {_aims(review)}", ()


def _log(world: World, review: Review) -> tuple[str, tuple[str, ...]]:
    """What a log's states and choices are."""
    by, remembered = aspects_of(world), [as_line(str(one), LABEL) for one in world.settings["remembered"]]
    kinds = f", told apart by {listed([as_line(one, LABEL) for one in by])} ({counted(class_count(world), 'kind')})" if by else ""
    often = "how often" if count_of(world) > 1 else "whether"
    kept = f", and on {often} {listed(remembered)} {'has' if len(remembered) == 1 else 'have'} happened" if remembered else ""
    return (f"World: a log of {counted(n_distinct(world), 'different event')}{kinds}. Each sequence is a chain of choices, one for each "
            f"event and one for its end; what comes next hangs on the last events, {int(world.settings['order'])} at most{kept}."
            f"{_running(review)}", ())


def _running(review: Review) -> str:
    """That some sequences of a log had not ended when it was taken, empty where all had."""
    cut = int((review.parts.paths.goal < 0).sum())
    if not cut:
        return ""
    return f" {counted(cut, 'sequence')} had not ended when the log was taken: what came next is left open, and the end is no choice there."


def _aims(review: Review) -> str:
    """What the tracks were taken to be after."""
    paths = review.parts.paths
    roam, cut = int(roaming(paths).sum()), int((paths.goal < 0).sum())
    if roam == len(paths):
        return "Each track is a chain of choices. They have no destination: nothing ends their walk, and what comes later counts less."
    said = "Each track is a chain of choices from its first place to its last, which is its goal"
    rest = [f"{counted(roam, 'track')} {'has' if roam == 1 else 'have'} no destination"] if roam else []
    if cut:
        rest.append(f"{counted(cut, 'track')} {'was' if cut == 1 else 'were'} cut off before the goal was seen, and "
                    f"{'is' if cut == 1 else 'are'} judged over all goals that {'it' if cut == 1 else 'they'} may have had")
    return f"{said}; but {', and '.join(rest)}." if rest else f"{said}."


def _features(project: Project, record: FitRecord, words: Called) -> tuple[str, tuple[str, ...]]:
    world = project.world
    assert world is not None
    said = [f"{as_line(spec.name, LABEL)} ({kind_of(spec).title.lower()})" for spec in record.features]
    counted_on = any(kind_of(spec).counts_tracks(spec.params) for spec in record.features)
    aside = " Those that count the class's own tracks are counted without the tracks that are judged by them." if counted_on else ""
    tried = project.tried.get(project.agent_class, 0)
    if tried:
        aside += (f" {counted(tried, 'candidate feature')} {'was' if tried == 1 else 'were'} looked at on the way, by the score test on "
                  "tracks held out; chances of luck were corrected for their number.")
    return f"Features, named by the analyst: {', '.join(said)}.{words.say(aside)}", ("rao1948", "neyman1959") if tried else ()


def _references(model: str) -> tuple[str, ...]:
    """What a model by its name goes back to, its value features with it."""
    return (*MODEL_REFERENCES[plan_name(model)], *(VALUE_REFERENCES if value_specs(model) else ()))


def _model(result: FitResult) -> tuple[str, tuple[str, ...]]:
    discount = "no discount" if result.gamma == 1.0 else f"a discount of {result.gamma:g} a step"
    sentence = named(result.rationality).sentence.split(". ")[0].rstrip(".")
    said = f"Model of how they choose: {model_words(result.rationality)}, {discount}. {sentence}."
    return " ".join([said, *own_sentences(result)]), _references(result.rationality)


def _estimator(result: FitResult, words: Called) -> tuple[str, tuple[str, ...]]:
    held = "" if np.isnan(result.held_out) else f"; how well it does is told on normal {words.tracks} that it did not see"
    title = ", ".join([ESTIMATORS[result.estimator].title.split(" (")[0].lower(), *settings_words(result)])
    return (f"Weights found by: {title}, on {counted(result.n_paths, words.track)}{held}. {how_ended(result)}",
            ESTIMATOR_REFERENCES[result.estimator])


def _intervals(result: FitResult) -> list[tuple[str, tuple[str, ...]]]:
    """What the intervals rest on and which weights have none; nothing where the estimator gives none."""
    said = " ".join(interval_sentences(result))
    if not said:
        return []
    if not np.isfinite(result.se).any():
        return [(said, ())]
    used: tuple[str, ...] = ("louis1982",) if result.curvature == "information left by beliefs" else ()
    used += ("huber1967", "white1982", *(("liang1986",) if result.agents else ()))
    return [(said, used + (("bell2002", "satterthwaite1946") if np.isfinite(result.freedom).any() else ()))]


def _compared(project: Project) -> list[tuple[str, tuple[str, ...]]]:
    """Which model explains the class best, where a comparison was made that still holds."""
    if project.comparison is None or comparison_staleness(project):
        return []
    compared = project.comparison.result
    said = f"Models compared: {len(compared.titles)}, on {comparison_provenance(compared)}"
    return [(" ".join([said, *explained_best(compared)]), ("stone1974", "bengio2004"))]


def _scores(review: Review) -> tuple[str, tuple[str, ...]]:
    normal = f" {len(review.parts.calibration):,} normal tracks calibrate." if review.parts.has_reference else ""
    heeded = "".join(f" {one}" for one in heeded_sentences(review.parts))
    words = {**SCORE_WORDS, **ROAMING_WORDS} if bool(roaming(review.parts.paths).all()) else SCORE_WORDS
    score, evidence = review.score, review.scored.evidence
    if score == COMBINED:
        said = "all scores together: how rare each is among the fitted tracks, weighed by a rule"
        said += "" if evidence is None else f" that was learned from {counted(int(evidence.planted.sum()), 'planted track')}"
        return f"Ranked by {said}.{_found(review)}{normal}{heeded}", ("vovk2021", "pickands1975")
    if score in KINDS:
        kind = KINDS[score]
        what = f"{kind.sentence[:1].lower()}{kind.sentence[1:].rstrip('.')}"
        return f"Ranked by {kind.title.lower()}: {what}.{_found(review)}{normal}{heeded}", ()
    return f"Ranked by {words[score]}.{_found(review)}{normal}{heeded}", ()


def _found(review: Review) -> str:
    """What the score finds of planted anomalies, where some were planted."""
    evidence = review.scored.evidence
    if evidence is None or review.score not in evidence.scores:
        return ""
    said = evidence.sentence(review.score).split(": ", 1)[1]
    return f" {said[:1].upper()}{said[1:]}"


def _intent(project: Project) -> tuple[str, tuple[str, ...]]:
    adjusted = project.goals.get(project.agent_class)
    used: tuple[str, ...] = ("baker2009",)
    if adjusted == ():
        grouped = "The analyst took every end as a goal of its own."
    else:
        grouped = "Neighbouring ends count as one goal: they are grouped by clustering, those where most trips end within reach leading"
        grouped += "." if adjusted is None else ", and the analyst adjusted the groups."
        used += ("hartigan1975", "rodriguez2014")
    return (f"Goals: the chance of each candidate given the steps seen so far, by Bayes' rule under the same model; candidates are the "
            f"commonest ends of the class's known tracks. {grouped}", used)
