"""Every module, loaded once and by one thread, before the first page is asked for, and out of the way of the collector of garbage.

Python locks a module while it loads. Two threads that load parts which need one another would wait for each other for ever, so it lets one
of them go on with a module that is half there: ``ImportError`` on a page that another visitor, or the thread that looks after the
compiled kernels, was a moment ahead of.

Streamlit has all objects looked through for garbage after each run of a page, with the interpreter's lock held. What modules hold is never
garbage: it is taken out of that (.15 s a run before, measured).
"""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APART = ("app.screens", "app.streamlit_app", "irlcore.language")
"""Scripts, which Streamlit runs and nobody imports, and the optional extra, which needs what may not be installed."""


def modules() -> Iterator[str]:
    """Names of Motive's own modules, but for those apart."""
    for package in ("irlcore", "app"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if not any(name == one or name.startswith(f"{one}.") for one in APART):
                yield name


def load_everything() -> None:
    """Import all of ``modules``, and let the collector of garbage leave out what there is by now."""
    for name in modules():
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
