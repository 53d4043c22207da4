"""The rule that makes one score of all, and the evidence for it, from the scores of ordinary tracks and of anomalies made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.folds import fold_of
from irlcore.review.combined import LEAST_ORDINARY, Crossed, Experts, learn_rule
from irlcore.review.evidence import Evidence, evidence_of
from irlcore.review.parts.kinds import COMBINED
from irlcore.review.parts.table import PartTable

FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """whole: learned from all. parts: without the tracks of each fold, and what was made of them. fold: (n,) int64, of the ordinary tracks.
    evidence: None where nothing was planted."""

    whole: Experts
    parts: tuple[Experts, ...]
    fold: np.ndarray
    evidence: Evidence | None

    def rule(self, n: int, index: np.ndarray) -> Crossed:
        """For N tracks of which those at ``index`` (n,) are the ones that it was learned from."""
        fold = np.full(n, -1)
        fold[index] = self.fold
        return Crossed(self.whole, self.parts, fold)


def learned(ordinary: PartTable, planted: PartTable, made_of: np.ndarray, kind: np.ndarray,
            weighed: tuple[str, ...] | None = None, doubtful: float = 0.0) -> Learned | None:
    """From the scores of n ordinary tracks and of m anomalies of a ``kind`` (m,) each, made of those at ``made_of`` (m,) int64. weighed:
    the single scores that the evidence may choose, all where None. doubtful: as of ``learn_rule``. None where ``LEAST_ORDINARY`` tracks are
    not there."""
    n = len(ordinary.values)
    if n < LEAST_ORDINARY:
        return None
    fold = fold_of(n, FOLDS)
    apart = fold[made_of] if len(kind) else np.zeros(0, np.int64)
    whole = learn_rule(ordinary, planted, kind, doubtful)
    parts = tuple(learn_rule(_of(ordinary, fold != k), _of(planted, apart != k), kind[apart != k], doubtful) for k in range(FOLDS))
    if not len(kind):
        return Learned(whole, parts, fold, None)
    names = weighed or ordinary.names
    kinds = tuple(dict.fromkeys(kind.tolist()))
    usual, strange = np.zeros((n, 1 + len(kinds))), np.zeros((len(kind), 1 + len(kinds)))
    for k, rule in enumerate(parts):
        for out, table, mine in ((usual, ordinary, fold == k), (strange, planted, apart == k)):
            nats = rule.nats(_of(table, mine))
            out[mine] = np.column_stack([rule.of_nats(nats), *(rule.without(name).of_nats(nats) for name in kinds)])
    single_usual, single_strange = (np.column_stack([t.of(name) for name in names]) for t in (ordinary, planted))
    found = evidence_of((*names, COMBINED), np.column_stack((single_usual, usual[:, 0])), np.column_stack((single_strange, strange[:, 0])),
                        kind, np.vstack((usual[:, 1:], strange[:, 1:])))
    return Learned(whole, parts, fold, found)


def _of(table: PartTable, mine: np.ndarray) -> PartTable:
    return PartTable(table.names, table.values[mine])
