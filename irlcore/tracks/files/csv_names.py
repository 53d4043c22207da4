"""Names for the columns of a table whatever its header has: distinct, never empty, as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.tracks.cells import shown
from irlcore.tracks.plain_text import plain_text

MOST_TOLD = 5


def named(header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """The names, those of columns without one, and what to tell. A second "lat" becomes "lat (2)", a column without a name "column 4"."""
    given = [plain_text(name).strip() for name in header]
    taken, used = set(given), set()
    names, unnamed, twice = [], [], []
    for k, name in enumerate(given):
        new, n = name or f"column {k + 1}", 2
        while new in used or (new != name and new in taken):
            new, n = f"{name or f'column {k + 1}'} ({n})", n + 1
        if not name:
            unnamed.append(new)
        elif new != name:
            twice.append(f"{shown(name)!r}, so the second is {shown(new)!r}" if n == 3 else f"{shown(name)!r} again, {shown(new)!r}")
        used.add(new)
        names.append(new)
    more = ", and so on" if len(twice) > MOST_TOLD else ""
    return tuple(names), tuple(unnamed), [f"Two columns are called {', '.join(twice[:MOST_TOLD])}{more}."] if twice else []
