"""What nobody foresaw, in words: what failed, what to do, and the details for whoever mends it."""

from __future__ import annotations

import logging
import platform
import traceback

from irlcore.errors import MotiveError

MOST_DETAILS = 6000  # characters of a traceback: its end names the cause
LOG = logging.getLogger("motive")


class Fault(MotiveError):
    """A defect of ours or of the machine. ``details``: the traceback, shown folded."""

    def __init__(self, what: str, fix: str, details: str) -> None:
        super().__init__(what, fix)
        self.details = details


def fault(failed: str, error: BaseException) -> Fault:
    """``failed`` (a sentence without its full stop) because of ``error``, which also goes to the log of the app."""
    told = "".join(traceback.format_exception(error))
    LOG.error("%s\n%s", failed, told)
    if isinstance(error, MemoryError):
        why, fix = "it needs more memory than this machine has", "Use fewer tracks, larger cells, or a larger machine. "
    else:
        why, fix = f"something went wrong inside Motive ({type(error).__name__}: {_short(error)})", ""
    return Fault(f"{failed}: {why}.",
                 f"{fix}Your project is unchanged. Save it, then undo the last change (both in the sidebar) or open another page. "
                 "If it happens again, please report it with the details.",
                 f"Python {platform.python_version()}, {platform.system()}\n{told[-MOST_DETAILS:]}")


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else "no message"
