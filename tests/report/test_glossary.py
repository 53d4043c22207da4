"""The glossary: every term has its meaning and an example, and what the screens name in their help stands in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from irlcore.elicitation.suggestions import LEVEL
from irlcore.report.glossary import BY_NAME, TERMS, Term, explained_terms, found_terms

APP = Path(__file__).resolve().parents[2] / "app"
JARGON = ("nat", "log-likelihood", "AIC", "gamma", "p-value", "entropy", "residual", "utility", "surprise", "extra cost", "worst stretch",
          "held out", "by luck", "Lagrange multiplier statistic", "interval", "standard error", "false alarm", "certain from", "precision",
          "discount", "maximum likelihood", "rationality", "weight", "zone", "goal", "feature")
"""Words that nobody can be asked to know, as screens write them."""


def helps() -> Iterator[tuple[str, str]]:
    """(file and line, text) of every literal in a ``help=`` of the app."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "help":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield f"{path.name}:{part.lineno}", part.value


def named() -> Iterator[tuple[str, str]]:
    """(file and line, term) of every term that the app asks the glossary for."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("explained_terms", "terms_explained"):
                for one in node.args:
                    if isinstance(one, ast.Starred) and path.name == "shell.py":
                        continue  # what hands them on
                    assert isinstance(one, ast.Constant), f"{path.name}:{one.lineno}: name the term, so that this test can see it"
                    yield f"{path.name}:{one.lineno}", one.value


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.name)
def test_every_term_is_told_in_two_sentences_with_an_example(term: Term) -> None:
    sentences = [s for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", term.meaning) if s]
    assert 1 <= len(sentences) <= 2 and term.meaning.endswith(".") and term.example
    assert set(term.pages) <= {"Tracks", "Features", "Fit", "Review", "Intent", "Report"}


def test_no_name_means_two_things() -> None:
    names = [name.lower() for term in TERMS for name in (term.name, *term.also)]
    assert len(names) == len(set(names)) == len(BY_NAME)


def test_terms_that_pages_ask_for_stand_in_the_glossary() -> None:
    asked = [*named()]
    assert len(asked) >= 10 and not [(where, one) for where, one in asked if one.lower() not in BY_NAME]


def test_words_of_the_trade_in_help_texts_stand_in_the_glossary() -> None:
    texts = [*helps()]
    used = {word for word in JARGON for _, text in texts if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)}
    assert len(texts) > 30 and len(used) >= 5
    known = [name for name in BY_NAME]
    assert not [word for word in used if not any(word.lower() in name for name in known)]


@pytest.mark.parametrize("word", JARGON)
def test_whatever_a_screen_may_name_is_explained(word: str) -> None:
    assert any(word.lower() in name for name in BY_NAME) and found_terms(word)


def test_help_takes_its_words_from_the_table() -> None:
    assert explained_terms("nat", "NAT") == f"**Nat**: {BY_NAME['nat'].meaning}"
    assert explained_terms("AIC", "gamma").count("\n\n") == 1
    with pytest.raises(KeyError):
        explained_terms("unheard of")
    assert f"{LEVEL:.0%}" in BY_NAME["by luck"].meaning


def test_a_search_finds_names_first_then_what_speaks_of_it() -> None:
    assert found_terms("") == found_terms("  ") == TERMS
    assert found_terms("NATS")[0].name != "Gamma" and found_terms("discount")[0].name == "Gamma"
    assert found_terms("nat")[0].name == "Nat" and len(found_terms("nat")) > 1
    assert found_terms("no such word anywhere") == ()
