"""Work that goes to other processes: they import it from here."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from irlcore.engine import checkpoint, kept, run_all
from irlcore.errors import FitError, FormulaError


@kept
class Remembering:
    """What fills by use, and stays with who used it."""

    def __init__(self) -> None:
        self.asked = 0


def shifted(by: int, item: int) -> int:
    return item + by


def doubled(_: object, item: int) -> int:
    return 2 * item


def where(_: object, item: int) -> tuple[int, int]:
    time.sleep(0.02)
    return os.getpid(), item


def exponents(rows: np.ndarray, item: int) -> np.ndarray:
    return np.asarray(np.exp(3.0 * rows[item]))


def written_to(rows: np.ndarray, item: int) -> float:
    rows[item] += 1.0
    return float(rows[item].sum())


def times_asked(_: object, item: Remembering) -> int:
    item.asked += 1
    return item.asked


def failing(bad: tuple[int, ...], item: int) -> int:
    if item in bad:
        time.sleep(0.2 if item == min(bad) else 0.0)
        raise FitError(f"Item {item} is wrong.", "Leave it out.")
    return item


def formula_error(_: object, item: int) -> int:
    raise FormulaError("A bracket is missing.", "Close it.", "(a + b", 6)


def not_to_be_pickled(_: object, item: int) -> object:
    return lambda: item


def die(asker: int) -> None:
    assert os.getpid() != asker, "this is no worker"
    os.kill(os.getpid(), signal.SIGKILL)


def dying_once(asked: tuple[str, int], item: int) -> int:
    """The first that comes to item 5 kills its process."""
    mark, asker = asked
    if item == 5 and not Path(mark).exists():
        Path(mark).touch()
        die(asker)
    return item * item


def dying(asker: int, item: int) -> int:
    if item == 1:
        die(asker)
    return item


def dying_often(asked: tuple[str, int, dict[int, int]], item: int) -> int:
    """Whoever comes to some items dies, so many times."""
    folder, asker, times = asked
    marks = len(list(Path(folder).glob(f"{item}-*")))
    if marks < times.get(item, 0):
        Path(folder, f"{item}-{marks}").touch()
        die(asker)
    return item


def long(mark: str, item: int) -> None:
    Path(mark).touch()
    end = time.monotonic() + 20.0
    while time.monotonic() < end:
        checkpoint()
        time.sleep(0.005)


def nested(by: int, item: int) -> list[int]:
    return run_all(shifted, range(item), shared=by)


def printing(_: object, item: int) -> int:
    print("a print is no answer")
    return item


def faults(pages: int, item: int) -> tuple[int, int]:
    """The process, and how often it was given a page of memory by the system while arrays were made and left fifty times over."""
    import resource

    begun = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(50):
        np.ones(pages * resource.getpagesize() // 8)
    time.sleep(0.05)
    return os.getpid(), resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - begun
