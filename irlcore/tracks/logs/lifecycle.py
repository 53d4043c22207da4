"""Rows that tell an event several times: as it was scheduled, started, completed (the lifecycle of XES)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from irlcore.tracks.attributes import MISSING, value_labels
from irlcore.tracks.cells import shown

COMPLETE = ("complete", "completed", "end", "ended", "finish", "finished", "done")
BEGUN = ("start", "started", "begin", "began", "begun", "schedule", "scheduled")
TRANSITIONS = {*COMPLETE, *BEGUN, "assign", "assigned", "reassign", "suspend", "resume", "withdraw", "manualskip", "autoskip", "pi_abort",
               "ate_abort", "unknown"}
"""Words that say how far an event was (the standard's, and as people write them)."""
MOST_TOLD = 5


def tells_lifecycle(values: pd.Series) -> bool:
    """Whether a column of any name tells of each event how far it was: both begun and complete, and nothing else."""
    words = set(values.dropna().astype("string").str.strip().str.lower().unique())
    return words <= TRANSITIONS and bool(words & set(COMPLETE)) and bool(words & set(BEGUN))


def left_to_completion(table: pd.DataFrame, columns: Mapping[str, str], track: np.ndarray, event: np.ndarray,
                       good: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """(n,) bool rows of an event that another row of its sequence tells as complete; and what is to be said.

    An event that no row of the sequence completes is kept by its first row, so that nothing is lost that only began. track, event: (n,) int
    codes. good: (n,) bool, the rows that can be used. Without a column that says "complete" somewhere no row is left out.
    """
    none = np.zeros(len(table), bool)
    column = columns.get("lifecycle", "")
    if column not in table.columns:
        return none, []
    labels = pd.Series(value_labels(table[column])).str.lower()
    complete = labels.isin((*COMPLETE, MISSING)).to_numpy() & good  # of a row that says nothing there is no other
    if not (labels.isin(COMPLETE).to_numpy() & good).any():
        return none, [f"{shown(column)} never says complete, so every row is an event."]
    other = good & ~complete
    if not other.any():
        return none, []
    pair = pd.factorize(track.astype(np.int64) * (int(event.max()) + 1) + event)[0]
    done = np.zeros(int(pair.max()) + 1, bool)
    done[pair[complete]] = True
    open_rows = np.flatnonzero(other & ~done[pair])
    first = open_rows[~pd.Series(pair[open_rows]).duplicated().to_numpy()]
    out = other.copy()
    out[first] = False
    kinds = Counter(labels[out].tolist())
    told = ", ".join(f"{many:,} {shown(kind)}" for kind, many in kinds.most_common(MOST_TOLD))
    many = sum(kinds.values())
    said = [f"{many:,} {'row tells' if many == 1 else 'rows tell'} of an event that another row completes, and "
            f"{'counts' if many == 1 else 'count'} with it ({shown(column)}: {told})."] if kinds else []
    if len(first):
        one = len(first) == 1
        said.append(f"{len(first):,} {'event was' if one else 'events were'} never completed in {'its' if one else 'their'} sequence, and "
                    f"{'counts' if one else 'count'} by {'its' if one else 'their'} first row.")
    return out, said
