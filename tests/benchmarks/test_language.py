"""The measure of text: Self-BLEU is what a slow one gives, nothing held out was learned from, and the figures are there."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from importlib.util import find_spec
from pydoc_data import topics

import pytest

from benchmarks import language
from benchmarks.__main__ import main
from benchmarks.language import runs
from benchmarks.language.self_bleu import LITTLE, WORD, self_bleu
from benchmarks.language.texts import Texts, load_texts

TEXTS = ["the cat sat on the mat", "the cat sat on a mat, the the", "a dog", "the cat sat on the mat today", "(x, y)", "the"]


def slow_bleu(text: str, others: list[str]) -> float:
    """BLEU-4 of one text against all others, from its definition."""
    words, references = WORD.findall(text), [WORD.findall(other) for other in others]
    logs = []
    for n in range(1, 5):
        runs = [tuple(words[i:i + n]) for i in range(len(words) - n + 1)]
        found = 0.0
        for run, count in Counter(runs).items():
            found += min(count, max(sum(tuple(one[i:i + n]) == run for i in range(len(one))) for one in references))
        logs.append(math.log((found or LITTLE) / max(1, len(runs))))
    near = min((len(one) for one in references), key=lambda length: (abs(length - len(words)), length))
    return math.exp(sum(logs) / 4) * (1.0 if len(words) >= near else math.exp(1 - near / len(words)))


def test_self_bleu_is_what_its_definition_gives() -> None:
    expected = sum(slow_bleu(text, TEXTS[:i] + TEXTS[i + 1:]) for i, text in enumerate(TEXTS)) / len(TEXTS)
    assert self_bleu(TEXTS) == pytest.approx(expected, rel=1e-12)


def test_self_bleu_of_the_same_texts_is_one_and_of_unlike_ones_near_nothing() -> None:
    assert self_bleu(["a b c d e"] * 3) == pytest.approx(1.0)
    assert self_bleu(["a b c d e", "f g h i j", ""]) < 0.05


def test_nothing_held_out_was_learned_from() -> None:
    texts = load_texts()
    assert not set(texts.train) & set(texts.test)
    assert len(texts.train) > 5 * len(texts.test) > 0 and len(set(texts.train)) == len(texts.train)
    whole = "\n\n".join(topics.topics.values())
    assert all(one in whole for one in texts.test)
    assert load_texts() == texts


@pytest.mark.kernels
def test_every_figure_is_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="torch is not installed: it is the optional extra motive[language]", exc_type=ImportError)
    for name, few in (("SAMPLES", 10), ("TIMED", 2)):
        monkeypatch.setattr(runs, name, few)
    texts = load_texts()
    out = language.run(2, (1,), Texts(texts.train[:100], texts.test[:30]))
    json.dumps(out)
    assert set(out["lambda"]) == {"0", ".01", ".1", ".1, own .1"}
    assert set(out["small"]) == {"0", ".01", ".1"}
    for found in (*out["lambda"].values(), *out["small"].values()):
        assert 4.0 < found["heldout_nats"][0] < 7.0 and found["heldout_nats"][1] is None
        assert 0.0 <= found["self_bleu"][0] <= 1.0 and 0.0 <= found["copied"][0] <= 1.0
    assert 1e6 <= out["parameters"] <= 5e6
    assert out["step_ms"]["with"] > 0.0 and out["controls"]["self_bleu"] > 0.0 and out["rewards"]["tokens"]
    assert "Rewards of a held-out text" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "said"), [("vmt", "vmt is not measured on language: leave --language out."),
                                            ("sequences", "motive[language]")])
def test_language_is_asked_of_sequences_alone(name: str, said: str, monkeypatch: pytest.MonkeyPatch,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    if name == "sequences" and find_spec("torch") is not None:
        pytest.skip("torch is installed, so the benchmark would run")
    monkeypatch.setattr(sys, "argv", ["benchmarks", name, "--language"])
    if name == "vmt":
        with pytest.raises(SystemExit):
            main()
    else:
        assert main() == 1
    assert said in capsys.readouterr().err
