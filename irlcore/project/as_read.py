"""Tracks as they were read: what a project keeps of them, which column names their class, and what the history says."""

from __future__ import annotations

from dataclasses import replace

from irlcore.quantities import listed
from irlcore.tracks.attributes import column_names, column_of, known_counts
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.history.classes import aspects_of, class_count
from irlcore.worlds.world import World

CLASS_NAMES = ("class", "type", "kind", "agent_class", "cluster")


def only_what_tells(tracks: Tracks | LinkTracks, world: World) -> Tracks | LinkTracks:
    """Of what is known of single events a project keeps only what tells them apart."""
    if not isinstance(tracks, LinkTracks) or tracks.of_events is None:
        return tracks
    frame, used = tracks.of_events, aspects_of(world) if world.kind == "log" else ()
    kept = [k for k, name in enumerate(column_names(frame)) if name in used]
    return replace(tracks, of_events=frame.iloc[:, kept] if kept else None)


def loaded(world: World, tracks: int, paths: int, running: int = 0) -> str:
    """What the history says of tracks that were put in a world. running: sequences of a log that have not ended."""
    if world.kind == "log":
        apart = f", told apart by {listed(aspects_of(world))} ({class_count(world)} kinds)" if aspects_of(world) else ""
        still = f", {running} of them still running" if running else ""
        return f"Loaded {tracks} sequences of {world.n_places - 2} different events{apart}; {paths} are usable{still}"
    return f"Loaded {tracks} tracks; {paths} are paths in a {world.kind} of {world.n_places} places"


def guessed_class(tracks: Tracks | LinkTracks) -> str:
    """The column that seems to name the class of each track; "" for none. One that says nothing of most tracks names no classes: it marks
    some, as labels of what is odd do."""
    return next((c for c in column_names(tracks.attributes) if c.lower() in CLASS_NAMES and _of_most(tracks, c)), "")


def _of_most(tracks: Tracks | LinkTracks, column: str) -> bool:
    values = column_of(tracks.attributes, column)
    return values is not None and 2 * sum(known_counts(values).values()) >= len(tracks)
