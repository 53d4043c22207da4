"""A verdict has one name, whoever tells of it."""

from typing import get_args

from app.review.component import HELP, OUTCOMES
from irlcore.analysis.triage import decided
from irlcore.project.project import Outcome, Project
from irlcore.project.verdicts import CALLED, MEANING, as_sentence, as_title


def test_every_verdict_has_a_name_and_a_meaning_of_its_own() -> None:
    assert set(CALLED) == set(MEANING) == set(HELP) == set(OUTCOMES) == set(get_args(Outcome))
    assert len(set(CALLED.values())) == len(CALLED)
    assert as_title("misunderstood") == "Lacks a feature" and as_sentence("misunderstood").startswith("Lacks a feature: what it was after")


def test_the_lab_book_says_the_name_and_the_project_keeps_the_key() -> None:
    project = decided(Project("town"), ["a"], "misunderstood", "")
    assert project.verdicts["a"].outcome == "misunderstood" and project.history[-1].what == "a: lacks a feature"
