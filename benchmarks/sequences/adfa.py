"""ADFA-LD: system calls of a host, half of the normal traces to learn from, the other half and all attacks to be told apart.

Labels of attacks are looked at by the measures alone.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.sequences.controls import NGrams, unseen_windows
from benchmarks.sequences.judged import reviewed, wants_of
from irlcore.features.log_events import event_sequences
from irlcore.review.parts.kinds import TITLES
from irlcore.review.separation import auc
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

SEEDS = 5
MEMORY = Memory(5, 3)
"""Five events back, where they were seen three times or more. (Held out, five explain normal traces better than four, and contexts seen
three times better than those seen five: 1.219 against 1.225 nats an event, the mean of two splits.)"""
FIVE_GRAM = 4
"""Events that the control looks back: a 5-gram. Another one looks back as far as Motive does, for likelihood alone."""
CONTAMINATION, DRAWS = 0.05, 20
NORMAL = "normal"


def load(folder: Path) -> tuple[LinkTracks, np.ndarray]:
    """The traces as a log, and the family (N,) of each."""
    table = read_table(folder / "traces.csv.gz")
    events = [str(one).split("_") for one in table["events"]]
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in events]))).astype(np.int64)
    log = LinkTracks(np.array([str(one) for one in table["trace"]], object), offsets,
                     np.array([e for one in events for e in one], object), pd.DataFrame(index=range(len(events))))
    return log, np.array([str(one) for one in table["family"]], object)


def halves(family: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which traces train, which other normal ones are judged, and the attacks."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(family == NORMAL))
    half = len(order) // 2
    return np.sort(order[:half]), np.sort(order[half:]), np.flatnonzero(family != NORMAL)


def precision_at(normal: np.ndarray, attacks: np.ndarray, seed: int) -> float:
    """Average precision with so many attacks drawn that they are ``CONTAMINATION`` of all, the mean of ``DRAWS`` draws. Of equal scores
    attacks come last."""
    rng = np.random.default_rng(seed)
    many = max(1, round(CONTAMINATION / (1.0 - CONTAMINATION) * len(normal)))
    out = []
    for _ in range(DRAWS):
        drawn = np.sort(rng.choice(attacks, many, replace=False))[::-1]
        above = (normal[None, :] >= drawn[:, None]).sum(axis=1)
        out.append(float(np.mean(np.arange(1, many + 1) / (np.arange(1, many + 1) + above))))
    return float(np.mean(out))


def measured(world: World, paths: Paths, family: np.ndarray, seed: int) -> tuple[dict[str, Any], str]:
    """Of one split: who -> auc and ap, nats a step held out, all of Motive's scores by name; and which it chose."""
    train, normal, attacks = halves(family, seed)
    asked = np.concatenate((normal, attacks))
    n = len(normal)

    def told(values: np.ndarray) -> dict[str, float]:
        return {"auc": auc(values[:n], values[n:]), "ap": precision_at(values[:n], values[n:], seed)}

    n_events = world.n_places - 2
    sequences = {name: event_sequences(world, paths.take(index)) for name, index in
                 (("train", train), ("asked", asked), ("normal", normal))}
    grams, longer = (NGrams(*sequences["train"], n_events, back) for back in (FIVE_GRAM, MEMORY.order))
    lists = {name: np.split(events, offsets[1:-1]) for name, (offsets, events) in sequences.items()}
    wants = wants_of(world, paths.take(train))
    found = reviewed(wants, paths.take(asked))
    held, steps = paths.take(normal), float(paths.take(normal).lengths.sum())
    out: dict[str, Any] = {
        "motive": told(found.values), "five_gram": told(-grams.logliks(*sequences["asked"]) / paths.take(asked).lengths),
        "unseen_windows": told(unseen_windows(lists["train"], lists["asked"])),
        "heldout_nats": {"motive": float(-wants.logliks(held).sum() / steps),
                         "kneser_ney": float(-grams.logliks(*sequences["normal"]).sum() / steps),
                         "kneser_ney_as_long": float(-longer.logliks(*sequences["normal"]).sum() / steps)},
        "scores": {name: told(np.nan_to_num(found.table.of(name), nan=-np.inf)) for name in found.table.names}}
    return out, found.evidence.best


def run_adfa(folder: Path, seeds: int = SEEDS) -> dict[str, Any]:
    """The mean over seeds, printed as a table."""
    log, family = load(folder)
    world = build_history(log, MEMORY)
    paths = map_log(world, log).paths
    begun, found, chosen = time.perf_counter(), [], []
    for seed in range(seeds):
        one, best = measured(world, paths, family, seed)
        found.append(one)
        chosen.append(TITLES[best])
        print(f"  seed {seed}: {TITLES[best]}, AUC {one['motive']['auc']:.3f}, AP {one['motive']['ap']:.3f}, nats a step "
              f"{one['heldout_nats']['motive']:.4f} (Kneser-Ney {one['heldout_nats']['kneser_ney']:.4f}, as long "
              f"{one['heldout_nats']['kneser_ney_as_long']:.4f}), "
              f"{time.perf_counter() - begun:.0f} s", flush=True)
    out = _mean(found)
    print(f"ADFA-LD, {world.mdp.n_states:,} contexts, {seeds} seeds: AUC, average precision at 5 %; chosen: {', '.join(chosen)}")
    rows = {**{who: out[who] for who in ("motive", "five_gram", "unseen_windows")}, **{f"  {name}": v for name, v in out["scores"].items()}}
    for who, one in rows.items():
        print(f"  {who:<24}{one['auc']:>7.3f}{one['ap']:>7.3f}")
    return out


def _mean(found: list[Any]) -> Any:
    if isinstance(found[0], dict):
        return {key: _mean([one[key] for one in found]) for key in found[0]}
    return round(float(np.mean(found)), 4)
