"""Motive's library: inverse reinforcement learning with the analyst in the loop.

The parts, in the order in which they may import one another: ``tracks`` and ``readers`` (what was
observed), ``worlds`` (where an agent can be and what it can do), ``features`` (what might matter to it),
``rationality`` (how well it chooses), ``fitting`` (what it wants), ``review`` (who is abnormal and why),
``intent`` (what one agent is after), ``report`` (how it is told) and ``project`` (what an analyst keeps).
"""

import os
from importlib import import_module
from typing import Any

os.environ["PROJ_NETWORK"] = "OFF"  # PROJ, under pyproj, would fetch grids where the environment says so: nothing leaves this machine

__version__ = "0.1.0"

_FACE = {
    "read": "irlcore.face.reading", "open": "irlcore.face.reading", "sample": "irlcore.face.reading",
    "feature": "irlcore.face.named", "catalogue": "irlcore.face.named",
    "fit": "irlcore.face.fitted", "Fit": "irlcore.face.fitted", "Study": "irlcore.face.study",
    "World": "irlcore.worlds.world", "from_gymnasium": "irlcore.worlds.tables.environment",
    "check_world": "irlcore.contracts.world", "check_feature_kind": "irlcore.contracts.feature_kind",
    "check_rationality": "irlcore.contracts.rationality",
    "MotiveError": "irlcore.errors",
}
"""What ``import irlcore as ir`` offers, and where it is: taken when it is asked for, so that the import itself stays quick.
``__init__.pyi`` says the same to type checkers."""


def __getattr__(name: str) -> Any:
    """``ir.World`` and the like."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_FACE[name]), name)


def __dir__() -> list[str]:
    """The names that are offered, for completion at a prompt."""
    return sorted((*globals(), *_FACE))
