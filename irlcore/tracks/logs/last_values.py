"""What a column that tells a state said last of each sequence: "closed" of a ticket that was "open" before, "start" of an event that was
never completed. Such a column changes within sequences, so it is no attribute of them; what it said last is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from irlcore.tracks.attributes import column_of, value_labels
from irlcore.tracks.cells import shown
from irlcore.tracks.sources import plain_name

STATES = ("status", "state", "stage", "phase", "resolution", "outcome", "result", "closed", "is_closed", "open", "is_open", "finished",
          "completed", "done", "final", "is_final", "zustand", "stand", "statut", "etat", "estado", "stato", "lifecycle_state",
          "lifecycle_transition", "lifecycle", "transition")
"""Names as ``plain_name`` makes them; XES tables write "case:" or "event:" before some."""
MOST = 50
"""Different labels that a state has."""
LAST = "last"


def with_last_values(frame: pd.DataFrame, table: pd.DataFrame, columns: Mapping[str, str], of_events: Sequence[str], order: np.ndarray,
                     offsets: np.ndarray) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Attributes (N rows) with what each column of a state said last, and sentences on them. of_events: columns that change within
    sequences. order: (P,) int64, the rows of ``table`` sequence by sequence, offsets (N + 1,)."""
    last, said = order[offsets[1:] - 1], []
    for name in [*of_events, *([columns["lifecycle"]] if columns.get("lifecycle", "") in table.columns else [])]:
        if not _is_state(name):
            continue
        labels = value_labels(table[name].iloc[last])
        many, called = len(np.unique(labels.astype(str))), f"{LAST} {name}"
        if 1 < many <= MOST and column_of(frame, called) is None:
            frame = frame.assign(**{called: labels})
            said.append(f"What {shown(name)} said last of each sequence is kept as {shown(called)}.")
    return frame, tuple(said)


def _is_state(name: str) -> bool:
    plain = plain_name(name)
    return any(plain.removeprefix(before) in STATES for before in ("", "event_", "case_", "ticket_", "order_", "incident_"))
