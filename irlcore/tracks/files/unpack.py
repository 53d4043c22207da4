"""Files as a stream of pieces, plain or packed, refused before they cost memory.

A packed file says nothing true about what it unpacks to, so nothing is unpacked at once: what has come out so far is asked of the budget
piece by piece, and whoever reads holds one piece.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from irlcore.budget import limits, within
from irlcore.errors import DataError
from irlcore.tracks.files.zip_members import FAULTS, SMALL, members_of, unreadable
from irlcore.tracks.plain_text import plain_text

PIECE = 1 << 20  # bytes; a stop is heeded between two
STEP = 1 << 16  # packed bytes taken at once: the ratio is known to so many
MOST_MEMBERS = 100_000  # gzip streams in one file; block-wise packers write one for each 64 kB
ENDING = re.compile(r"(\.[A-Za-z0-9]{1,8})?(\.(gz|zip))?$", re.IGNORECASE)
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
PACKED = {GZIP: "gzip", ZIP: "zip", b"PK\x05\x06": "zip",  # the second of a zip of nothing
          b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z", b"Rar!": "rar"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read from its start as often as is needed.

    label: its name for messages. raw: its bytes as they stand, or where they are. size: how many. packing: "gzip", "zip" or "".
    member: the table in a zip.
    """

    label: str
    raw: bytes | Path
    size: int
    packing: str = ""
    member: str = ""

    @property
    def track(self) -> str:
        """What a track is called that only the file names: the file, without its endings."""
        return ENDING.sub("", PurePosixPath(self.member or self.label).name) or self.label

    def pieces(self) -> Iterator[bytes]:
        """What the file unpacks to, at most ``PIECE`` bytes at once, none empty.

        TooLarge once it is more than the budget allows, DataError where it is damaged, or holds another packed file.
        """
        total = 0
        try:
            with self._open() as packed:
                for piece in self._unpacked(packed):
                    if not total and self.packing:
                        _plain(piece[:8], self.label)
                    total += len(piece)
                    self.ask(total, of=packed.tell() if self.packing else 0)
                    yield piece
        except FAULTS as error:
            raise unreadable(self.label, error) from error

    def ask(self, unpacked: float, what: str = "unpacks to", of: int = 0) -> None:
        """TooLarge where so many bytes are more than a file may become, or than ``of`` packed bytes may, those read so far or all."""
        within("unpacked", unpacked, f"{self.label} {what} more than {limits().unpacked:,.10g} bytes.", "Read it in parts.")
        if unpacked > SMALL:
            within("ratio", unpacked / max(of or self.size, 1), f"{self.label} {what} more than {limits().ratio:,.10g} times its size.",
                   "No table of observations is so regular: check where it comes from.")

    def whole(self) -> bytes:
        """All of it at once."""
        if isinstance(self.raw, bytes) and not self.packing:
            self.ask(self.size, "has")
            return self.raw
        return b"".join(self.pieces())

    def beside(self, ending: str) -> bytes | None:
        """What is called like this file but for its ending (".dbf" beside ".shp"), in the same zip or folder; None where there is none."""
        if self.packing == "zip":
            with self._open() as packed, zipfile.ZipFile(packed) as archive:
                names = archive.namelist()
            wanted = f"{self.member.rpartition('.')[0]}.{ending}".lower()
            name = next((one for one in names if one.lower() == wanted), None)
            return Source(self.label, self.raw, self.size, "zip", name).whole() if name is not None else None
        if isinstance(self.raw, Path) and not self.packing:
            near = next((one for one in (self.raw.with_suffix(f".{ending}"), self.raw.with_suffix(f".{ending.upper()}"))
                         if one.is_file()), None)
            return Source(near.name, near, near.stat().st_size).whole() if near is not None else None
        return None

    def unpacked(self) -> float:
        """About how many bytes it unpacks to, by what its first ones do: nothing that may be relied upon."""
        if self.packing == "gzip":
            with self._open() as packed:
                head = packed.read(PIECE)
            unpacker = zlib.decompressobj(31)
            out = len(unpacker.decompress(head, 4 * PIECE))
            return self.size * out / max(1, len(head) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data))
        if self.packing == "zip":
            with self._open() as packed, zipfile.ZipFile(packed) as archive:
                return archive.getinfo(self.member).file_size
        return self.size

    def _open(self) -> BinaryIO:
        return io.BytesIO(self.raw) if isinstance(self.raw, bytes) else self.raw.open("rb")

    def _unpacked(self, packed: BinaryIO) -> Iterator[bytes]:
        if self.packing == "gzip":
            yield from _gunzip(packed, self.label)
        elif self.packing == "zip":
            with zipfile.ZipFile(packed) as archive, archive.open(self.member) as plain:
                yield from iter(lambda: b"".join(plain.read(STEP) for _ in range(PIECE // STEP)), b"")
        else:
            yield from iter(lambda: packed.read(PIECE), b"")


def open_source(source: str | Path | BinaryIO | bytes, label: str) -> Source:
    """The one table of a file; errors as ``open_sources``, and where there are several."""
    found, _ = open_sources(source, label)
    if len(found) > 1:
        raise DataError(f"{label} holds {len(found)} tables.", "Unpack it, and choose one.")
    return found[0]


def open_sources(source: str | Path | BinaryIO | bytes, label: str) -> tuple[list[Source], list[str]]:
    """The tables of a file, and the names of what is left out beside them; what it is, by its first bytes, not its name. A workbook comes
    as it stands, a zip too. DataError where the file is not there, or a packing that is not read."""
    raw: bytes | Path
    try:
        if isinstance(source, str | Path):
            raw = path = Path(source)
            if path.exists() and not path.is_file():
                raise DataError(f"{label} is not a file.", "Choose a file.")
            size = path.stat().st_size
            with path.open("rb") as opened:
                head = opened.read(8)
        else:
            raw = data = source if isinstance(source, bytes) else source.read()
            size, head = len(data), data[:8]
    except FileNotFoundError as error:
        raise DataError(f"{label} is not there.", "Check the folder and the file's name.") from error
    except OSError as error:
        raise unreadable(label, error) from error
    packing = next((name for mark, name in PACKED.items() if head.startswith(mark)), "")
    if packing == "zip":
        members, left_out = members_of(raw, label)
        if not members:
            return [Source(label, raw, size)], left_out
        several = len(members) > 1
        return [Source(f"{label} ({plain_text(one)[:60]})" if several else label, raw, size, packing, one) for one in members], left_out
    if packing not in ("", "gzip"):
        raise DataError(f"{label} is packed ({packing}) in a way that is not read here.", "Unpack it, or pack it with gzip.")
    return [Source(label, raw, size, packing)], []


def _gunzip(packed: BinaryIO, label: str) -> Iterator[bytes]:
    """All gzip streams of a file, one after the other; zlib checks the sum and the length at the end of each."""
    members, unpacker, rest = 0, zlib.decompressobj(31), b""
    while data := rest or packed.read(STEP):
        if unpacker.eof:
            data = data.lstrip(b"\0")  # some writers fill the last block with zeros
            if not data:
                rest = b""
                continue
            members, unpacker = members + 1, zlib.decompressobj(31)
            if members > MOST_MEMBERS:
                raise DataError(f"{label} is made of more than {MOST_MEMBERS:,} gzip streams.", "Unpack it, and pack it as one.")
        if piece := unpacker.decompress(data, PIECE):
            yield piece
        rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    while piece := unpacker.decompress(b"", PIECE):  # what the unpacker still holds of the last bytes
        yield piece
    if not unpacker.eof:
        raise EOFError("it ends in the middle")


def _plain(head: bytes, label: str) -> None:
    for mark, packing in PACKED.items():
        if head.startswith(mark):
            raise DataError(f"{label} holds another packed file ({packing}).", "Unpack it, and choose the table that is inside.")
