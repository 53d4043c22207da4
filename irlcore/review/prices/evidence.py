"""What each track says of its agent's own weights: its score at the class's weights, and the information behind it.

    s_i = d l_i / d theta,   I_i = sum over the states that it visited of Cov_pi(d log pi / d theta)

Both are taken at the class's weights, so that thousands of agents are judged by one evaluation of the likelihood (Rao 1948). The
information is that of the choices at the visited states: its mean is the variance of the score where each step is drawn anew. Where an
agent keeps one belief for a whole trip the score is that of the trip and the information that of its steps by the mean of the beliefs: what
both differ by comes into how much agents differ (``spread``), and does no harm to a p-value against other tracks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.likelihood import without_rises
from irlcore.rationality.base import Rationality
from irlcore.rationality.solution import Group, Prepared, Trips
from irlcore.rationality.unfinished import Mixture, cut_trips, groups_of, known_and_cut
from irlcore.worlds.mdp import Paths


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Of N tracks, or of N agents: scores (N, K), utility being in nats, and informations (N, K, K), symmetric without negative curvature.
    possible: (N,) bool, whether the class's model can make every choice that was made; where not, the other two are 0."""

    scores: np.ndarray
    informations: np.ndarray
    possible: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: np.ndarray) -> Evidence:
        """Those at ``index`` (n,)."""
        return Evidence(self.scores[index], self.informations[index], self.possible[index])

    def summed(self, tracks: Sequence[np.ndarray]) -> Evidence:
        """Of agents, by the tracks (n,) int64 of each."""
        k = self.scores.shape[1]
        if all(len(one) == 1 for one in tracks):
            return self.take(np.array([one[0] for one in tracks], np.int64))
        scores, informations = np.zeros((len(tracks), k)), np.zeros((len(tracks), k, k))
        for a, one in enumerate(tracks):
            scores[a], informations[a] = self.scores[one].sum(axis=0), self.informations[one].sum(axis=0)
        return Evidence(scores, informations, np.array([bool(self.possible[one].all()) for one in tracks], bool))


def evidence_of(model: Rationality, judged: Sequence[tuple[PathFeatures, Prepared]], paths: Paths,
                control: Control | None = None) -> Evidence:
    """Of every one of the paths, each by the features and the prepared rewards that it is judged by; those in none of ``judged`` say
    nothing."""
    k, n = (judged[0][0].phi.shape[1] if judged else 0), len(paths)
    scores, informations, possible = np.zeros((n, k)), np.zeros((n, k, k)), np.ones(n, bool)
    control = control or Control()
    for features, prepared in judged:
        found = _of_batch(model, prepared, features.phi, paths.take(features.index), control)
        scores[features.index], informations[features.index] = found.scores, found.informations
        possible[features.index] = found.possible
    return Evidence(scores, informations, possible)


def _of_batch(model: Rationality, prepared: Prepared, phi: np.ndarray, paths: Paths, control: Control) -> Evidence:
    n, k = len(paths), phi.shape[1]
    loglik, scores, informations = np.zeros(n), np.zeros((n, k)), np.zeros((n, k, k))

    judge = model, prepared, phi
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    for group, found in zip(known, run_all(_apart, known, control, "what tracks say of weights", shared=judge), strict=True):
        assert found.each is not None
        loglik[group.index], scores[group.index], informations[group.index] = found.loglik, found.scores[:, :k], found.each[:, :k, :k]
    index = cut_trips(groups)
    if len(index):
        mixture = Mixture(len(index), (k,), (k, k), (k, k))
        for group in cut:
            found = _apart(judge, group)
            assert found.each is not None and group.log_prior is not None
            ours = found.scores[:, :k]
            sound = np.isfinite(found.loglik) & np.isfinite(ours).all(axis=1)
            joint = np.where(sound, np.where(sound, found.loglik, 0.0) + group.log_prior, -np.inf)
            mixture.add(np.searchsorted(index, group.index), joint, ours, found.each[:, :k, :k], ours[:, :, None] * ours[:, None, :])
        mean = mixture.mean(0)
        loglik[index], scores[index] = mixture.log, mean
        left = mixture.mean(1) - mixture.mean(2) + mean[:, :, None] * mean[:, None, :]  # what not knowing the goal takes (Louis 1982)
        informations[index] = [without_rises(each) for each in left]
    possible = np.isfinite(loglik) & np.isfinite(scores).all(axis=1) & np.isfinite(informations).all(axis=(1, 2))
    return Evidence(np.where(possible[:, None], scores, 0.0), np.where(possible[:, None, None], informations, 0.0), possible)


def _apart(judge: tuple[Rationality, Prepared, np.ndarray], group: Group) -> Trips:
    """A group's trips with the information of each."""
    model, prepared, phi = judge
    apart = replace(group, apart=True)
    found = model.trips(prepared, apart, phi)
    if found.each is not None:
        return found
    return replace(found, each=Rationality.trips(model, prepared, apart, phi).each)
