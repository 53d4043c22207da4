"""What tracks turned out to be, told later and from elsewhere: normal or abnormal, read from a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from irlcore.analysis.told_tables import Told, by_words, named_column, nameless_words, quoted, told_table
from irlcore.errors import DataError
from irlcore.project.project import Label, Outcome, Project, remember
from irlcore.project.verdicts import CALLED
from irlcore.quantities import counted
from irlcore.tracks.cells import NOTHING, shown

OF_OUTCOME: dict[Outcome, Label | None] = {"operational event": "abnormal", "understood": "normal", "misunderstood": "normal",
                                           "discarded": None}
"""What an outcome of triage says of a track: one that lacks a feature was flagged for what the model does not know, not for what it did;
of one that was discarded nothing is known."""
YES_NO: dict[str, Label | None] = {
    **dict.fromkeys(("1", "yes", "true", "y", "t", "ja", "j", "wahr", "oui", "vrai", "s\u00ed", "si", "verdadero"), "abnormal"),
    **dict.fromkeys(("0", "no", "false", "n", "f", "nein", "falsch", "non", "faux", "falso"), "normal")}
"""What says yes and no; whether yes is abnormal the column's name tells."""
WORDS: dict[str, Label | None] = {
    **YES_NO,
    **dict.fromkeys(("abnormal", "anomaly", "anomalous", "outlier", "strange", "positive", "alert", "event", "suspicious", "unusual",
                     "anomalie", "anomal", "anormal", "auff\u00e4llig", "ungew\u00f6hnlich", "verd\u00e4chtig", "an\u00f3malo",
                     "an\u00f3mala", "anomal\u00eda"), "abnormal"),
    **dict.fromkeys(("normal", "ordinary", "usual", "inlier", "negative", "nominal", "harmless", "benign", "unauff\u00e4llig",
                     "gew\u00f6hnlich", "unverd\u00e4chtig"), "normal"),
    **{text: label for one, label in OF_OUTCOME.items() for text in (one, CALLED[one])}}
"""What may stand for a label, in small letters."""
EITHER = "-1"
"""Some programs write it for abnormal beside 1 for normal, others for normal beside 1 for abnormal."""
NAMED = ("label", "labels", "truth", "target", "outcome", "verdict", "class", "y")
"""Columns that may hold labels, in which yes means abnormal unless the name says otherwise."""
STRANGE = {"abnormal", "anomaly", "anomalous", "anomalies", "outlier", "outliers", "strange", "positive", "alert", "suspicious", "unusual",
           "anomalie", "anomal", "anormal", "auff\u00e4llig", "ungew\u00f6hnlich", "verd\u00e4chtig", "an\u00f3malo", "an\u00f3mala",
           "anomal\u00eda"}
USUAL = {"normal", "ordinary", "usual", "inlier", "negative", "nominal", "harmless", "benign", "unauff\u00e4llig", "gew\u00f6hnlich",
         "unverd\u00e4chtig"}
NOT = {"not", "non", "no", "un", "nicht"}
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class LabelFile:
    """labels: of tracks that are there. tracks, column: which columns were read as the tracks' names and as their labels. unmatched: names
    that no track has. unclear: track -> what stands for its label and is none. torn: tracks that are told to be both. unknown: tracks of
    which nothing is known, as they were discarded. others: tracks whose label here is another one. empty: tracks whose rows have no label.
    nameless: rows that name no track."""

    labels: Mapping[str, Label]
    tracks: str
    column: str
    unmatched: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)
    torn: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    nameless: int = 0

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was read, and what was not."""
        strange = sum(one == "abnormal" for one in self.labels.values())
        said = [f"{counted(len(self.labels), 'label')} from the column {shown(self.column)}, tracks by {shown(self.tracks)}: "
                f"{strange:,} abnormal, {len(self.labels) - strange:,} normal."]
        if self.unmatched:
            said.append(f"No track here is called {quoted(self.unmatched)}: left out.")
        if self.nameless:
            said.append(nameless_words(self.nameless))
        if self.empty:
            said.append(f"No label stands beside {quoted(self.empty)}.")
        if self.unclear:
            said.append(f"Not known as a label: {quoted([f'{shown(text)} ({shown(track)})' for track, text in self.unclear.items()])}.")
        if self.torn:
            said.append(f"Told to be both: {quoted(self.torn)}: left out.")
        if self.unknown:
            said.append(f"Discarded, so nothing is known of {quoted(self.unknown)}: left out.")
        if self.others:
            said.append(f"Labelled otherwise here so far: {quoted(self.others)}. The file's labels take the place of those.")
        return tuple(said)


def read_labels(project: Project, data: bytes, name: str = "", column: str = "") -> LabelFile:
    """The labels of a file. column: which one holds them, guessed where empty. DataError where it names no track of the project, or where
    no column tells labels."""
    told = told_table(project, data, name)
    called = name or "this file"
    column = column or _guessed(told, called)
    if column not in told.table.columns:
        raise DataError(f"There is no column {shown(column)} in {called}.", f"Choose one of {quoted(told.table.columns)}.")
    yes = _yes_means(column) or "abnormal"
    labels: dict[str, Label] = {}
    unclear: dict[str, str] = {}
    torn, unknown, empty = dict[str, None](), dict[str, None](), dict[str, None]()
    for track, text in zip(told.tracks, told.texts(column), strict=True):
        said = text.casefold()
        if said in NOTHING:
            empty[track] = None
        elif said not in WORDS:
            unclear[track] = text
        elif (label := WORDS[said]) is None:
            unknown[track] = None
        else:
            label = _turned(label) if said in YES_NO and yes == "normal" else label
            if labels.setdefault(track, label) != label:
                torn[track] = None
    if EITHER in unclear.values():
        raise DataError(f"The column {shown(column)} of {called} holds {EITHER}, which some write for abnormal and others for normal.",
                        "Write abnormal and normal in it.")
    told_of = labels.keys()
    empty, unknown = ({track: None for track in some if track not in told_of} for some in (empty, unknown))
    labels = {track: one for track, one in labels.items() if track not in torn}
    others = tuple(track for track, one in labels.items() if project.labels.get(track, one) != one)
    return LabelFile(labels, told.column, column, told.unmatched, unclear, tuple(torn), tuple(unknown), others, tuple(empty), told.nameless)


def _guessed(told: Told, called: str) -> str:
    """The column whose cells are labels: one whose name says which are abnormal before one that is called as labels are, else the one that
    has the most words for them. DataError where there is none, or only yes and no under a name that does not say of what."""
    many = {column: sum(text.casefold() in WORDS for text in told.table[column]) for column in told.table.columns if column != told.column}
    some = [column for column, number in many.items() if number]
    if some:
        said = [column for column in some if _yes_means(column)] or [column for column in [named_column(told, NAMED)] if column in some]
        if said:
            return max(said, key=lambda column: many[column])
        if worded := by_words(told, {word: label for word, label in WORDS.items() if word not in YES_NO}):
            return worded
        raise DataError(f"The column {shown(some[0])} of {called} says yes and no, and its name does not say which of them is abnormal.",
                        'Call it "abnormal" or "normal".')
    named = next((column for column in many if _yes_means(column)), "") or named_column(told, NAMED)
    held = [text for text in dict.fromkeys(told.table[named]) if text.casefold() not in NOTHING] if named else []
    raise DataError(f"No column of {called} says which tracks were abnormal: {shown(named)} holds {quoted(held) if held else 'nothing'}."
                    if named else f"No column of {called} says which tracks were abnormal: it has {quoted(told.table.columns)}.",
                    f"{f'Write in {shown(named)}' if named else 'Name one label, and write in it'} 1 and 0, yes and no, abnormal and "
                    "normal, or outcomes of triage.")


def _yes_means(column: str) -> Label | None:
    """What yes means in a column of this name: "is_anomaly", "Normal?". None where the name does not say."""
    words = {*WORD.findall(column.partition("(")[0].casefold())}
    strange, usual = bool(words & STRANGE), bool(words & USUAL)
    return None if strange == usual or words & NOT else "abnormal" if strange else "normal"


def _turned(label: Label) -> Label:
    return "normal" if label == "abnormal" else "abnormal"


def with_labels(project: Project, found: LabelFile, name: str = "") -> Project:
    """The project with a file's labels, which take the place of others on the same tracks: one step to undo. The same project where all
    of them stand already, or there are none. DataError where the tracks have changed since the file was read."""
    if all(project.labels.get(track) == one for track, one in found.labels.items()):
        return project
    known = {*project.tracks.ids.tolist()} if project.tracks is not None else set()
    if gone := [i for i in found.labels if i not in known]:
        raise DataError(f"The tracks have changed since the file was read: {quoted(gone)}.", "Read it again.")
    return remember(replace(project, labels={**project.labels, **found.labels}),
                    f"Read {counted(len(found.labels), 'label')} from {name or 'a file'}")


def without_labels(project: Project) -> Project:
    """The project without labels; the same project where it has none."""
    return remember(replace(project, labels={}), "Removed all labels") if project.labels else project
