"""What widgets call (``on_click``) before a page is drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from app import session
from app.faults import fault
from irlcore.errors import MotiveError

P = ParamSpec("P")


def clicked(work: Callable[P, object]) -> Callable[P, None]:
    """``work`` as a callback: what it raises stands above the page. Where a callback raises, Streamlit draws no page at all, and writes the
    message, which may quote data, to the log."""
    @wraps(work)
    def called(*args: P.args, **named: P.kwargs) -> None:
        try:
            work(*args, **named)
        except MotiveError as error:
            session.tell(error)
        except Exception as error:
            session.tell(fault("What this button does could not be done", error))

    return called
