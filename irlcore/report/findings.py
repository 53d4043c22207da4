"""What a report says of each flagged track: reasons, a map of its own, and what it seemed to be after. The slow half of a report, made once
for a review; what the analyst decides or writes later does not change it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import apart_study, reasons_study
from irlcore.analysis.study import fit_key
from irlcore.engine import Control
from irlcore.errors import MotiveError
from irlcore.maps.compose import scene
from irlcore.maps.drawn import Drawn
from irlcore.maps.ground import is_y_down
from irlcore.maps.kept import digest
from irlcore.maps.scene import Scene, Style
from irlcore.maps.svg import scene_svg
from irlcore.maps.tracks import alike, extent_of, flow, path_lines_layer, selected
from irlcore.project.project import Project
from irlcore.project.split import need_world
from irlcore.report.intent_words import Seen, seen_study, with_goals
from irlcore.report.log_pictures import process_picture, sequence_picture
from irlcore.report.text import NAME, as_line
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.reasons import Reasons, Telling

WIDTH, HEIGHT = 680, 280
"""Pixels of a card's map: two cards to a printed page."""
OVERVIEW = 420
CALLED = {"selected track": "the track"}
"""What the legend of a page says -> what that of a report does: on paper nothing is selected."""
MOST_LINES = 60
"""Flagged tracks that the map of all of them draws as lines."""
FLAGGED = Style("flagged", 2.0, 0.85)


@dataclass(frozen=True, slots=True)
class Finding:
    """One track. index: into the class's paths. reasons: None where they could not be found, and ``trouble`` says why. picture: its map as
    SVG, "" without coordinates."""

    index: int
    track: str
    reasons: Reasons | None
    picture: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a review. key: of ``findings_key``. overview: the map of all flagged tracks as SVG. of: path -> finding. seen:
    path -> what it seemed to be after, of every track that was asked for. told: what all reasons are told with, as on the Review page."""

    key: Hashable
    told: Telling
    overview: str
    of: dict[int, Finding]
    seen: dict[int, Seen]


def findings_key(project: Project, review: Review) -> Hashable:
    """What findings depend on: the fit and its data, the ranking, the flags, what lies on the map, and which way up that is drawn and
    told."""
    control: FalseAlarmControl = review.control
    zones = tuple((name, digest(np.asarray(ring, np.float64))) for name, ring in project.zones.items())
    spots = tuple((name, *map(float, at)) for name, at in project.spots.items())
    files = tuple((one.name, one.kind, digest(one.xy, one.offsets), one.names) for one in project.map_files)
    goals = project.goals.get(project.agent_class, ())
    down = is_y_down(need_world(project)[0])
    return fit_key(project), review.score, control, digest(review.flagged, review.order), zones, spots, files, goals, down


def findings_study(project: Project, review: Review, cards: Sequence[int], intents: Sequence[int], before: Findings | None = None,
                   watch: Control | None = None, key: Hashable = None, told: Telling | None = None) -> Findings:
    """Reasons and maps of the paths ``cards``, and what the paths ``intents`` seemed to be after. before: what was found for the same key;
    it is not looked for again; of those without a destination it is not asked. told: of ``apart_study``, where it is known already. Raises
    Cancelled."""
    watch = watch or Control()
    key = key if key is not None else findings_key(project, review)
    old = before if before is not None and before.key == key else None
    told = old.told if old else told or apart_study(project, review, watch.part(0, 3, "comparing the flagged tracks"))
    seen = dict(old.seen) if old else {}
    missing = [i for i in with_goals(review.parts.paths, intents) if i not in seen]
    if missing:
        seen.update(zip(missing, seen_study(project, review.parts.paths, np.array(missing), watch.part(1, 3, "what they were after")),
                        strict=True))
    of = dict(old.of) if old else {}
    steps = watch.part(2, 3, "reasons and maps")
    todo = [i for i in cards if i not in of]
    for done, i in enumerate(todo):
        steps.step(done, len(todo), f"track {as_line(review.parts.paths.ids[i], NAME)}")
        of[i] = _finding(project, review, i, told)
    overview = old.overview if old else _all_of_them(project, review)
    return Findings(key, told, overview, of, seen)


def _finding(project: Project, review: Review, index: int, told: Telling) -> Finding:
    track = str(review.parts.paths.ids[index])
    try:
        reasons = reasons_study(project, review, index, told)
    except MotiveError as error:  # one track that cannot be explained does not take the report away
        return Finding(index, track, None, _picture(project, review, index, None), f"{error.what} {error.fix}".strip())
    return Finding(index, track, reasons, _picture(project, review, index, reasons))


def _picture(project: Project, review: Review, index: int, reasons: Reasons | None) -> str:
    """Of one track: of a log its events, else its map."""
    world, _ = need_world(project)
    if world.kind == "log":
        return sequence_picture(world, review, index, reasons, WIDTH)
    return _svg(_own_map(project, review, index, reasons), HEIGHT)


def _all_of_them(project: Project, review: Review) -> str:
    """Of all flagged tracks: of a log the process, else a map."""
    world, _ = need_world(project)
    return process_picture(world, review, WIDTH) if world.kind == "log" else _svg(_overview(project, review), OVERVIEW)


def _svg(shown: Scene | None, height: int) -> str:
    return scene_svg(shown, WIDTH, height) if shown is not None else ""


def _own_map(project: Project, review: Review, index: int, reasons: Reasons | None) -> Scene | None:
    """Zoomed on the track: as it was read and as path, its worst stretch, the likelier way."""
    world, _ = need_world(project)
    if not world.has_coordinates:
        return None
    nothing = np.zeros(0, np.int64)
    paths, track = review.parts.paths, as_line(review.parts.paths.ids[index], NAME)
    worst, likelier = (nothing, nothing) if reasons is None else (reasons.stretch, reasons.alternative)
    nearest = nothing if reasons is None else reasons.nearest
    own = selected(project, paths, index, worst, likelier)
    own = replace(own, keys=tuple(replace(key, text=CALLED.get(key.text, key.text)) for key in own.keys))
    ways = " with its worst stretch bright and the likelier way dashed" if len(likelier) else ""
    return scene(project, alike(world, paths, nearest) + own, alt=f"Map of track {track}{ways}", focus=extent_of(own))


def _overview(project: Project, review: Review) -> Scene | None:
    """All flagged tracks on the ordinary traffic; of many, whose lines would cover all roads, how many passed where."""
    world, _ = need_world(project)
    if not world.has_coordinates:
        return None
    paths = review.parts.paths
    strange = np.flatnonzero(review.flagged)
    if len(strange) > MOST_LINES:
        return scene(project, flow(world, paths, strange, "flagged tracks", "flagged"),
                     alt=f"Map of where the {len(strange)} flagged tracks passed, the wider the more of them")
    drawn: Drawn = flow(world, paths, review.parts.review) + path_lines_layer(world, paths, strange, "flagged", FLAGGED)
    return scene(project, drawn, alt=f"Map of the {len(strange)} flagged tracks on the ordinary traffic")
