"""Control: the distance to the nearest past trip, by the share of links that two trips do not share; and by time where there are times.

It sees the links of a whole trip; with times its pace (seconds a metre), its longest step against its mean one, and its longest silence.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.simulation.planted.sources import Ordinary
from irlcore.tracks.trips.dark_gaps import LONGEST_H
from irlcore.worlds.mdp import Paths

BLOCK = 1000


def links_used(paths: Paths, n_choices: int) -> sp.csr_array:
    """(N, M): how often each trip makes each choice."""
    return sp.csr_array((np.ones(len(paths.choices)), (paths.owner, paths.choices)), shape=(len(paths), n_choices))


def nearest(past: Ordinary, trips: Ordinary) -> np.ndarray:
    """(N,) float64, the least distance of each trip to a past one: 1 less the Jaccard share of choices, counted as often as they are made,
    and where there are times the distances in time (``_timings``) beside it."""
    mdp = past.world.mdp
    theirs, own = links_used(past.paths, mdp.n_choices), links_used(trips.paths, mdp.n_choices)
    size = past.paths.lengths.astype(np.float64)
    none = np.zeros((len(size), 0)), np.zeros((len(trips.paths), 0))
    extra_past, extra = none if past.spent is None else (_timings(past, past), _timings(trips, past))
    out = np.zeros(len(trips.paths))
    once = (theirs > 0).astype(np.float64).T.tocsc()
    for a in range(0, len(out), BLOCK):
        mine = own[a:a + BLOCK]
        many = np.asarray(mine.sum(axis=1)).ravel()
        shared = ((mine > 0).astype(np.float64) @ once).toarray()
        far = 1.0 - shared / (size[None, :] + many[:, None] - shared)
        for k in range(extra.shape[1]):
            far += np.abs(extra[a:a + BLOCK, k][:, None] - extra_past[:, k][None, :])
        out[a:a + BLOCK] = far.min(axis=1)
    return out


def _timings(trips: Ordinary, past: Ordinary) -> np.ndarray:
    """(N, 3) float64: log of the seconds a metre takes, log of the longest step against the trip's mean one, and the longest silence, in
    spreads of the past trips', over 3: so a third of the distance of two trips without a common link stands for one standard deviation."""
    found = []
    for one in (past, trips):
        assert one.spent is not None
        first = one.paths.offsets[:-1]
        took = np.where(np.isfinite(one.spent), one.spent, 0.0)
        total, longest = np.maximum(np.add.reduceat(took, first), 1.0), np.maximum(np.maximum.reduceat(took, first), 1.0)
        length = np.add.reduceat(one.world.choice_length[one.paths.choices], first)
        found.append(np.column_stack((np.log(total / np.maximum(length, 1.0)), np.log(longest * one.paths.lengths / total),
                                      np.nan_to_num(one.facts[LONGEST_H]))))
    return np.asarray(found[1] / np.maximum(found[0].std(axis=0), 1e-9) / 3.0)
