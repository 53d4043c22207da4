"""Where Motive keeps what must outlive the server: a folder of the user's own, that no one else can look into."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

VARIABLE = "MOTIVE_HOME"


def home() -> Path:
    """``MOTIVE_HOME``, else the place that the system has for such data; made where it is not there, for this user alone. OSError where
    it cannot be made, or nothing tells where the user's own folder is."""
    try:
        where = _place()
    except RuntimeError:  # pathlib's word for a user whom the system does not know, as in a container under a made-up number
        raise FileNotFoundError(errno.ENOENT, "the user's own folder is not known") from None
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    return where


def _place() -> Path:
    asked = os.environ.get(VARIABLE, "")
    if asked:
        return Path(asked).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Motive"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Motive"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "motive"
