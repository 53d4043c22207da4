"""The elicitation loop: on made-up classes with hidden features of places, and on taxi drivers of Shanghai; and what a preview costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import elicitation_planted, elicitation_shanghai


def run(folder: Path) -> dict[str, Any]:
    """All three parts; those on real drivers are null where ``folder`` is not there."""
    out: dict[str, Any] = {"planted": elicitation_planted.run(), "shanghai": None, "preview": None}
    if folder.is_dir():
        out["shanghai"], out["preview"] = elicitation_shanghai.run(folder)
    else:
        print(f"{folder} is not there, so the loop on real drivers and the preview are skipped: say where the data is with --data.")
    return out
