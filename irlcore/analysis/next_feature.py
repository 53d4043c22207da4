"""What the next feature should have been: the one whose use tells some tracks from others, beyond what the fit's features tell already.

s_ij = D_i phi_j is how much more of a candidate j track i used than the model expects (``elicitation.score_test``). What the features of
the fit say already is taken off it by least squares over all of these tracks, which leaves e_ij. Candidates are ranked by the difference of
the two kinds' means of e_ij over its standard error, whose square is the score test of whether the first kind weighs the candidate
otherwise than the second (ours; not by ranks: of a place that hardly any track comes near, tiny remainders would order them). How easily
luck does as much is told by dealing the two kinds out anew at random, and taking the best of all candidates each time (Westfall and Young
1993): it is exact where the kinds were dealt without regard to what the tracks used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from irlcore.analysis.residuals import residuals_of
from irlcore.analysis.study import judged
from irlcore.elicitation.expected_use import described
from irlcore.elicitation.library import single_candidates
from irlcore.elicitation.score_test import SAME, candidate_scores
from irlcore.elicitation.suggestions import ALIKE, candidate_problem
from irlcore.engine import Control
from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, recounts
from irlcore.fitting.problem import Problem
from irlcore.project.project import Project
from irlcore.project.split import context_of, need_world
from irlcore.worlds.world import World

SEED = 20121
DEALS = 199
LUCK = 0.05
MOST_NUMBERS = 100_000_000  # of residuals, 4 bytes each
MOST_OTHERS, FEWEST_OTHERS = 400, 10
CHUNK = 128
FIGURES = 6  # of a use: rounding does not order tracks


@dataclass(frozen=True, slots=True)
class Telling:
    """A candidate that tells the one kind of tracks from the other. apart: by how many standard errors the means of what they used lie
    apart, of the first kind more of it where ``more`` is true. separation: how often one of the first kind used more (less) than one of the
    second: 0.5 tells nothing, 1 all. luck: how probable it is that the best of all candidates does as
    well where the kinds are dealt at random."""

    spec: FeatureSpec
    apart: float
    separation: float
    more: bool
    luck: float


@dataclass(frozen=True, slots=True)
class Separated:
    """The best candidates, best first, each unlike those before it; how many were tried, on how many tracks of each kind."""

    best: tuple[Telling, ...]
    tried: int
    some: int
    others: int


def separating(project: Project, some: np.ndarray, others: np.ndarray, most: int = 5, watch: Control | None = None) -> Separated:
    """The candidates whose use tells the class's paths ``some`` from ``others`` (indices). Of many others a random part is asked; nothing
    is found where there is none of the first kind, or there are fewer than ``FEWEST_OTHERS`` of the second."""
    world, _ = need_world(project)
    room = max(MOST_NUMBERS // max(world.mdp.n_choices, 1) - len(some), FEWEST_OTHERS)
    many = min(MOST_OTHERS, room)
    if len(others) > many:
        others = np.sort(np.random.default_rng(SEED).choice(others, many, replace=False))
    if not len(some) or len(others) < FEWEST_OTHERS:
        return Separated((), 0, len(some), len(others))
    specs, used = _used(project, np.concatenate((some, others)), watch or Control())
    if not specs:
        return Separated((), 0, len(some), len(others))
    first = np.arange(len(used)) < len(some)
    observed = _apart(first, used)[0]
    dealt = np.random.default_rng(SEED).permuted(np.tile(first, (DEALS, 1)), axis=1)
    luckiest, far = np.abs(_apart(dealt, used)).max(axis=1), np.abs(observed)
    luck = (1.0 + (luckiest[:, None] >= far - 1e-9).sum(axis=0)) / (DEALS + 1.0)
    order = sorted(range(len(specs)), key=lambda j: (-round(float(far[j]), 6), specs[j].name))
    best = tuple(_telling(specs[j], observed[j], used[:, j], first, luck[j]) for j in _unlike(used, order, most))
    return Separated(best, len(specs), len(some), len(others))


def _apart(first: np.ndarray, used: np.ndarray) -> np.ndarray:
    """(B, C): of B ways of choosing the first kind (B, n) bool, how many standard errors lie between the means of the two kinds, for each
    of C columns (n, C)."""
    first = np.atleast_2d(first).astype(np.float64)
    n, m = first.shape[1], float(first[0].sum())
    centred = used - used.mean(axis=0)
    sums, squares = first @ centred, (centred**2).sum(axis=0)
    difference = sums * n / (m * (n - m))
    within = np.maximum(squares - sums**2 * n / (m * (n - m)), 1e-12 * np.maximum(squares, 1e-300))
    return np.asarray(difference / np.sqrt(within / max(n - 2, 1) * n / (m * (n - m))))


def _telling(spec: FeatureSpec, apart: float, used: np.ndarray, first: np.ndarray, luck: float) -> Telling:
    m = int(first.sum())
    area = (rankdata(used)[first].sum() - 0.5 * m * (m + 1)) / (m * (len(used) - m))
    return Telling(spec, abs(float(apart)), float(area if apart > 0.0 else 1.0 - area), bool(apart > 0.0), float(luck))


def _used(project: Project, index: np.ndarray, watch: Control) -> tuple[list[FeatureSpec], np.ndarray]:
    """Candidates that say something new of the paths ``index`` (n,), and how much more of each they used than expected (n, C)."""
    world, _ = need_world(project)
    ready = judged(project)
    parts, matrix, model = ready.parts, ready.matrix, ready.model
    assert project.fit is not None
    record, context, trips = project.fit, context_of(project, parts), parts.paths.take(index)
    residuals = residuals_of(project, index)
    problem = Problem(world.mdp, matrix.values, matrix.names, trips, model, record.result.gamma,
                      recounts(record.features, world, context, trips))
    own = candidate_scores(residuals, problem.batches())
    own = own / np.maximum(np.abs(own).max(axis=0), 1e-300)
    library = single_candidates(world, context, described(record.result, record.features, project.features))
    kept: list[FeatureSpec] = []
    blocks: list[np.ndarray] = []
    for chunk in _chunks(library, world, context, matrix.values, watch):
        scores = candidate_scores(residuals, candidate_problem(problem, chunk, world, context).batches())
        new = scores - own @ np.linalg.lstsq(own, scores, rcond=None)[0]
        says = (new**2).sum(axis=0) > SAME * np.maximum((scores**2).sum(axis=0), 1e-300)
        kept += [spec for spec, one in zip(chunk, says, strict=True) if one]
        blocks.append(new[:, says])
    used = np.concatenate(blocks, axis=1) if blocks else np.zeros((len(index), 0))
    return kept, np.round(used / np.maximum(np.abs(used).max(axis=0, initial=0.0), 1e-300), FIGURES)


def _chunks(library: Sequence[FeatureSpec], world: World, context: Context, phi: np.ndarray, watch: Control) -> Iterator[list[FeatureSpec]]:
    """Candidates that have a column here, each unlike the columns of the fit and those before, some at a time."""
    seen, names = {_digest(column) for column in phi.T}, set[str]()
    chunk: list[FeatureSpec] = []
    for k, spec in enumerate(library):
        watch.step(k, len(library), f"trying {len(library):,} features")
        try:
            column = feature_column(spec, world, context)
        except FeatureError:
            continue  # no such feature in this world
        if column.min() == column.max() or (digest := _digest(column)) in seen or spec.name in names:
            continue
        seen.add(digest)
        names.add(spec.name)
        chunk.append(spec)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _unlike(used: np.ndarray, order: Sequence[int], most: int) -> list[int]:
    """The first of ``order`` that do not say of the tracks what an earlier one says."""
    whole = used - used.mean(axis=0)
    whole = whole / np.maximum(np.linalg.norm(whole, axis=0), 1e-300)
    kept: list[int] = []
    for j in order:
        if len(kept) == most:
            break
        if not kept or float(np.abs(whole[:, j] @ whole[:, kept]).max()) <= ALIKE:
            kept.append(j)
    return kept


def _digest(column: np.ndarray) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(column).tobytes(), digest_size=16).digest()
