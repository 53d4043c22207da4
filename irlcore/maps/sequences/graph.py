"""A process as a picture: events from the start on the left to the end on the right, the larger the more often they came, and steps between
them, the wider the more often; coloured by what a model expects, or with one sequence drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from irlcore.maps.sequences.band import plain_name
from irlcore.maps.sequences.ink import ALT, box, line, look, part, picture, words
from irlcore.maps.sequences.layers import Layout, layout
from irlcore.maps.sequences.process import Process, Shown
from irlcore.maps.svg_words import width_of
from irlcore.quantities import counted, plain
from irlcore.review.words.amounts import often

LETTERS, SIZE, SMALL = 18, 12.0, 10.5
ROW, APART, EDGE, TOP = 56.0, 38.0, 10.0, 34.0
"""Pixels: between events of a layer, between layers, round the picture, and above it for steps of an event to itself."""
LEAST_HIGH, MORE_HIGH, PAD = 28.0, 14.0, 9.0
LEAST_LINE, MORE_LINE, ARROW = 1.0, 6.0, 5.0
MOST_LABELS = 40
FAR = 6.0
"""Standard deviations at which a colour is at its strongest."""


def graph_svg(process: Process, shown: Shown, path: Sequence[int] = (), worst: tuple[int, int] = (0, 0), name: str = "",
              residual: bool = False, values: Sequence[str] | None = None, bare: bool = False) -> str:
    """The picture, as wide as it must be. path: places of a sequence, the start first, drawn on top, its steps of ``worst`` bright;
    name: what it is called. residual: colours tell what a model expects. values: (L,) what stands in each event in place of how
    often it came. bare: without words, for a picture too small to read any."""
    events, steps = shown.events, shown.steps
    at = {int(place): k for k, place in enumerate(events)}
    tail, head = (np.array([at[int(one)] for one in side[steps]], np.int64) for side in (process.tail, process.head))
    weight = np.maximum(process.count[steps], 0).astype(np.float64) + 0.5
    found = layout(len(events), tail, head, weight, at[process.start], at[process.end])
    place = _placed(process, shown, found)
    own = _own(process, path)
    order = np.lexsort((np.arange(len(steps)), process.count[steps], np.array([int(one) in own for one in steps], bool)))
    drawn = [_step(process, int(steps[k]), k, int(tail[k]), int(head[k]), found, place, residual, own, worst, len(steps))
             for k in order.tolist()]
    nodes = [_event(process, int(place_), place, k, int(place_) in set(path), values, bare) for k, place_ in enumerate(events)]
    wide, high = place.wide, place.high
    key, high = ("", high) if bare else _key(residual, bool(own), worst[1] > worst[0], wide, high)
    labels = [] if bare else [label for _, label in drawn]
    return picture("".join([*(a for a, _ in drawn), *nodes, *labels, key]), wide, high, graph_alt(process, shown, name, residual)[:ALT])


def graph_alt(process: Process, shown: Shown, name: str = "", residual: bool = False) -> str:
    """What is on the picture, in words: its commonest steps, or what differs most from what is expected."""
    steps = shown.steps
    said = f"Process of {counted(process.sequences, 'sequence')}: {shown.said}"
    if residual:
        beyond = process.beyond[steps]
        far = [int(steps[k]) for k in np.argsort(-np.abs(beyond), kind="stable")[:5] if beyond[k]]
        told = [f"{_step_name(process, k)} {'more' if process.beyond[k] > 0.0 else 'less'} often than expected" for k in far]
        said += f" {'; '.join(told)}." if told else " No step differs from what is expected for sure."
    else:
        top = steps[np.argsort(-process.count[steps], kind="stable")[:5]].tolist()
        said += f" The commonest steps: {'; '.join(f'{_step_name(process, k)} {often(int(process.count[k]))}' for k in top)}."
    return f"{said} Sequence {name} is drawn on it." if name else said


def _step_name(process: Process, k: int) -> str:
    return f"{plain_name(process.names[process.tail[k]])} to {plain_name(process.names[process.head[k]])}"


class _Place:
    """Where the boxes of events are: middles x, y and sizes, pixels."""

    def __init__(self, x: np.ndarray, y: np.ndarray, wide_of: np.ndarray, high_of: np.ndarray, columns: np.ndarray, widest: np.ndarray,
                 wide: float, high: float) -> None:
        self.x, self.y, self.wide_of, self.high_of = x, y, wide_of, high_of
        self.columns, self.widest = columns, widest
        self.wide, self.high = wide, high


def _placed(process: Process, shown: Shown, found: Layout) -> _Place:
    count = process.often[shown.events].astype(np.float64)
    inner = ~np.isin(shown.events, (process.start, process.end))
    share = np.sqrt(count / max(float(count[inner].max(initial=1.0)), 1.0)).clip(0.0, 1.0)
    labels = [plain_name(process.names[int(one)]) for one in shown.events]
    wide_of = np.array([width_of(label, SIZE, LETTERS) for label in labels]) + 2 * PAD + 6.0 * share
    wide_of = np.maximum(wide_of, 44.0)
    high_of = LEAST_HIGH + MORE_HIGH * share
    widest = np.array([wide_of[found.layer == k].max(initial=24.0) for k in range(int(found.layer.max()) + 1)])
    columns = EDGE + np.cumsum(widest + APART) - APART - widest / 2.0
    x, y = columns[found.layer], TOP + LEAST_HIGH / 2 + found.y * ROW
    return _Place(x, y, wide_of, high_of, columns, widest, float(columns[-1] + widest[-1] / 2 + EDGE),
                  float(TOP + LEAST_HIGH + MORE_HIGH + found.height * ROW + EDGE))


def _own(process: Process, path: Sequence[int]) -> dict[int, list[int]]:
    """Step of the process -> at which steps of the sequence it was taken."""
    code = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(process.tail, process.head, strict=True))}
    out: dict[int, list[int]] = {}
    for k, pair in enumerate(pairwise(path)):
        if pair in code:
            out.setdefault(code[pair], []).append(k)
    return out


def _event(process: Process, event: int, place: _Place, k: int, on_path: bool, values: Sequence[str] | None,
           bare: bool = False) -> str:
    x, y, wide, high = (float(one[k]) for one in (place.x, place.y, place.wide_of, place.high_of))
    name, count = plain_name(process.names[event]), int(process.often[event])
    ends = event in (process.start, process.end)
    stroke, thick = ("selected", 2.2) if on_path else ("frame", 1.0)
    body = box(x - wide / 2, y - high / 2, wide, high, look("open" if ends else "event", stroke, thick), high / 2 if ends else 6.0)
    if bare:
        return body
    body += words(x, y if not ends else y + 4, name, SIZE, "text", "middle", LETTERS, bold=not ends)
    body += "" if ends else words(x, y + 12, f"{count:,}" if values is None else values[event], SMALL, "understood", "middle")
    return part(body, f"{name}: {often(count)}" if not ends else f"{name}: {counted(process.sequences, 'sequence')}", "place", event)


def _step(process: Process, step: int, k: int, a: int, b: int, found: Layout, place: _Place, residual: bool, own: dict[int, list[int]],
          worst: tuple[int, int], many: int) -> tuple[str, str]:
    """The line of a step with its arrow, and its number, which stands above all lines."""
    count, beyond = int(process.count[step]), float(process.beyond[step])
    most = max(int(process.count.max(initial=1)), 1)
    thick = LEAST_LINE + MORE_LINE * float(np.sqrt(count / most))
    colour, dash = "flow", ""
    if residual:
        level = 4 + int(np.clip(np.rint(beyond / FAR * 4.0), -4, 4))
        colour, dash = (f"residual {level}", "5 4" if beyond < 0.0 else "") if beyond else ("ordinary", "")
        thick = max(thick, 2.0) if beyond else thick
    data, tip, at = _curve(a, b, found.bends[k], place)
    faint = 0.45 if (own and step not in own) or (residual and not beyond) else 0.9
    body = line(data, look("", colour, thick, dash, faint))
    body += _arrow(tip, max(ARROW, 1.1 * thick + 2.0), look(colour, opacity=max(faint, 0.6)))
    if step in own:
        bright = any(worst[0] <= j < worst[1] for j in own[step])
        body += line(data, look("", "halo", 5.5, "", 0.9)) + (line(data, look("", "worst", 7.0)) if bright else "")
        body += line(data, look("", "selected", 2.6)) + _arrow(tip, 8.0, look("selected"))
    said = f"{_step_name(process, step)}: {often(count) if count else 'never'}"
    if np.isfinite(process.expected[step]):
        said += f", {plain(float(process.expected[step]), 3)} expected"
    label = ""
    if residual and beyond:
        off = abs(count - float(process.expected[step]))
        label = f"{'+' if beyond > 0.0 else '−'}{off:,.0f}" if off >= 0.95 else f"{'+' if beyond > 0.0 else '−'}{plain(off, 1)}"
    elif not residual and many <= MOST_LABELS:
        label = f"{count:,}"
    return part(body, said), words(*at, label, SMALL, "text" if label[:1] in "+−" else "understood", "middle", halo=True) if label else ""


Tip = tuple[float, float, float]
"""Where an arrow ends, and the direction it comes from, radians."""


def _curve(a: int, b: int, bends: np.ndarray, place: _Place) -> tuple[str, Tip, tuple[float, float]]:
    """Path data of the line from event a to event b, its tip, and where its number stands."""
    x0, y0, x1, y1 = float(place.x[a]), float(place.y[a]), float(place.x[b]), float(place.y[b])
    if a == b:
        top, half = y0 - float(place.high_of[a]) / 2, 13.0
        data = (f"M{x0 - half:.1f} {top:.1f}C{x0 - 2 * half:.1f} {top - 24:.1f} {x0 + 2 * half:.1f} {top - 24:.1f} "
                f"{x0 + half:.1f} {top - 3:.1f}")
        return data, (x0 + half, top, 2.0), (x0, top - 20.0)
    on = 1.0 if x1 > x0 else -1.0
    begin, end = x0 + on * float(place.wide_of[a]) / 2, x1 - on * float(place.wide_of[b]) / 2
    if abs(x1 - x0) < 1.0:  # of one layer: round by the side
        side = x0 + float(max(place.wide_of[a], place.wide_of[b])) / 2
        data = f"M{side:.1f} {y0:.1f}C{side + 30:.1f} {y0:.1f} {side + 30:.1f} {y1:.1f} {side + 3:.1f} {y1:.1f}"
        return data, (side, y1, np.pi), (side + 22, (y0 + y1) / 2)
    low = 9.0 if on < 0.0 else 0.0  # what runs back runs a little lower than what runs forth
    points = [(begin, y0 + low), *((float(place.columns[int(c)]), float(TOP + LEAST_HIGH / 2 + y * ROW)) for c, y in bends),
              (end - on * 3.0, y1 + low)]
    data, level = f"M{points[0][0]:.1f} {points[0][1]:.1f}", 0.45
    for (ax, ay), (bx, by) in pairwise(points):
        data += f"C{ax + level * (bx - ax):.1f} {ay:.1f} {bx - level * (bx - ax):.1f} {by:.1f} {bx:.1f} {by:.1f}"
    beside = -4.0 if on > 0.0 else 12.0
    k, other = (len(points) - 1) // 2, len(points) // 2  # the same where a bend is in the middle
    middle = ((points[k][0] + points[other][0]) / 2, (points[k][1] + points[other][1]) / 2 + beside)
    return data, (end, y1 + low, 0.0 if on > 0.0 else np.pi), middle


def _arrow(tip: Tip, size: float, drawn: str) -> str:
    x, y, turn = tip
    shape = np.array([(0.0, 0.0), (-size * 1.4, -size * 0.7), (-size * 1.4, size * 0.7)])
    ca, sa = np.cos(turn), np.sin(turn)
    points = shape @ np.array([[ca, sa], [-sa, ca]]) + (x, y)
    return f'<path d="M{"L".join(f"{px:.1f} {py:.1f}" for px, py in points)}z" {drawn}/>'


def _key(residual: bool, own: bool, worst: bool, wide: float, top: float) -> tuple[str, float]:
    entries = [("event", "an event and how often it came; lines the wider, the more often", "")] if not residual else [
        ("residual 8", "more often than expected (+)", ""), ("residual 0", "less often than expected (−, dashed)", "5 4"),
        ("ordinary", "about as often as expected", "")]
    entries += [("selected", "the selected sequence", "")] if own else []
    entries += [("worst", "its least expected stretch", "")] if worst else []
    out, x, y = [], EDGE, top
    for role, said, dash in entries:
        room = width_of(said, SMALL, 90) + 34.0
        if x > EDGE and x + room > wide:
            x, y = EDGE, y + SMALL + 8
        out.append(box(x, y, 18, 11, look(role, "frame"), 3.0) if role == "event" else
                   line(f"M{x:.1f} {y + 6:.1f}h18", look("", role, 3.0, dash)))
        out.append(words(x + 23, y + SMALL - 0.5, said, SMALL, "understood", most=90))
        x += room
    return "".join(out), y + SMALL + 12
