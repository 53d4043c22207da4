"""The goals of one track in the colours of the chart: a table that is its legend too."""

from __future__ import annotations

import numpy as np

from irlcore.analysis.onward import Intent
from irlcore.report.charts import goal_colour, goals_shown
from irlcore.report.text import NAME, as_html

NOW = 3
"""The likeliest goals at the moment, which stand in the table even where they are too small over all for the chart."""


def goals_table(asked: Intent, seen: int) -> str:
    """HTML: the goals that the chart shows and the likeliest ones after ``seen`` steps, in the order of their probability then, and all
    others together; the one where the track ended is marked in words and weight."""
    now = asked.posterior.probability[seen]
    charted = goals_shown(asked.posterior.probability).tolist()
    rank = {goal: k for k, goal in enumerate(charted)}
    likely = [int(goal) for goal in np.argsort(-now, kind="stable")[:NOW] if now[goal] > 0.0]
    shown = sorted({*charted, *likely}, key=lambda goal: (-now[goal], goal))
    rows = [_row(goal_colour(rank.get(goal, -1)), asked.names[goal], float(now[goal]), goal == asked.own) for goal in shown]
    rows.append(_row(goal_colour(-1), "others or none", max(1.0 - float(now[shown].sum()), 0.0), False))
    head = f"<thead><tr><th>goal</th><th>after {seen} steps</th></tr></thead>"
    return f'<table class="motive-goals" aria-label="The likeliest goals">{head}<tbody>{"".join(rows)}</tbody></table>'


def _row(colour: str, name: str, probability: float, ended: bool) -> str:
    said = f"{as_html(name, NAME)}{' (ended here)' if ended else ''}"
    return (f'<tr{" class=ended" if ended else ""}><td><i style="background:{colour}"></i>{said}</td><td>{as_html(said_share(probability))}'
            "</td></tr>")


def said_share(probability: float) -> str:
    """A share that does not claim to be none or all where it is not."""
    if 0.0 < probability < 0.005:
        return "< 1%"
    return "> 99%" if 0.995 < probability < 1.0 else f"{probability:.0%}"
