"""One call for many items, and which workers do them: threads of this process, processes of this machine, or a cluster.

Results come back in the order of the items, so sums are the same to the last bit whatever the engine and the number of workers.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar, overload

from irlcore.engine.control import Control, current_control
from irlcore.engine.parcels import NotSendable
from irlcore.engine.remote import LEAST_S, Pool, spread
from irlcore.engine.serve import Elsewhere, Task
from irlcore.engine.threads import pace, spread_over_threads, workers
from irlcore.errors import MotiveError

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")
LOG = logging.getLogger(__name__)
_NOTHING: Any = object()


class Engine:
    """What work goes to; ends its workers when it is closed, or at the end of a ``with``, which then has the engine before it again."""

    def __init__(self, name: str, pool: Pool | None, before: Engine | None) -> None:
        self.name, self._pool, self._before = name, pool, before
        self._inside = False

    @property
    def bytes_sent(self) -> int:
        """So far, to workers outside of this process."""
        return 0 if self._pool is None else self._pool.sent

    @property
    def bytes_received(self) -> int:
        """So far, from them."""
        return 0 if self._pool is None else self._pool.received

    @property
    def pool(self) -> Pool | None:
        """Its workers outside of this process."""
        return self._pool

    def close(self) -> None:
        """End the workers that it began; threads take its place."""
        global _engine
        with _lock:
            if _engine is self:
                _engine = THREADS
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    @contextmanager
    def again(self) -> Iterator[Engine]:
        """Work goes to it as long as it lasts; its workers stay for the next time."""
        global _engine
        before, _engine = _engine, self
        try:
            yield self
        finally:
            _engine = before

    def __enter__(self) -> Engine:
        self._inside = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        global _engine
        mine = _engine is self
        self.close()
        if mine and self._before is not None:
            _engine = self._before

    def __repr__(self) -> str:
        return f"<engine: {self.name}>"


THREADS = Engine("threads", None, None)
_engine = THREADS
_lock = threading.Lock()


def use(how: Any = "threads", workers: int | None = None, least_s: float = LEAST_S) -> Engine:
    """Let fits, scores and posteriors go to ``"threads"`` of this process, to ``"processes"`` of this machine (so many ``workers``, by
    default one a processor), or to a cluster: a ``dask.distributed.Client``, or the address of its scheduler (``"tcp://host:8786"``).

    The numbers are the same to the last bit on processors of one kind. Work of less than ``least_s`` seconds in all stays here. In a
    ``with`` the engine before it comes back at the end; else the one before is closed. MotiveError where there is no such engine, or
    nobody answers.

    >>> from irlcore import engine
    >>> with engine.use("threads") as chosen:
    ...     chosen
    <engine: threads>
    """
    global _engine
    name, pool = _pool_of(how, workers, least_s)
    with _lock:
        before, _engine = _engine, Engine(name, pool, _engine)
        chosen = _engine
    if before.pool is not None and not before._inside:
        before.close()
        chosen._before = THREADS
    return chosen


def _pool_of(how: Any, many: int | None, least_s: float) -> tuple[str, Pool | None]:
    if how == "threads":
        return "threads", None
    if how == "processes":
        from irlcore.engine.processes import Processes
        pool = Processes(many, least_s)
        return f"{pool.many} processes", pool
    if (isinstance(how, str) and "://" in how) or hasattr(how, "scatter"):
        from irlcore.engine.cluster import Cluster
        return "cluster", Cluster(how, least_s)
    raise MotiveError(f"There is no engine {how!r}.",
                      "Take \"threads\", \"processes\", the address of a scheduler (\"tcp://host:8786\") or a dask Client.")


def in_use() -> Engine:
    """The engine that work goes to."""
    return _engine


@atexit.register
def _end() -> None:
    engine: Engine | None = _engine
    while engine is not None:
        engine.close()
        engine = engine._before


@overload
def run_all(work: Callable[[T], R], items: Sequence[T], control: Control | None = None, message: str = "") -> list[R]:
    """Any function, on threads of this process."""


@overload
def run_all(work: Callable[[S, T], R], items: Sequence[T], control: Control | None = None, message: str = "", *, shared: S) -> list[R]:
    """A function of a module, on the engine in use."""


def run_all(work: Callable[..., Any], items: Sequence[Any], control: Control | None = None, message: str = "", *,
            shared: Any = _NOTHING) -> list[Any]:
    """``work`` of every item, in order; an error stops the items after it, and that of the first item is raised.

    With a ``message`` the control hears of every item that is done. Where ``shared`` is given, ``work(shared, item)`` is a function of a
    module that reads both and changes neither, beside what they remember for the next time: it goes to the engine in use. What is ``kept``
    or large among them is sent once. Without it the items stay on threads of this process.
    """
    parts: list[Any] = [None] * len(items)
    for_each(work, items, parts.__setitem__, control, message, shared=shared)
    return parts


def for_each(work: Callable[..., Any], items: Sequence[Any], taken: Callable[[int, Any], None], control: Control | None = None,
             message: str = "", *, shared: Any = _NOTHING) -> None:
    """The same where a part need not be kept: ``taken(place of the item, part)`` as parts come, in any order, perhaps from several threads
    at once."""
    control, n, pool = control or Control(), len(items), _engine.pool
    if not n:
        control.check()
        return
    name = f"{work.__module__}.{work.__qualname__}" if hasattr(work, "__qualname__") else repr(type(work))
    elsewhere = isinstance(current_control(), Elsewhere)
    if pool is not None and shared is not _NOTHING and not elsewhere and not pace.get(name, pool.least_s) * n < pool.least_s:
        try:
            spread(pool, Task(work, shared), items, name, control, message, taken)
            return
        except NotSendable as error:  # a model of the script's own, say
            LOG.info("%s stays on threads: %s", name, error)
    one = (lambda at: work(items[at])) if shared is _NOTHING else (lambda at: work(shared, items[at]))
    spread_over_threads(one, n, name, control, message, taken, 1 if elsewhere else workers())
