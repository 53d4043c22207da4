"""The method part of a report names what ran, with its references, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.compare import Comparison, explained_best
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.project import ComparisonRecord, GoalGroup
from irlcore.rationality.models import DEFAULT, MODELS
from irlcore.report.basis_words import BASIS_REFERENCES
from irlcore.report.fit_words import how_ended, interval_sentences, own_sentences
from irlcore.report.method import CONTROLS, ESTIMATOR_REFERENCES, MODEL_REFERENCES, SCORE_WORDS, VALUE_REFERENCES, Method, method_of
from irlcore.report.references import REFERENCES
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.kinds import COMBINED
from tests.report.made import town

ONLY_WHERE_THEY_RAN = {"Vovk", "Benjamini", "Bates", "Baker", "Stone", "Rao", "Ziebart", "McFadden", "Ramachandran", "Singliar", "Abbeel",
                       "Louis", "Liang", "Hartigan", "Rodriguez"}


def method(control: FalseAlarmControl | None = None, intents: bool = True, **changed: object) -> Method:
    project, review, _ = town()
    assert project.fit is not None
    record = replace(project.fit, result=replace(project.fit.result, **changed))
    return method_of(project, record, replace(review, control=control or review.control), intents)


def named(found: Method) -> set[str]:
    return {name for name in ONLY_WHERE_THEY_RAN if any(name in one for one in found.references)}


def test_everything_that_can_run_has_its_words_and_every_reference_is_used() -> None:
    assert set(MODEL_REFERENCES) == set(MODELS) and set(ESTIMATOR_REFERENCES) == set(ESTIMATORS)
    tables = (*MODEL_REFERENCES.values(), *ESTIMATOR_REFERENCES.values(), *BASIS_REFERENCES.values(),
              VALUE_REFERENCES, *(keys for _, keys in CONTROLS.values()))
    used = {key for keys in tables for key in keys}
    used |= {"rao1948", "neyman1959", "louis1982", "huber1967", "white1982", "liang1986", "bell2002", "satterthwaite1946", "stone1974",
             "bengio2004", "baker2009", "hartigan1975", "rodriguez2014", "vovk2021", "pickands1975"}
    assert used == set(REFERENCES)
    assert all(re.search(r"\((19|20)\d\d\)\. ", one) and one.endswith(".") for one in REFERENCES.values())


@pytest.mark.parametrize("name", MODELS)
def test_the_model_that_ran_is_named_with_its_reference(name: str) -> None:
    found = method(rationality=name)
    assert (named(found) & {"Ramachandran", "Singliar", "Ziebart", "McFadden"}) == {
        "boltzmann": {"Ramachandran"}, "maxent": {"Ziebart"}, "conditional_logit": {"McFadden"}}.get(name, {"Singliar"})
    assert any(MODELS[name].title.split(":")[0].split(",")[0] in one for one in found.sentences)


def test_value_features_are_named_with_their_references() -> None:
    found = method(rationality="boltzmann+heading")
    told = " ".join(found.references)
    assert all(name in told for name in ("Ramachandran", "Bongiorno", "Harada")) and "Harada" not in " ".join(method().references)
    assert any("Boltzmann with the heading off the goal" in one for one in found.sentences)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_estimator_that_ran_is_named_and_intervals_only_where_there_are_any(name: str) -> None:
    found = method(estimator=name)
    assert ("Huber" in " ".join(found.references)) == ESTIMATORS[name].intervals
    assert any(ESTIMATORS[name].title.split(" (")[0].lower() in one for one in found.sentences)
    assert ("Abbeel" in named(found)) == (name in ("max_margin", "projection"))


@pytest.mark.parametrize(("kind", "who"), [("share_of_flags", {"Vovk", "Benjamini", "Bates"}), ("share_of_normal", {"Vovk"}),
                                           ("strangest", set())])
def test_the_control_that_ran_is_named(kind: str, who: set[str]) -> None:
    found = method(FalseAlarmControl(kind, 0.1))
    assert named(found) & {"Vovk", "Benjamini", "Bates"} == who
    assert CONTROLS[kind][0] in " ".join(found.sentences)


def test_what_did_not_run_is_not_named() -> None:
    found = method(intents=False)
    assert not named(found) & {"Baker", "Stone", "Rao", "Louis", "Liang", "Abbeel", "Hartigan", "Rodriguez"}
    assert "Baker" in named(method()) and "Goals" in " ".join(method().sentences)
    project, review, _ = town()
    assert project.fit is not None
    tried = method_of(replace(project, tried={project.agent_class: 12}), project.fit, review, False)
    assert "Rao" in named(tried) and "12 candidate features were looked at" in " ".join(tried.sentences)
    assert "Liang" in named(method(agents=40)) and "the scores of 40 agents" in " ".join(method(agents=40).sentences)


def test_the_numbers_of_what_ran_are_told_as_the_fit_page_tells_them() -> None:
    project, review, _ = town()
    assert project.fit is not None
    record, result = project.fit, project.fit.result
    own = {"own_names": ("sigma2",), "own": np.array([0.3]), "own_se": np.array([0.1])}
    noisy = replace(result, rationality=DEFAULT, freedom=np.append(result.freedom, np.inf), **own)
    whole = " ".join(method_of(project, replace(record, result=noisy), review, False).sentences)
    assert own_sentences(noisy)[0].startswith(MODELS[DEFAULT].parameters[0].title) and interval_sentences(noisy)
    for words in (*own_sentences(noisy), *interval_sentences(noisy), how_ended(noisy)):
        assert words in whole
    nats = np.array([[-1.0] * 40, [-2.0] * 20 + [-2.5] * 20])
    compared = Comparison(("maxent", "boltzmann"), ("MaxEnt", "Boltzmann"), ("", ""), np.arange(40) % 5, nats, 1.0, 0.1,
                          "2026-01-01T00:00:00+00:00", result.data_hash)
    held = replace(project, comparisons=(ComparisonRecord(compared, record.features, project.agent_class),))
    said = " ".join(method_of(held, record, review, False).sentences)
    assert "40 trips held out in 5 folds" in said and explained_best(compared)[0] in said
    changed = replace(held, features=held.features[:-1])
    assert "held out in 5 folds" not in " ".join(method_of(changed, record, review, False).sentences)


def test_the_grouping_of_ends_is_told_whether_or_not_the_analyst_adjusted_it() -> None:
    project, review, _ = town()
    assert project.fit is not None and project.agent_class not in project.goals
    apart: tuple[GoalGroup, ...] = ()
    for goals, words, cited in ((None, "grouped by clustering", True), ((GoalGroup("quay", ("0",)),), "the analyst adjusted", True),
                                (apart, "every end as a goal of its own", False)):
        held = project if goals is None else replace(project, goals={project.agent_class: goals})
        found = method_of(held, project.fit, review, True)
        assert words in found.sentences[-1] and named(found) >= {"Baker"}
        assert named(found) & {"Hartigan", "Rodriguez"} == ({"Hartigan", "Rodriguez"} if cited else set())
        assert ("grouped by clustering" in found.sentences[-1]) == cited and ("adjusted" in found.sentences[-1]) == bool(goals)


def test_the_marks_lead_to_the_references_in_order() -> None:
    found = method()
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", " ".join(found.sentences))]
    assert list(dict.fromkeys(marks)) == list(range(1, len(found.references) + 1))
    assert len(set(found.references)) == len(found.references)


def test_the_score_that_ranks_is_told() -> None:
    project, review, _ = town()
    assert project.fit is not None
    for score, words in SCORE_WORDS.items():
        assert words in " ".join(method_of(project, project.fit, replace(review, score=score), False).sentences)


def test_the_score_that_ranks_is_named_with_what_it_finds() -> None:
    project, review, _ = town()
    assert project.fit is not None and review.scored.evidence is not None
    words = {COMBINED: "all scores together: ", "unshared_steps": "steps that no like track shares: the steps ", "surprise": "surprise: "}
    for score, first in words.items():
        found = method_of(project, project.fit, replace(review, score=score), False)
        said, = (one for one in found.sentences if one.startswith("Ranked by"))
        assert said.startswith(f"Ranked by {first}") and " of 100 planted oddities at 5 % false alarms" in said
        assert any("E-values" in one for one in found.references) == (score == COMBINED)
