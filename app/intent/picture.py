"""The map of an intent: goals by probability, the likely ways on, what was seen so far."""

from __future__ import annotations

import numpy as np

from app.map.component import show
from irlcore.analysis.onward import Intent
from irlcore.maps.compose import scene
from irlcore.maps.drawn import Drawn
from irlcore.maps.goals import goal_dots
from irlcore.maps.scene import Key, Style
from irlcore.maps.tracks import choices_lines, extent_of
from irlcore.project.project import Project
from irlcore.report.charts import goals_shown
from irlcore.worlds.world import World

SEEN = Style("selected", 3.5, halo=True)
LIKELY = Key("likely ways on, wider where likelier", Style("likelier", 3.0, dash=True))


def picture(project: Project, world: World, asked: Intent, seen: int, ways: list[np.ndarray], likely: list[int], height: int) -> None:
    """Draw it; a click on nothing changes anything here."""
    now = asked.posterior.probability[seen]
    paths, index = asked.paths, asked.index
    chosen = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    drawn = choices_lines(world, chosen[:seen], "seen so far", SEEN)
    on = [choices_lines(world, way, f"likely way to {asked.names[k]}", Style("likelier", 1.5 + 4.0 * float(now[k]), dash=True))
          for way, k in zip(ways, likely, strict=True)]
    layers = tuple(layer for one in on[::-1] for layer in one.layers)  # the likeliest on top of the others
    drawn = Drawn(layers, (LIKELY,) if layers else ()) + drawn
    ends = [asked.found.ends_of(k)[0] for k in range(len(asked.names))]
    xy = np.array([world.place_xy[world.place_of_state[paths.goals.of(int(end))[0]]] for end in ends])
    focus = extent_of(choices_lines(world, chosen, "", SEEN))
    rank, charted = np.full(len(asked.names), -1), goals_shown(asked.posterior.probability)
    rank[charted] = np.arange(len(charted))  # the colours of the chart and of the list
    drawn = drawn + goal_dots(xy, asked.names, now, rank)
    show(scene(project, drawn, alt="Map of the goals sized by probability, the likely ways on and what was seen so far", focus=focus),
         "map_intent", height=height)
