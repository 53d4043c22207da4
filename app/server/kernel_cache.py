"""Where compiled kernels lie, whether all of them are there, and how they get there without holding the server up.

numba compiles a function when it is first called, under the interpreter's lock and for about 40 s in all, and keeps what it made in
``__pycache__`` beside the source. So that no page waits for it, ``app.server.warm`` compiles everything in a process of its own: at set-up,
or, where the cache is cold (another processor, another numba, an installation without ``make``), when the server starts.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.store.home import home
from irlcore.engine import Control

ROOT = Path(__file__).resolve().parents[2]
STAMP = "motive.warm"
FIRST_USE = "First use: preparing the solver (about a minute, once)"
LONGEST = 300.0  # seconds to wait for another process: after that the work compiles what it needs itself
_lock = threading.Lock()
_warming: list[subprocess.Popen[bytes]] = []
_known_warm = threading.Event()


def sources() -> list[Path]:
    """The files of kernels."""
    return sorted((ROOT / "irlcore").rglob("kernels.py"))


def place() -> None:
    """Where some folder of kernels cannot be written, keep what is compiled in a folder of the user's own: numba would refuse to load
    otherwise. To be called before anything imports numba."""
    if os.environ.get("NUMBA_CACHE_DIR") or all(_writable(one.parent / "__pycache__") for one in sources()):
        return
    try:
        where = home() / "kernels"
        where.mkdir(mode=0o700, exist_ok=True)
    except OSError:  # compiled anew at every start: slow, but it works
        where = Path(tempfile.mkdtemp(prefix="motive-kernels-"))
    os.environ["NUMBA_CACHE_DIR"] = str(where)


def _writable(folder: Path) -> bool:
    return os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK)


def kernels() -> Iterator[tuple[str, Any]]:
    """Every compiled function by its full name."""
    for path in sources():
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from ((f"{module.__name__}.{name}", one) for name, one in vars(module).items()
                    if hasattr(one, "overloads") and one.py_func.__module__ == module.__name__)


def signatures() -> dict[str, set[str]]:
    """For what types each kernel has been compiled, or loaded, in this process."""
    return {name: {str(types) for types in one.overloads} for name, one in kernels()}


def _state() -> str:
    """What compiled kernels depend on: their source as numba tells it, its version, this processor."""
    told = [version("numba"), str(next(kernels())[1].targetctx.codegen().magic_tuple()), Path(__file__).with_name("warm.py").read_text()]
    told += [f"{path.stat().st_size} {path.stat().st_mtime}" for path in sources()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _stamps() -> set[Path]:
    return {Path(one.stats.cache_path) / STAMP for _, one in kernels()}


def is_warm() -> bool:
    """Whether every kernel lies compiled in the cache, for this source, numba and processor."""
    if not _known_warm.is_set():
        try:
            state = _state()
            if all(one.read_text() == state for one in _stamps()):
                _known_warm.set()
        except OSError:
            return False
    return _known_warm.is_set()


def mark_warm() -> None:
    """Note that everything has been compiled."""
    state = _state()
    for one in _stamps():
        one.write_text(state)


def begin() -> None:
    """Compile in a process of its own, once a server, where the cache is cold; at once back."""
    with _lock:
        if not _warming and not is_warm():
            with suppress(OSError):  # no room for another process: whoever needs a kernel compiles it
                _warming.append(subprocess.Popen([sys.executable, "-m", "app.server.warm"], cwd=ROOT, stdin=subprocess.DEVNULL,
                                                 stdout=subprocess.DEVNULL, env={**os.environ, "MOTIVE_WORKERS": "1"}))


def wait(control: Control) -> None:
    """Wait until everything is compiled, heeding a stop. Where that fails, whoever needs a kernel compiles it."""
    if is_warm():
        return
    begin()
    until = time.monotonic() + LONGEST
    while _warming and _warming[0].poll() is None and time.monotonic() < until:
        there, of = _progress()
        control.step(there, of, FIRST_USE)
        control.cancel.wait(0.2)
    control.check()


def _progress() -> tuple[int, int]:
    """How many kernels have something in the cache, of how many."""
    found = [any(Path(one.stats.cache_path).glob(f"kernels.{one.py_func.__name__}-*.nbi")) for _, one in kernels()]
    return sum(found), len(found)
