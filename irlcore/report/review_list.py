"""The list of reviewed tracks in words: one short line a track, its score, how far the review is."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.listing import score_of
from irlcore.analysis.study import Review, yardstick_of
from irlcore.analysis.triage import Progress
from irlcore.project.places import places_of
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.quantities import plain, said_amount
from irlcore.review.reasons import Yardstick
from irlcore.worlds.world import World

UNITS = {"surprise": "sd", "improbability": "nats", "utility_gap": "", "worst_stretch": "nats"}
"""Of the scores that rank, as they stand in the list."""
BARE = ("length", "step", "duration")


def list_lines(project: Project, review: Review) -> list[str]:
    """One line for each of ``review.order``: between which places it did what is least expected of it, and what its way cost it more."""
    world, _ = need_world(project)
    yardstick, scores, paths, places = yardstick_of(project), review.scores, review.parts.paths, places_of(project)
    first, last = (paths.choices[paths.offsets[:-1] + at] for at in (scores.worst_start, scores.worst_end - 1))
    before, after = world.choice_from[first], world.choice_place[last]
    said: dict[int, str] = {}
    lines = []
    for i in review.order:
        one, two = (said.get(k) or said.setdefault(k, places.said(k)) for k in (int(before[i]), int(after[i])))
        where = one if one == two else f"{one} → {two}"
        if not np.isfinite(scores.worst_stretch[i]):
            lines.append(f"{where}: no way to the goal")
            continue
        more = _more(world, yardstick, float(scores.utility_gap[i]))
        lines.append(f"{where}: {more}" if more else where)
    return lines


def _more(world: World, yardstick: Yardstick | None, gap: float) -> str:
    """What the way cost beyond the best one, "+1.2 km"; empty where that cannot be told or is nothing."""
    if yardstick is None or yardstick.weight == 0.0 or not np.isfinite(gap) or gap <= 1e-9:
        return ""
    amount, unit = gap / abs(yardstick.weight), yardstick.unit or world.unit
    return f"+{plain(amount)} min" if unit == "min" else f"+{said_amount(amount, unit)}"


def list_scores(review: Review) -> list[str]:
    """The score that ranks for each of ``review.order``, with digits that tell neighbours apart and its unit: "20.3 sd"."""
    values, unit = score_of(review)[review.order], UNITS[review.score]
    return [f"{digits(float(value))} {unit}".strip() for value in values]


def digits(value: float) -> str:
    """A score with one decimal, two below 10; "no way" where it is infinite, since some choice was impossible."""
    if np.isnan(value):
        return "not known"
    if np.isinf(value):
        return "no way" if value > 0.0 else "-∞"
    text = f"{value:,.1f}" if abs(value) >= 10.0 else f"{value:.2f}"
    return text if float(text.replace(",", "")) else text.lstrip("-")


def list_places(review: Review) -> list[str]:
    """The p-value of each of ``review.order``; how many in a hundred are as strange where nothing is calibrated."""
    p = review.p[review.order]
    if review.control.kind == "strangest":
        return [f"top {plain(100.0 * float(value))} %" for value in p]
    return [f"p {plain(float(value))}" for value in p]


def progress_words(found: Progress) -> str:
    """How far the review is, and how often a flag was right so far: one line."""
    said = f"{found.decided:,} of {found.flagged:,} flagged decided"
    if not found.decided:
        return said + "."
    events = "1 is an operational event" if found.events == 1 else f"{found.events:,} are operational events"
    if not np.isfinite(found.lower):
        return f"{said}; {events}."
    share = f"{100.0 * found.lower:.0f} to {100.0 * found.upper:.0f} %"
    return f"{said}; {events} ({found.events / found.decided:.0%}; if the rest is like them, {share} would be)."


def only_length(project: Project) -> str:
    """What to say of a fit that knows nothing but how long a way is; empty where it knows more, or where there is none."""
    if project.fit is None or any(spec.kind not in BARE for spec in project.fit.features):
        return ""
    return ("This model knows only how long a way is, so what is flagged is mostly long or winding. Once it knows what these agents look "
            "for, others come to the top.")
