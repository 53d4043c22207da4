"""A made-up log of tickets that is cut off at a time, as logs are: some sequences have not ended by then."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.tracks.logs.endings import ALL_ENDED, Endings
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.history.build import Memory, build_history

HOUR_S = 3600.0
SPAN_H, PAUSE_H = 300.0, 10.0
BY_CLOSE = Endings(("close",))
FEATURES = (*(FeatureSpec(one, "attribute", {"attribute": "event", "equals": one}) for one in ("work", "check")),
            FeatureSpec("end after close", "sequel", {"after": "close"}), FeatureSpec("the end", "sequel"))
"""Of loose tickets each has a finite weight."""


@dataclass(frozen=True, slots=True)
class CutLog:
    """tracks: as the log has them. whole: the same sequences to their ends. ended: (N,) bool, those that had ended when it was cut off."""

    tracks: LinkTracks
    whole: LinkTracks
    ended: np.ndarray


def ticket(rng: np.random.Generator, loose: bool = False) -> list[str]:
    """Opened, often assigned, worked on and checked a number of times, approved and closed. loose: some are opened again after that, and
    some abandoned anywhere."""
    one = ["open", *(["assign"] if rng.random() < 0.5 else [])]
    for _ in range(int(rng.geometric(0.4))):
        one += ["work", "check"] if rng.random() < 0.8 else ["work"]
    one = [*one, *(["ask"] if rng.random() < 0.3 else []), "approve", "close"]
    if loose and rng.random() < 0.2:
        one += ["work", "close"]
    return one[:int(rng.integers(1, len(one)))] if loose and rng.random() < 0.1 else one


def cut_log(many: int, rng: np.random.Generator, reference: str = "old", loose: bool = False) -> CutLog:
    """Tickets begin at any time of ``SPAN_H`` hours, at whose end the log is taken. reference: the first three fifths are normal by name
    ("old"), or as many drawn at random ("random")."""
    begins = np.sort(rng.uniform(0.0, SPAN_H, many))
    whole, times = [ticket(rng, loose) for _ in range(many)], []
    for begin, one in zip(begins, whole, strict=True):
        times.append(HOUR_S * (begin + np.concatenate(([0.0], np.cumsum(rng.exponential(PAUSE_H, len(one) - 1))))))
    seen = [int((at <= HOUR_S * SPAN_H).sum()) for at in times]
    normal = rng.random(many) < 0.6 if reference == "random" else np.arange(many) < 0.6 * many
    part = pd.DataFrame({"part": np.where(normal, "normal", "new")})
    ids = np.array([f"case {k}" for k in range(many)], object)

    def tracks(lengths: list[int]) -> LinkTracks:
        events = [event for one, n in zip(whole, lengths, strict=True) for event in one[:n]]
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        return LinkTracks(ids, offsets, np.array(events, object), part,
                          times=np.concatenate([at[:n] for at, n in zip(times, lengths, strict=True)]))

    lengths = [len(one) for one in whole]
    return CutLog(tracks(seen), tracks(lengths), np.array(seen) == np.array(lengths))


def project_of(tracks: LinkTracks, endings: Endings = ALL_ENDED, memory: Memory | None = None) -> Project:
    """The project of a log, nothing fitted."""
    project = with_world(Project(name="Tickets"), Imported(tracks, problem_table([]), len(tracks.links), 0, len(tracks), 0),
                         build_history(tracks, memory), endings=endings)
    return replace(project, class_column="", period_column="part", reference_value="normal")
