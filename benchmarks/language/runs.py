"""Models of text trained with and without the term, and what is measured of each."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.language.self_bleu import self_bleu
from benchmarks.language.texts import Texts

if TYPE_CHECKING:
    from irlcore.language.network.sequence_model import SequenceModel

STEPS = 200
SEEDS = (20121, 20122, 20123)
SAMPLES = 200
LONGEST = 96
LAMS = {"0": (0.0, 0.0), ".01": (0.01, 0.0), ".1": (0.1, 0.0), ".1, own .1": (0.1, 0.1)}
"""Name -> lam, and the share of the term that is taken over own samples (the paper mixes in a tenth)."""
SMALL, SMALL_STEPS = 300, 400
"""Texts and steps where there is so little to learn from that it is learned by heart."""
SMALL_LAMS = {name: LAMS[name] for name in ("0", ".01", ".1")}
TIMED = 30


def measured(texts: Texts, lam: float, own: float, steps: int, seeds: tuple[int, ...]) -> tuple[dict[str, Any], SequenceModel[str]]:
    """Each measure as [mean, standard error over seeds, one by one], and the model of the first seed."""
    from irlcore.language.network.loss import Objective
    from irlcore.language.network.sequence_model import fit_text
    from irlcore.language.network.training import Settings

    one_thread()
    rows, first = list[dict[str, float]](), None
    known = "\0".join(texts.train)
    for seed in seeds:
        began = time.perf_counter()
        model = fit_text(texts.train, Settings(Objective(lam, 1.0, own), steps=steps, seed=seed), texts.vocabulary)
        took = time.perf_counter() - began
        test, train = model.measure(texts.test), model.measure(texts.train)
        sequences = model.sequences(samples := model.samples(SAMPLES, seed))
        rows.append({
            "heldout_nats": test.nats, "heldout_nats_a_character": test.a_character, "train_nats": train.nats,
            "self_bleu": self_bleu(samples), "copied": float(np.mean([one in known for one in samples])),
            "ended": float(sequences.ended.mean()), "reward": test.reward, "reward_sd": test.reward_sd, "reward_square": test.square,
            "seconds": took})
        first = first or model
    assert first is not None
    return {name: over_seeds([row[name] for row in rows]) for name in rows[0]}, first


def over_seeds(values: list[float]) -> list[Any]:
    """Mean, its standard error (None of one seed), and the values."""
    error = float(np.std(values, ddof=1) / len(values) ** 0.5) if len(values) > 1 else None
    return [float(np.mean(values)), error, values]


def told(found: dict[str, Any], name: str) -> str:
    """A measure with its error, 16 columns wide."""
    mean, error, _ = found[name]
    return f"{f'{mean:.3f}' + ('' if error is None else f' ({error:.3f})'):>16}"


def controls(texts: Texts) -> dict[str, float]:
    """Self-BLEU of ``SAMPLES`` held-out texts, cut off as samples are; held-out nats a token of a unigram (with one of each added)."""
    vocabulary = texts.vocabulary
    train, test = vocabulary.sequences(texts.train, LONGEST), vocabulary.sequences(texts.test, LONGEST)
    rows = np.random.default_rng(SEEDS[0]).permutation(len(test))[:SAMPLES]
    counts, seen = (Counter[int](), Counter[int]())
    for sequences, into in ((train, counts), (test, seen)):
        for i in range(len(sequences)):
            into.update(sequences.tokens[i, 1:sequences.lengths[i]].tolist())
    total = counts.total() + vocabulary.size
    nats = -sum(n * float(np.log((counts[token] + 1) / total)) for token, n in seen.items()) / seen.total()
    return {"self_bleu": self_bleu([vocabulary.decode(test.inside(int(row))) for row in rows]), "unigram_nats": nats}


def step_times(texts: Texts) -> dict[str, float]:
    """Processor ms of one step on one batch, the middle of ``TIMED``, by turns with and without the term so that both meet the same
    machine."""
    import torch

    from irlcore.language.network.loss import Objective, loss_of, steps_of
    from irlcore.language.network.training import Settings, improve
    from irlcore.language.network.transformer import Transformer

    one_thread()
    settings, vocabulary = Settings(), texts.vocabulary
    sequences = vocabulary.sequences(texts.train[:settings.batch], LONGEST)
    tokens, lengths = torch.from_numpy(sequences.tokens), torch.from_numpy(sequences.lengths)
    network = Transformer(vocabulary.size, settings.shape, settings.seed)
    adam = torch.optim.AdamW(network.parameters())
    took: dict[str, list[float]] = {"without": [], "with": []}
    for _ in range(TIMED):
        for name, objective in (("without", Objective()), ("with", Objective(0.1))):
            began = time.process_time()
            improve(network, adam, loss_of(steps_of(network(tokens), tokens, lengths), objective), 1e-4)
            took[name].append(1000.0 * (time.process_time() - began))
    without, with_term = (float(np.median(took[name])) for name in ("without", "with"))
    return {"without": without, "with": with_term, "ratio": with_term / without}


def one_thread() -> None:
    """So that figures do not hang on how many processors are idle."""
    import torch

    torch.set_num_threads(1)
