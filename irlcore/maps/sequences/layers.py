"""Where the events of a process are drawn: in layers from the start on the left to the end on the right.

Steps that would close a circle run backwards (the rarest ones, added last); the layer of an event is the longest way to it from the start
by the others; steps over several layers pass through a point in each; the order in a layer is that of the middles (barycentres) of what it
is joined to, as it crosses the fewest lines after a few sweeps (Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11, 1981).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SWEEPS = 12
PASSING, LOOP = 0.4, 0.3
"""Room of a point that an edge passes through, where a node takes 1, and of an edge from a node to itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Of n nodes and e edges. layer: (n,) int64. y: (n,) float64, in units of the least distance of two nodes of a layer, from 0. height:
    the largest y. bends: of each edge the points (layer, y) that it passes between its nodes, in its own direction. backwards: (e,) bool,
    edges against the layers; edges from a node to itself are neither."""

    layer: np.ndarray
    y: np.ndarray
    height: float
    bends: tuple[np.ndarray, ...]
    backwards: np.ndarray


def layout(n: int, tail: np.ndarray, head: np.ndarray, weight: np.ndarray, start: int, end: int,
           takes: np.ndarray | None = None) -> Layout:
    """Nodes 0 to n - 1 joined by edges ``tail`` to ``head`` (e,), the heavier (``weight``) the straighter. takes: (n,) the room of each in
    its layer, 1 where not given."""
    loop = tail == head
    backwards = _backwards(n, tail, head, weight, start, end)
    low, high = np.where(backwards, head, tail), np.where(backwards, tail, head)
    layer = _layers(n, low[~loop], high[~loop], start, end)
    chains: list[list[int]] = []
    layers = layer.tolist()
    for k in range(len(tail)):
        if loop[k]:
            chains.append([])
            continue
        inner = list(range(layers[low[k]] + 1, layers[high[k]]))
        chains.append([int(low[k]), *range(len(layers), len(layers) + len(inner)), int(high[k])])
        layers.extend(inner)
    links = [(a, b, float(weight[k])) for k, chain in enumerate(chains) for a, b in pairwise(chain)]
    rows = _ordered(layers, links)
    room = np.concatenate((np.ones(n) if takes is None else takes, np.full(len(layers) - n, PASSING)))
    room[np.unique(tail[loop])] += LOOP
    y = _heights(rows, links, room)
    bends = []
    for k, chain in enumerate(chains):
        points = np.array([(layers[p], y[p]) for p in chain[1:-1]], np.float64).reshape(-1, 2)
        bends.append(points[::-1] if backwards[k] else points)
    return Layout(layer, y[:n], float(y.max(initial=0.0)), tuple(bends), backwards)


def _backwards(n: int, tail: np.ndarray, head: np.ndarray, weight: np.ndarray, start: int, end: int) -> np.ndarray:
    """(e,) bool: edges that would close a circle of heavier ones; ties by where they stand."""
    after: list[set[int]] = [set() for _ in range(n)]
    out = np.zeros(len(tail), bool)
    for k in np.lexsort((np.arange(len(tail)), -weight)).tolist():
        a, b = int(tail[k]), int(head[k])
        if a == b:
            continue
        if b == start or a == end or _reaches(after, b, a):
            out[k] = True
        else:
            after[a].add(b)
    return out


def _reaches(after: list[set[int]], a: int, b: int) -> bool:
    seen, front = {a}, [a]
    while front:
        here = front.pop()
        if here == b:
            return True
        new = after[here] - seen
        seen |= new
        front.extend(new)
    return False


def _layers(n: int, low: np.ndarray, high: np.ndarray, start: int, end: int) -> np.ndarray:
    """(n,) the longest way from the start, which stands alone in the first layer, as the end does in the last."""
    layer = np.ones(n, np.int64)
    layer[start] = 0
    for _ in range(n):
        new = layer.copy()
        np.maximum.at(new, high, layer[low] + 1)
        if np.array_equal(new, layer):
            break
        layer = new
    inner = np.setdiff1d(np.arange(n), (start, end))
    layer[end] = int(layer[inner].max(initial=0)) + 1
    return layer


def _ordered(layers: list[int], links: list[tuple[int, int, float]]) -> list[list[int]]:
    """The points of each layer in an order that crosses few lines."""
    rows: list[list[int]] = [[] for _ in range(max(layers) + 1)]
    for point, layer in enumerate(layers):
        rows[layer].append(point)
    joined: list[tuple[list[tuple[int, float]], list[tuple[int, float]]]] = [([], []) for _ in layers]
    for a, b, weight in links:
        joined[b][0].append((a, weight))
        joined[a][1].append((b, weight))
    best, fewest = [list(row) for row in rows], _crossings(rows, links)
    for sweep in range(SWEEPS):
        side = sweep % 2
        place = {point: k for row in rows for k, point in enumerate(row)}
        for row in rows if side == 0 else rows[::-1]:
            middle = {}
            for point in row:
                others = joined[point][side]
                total = sum(weight for _, weight in others)
                middle[point] = (sum(place[o] * w for o, w in others) / total) if total > 0.0 else float(place[point])
            row.sort(key=lambda point: (round(middle[point], 9), place[point]))
            place.update({point: k for k, point in enumerate(row)})
        if (crossed := _crossings(rows, links)) < fewest:
            best, fewest = [list(row) for row in rows], crossed
    return best


def _crossings(rows: list[list[int]], links: list[tuple[int, int, float]]) -> int:
    place, layer = {}, {}
    for r, row in enumerate(rows):
        for k, point in enumerate(row):
            place[point], layer[point] = k, r
    total = 0
    for r in range(len(rows) - 1):
        mine = np.array([(place[a], place[b]) for a, b, _ in links if layer[a] == r], np.int64).reshape(-1, 2)
        if len(mine) > 1:
            total += int(((mine[:, None, 0] < mine[None, :, 0]) & (mine[:, None, 1] > mine[None, :, 1])).sum())
    return total


def _heights(rows: list[list[int]], links: list[tuple[int, int, float]], room: np.ndarray) -> np.ndarray:
    """(n,) y of each point: near the middle of what it is joined to, in the order of its layer, with the ``room`` (n,) that it takes."""
    y, n = np.zeros(len(room)), len(room)
    along = [np.cumsum(room[row]) - room[row] / 2.0 for row in rows]
    most = max(float(room[row].sum()) for row in rows)
    for row, at in zip(rows, along, strict=True):
        y[row] = at + (most - float(room[row].sum())) / 2.0
    a, b = (np.array([link[k] for link in links], np.int64) for k in (0, 1))
    weight = np.array([link[2] for link in links]) + 1e-9
    for _ in range(SWEEPS):
        total = np.bincount(a, weight, n) + np.bincount(b, weight, n)
        pulled = np.bincount(a, weight * y[b], n) + np.bincount(b, weight * y[a], n)
        wanted = np.where(total > 0.0, pulled / np.where(total > 0.0, total, 1.0), y)
        for row, at in zip(rows, along, strict=True):
            y[row] = _spaced(wanted[row], at)
    return y - y.min(initial=0.0)


def _spaced(wanted: np.ndarray, least: np.ndarray) -> np.ndarray:
    """The values nearest to ``wanted`` (least squares) that rise as ``least`` does or more: pool adjacent violators of what is left."""
    blocks: list[tuple[float, int]] = []
    for one in (wanted - least).tolist():
        blocks.append((one, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, m), (b, k) = blocks[-2:]
            blocks[-2:] = [((a * m + b * k) / (m + k), m + k)]
    return np.concatenate([np.full(k, one) for one, k in blocks]) + least
