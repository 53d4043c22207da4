"""Kinds of sequences held back: ordinary ones that are judged as if nobody like them had been seen.

What is odd about a stretch can be planted. A sequence of a kind that nobody knows cannot be made up; but every kind that is known was
unknown once. So a sequence is drawn, and with it those most like it, by which events they have, are left out of what is usual; against the
rest they look as the first of a new kind does. Nothing but ordinary sequences is needed for it. (Ours; as novelty detection is tested by
holding back whole classes, here without any being named.)
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.review.parts.base import Material
from irlcore.review.parts.sequences.material import by_name, sequences_of, stretches

SHARES = (0.05, 0.1, 0.2)
"""Of the ordinary sequences, that are held back at a time: kinds may be large or small."""
EACH = 4
LEAST, FEWEST = 3, 20  # sequences of a kind, and ordinary ones below which none is held back
SEED = 20121
DIGITS = 9


def held_back(material: Material, ordinary: np.ndarray) -> tuple[np.ndarray, ...]:
    """Groups of the tracks ``ordinary`` (n,), int64 each, that are to be held back one at a time; none where the world is no log or there
    are few. The same whatever the order of the tracks."""
    if material.world.kind != "log" or len(ordinary) < FEWEST:
        return ()
    ordinary = by_name(material, ordinary)
    owner, code, _ = stretches(sequences_of(material, ordinary), 1)
    n, n_codes = len(ordinary), int(code.max(initial=0)) + 1
    pairs = np.unique(owner * n_codes + code)
    has = sp.csr_array((np.ones(len(pairs)), (pairs // n_codes, pairs % n_codes)), shape=(n, n_codes))
    many = np.diff(has.indptr)
    rng = np.random.default_rng(SEED)
    found = []
    for share in SHARES:
        for lead in rng.integers(n, size=EACH).tolist():
            shared = (has @ has[[lead]].T).toarray().ravel()
            likeness = np.round(shared / (many + many[lead] - shared), DIGITS)
            found.append(np.sort(ordinary[np.argsort(-likeness, kind="stable")[:max(LEAST, round(share * n))]]))
    return tuple(found)
