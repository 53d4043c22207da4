"""What an analyst might name next: candidates ranked by what they would explain on trips that had no part in choosing their weight."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.elicitation.library import pair_candidates
from irlcore.elicitation.score_test import Tested, candidate_scores, examine, screen
from irlcore.engine import Control
from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec, kind_of
from irlcore.features.feature_set import feature_column, feature_matrix, recounts
from irlcore.features.measured import measured_in
from irlcore.fitting.problem import Problem
from irlcore.fitting.residual_rows import Residuals
from irlcore.worlds.world import World

CHUNK, COUNTED_CHUNK = 256, 24  # candidates whose columns are in memory together
ALIKE = 0.9  # correlation of what two candidates say of the trips
LEVEL = 0.05
PAIRED = 12  # the best single candidates are combined in pairs
SIMPLER = 0.95  # a pair must promise more than one feature alone by this
REFINED = 3  # times as many are examined as are asked for


@dataclass(frozen=True, slots=True)
class Unexplained:
    """What a fit leaves unexplained on the trips it was fitted to.

    problem: the fit's. point: (K + P,) its weights and own parameters. free: (K + P,) bool, those that a refit may move.
    residuals: (n, M) float32, D, or its rows where it is large. known: (n, K + P) float64 scores.
    """

    problem: Problem
    point: np.ndarray
    free: np.ndarray
    residuals: Residuals
    known: np.ndarray


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One candidate with its test: lm ~ chi^2_1 where it does not matter, p adjusted for all that were tried; predicted weight, gain
    (nats on the fitted trips) and held-out gain; support, about how many trips it rests on."""

    spec: FeatureSpec
    lm: float
    p: float
    weight: float
    gain: float
    held_out: float
    support: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best candidates, best first, how many were tried to find them, those before among them, and what each that was looked at here
    measures (``measured_in``)."""

    best: tuple[Suggestion, ...]
    tried: int
    looked_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Round:
    """Candidates that have a column here, with their scores (n, C)."""

    specs: list[FeatureSpec]
    scores: np.ndarray


def suggest(left: Unexplained, world: World, context: Context, library: Sequence[FeatureSpec],
            basis: Sequence[FeatureSpec] = (), most: int = 8, tried: int = 0, control: Control | None = None,
            known: Callable[[str], bool] = lambda measured: False) -> Suggestions:
    """The ``most`` candidates, of the ``library`` and of pairs of its best with each other and with the ``basis``, that promise
    most.

    tried: how many candidates were looked at before; known: whether one is among them, by what it measures. A candidate is left out
    where its adjusted p-value is above 5 %, where it would do harm on trips held out, where it rests on a few trips alone, or where it
    says of the trips what a better one says already.
    """
    control = control or Control()
    seen, names = {_digest(column) for column in left.problem.phi.T}, set(left.problem.names)
    one = _scored(left, world, context, library, seen, names, control)
    identity = measured_in(context)
    looked_at = [identity(spec) for spec in one.specs]
    tried += sum(not known(key) for key in looked_at)
    first = _ranked(left, one, tried)
    control.step(80, 100, "Combining the best in pairs")
    best = [one.specs[k] for k in first[:PAIRED]]
    two = _scored(left, world, context, pair_candidates(best, basis), seen, names, None)
    paired = [identity(spec) for spec in two.specs]
    tried += sum(not known(key) for key in paired)
    looked_at += paired
    both = _Round([*one.specs, *two.specs], np.column_stack((one.scores, two.scores)))
    short = [both.specs[k] for k in _ranked(left, both, tried)[:REFINED * most]]
    if not short:
        return Suggestions((), tried, (*looked_at,))
    control.step(90, 100, "Looking closer at the best")
    found = examine(left.problem, candidate_problem(left.problem, short, world, context), left.point, left.free, tried, control)
    order = [k for k in _order(found, short) if found.p_adjusted[k] <= LEVEL and found.support[k] >= least_support(len(found.efficient))]
    kept = _unlike(found.efficient, order)[:most]
    return Suggestions(tuple(suggestion(short[k], found, k) for k in kept), tried, (*looked_at,))


def least_support(n_trips: int) -> float:
    """How many trips a candidate must rest on to be suggested: 20, or a fifth of them where they are few."""
    return max(6.0, min(20.0, 0.2 * n_trips))


def suggestion(spec: FeatureSpec, found: Tested, k: int) -> Suggestion:
    """Candidate ``k`` of a test as a suggestion."""
    return Suggestion(spec, float(found.lm[k]), float(found.p_adjusted[k]), float(found.weight[k]), float(found.gain[k]),
                      float(found.held_out[k]), float(found.support[k]))


def candidate_problem(problem: Problem, specs: Sequence[FeatureSpec], world: World, context: Context) -> Problem:
    """The candidates' columns over the problem's trips, counted without the trip where they are counted. Raises FeatureError."""
    matrix = feature_matrix(specs, world, context)
    return Problem(problem.mdp, matrix.values, matrix.names, problem.paths, problem.model, problem.gamma,
                   recounts(specs, world, context, problem.paths))


def _scored(left: Unexplained, world: World, context: Context, specs: Sequence[FeatureSpec], seen: set[bytes], names: set[str],
            control: Control | None) -> _Round:
    """Scores of all candidates that have a column unlike those ``seen``, under names unlike those in ``names``; both grow."""
    kept: list[FeatureSpec] = []
    blocks: list[np.ndarray] = []
    done = 0
    for some in _chunks(specs):
        if control is not None:
            control.step(int(80 * done / len(specs)), 100, f"Trying {len(specs):,} features")
        done += len(some)
        chunk: list[FeatureSpec] = []
        for spec in some:
            try:
                column = feature_column(spec, world, context)
            except FeatureError:
                continue  # no such feature in this world
            if column.min() < column.max() and (digest := _digest(column)) not in seen:
                seen.add(digest)
                chunk.append(_named(spec, names))
        if chunk:
            blocks.append(candidate_scores(left.residuals, candidate_problem(left.problem, chunk, world, context).batches()))
            kept += chunk
    return _Round(kept, np.concatenate(blocks, axis=1) if blocks else np.zeros((left.residuals.shape[0], 0)))


def _chunks(specs: Sequence[FeatureSpec]) -> Iterator[list[FeatureSpec]]:
    """The candidates a memory's worth at a time; those counted on tracks have a column for every fold of them, so they are fewer."""
    counted = [kind_of(spec).counts_tracks(spec.params) for spec in specs]
    for wanted, size in ((False, CHUNK), (True, COUNTED_CHUNK)):
        part = [spec for spec, is_counted in zip(specs, counted, strict=True) if is_counted == wanted]
        yield from (part[start:start + size] for start in range(0, len(part), size))


def _named(spec: FeatureSpec, names: set[str]) -> FeatureSpec:
    """The candidate, numbered where its name is taken: an attribute may be called like a kind of turn, or a feature like both."""
    name, k = spec.name, 2
    while name in names:
        name, k = f"{spec.name} ({k})", k + 1
    names.add(name)
    return spec if name == spec.name else replace(spec, name=name)


def _ranked(left: Unexplained, found: _Round, tried: int) -> list[int]:
    """Places of the candidates that promise something, the best first, each unlike the ones before it."""
    if not found.specs:
        return []
    tested = screen(left.known[:, left.free], found.scores, tried)
    return _unlike(tested.efficient, _order(tested, found.specs)[:20 * PAIRED])


def _order(tested: Tested, specs: Sequence[FeatureSpec]) -> list[int]:
    """Candidates that would do good on trips held out, the best first; of two that do about the same, the simpler."""
    worth = tested.held_out * [SIMPLER if spec.kind == "combine" else 1.0 for spec in specs]
    return [int(k) for k in np.argsort(-worth, kind="stable") if worth[k] > 0.0]


def _unlike(efficient: np.ndarray, order: Sequence[int]) -> list[int]:
    """``order`` without those that say of the trips what an earlier one says."""
    columns = efficient[:, list(order)]
    columns = columns / np.maximum(np.linalg.norm(columns, axis=0), 1e-300)
    like = np.abs(columns.T @ columns) > ALIKE
    kept: list[int] = []
    for k in range(len(order)):
        if not like[k, kept].any():
            kept.append(k)
    return [int(order[k]) for k in kept]


def _digest(column: np.ndarray) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(column).tobytes(), digest_size=16).digest()
