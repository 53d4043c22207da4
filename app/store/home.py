"""Where Motive keeps what must outlive the server: a folder of the user's own, that no one else can look into."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "MOTIVE_HOME"


def home() -> Path:
    """``MOTIVE_HOME``, else the place that the system has for such data; made where it is not there, for this user alone. OSError where
    it cannot be made."""
    asked = os.environ.get(VARIABLE, "")
    if asked:
        where = Path(asked).expanduser()
    elif sys.platform == "win32":
        where = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Motive"
    elif sys.platform == "darwin":
        where = Path.home() / "Library" / "Application Support" / "Motive"
    else:
        where = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "motive"
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return where
