"""A process as a picture: events from the start to the end, to the right or downwards, the larger the more often they came, and steps
between them, the wider the more often; coloured by what a model expects, or with one sequence drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from irlcore.maps.sequences.band import plain_name
from irlcore.maps.sequences.ink import ALT, box, line, look, part, picture, words
from irlcore.maps.sequences.layers import Layout, layout
from irlcore.maps.sequences.placed import EDGE, LETTERS, NARROWEST, SIZE, SMALL, Placed, arrow, curve, placed, room_across, sizes
from irlcore.maps.sequences.process import Process, Shown
from irlcore.maps.svg_words import width_of
from irlcore.quantities import counted, plain
from irlcore.review.words.amounts import often

LEAST_LINE, MORE_LINE, ARROW = 1.0, 6.0, 5.0
MOST_LABELS = 40
FAR = 6.0
"""Standard deviations at which a colour is at its strongest."""


def graph_svg(process: Process, shown: Shown, path: Sequence[int] = (), worst: tuple[int, int] = (0, 0), name: str = "",
              residual: bool = False, values: Sequence[str] | None = None, bare: bool = False, down: bool = False,
              narrowest: float = NARROWEST) -> str:
    """The picture, as wide and high as it must be. path: places of a sequence, the start first, drawn on top, its steps of ``worst``
    bright; name: what it is called. residual: colours tell what a model expects. values: (L,) what stands in each event in place of how
    often it came. bare: without words, for a picture too small to read any. down: from the start at the top to the end below, and
    ``narrowest`` pixels wide or more."""
    events, steps = shown.events, shown.steps
    at = {int(place): k for k, place in enumerate(events)}
    tail, head = (np.array([at[int(one)] for one in side[steps]], np.int64) for side in (process.tail, process.head))
    weight = np.maximum(process.count[steps], 0).astype(np.float64) + 0.5
    of = sizes([plain_name(process.names[int(one)]) for one in events], process.often[events],
               ~np.isin(events, (process.start, process.end)))
    found = layout(len(events), tail, head, weight, at[process.start], at[process.end], room_across(of) if down else None)
    place = placed(of, found, down, tail[tail == head], narrowest)
    own = _own(process, path)
    order = np.lexsort((np.arange(len(steps)), process.count[steps], np.array([int(one) in own for one in steps], bool)))
    drawn = [_step(process, int(steps[k]), k, int(tail[k]), int(head[k]), found, place, residual, own, worst, len(steps))
             for k in order.tolist()]
    nodes = [_event(process, int(place_), place, k, int(place_) in set(path), values, bare) for k, place_ in enumerate(events)]
    wide, high = place.wide, place.high
    key, high = ("", high) if bare else _key(residual, bool(own), worst[1] > worst[0], wide, high)
    labels = [] if bare else [label for _, label in drawn]
    return picture("".join([*(a for a, _ in drawn), *nodes, *labels, key]), wide, high, graph_alt(process, shown, name, residual)[:ALT])


def graph_svgs(process: Process, shown: Shown, path: Sequence[int] = (), worst: tuple[int, int] = (0, 0), name: str = "",
               residual: bool = False, values: Sequence[str] | None = None) -> tuple[str, str]:
    """The picture downwards, and to the right: a page takes the one that fits."""
    down, right = (graph_svg(process, shown, path, worst, name, residual, values, down=down) for down in (True, False))
    return down, right


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


def _own(process: Process, path: Sequence[int]) -> dict[int, list[int]]:
    """Step of the process -> at which steps of the sequence it was taken."""
    code = {(int(a), int(b)): k for k, (a, b) in enumerate(zip(process.tail, process.head, strict=True))}
    out: dict[int, list[int]] = {}
    for k, pair in enumerate(pairwise(path)):
        if pair in code:
            out.setdefault(code[pair], []).append(k)
    return out


def _event(process: Process, event: int, place: Placed, k: int, on_path: bool, values: Sequence[str] | None,
           bare: bool = False) -> str:
    x, y, wide, high = place.box(k)
    name, count = plain_name(process.names[event]), int(process.often[event])
    ends = event in (process.start, process.end)
    stroke, thick = ("selected", 2.2) if on_path else ("frame", 1.0)
    body = box(x - wide / 2, y - high / 2, wide, high, look("open" if ends else "event", stroke, thick), high / 2 if ends else 6.0)
    if bare:
        return body
    body += words(x, y if not ends else y + 4, name, SIZE, "text", "middle", LETTERS, bold=not ends)
    body += "" if ends else words(x, y + 12, f"{count:,}" if values is None else values[event], SMALL, "understood", "middle")
    return part(body, f"{name}: {often(count)}" if not ends else f"{name}: {counted(process.sequences, 'sequence')}", "place", event)


def _step(process: Process, step: int, k: int, a: int, b: int, found: Layout, place: Placed, residual: bool, own: dict[int, list[int]],
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
    data, tip, at, anchor = curve(a, b, found.bends[k], place)
    faint = 0.45 if (own and step not in own) or (residual and not beyond) else 0.9
    body = line(data, look("", colour, thick, dash, faint))
    body += arrow(place, tip, max(ARROW, 1.1 * thick + 2.0), look(colour, opacity=max(faint, 0.6)))
    bright = any(worst[0] <= j < worst[1] for j in own.get(step, ()))
    if step in own:
        body += line(data, look("", "halo", 5.5, "", 0.9)) + (line(data, look("", "worst", 7.0)) if bright else "")
        body += line(data, look("", "selected", 2.6)) + arrow(place, tip, 8.0, look("selected"))
    said = f"{_step_name(process, step)}: {often(count) if count else 'never'}"
    if np.isfinite(process.expected[step]):
        said += f", {plain(float(process.expected[step]), 3)} expected"
    label = ""
    if residual and beyond:
        off = abs(count - float(process.expected[step]))
        label = f"{'+' if beyond > 0.0 else '−'}{off:,.0f}" if off >= 0.95 else f"{'+' if beyond > 0.0 else '−'}{plain(off, 1)}"
    elif not residual and many <= MOST_LABELS:
        label = f"{count:,}"
    look_here = "look" if bright else ""
    return part(body, said, look_here, step), words(*at, label, SMALL, "text" if label[:1] in "+−" else "understood", anchor,
                                                    halo=True) if label else ""


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
