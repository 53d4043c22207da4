"""What tracks turned out to be, told later and from elsewhere: normal or abnormal, read from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from irlcore.analysis.told_tables import Told, by_words, named_column, quoted, told_table
from irlcore.errors import DataError
from irlcore.project.project import Label, Outcome, Project, remember
from irlcore.project.verdicts import CALLED

OF_OUTCOME: dict[Outcome, Label | None] = {"operational event": "abnormal", "understood": "normal", "misunderstood": "normal",
                                           "discarded": None}
"""What an outcome of triage says of a track: one that lacks a feature was flagged for what the model does not know, not for what it did;
of one that was discarded nothing is known."""
YES_NO: dict[str, Label | None] = {"1": "abnormal", "0": "normal", "yes": "abnormal", "no": "normal", "true": "abnormal", "false": "normal",
                                   "y": "abnormal", "n": "normal", "t": "abnormal", "f": "normal", "-1": "normal"}
WORDS: dict[str, Label | None] = {
    **YES_NO,
    **dict.fromkeys(("abnormal", "anomaly", "anomalous", "outlier", "strange", "positive", "alert", "event", "suspicious"), "abnormal"),
    **dict.fromkeys(("normal", "ordinary", "usual", "inlier", "negative", "nominal", "harmless"), "normal"),
    **{text: label for one, label in OF_OUTCOME.items() for text in (one, CALLED[one])}}
"""What may stand for a label, in small letters."""
NAMED = ("label", "abnormal", "anomaly", "anomalous", "outlier", "is_abnormal", "is_anomaly", "is_outlier", "normal", "is_normal", "truth",
         "target", "outcome", "verdict", "class", "y")
OTHER_WAY = ("normal", "is_normal")
"""Columns where yes means normal."""


@dataclass(frozen=True, slots=True)
class LabelFile:
    """labels: of tracks that are there. tracks, column: which columns were read as the tracks' names and as their labels. unmatched: names
    that no track has. unclear: track -> what stands for its label and is none. torn: tracks that are told to be both. unknown: tracks of
    which nothing is known, as they were discarded. others: tracks whose label here is another one."""

    labels: Mapping[str, Label]
    tracks: str
    column: str
    unmatched: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)
    torn: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was read, and what was not."""
        strange = sum(one == "abnormal" for one in self.labels.values())
        said = [f"{len(self.labels):,} {'label' if len(self.labels) == 1 else 'labels'} from the column {self.column}, tracks by "
                f"{self.tracks}: {strange:,} abnormal, {len(self.labels) - strange:,} normal."]
        if self.unmatched:
            said.append(f"No track here is called {quoted(self.unmatched)}: left out.")
        if self.unclear:
            said.append(f"No label: {quoted([f'{text} ({track})' for track, text in self.unclear.items()])}.")
        if self.torn:
            said.append(f"Told to be both: {quoted(self.torn)}: left out.")
        if self.unknown:
            said.append(f"Discarded, so nothing is known of {quoted(self.unknown)}: left out.")
        if self.others:
            said.append(f"Labelled otherwise here so far: {quoted(self.others)}.")
        return tuple(said)


def read_labels(project: Project, data: bytes, name: str = "", column: str = "") -> LabelFile:
    """The labels of a file. column: which one holds them, guessed where empty. DataError where it names no track of the project, or where
    no column tells labels."""
    told = told_table(project, data, name)
    column = column or _guessed(told)
    if not column or column not in told.table.columns:
        raise DataError(f"{name or 'This file'} has no column that says which tracks were abnormal.",
                        'Name one "label", with 1 and 0, yes and no, abnormal and normal, or outcomes of triage in it.')
    flipped = column.strip().casefold().replace(" ", "_") in OTHER_WAY
    labels: dict[str, Label] = {}
    unclear: dict[str, str] = {}
    torn, unknown = [], []
    for track, text in zip(told.tracks, told.texts(column), strict=True):
        said = text.casefold()
        if said not in WORDS:
            unclear |= {track: text} if text else {}
        elif (label := WORDS[said]) is None:
            unknown.append(track)
        else:
            label = _turned(label) if flipped and said in YES_NO else label
            if labels.setdefault(track, label) != label:
                torn.append(track)
    labels = {track: one for track, one in labels.items() if track not in torn}
    others = tuple(track for track, one in labels.items() if project.labels.get(track, one) != one)
    both, nothing = (tuple(dict.fromkeys(some)) for some in (torn, unknown))
    return LabelFile(labels, told.column, column, told.unmatched, unclear, both, nothing, others)


def _guessed(told: Told) -> str:
    """A column by its name whose cells are labels, else the one whose cells are the most often."""
    named = named_column(told, NAMED)
    if named and any(text.casefold() in WORDS for text in told.table[named]):
        return named
    return by_words(told, WORDS)


def _turned(label: Label) -> Label:
    return "normal" if label == "abnormal" else "abnormal"


def with_labels(project: Project, found: LabelFile, name: str = "") -> Project:
    """The project with a file's labels, which take the place of others on the same tracks: one step to undo. The same project where all
    of them stand already. DataError where the tracks have changed since the file was read."""
    if all(project.labels.get(track) == one for track, one in found.labels.items()):
        return project
    known = {*project.tracks.ids.tolist()} if project.tracks is not None else set()
    if gone := [i for i in found.labels if i not in known]:
        raise DataError(f"The tracks have changed since the file was read: {quoted(gone)}.", "Read it again.")
    many = f"{len(found.labels):,} {'label' if len(found.labels) == 1 else 'labels'}"
    return remember(replace(project, labels={**project.labels, **found.labels}), f"Read {many} from {name or 'a file'}")


def without_labels(project: Project) -> Project:
    """The project without labels; the same project where it has none."""
    return remember(replace(project, labels={}), "Removed all labels") if project.labels else project
