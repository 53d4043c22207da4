"""The benchmark of sequences: its controls against slow readings, and all of it on small data that was made up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.sequences import adfa, growth
from benchmarks.sequences.controls import NGrams, unseen_windows
from tests.worlds.history.test_contexts import random_log


def test_unseen_windows_are_those_that_no_past_sequence_has() -> None:
    past = [np.array([1, 2, 3, 4, 5]), np.array([2, 3])]
    asked = [np.array([1, 2, 3, 9]), np.array([2, 3]), np.array([7])]
    np.testing.assert_allclose(unseen_windows(past, asked, 3), [0.5, 0.0, 1.0])


def test_loglikelihoods_of_all_sequences_of_two_events_and_fewer_sum_to_less_than_one_and_rise_with_what_was_seen() -> None:
    offsets, events = np.array([0, 2, 4, 5]), np.array([0, 1, 0, 1, 1])
    grams = NGrams(offsets, events, 2, 2)
    every = [[], [0], [1], [0, 0], [0, 1], [1, 0], [1, 1]]
    logliks = grams.logliks(np.concatenate(([0], np.cumsum([len(one) for one in every]))), np.array([e for one in every for e in one]))
    assert 0.5 < np.exp(logliks).sum() < 1.0 and int(np.argmax(logliks)) == 4


def test_average_precision_is_that_of_the_places_of_attacks() -> None:
    normal, attacks = np.arange(40.0), np.full(5, 100.0)
    assert adfa.precision_at(normal, attacks, 0) == 1.0
    assert adfa.precision_at(normal, np.full(5, -1.0), 0) == pytest.approx(np.mean([1 / 41, 2 / 42]))


@pytest.mark.kernels
def test_the_traces_are_told_apart_on_a_small_set(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    normal = ["_".join(one) for one in random_log(0, 80, "abcd")]
    attacks = ["_".join(one[::-1] + "dcdcd") for one in random_log(1, 30, "dcba")]
    table = pd.DataFrame({"trace": range(110), "family": ["normal"] * 80 + ["odd"] * 30, "events": normal + attacks})
    table.to_csv(tmp_path / "traces.csv.gz", index=False)
    monkeypatch.setattr(adfa, "MEMORY", adfa.Memory(2, 2))
    found = adfa.run_adfa(tmp_path, seeds=1)
    assert found["motive"]["auc"] > 0.7 and found["heldout_nats"]["motive"] < found["heldout_nats"]["kneser_ney"] + 0.05
    assert set(found) >= {"motive", "five_gram", "unseen_windows", "heldout_nats"}
    assert "AUC" in capsys.readouterr().out


@pytest.mark.kernels
def test_time_grows_no_faster_than_a_log_does_on_small_ones() -> None:
    log = growth.made_up(1000)
    assert len(log) == 20 and set(np.diff(log.offsets)) == {growth.LONG}
    assert growth.seconds_of(log) > 0.0
