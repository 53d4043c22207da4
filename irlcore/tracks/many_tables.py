"""Many files as tables, side by side by whoever does the work (``irlcore.engine``): the same tables, in the order of the files.

Workers of other processes open the files themselves, so that only tables travel. One of another machine may not see a file, or see another
in its place: what a file is, by its size and when it was written, goes with it, and one that is not that is read here.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Collection, Sequence
from typing import Any, BinaryIO, Protocol, TypeAlias

import pandas as pd

from irlcore.budget import said_limits, under_limits
from irlcore.engine import Control, checkpoint, in_use, run_all
from irlcore.errors import Cancelled, DataError, MotiveError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.problems import sentences
from irlcore.tracks.readers import Preview, preview_table, read_table

MANY = 4
"""Files, below which they are read one after the other, each telling how far it is."""
LARGEST = 0.5  # of all bytes in one file: with more, little is gained side by side

Stamp: TypeAlias = tuple[int, int]
"""Bytes of a file, and when it was written, in nanoseconds; of what is no file, the Adler-32 sum of its bytes."""
_Asked: TypeAlias = tuple[tuple[str, ...], tuple[type[MotiveError], ...]]
"""Columns that stay text, and the errors that stand in the place of a table."""


class Readable(Protocol):
    """A file to be read. here: whether only this process has it, as it has an upload."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def here(self) -> bool:
        """Whether only this process has it."""

    def open(self) -> BinaryIO | bytes:
        """The file, opened; or its bytes."""


class _Heeded(Control):
    """Of an item of ``run_all``: nobody hears how far it is, and it stops when the item is no longer wanted."""

    def check(self) -> None:
        checkpoint()


def read_tables(files: Sequence[Readable], watch: Control, texts: Collection[str] = ()) -> list[pd.DataFrame]:
    """Each file as ``readers.read_table`` reads it. ``watch`` hears how many are done, and can stop it. DataError that names the file, of
    the first that cannot be read."""
    return [table for table in read_or_told(files, watch, texts) if isinstance(table, pd.DataFrame)]


def read_or_told(files: Sequence[Readable], watch: Control, texts: Collection[str] = (),
                 told: tuple[type[MotiveError], ...] = ()) -> list[pd.DataFrame | MotiveError]:
    """The same, with errors of the kinds ``told`` in the place of the table that they are of."""
    asked = tuple(texts), told
    if len(files) < MANY or max(file.size for file in files) > LARGEST * sum(file.size for file in files):
        found = []
        for k, file in enumerate(files):
            watch.step(k, len(files), file.name)
            found.append(_opened(file, None, _read, asked, watch.part(k, len(files), "")))
        return found
    tables = _of_all(_table_of, files, asked, watch, "reading the files")
    again = [file.name for file, table in zip(files, tables, strict=True) if table is None]
    said = f"Read here, since workers elsewhere do not see {'it' if len(again) == 1 else 'them'} as here: {_listed(again)}."
    for k, file in enumerate(files):
        if tables[k] is None:
            watch.check()
            tables[k] = _table_of(asked, (file, None))
            if isinstance(tables[k], pd.DataFrame):
                tables[k].attrs[SAID] = [*sentences(tables[k]), said]
    return tables


def preview_tables(files: Sequence[Readable], rows: int, watch: Control | None = None) -> list[Preview | MotiveError]:
    """The first rows of each file as ``readers.preview_table`` reads them, or why they cannot be read."""
    found = _of_all(_preview_of, files, rows, watch, "")
    for k, file in enumerate(files):
        if found[k] is None:
            found[k] = _preview_of(rows, (file, None))
    return found


def _of_all(work: Callable[[Any, tuple[Readable, Stamp | None]], Any], files: Sequence[Readable], asked: Any, watch: Control | None,
            message: str) -> list[Any]:
    """``work`` of each file; None where a worker does not see it."""
    if in_use().pool is None or any(file.here for file in files):
        return run_all(lambda file: work(asked, (file, None)), files, watch, message)
    stamped = [(file, _opened(file, None, _stamp)) for file in files]
    return run_all(_elsewhere, stamped, watch, message, shared=(work, asked, said_limits()))


def _elsewhere(shared: tuple[Callable[[Any, tuple[Readable, Stamp | None]], Any], Any, str], item: tuple[Readable, Stamp | None]) -> Any:
    """In a worker, under the limits of whoever asked."""
    work, asked, said = shared
    with under_limits(said):
        return work(asked, item)


def _table_of(asked: _Asked, item: tuple[Readable, Stamp | None]) -> pd.DataFrame | MotiveError | None:
    """A file's table; None where what is there is not the file that was meant."""
    return _opened(*item, _read, asked, _Heeded())


def _preview_of(rows: int, item: tuple[Readable, Stamp | None]) -> Preview | MotiveError | None:
    try:
        return _opened(*item, lambda opened, name: preview_table(opened, name, rows))
    except MotiveError as error:
        return error


def _read(opened: BinaryIO | bytes, name: str, asked: _Asked, watch: Control) -> pd.DataFrame | MotiveError:
    texts, told = asked
    try:
        return read_table(opened, name, watch, texts)
    except told as error:
        return error
    except MotiveError as error:
        if name not in str(error) and not isinstance(error, Cancelled):
            error.what = f"{name}: {error.what}"
            error.args = (f"{error.what} {error.fix}".strip(),)
        raise


def _opened(file: Readable, stamp: Stamp | None, use: Callable[..., Any], *arguments: Any) -> Any:
    """What becomes of a file that is opened; None where it is not the one that the ``stamp`` is of. DataError where it cannot be opened."""
    try:
        opened = file.open()
    except (OSError, DataError) as error:
        if stamp is not None:
            return None
        if isinstance(error, DataError):
            raise
        raise DataError(f"{file.name} cannot be opened ({error.strerror or error}).", "Check that it is there and may be read.") from error
    try:
        return None if stamp is not None and _stamp(opened) != stamp else use(opened, file.name, *arguments)
    finally:
        if not isinstance(opened, bytes):
            opened.close()


def _stamp(opened: BinaryIO | bytes, name: str = "") -> Stamp:
    if isinstance(opened, bytes):
        return len(opened), zlib.adler32(opened)
    about = os.fstat(opened.fileno())
    return about.st_size, about.st_mtime_ns


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
