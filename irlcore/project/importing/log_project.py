"""An event log that was read into a project: rare events together, contexts of the last events, sequences as paths."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

import pandas as pd

from irlcore.engine import Control
from irlcore.features.log_memory import chosen_memory
from irlcore.project.importing.reading import Read
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import check_savable
from irlcore.tracks.logs.endings import ALL_ENDED, Endings
from irlcore.tracks.logs.rare import rare_together, usual_fewest
from irlcore.tracks.logs.spelling import Spellings, spelled_as_one, spellings
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.history.build import Memory, build_history


@dataclass(frozen=True, slots=True)
class Log:
    """What of a history the states of a log keep. memory: what is chosen on held-out sequences where None. fewest: how often an event is
    seen that stands for itself; as many as suit the log where 0. one_spelling: events that differ in upper and lower case, blanks, hyphens
    or underscores alone are one. endings: which sequences have ended."""

    memory: Memory | None = None
    fewest: int = 0
    one_spelling: bool = False
    endings: Endings = ALL_ENDED


USUAL_LOG = Log()
NAMELESS, LONGEST_NAME = "My log", 60


def log_name(file: str) -> str:
    """What the project of a log is called: as its file, without folders and endings ("logs/orders.csv.gz": "orders")."""
    bare = PurePath(file.replace("\\", "/")).name.split(".")[0].strip()
    return bare[:LONGEST_NAME] or NAMELESS


def on_log(found: Read, watch: Control, log: Log = USUAL_LOG, name: str = NAMELESS) -> Project:
    """A project of the sequences of an event log, called ``name``, in the world that they were read for, if any. ProjectError where it
    could not be kept, TooLarge where its world would be."""
    tracks = found.imported.tracks
    assert isinstance(tracks, LinkTracks)
    if found.world is not None:
        return check_savable(with_world(Project(name=name), found.imported, found.world, endings=log.endings))
    watch.step(0, 2, "putting the contexts together")
    spelled = spellings(tracks) if log.one_spelling else Spellings({})
    tracks = spelled_as_one(tracks, spelled.as_one)
    together = rare_together(tracks, log.fewest or usual_fewest(tracks))
    told = problem_table([("column", "", said, "taken together") for said in (spelled.said, *together.said) if said])
    problems = pd.concat([found.imported.problems, told], ignore_index=True)
    imported = replace(found.imported, tracks=together.tracks, problems=problems)
    world = build_history(together.tracks, log.memory or chosen_memory(together.tracks))
    watch.step(1, 2, "following the sequences")
    return check_savable(with_world(Project(name=name), imported, world, endings=log.endings))
