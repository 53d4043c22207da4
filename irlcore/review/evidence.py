"""What each score finds on this class, counted on anomalies that were planted into ordinary tracks: the evidence that chooses a default.

Scores of the model and of each kind are measured on tracks that they were not learned from; the combined one by a rule that was learned
from other tracks and the anomalies made of those, once told of the kind and once not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.review.calibration.p_values import as_ordinary
from irlcore.review.parts.kinds import COMBINED, TITLES
from irlcore.review.separation import alarms, auc, average_precision
from irlcore.review.tails import step_of, stepped
from irlcore.simulation.planted.plant import HELD_BACK, PLANTED

ALARMS = 0.05  # false alarms at which finds are counted
SHARE = 0.05  # of anomalies among all tracks, for average precision
SURE, REDRAWN, SEED = 2.0, 200, 20121  # errors from which a difference is no luck; samples that tell the error


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """scores: (J,) names. kinds: (K,) kinds of anomaly, of which ``planted`` (K,) int64 each. Of each kind by each score: auc, precision
    (average, at a share of ``SHARE``), found (share, at ``ALARMS`` false alarms), (K, J) float64, NaN where the score measures none of
    them. unknown: (K, 3), the same three of the combined score by a rule that was never told of the kind. best: the score they support."""

    scores: tuple[str, ...]
    kinds: tuple[str, ...]
    planted: np.ndarray
    auc: np.ndarray
    precision: np.ndarray
    found: np.ndarray
    unknown: np.ndarray
    best: str

    def of(self, score: str) -> float:
        """Share that a score finds, the mean over kinds (``shares``); 0 for one that was not weighed."""
        return float(shares(self.kinds) @ self.found[:, self.scores.index(score)]) if score in self.scores else 0.0

    @property
    def best_single(self) -> str:
        """The single score that finds most."""
        single = [name for name in self.scores if name != COMBINED]
        return max(single, key=lambda name: (round(self.of(name), 9), -single.index(name)))

    def sentence(self, score: str = "") -> str:
        """What a score, else the supported one, finds, beside the next best."""
        score = score or self.best
        if score not in self.scores:
            return f"Ranked by {TITLES.get(score, score)}."
        other = self.best_single if score == COMBINED else COMBINED if COMBINED in self.scores else ""
        beside = f"; {TITLES[other]} finds {_of_hundred(self.of(other))}" if other and other != score else ""
        return (f"Ranked by {TITLES[score]}: on this class it finds {_of_hundred(self.of(score))} of 100 planted oddities at "
                f"{100.0 * ALARMS:.0f} % false alarms{beside}.")

    def by_kind(self, score: str) -> list[tuple[str, int, float, float]]:
        """Of each kind: what several are called, how many were planted, and the shares found by the rule told of it and by ``score``."""
        rule = self.scores.index(COMBINED) if COMBINED in self.scores else self.scores.index(score)
        at = self.scores.index(score)
        return [(PLANTED[kind].called, int(n), float(self.found[k, rule]), float(self.found[k, at]))
                for k, (kind, n) in enumerate(zip(self.kinds, self.planted, strict=True))]


def shares(kinds: tuple[str, ...]) -> np.ndarray:
    """(K,) float64, sum 1: how much each kind counts. All the same; but sequences of a kind held back, which were made by nobody, count as
    much as all that were planted."""
    if HELD_BACK in kinds and len(kinds) > 1:
        return np.array([0.5 if name == HELD_BACK else 0.5 / (len(kinds) - 1) for name in kinds])
    return np.full(len(kinds), 1.0 / max(len(kinds), 1))


def _of_hundred(share: float) -> int:
    return int(np.floor(100.0 * share + 0.5))


def evidence_of(names: tuple[str, ...], usual: np.ndarray, strange: np.ndarray, kind: np.ndarray, unknown: np.ndarray) -> Evidence:
    """usual (n, J), strange (m, J) scores of ordinary tracks and of planted ones of a ``kind`` (m,) each, the combined one among them
    where there is one; of what gives nothing to measure (NaN) nothing is strange. unknown: (n + m, K) the combined score by rules that
    were not told of kind k, for the kinds in the order they come, of the ordinary tracks first. One score for all finds more than the best
    single one by more than its error, or else that is chosen; but of sequences, which differ in many ways that no single score sees, the
    single one has to find more by ``SURE`` errors: it is the best of many by luck, too. Their error is that of other ordinary sequences and
    other anomalies of each kind (``_redrawn``): of a few dozen ordinary ones, one or two set the alarms of a score."""
    kinds = tuple(dict.fromkeys(kind.tolist()))
    usual, strange, unknown = (as_ordinary(a) for a in (usual, strange, unknown))
    for column in range(usual.shape[1]):
        step = step_of(usual[:, column])
        usual[:, column], strange[:, column] = stepped(usual[:, column], step), stepped(strange[:, column], step)
    n, shape = len(usual), (len(kinds), len(names))
    measures = np.full((3, *shape), np.nan)
    untold = np.full((len(kinds), 3), np.nan)
    for k, name in enumerate(kinds):
        mine = kind == name
        for j in range(len(names)):
            measures[:, k, j] = _three(usual[:, j], strange[mine, j])
        if unknown.shape[1]:
            untold[k] = _three(unknown[:n, k], unknown[n:][mine, k])
    counts = np.array([(kind == name).sum() for name in kinds], np.int64)
    plain = Evidence(names, kinds, counts, measures[0], measures[1], measures[2], untold, names[0])
    single = plain.best_single
    best = single
    if COMBINED in names:
        one, rule = names.index(single), names.index(COMBINED)
        better = [(alarms(usual[:, rule], strange[kind == name, rule]) <= ALARMS).astype(float)
                  - (alarms(usual[:, one], strange[kind == name, one]) <= ALARMS) for name in kinds]
        gain = float(sum(w * b.mean() for w, b in zip(shares(kinds), better, strict=True)))
        if HELD_BACK in kinds:
            least = -SURE * _redrawn(usual[:, [one, rule]], [strange[kind == name][:, [one, rule]] for name in kinds], shares(kinds))
        else:
            least = float(np.sqrt(sum(w**2 * b.var() / len(b) for w, b in zip(shares(kinds), better, strict=True))))
        best = COMBINED if gain > least else single
    return replace(plain, best=best)


def _redrawn(usual: np.ndarray, strange: list[np.ndarray], weight: np.ndarray) -> float:
    """Standard deviation of how much more the second of two scores finds than the first, over samples of the ordinary tracks (n, 2) and of
    the anomalies of each kind (m, 2) drawn with replacement (the bootstrap: Efron 1979). weight: (K,) of the kinds."""
    rng, n = np.random.default_rng(SEED), len(usual)
    few = int(np.flatnonzero(np.arange(n + 1) / max(n, 1) <= ALARMS)[-1])  # of these may be as strange as what is found
    some = usual[rng.integers(n, size=(REDRAWN, n))]
    cut = -np.partition(-some, few, axis=1)[:, few]  # the (few + 1)-th highest of each sample, (REDRAWN, 2)
    gains = np.zeros(REDRAWN)
    for w, those in zip(weight, strange, strict=True):
        drawn = those[rng.integers(len(those), size=(REDRAWN, len(those)))]
        gains += w * np.diff((drawn > cut[:, None, :]).mean(axis=1), axis=1)[:, 0]
    return float(gains.std())


def _three(usual: np.ndarray, strange: np.ndarray) -> tuple[float, float, float]:
    found = float((alarms(usual, strange) <= ALARMS).mean())
    return auc(usual, strange), average_precision(usual, strange, SHARE), found
