"""Points of tracks put into other tracks: pieces of them, each with the attributes of the track it comes from."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import LinkTracks, Tracks

FEWEST = 2  # points of a track


def owners(tracks: Tracks | LinkTracks) -> np.ndarray:
    """(P,) int64: the track of each point or link."""
    return np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))


def regrouped(tracks: Tracks, piece: np.ndarray, named: str) -> tuple[Tracks, np.ndarray]:
    """The tracks whose points belong to pieces; and the pieces' tracks of before, (N,) int64.

    piece: (P,) int64, the piece of each point within its track, from 0; -1 for a point that goes. Pieces of fewer than two points go too.
    named: how a piece other than a track's only one is called, with "{id}" and "{k}", from 1.
    """
    owner = owners(tracks)
    most = int(piece.max(initial=0)) + 1
    code = np.where(piece < 0, -1, owner * np.int64(most) + piece)
    many = np.bincount(code[code >= 0], minlength=len(tracks) * most)
    kept = (code >= 0) & (many[np.maximum(code, 0)] >= FEWEST)
    order, codes = np.flatnonzero(kept), code[kept]
    if (codes[1:] < codes[:-1]).any():
        order = order[np.argsort(codes, kind="stable")]
    pieces = np.flatnonzero(many >= FEWEST)
    of, k = np.divmod(pieces, most)
    several = np.bincount(of, minlength=len(tracks)) > 1  # what is left of a track keeps its name, where it is one piece
    ids = np.empty(len(pieces), dtype=object)
    ids[:] = [named.format(id=tracks.ids[i], k=j + 1) if several[i] else tracks.ids[i] for i, j in zip(of, k, strict=True)]
    offsets = np.concatenate(([0], np.cumsum(many[pieces]))).astype(np.int64)
    t = tracks.t[order] if tracks.timed else np.arange(len(order)) - np.repeat(offsets[:-1], np.diff(offsets)).astype(np.float64)
    attributes = tracks.attributes.iloc[of].reset_index(drop=True)
    made = Tracks(distinct(ids), offsets, t, tracks.x[order], tracks.y[order], attributes, tracks.unit, tracks.crs, tracks.timed)
    return made, of


def distinct(ids: np.ndarray) -> np.ndarray:
    """The ids, with a mark behind those that another track had before: a table may have an "a" and an "a #2" already."""
    if len(set(ids.tolist())) == len(ids):
        return ids
    taken: set[str] = set()
    out = ids.copy()
    for i in range(len(out)):
        while out[i] in taken:
            out[i] = f"{out[i]}'"
        taken.add(str(out[i]))
    return out
