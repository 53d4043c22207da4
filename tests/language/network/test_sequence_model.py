"""The network and what is fitted with it: nothing is seen ahead, the same seed is the same model, it learns, and rewards add up."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.language.network.loss import Objective, steps_of
from irlcore.language.network.sampling import sample
from irlcore.language.network.sequence_model import SequenceModel, fit_events, fit_text, read
from irlcore.language.network.training import Settings, train
from irlcore.language.network.transformer import Shape, Transformer
from irlcore.language.vocabulary import END, Sequences, Vocabulary

pytestmark = pytest.mark.kernels

SMALL = Shape(16, 2, 2, 12)
TEXTS = ["ab"] * 12 + ["abb"] * 4 + ["ba"] * 2 + ["b"] * 2
"""Frequencies .6, .2, .1, .1: their entropy is 1.089 nats a text."""


def settings(objective: Objective | None = None, steps: int = 60, seed: int = 1) -> Settings:
    return Settings(objective or Objective(), SMALL, steps, 20, 1e-2, 0.0, seed)


def fitted(objective: Objective | None = None, steps: int = 60, seed: int = 1) -> SequenceModel[str]:
    return fit_text(TEXTS, settings(objective, steps, seed), Vocabulary())


def some_network(seed: int = 5) -> Transformer:
    """Weights larger than those it begins with, so that what is tested is no matter of rounding."""
    network = Transformer(END + 3, SMALL, seed)
    with torch.no_grad():
        for weights in network.parameters():
            weights += 0.3 * torch.randn(weights.shape, generator=torch.Generator().manual_seed(seed))
    return network


def test_nothing_is_seen_ahead() -> None:
    network, tokens = some_network(), torch.tensor([[END, 3, 4, 5, 6, 7]])
    other = tokens.clone()
    other[0, 4:] = torch.tensor([9, 9])
    one, two = network(tokens), network(other)
    torch.testing.assert_close(one[:, :4], two[:, :4])
    assert not torch.allclose(one[:, 4:], two[:, 4:])


def test_token_by_token_is_what_all_at_once_is() -> None:
    network, tokens = some_network(), torch.randint(0, END, (3, 12), generator=torch.Generator().manual_seed(1))
    past, out = None, []
    for t in range(12):
        logits, past = network.onward(tokens[:, t:t + 1], past)
        out.append(logits)
    torch.testing.assert_close(torch.cat(out, 1), network(tokens), rtol=1e-4, atol=1e-4)
    with pytest.raises(FitError, match="13 tokens is longer than the 12"):
        network.onward(tokens[:, :1], past)


def test_samples_come_as_often_as_the_network_says() -> None:
    """First tokens of 20,000 samples against their chances, within 4.5 standard errors: other seeds would fail once in 500 at most."""
    network, n = some_network(), 20_000
    chance = torch.softmax(network(torch.tensor([[END]]))[0, 0], -1)
    chance[END] = 0.0
    chance = (chance / chance.sum()).detach().double().numpy()
    found = sample(network, n, torch.Generator().manual_seed(2))
    share = np.bincount(found.tokens[:, 1], minlength=network.size) / n
    often = chance > 0.002
    assert often.sum() > 20
    error = np.sqrt(chance * (1 - chance) / n)
    assert (np.abs(share - chance)[often] < 4.5 * error[often]).all()


def test_samples_are_sequences_that_end_once() -> None:
    found = sample(some_network(), 300, torch.Generator().manual_seed(3))
    assert (found.tokens[:, 0] == END).all() and found.tokens.shape[1] <= SMALL.longest
    for row, length, ended in zip(found.tokens, found.lengths, found.ended, strict=True):
        assert (row[1:length - 1] != END).all() and (row[length:] == END).all()
        assert ended or length == SMALL.longest


def test_a_low_temperature_takes_the_likeliest() -> None:
    found = sample(some_network(), 20, torch.Generator().manual_seed(3), 1e-4)
    assert (found.tokens == found.tokens[0]).all()


@pytest.mark.parametrize("objective", [Objective(), Objective(0.1, 1.0, 0.3)], ids=str)
def test_the_same_seed_is_the_same_model(objective: Objective) -> None:
    one, two, other = fitted(objective, 12), fitted(objective, 12), fitted(objective, 12, seed=2)
    np.testing.assert_array_equal(one.losses, two.losses)
    assert one.samples(5, 7) == two.samples(5, 7) and one.measure(TEXTS) == two.measure(TEXTS)
    assert not np.array_equal(one.losses, other.losses)


def test_likelihood_comes_to_the_entropy_of_the_texts() -> None:
    model = fitted(steps=150)
    a_text = model.measure(TEXTS).nats * model.measure(TEXTS).tokens / len(TEXTS)
    assert 1.0889 < a_text < 1.13


def test_the_term_makes_rewards_smaller_and_distinct_texts_more_even() -> None:
    plain, tied = fitted(steps=200), fitted(Objective(10.0), steps=200)
    assert tied.measure(TEXTS).square < 0.5 * plain.measure(TEXTS).square
    texts = ["ab", "abb", "ba", "b"]
    spread = [np.ptp([shown.log_chance.sum() for shown in model.rewards(texts)]) for model in (plain, tied)]
    assert spread[1] < 0.6 * spread[0]


def test_own_samples_change_what_is_learned_only_with_the_term() -> None:
    np.testing.assert_array_equal(fitted(Objective(0.0, 1.0, 0.5), 12).losses, fitted(steps=12).losses)
    assert not np.array_equal(fitted(Objective(0.1, 1.0, 0.5), 12).losses, fitted(Objective(0.1), 12).losses)


def test_rewards_of_a_whole_text_are_its_log_chance_and_the_value_of_its_start() -> None:
    model = fitted(Objective(0.1))
    for shown, text in zip(model.rewards(["abb", "b", "ab"]), ["abb", "b", "ab"], strict=True):
        assert shown.pieces == (*text, "(end)")
        total = float((shown.reward + shown.baseline).sum())
        assert total == pytest.approx(float(shown.log_chance.sum()) + shown.value, abs=1e-4)
    seen = np.concatenate([shown.reward for shown in model.rewards(TEXTS)])
    assert abs(seen.mean()) < 1e-6


def test_what_is_read_side_by_side_is_what_is_read_alone() -> None:
    network, vocabulary = some_network(), Vocabulary()
    sequences = vocabulary.sequences(["a" * n for n in (5, 1, 9, 20, 3)], SMALL.longest - 2)
    for row, chance, reward, value in read(network, sequences, 0.9):
        tokens = torch.from_numpy(sequences.tokens[row:row + 1, :sequences.lengths[row]])
        logits = network(tokens)
        steps = steps_of(logits, tokens, torch.from_numpy(sequences.lengths[row:row + 1]), 0.9)
        np.testing.assert_allclose(chance, steps.log_chance[0].detach(), rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(reward, steps.reward[0].detach(), rtol=1e-4, atol=1e-4)
        assert value == pytest.approx(float(torch.logsumexp(logits[0, 0].detach(), -1)), rel=1e-4)


def test_a_cut_text_has_no_end_among_its_tokens() -> None:
    shown = fitted(steps=3).rewards(["ab" * 10])[0]
    assert shown.pieces == tuple("ababababab") and len(shown.reward) == 10


def test_a_log_is_fitted_as_a_text_is() -> None:
    log = [["open", "read", "close"]] * 3 + [["open", "close"]]
    model = fit_events(log, settings(steps=100))
    usual, odd = model.rewards([["open", "read", "close"], ["open", "never seen", "close"]])
    assert usual.pieces == ("open ", "read ", "close ", "(end)") and odd.pieces[1] == "(other) "
    assert np.exp(usual.log_chance[1]) == pytest.approx(0.75, abs=0.05) and odd.log_chance[1] < -4.0
    found = model.measure(log)
    assert found.a_character == pytest.approx(found.nats)
    assert set(model.samples(30, 1)) >= {"open read close", "open close"}


def test_the_work_can_be_watched_and_stopped() -> None:
    said: list[tuple[int, int, str]] = []
    control = Control(lambda *what: said.append(what))
    train(Vocabulary().sequences(TEXTS, 10), 257, settings(steps=3), control)
    assert said == [(0, 3, "Learning"), (1, 3, "Learning"), (2, 3, "Learning")]
    control.cancel.set()
    with pytest.raises(Cancelled):
        train(Vocabulary().sequences(TEXTS, 10), 257, settings(steps=3), control)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(FitError, match="no sequence to learn from"):
        train(Sequences(np.zeros((0, 1), np.int64), np.zeros(0, np.int64)), 257, settings())
    with pytest.raises(FitError, match="width 10, 1 layers, 4 heads"):
        Shape(10, 1, 4)
    with pytest.raises(FitError, match="0 steps"):
        Settings(steps=0)
    with pytest.raises(FitError, match="0 samples"):
        fitted(steps=3).samples(0, 1)
    with pytest.raises(FitError, match="no number any more at step"):
        fit_text(TEXTS, Settings(Objective(1e300), SMALL, 20, 20, 1e-2, 0.0, 1))
