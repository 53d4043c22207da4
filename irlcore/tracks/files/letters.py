"""The letters of a text file: UTF-8, UTF-16 or Windows' western European, told by its first bytes and by what is no UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from irlcore.errors import DataError
from irlcore.tracks.files.unpack import Source

WESTERN = "Windows-1252"
HEAD = 64  # bytes by which UTF-16 is told where it has no mark
# five signs are none in Windows-1252, and Latin-1's here
_TABLE = "".join(bytes([k]).decode("cp1252", errors="ignore") or chr(k) for k in range(256))


def encoding_of(head: bytes) -> str:
    """"utf-16-le", "utf-16-be", or "" for anything whose separators and line ends are single bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    even, odd = head[:HEAD:2], head[1:HEAD:2]
    if len(head) >= 8 and not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if len(head) >= 8 and not any(even) and all(odd) else ""


def text_pieces(source: Source) -> Iterator[bytes]:
    """The pieces of a file without the mark that some editors put first; UTF-16 becomes UTF-8, anything else stands as it is. DataError
    where UTF-16 is damaged."""
    pieces = source.pieces()
    lead = b""
    for piece in pieces:
        lead += piece
        if len(lead) >= HEAD:
            break
    encoding = encoding_of(lead)
    if not encoding:
        lead = lead.removeprefix(codecs.BOM_UTF8)
        if lead:
            yield lead
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(lead).removeprefix("\ufeff")
        if text:
            yield text.encode()
        for piece in pieces:
            if text := decoder.decode(piece):
                yield text.encode()
        decoder.decode(b"", True)
    except UnicodeError as error:
        raise DataError(f"{source.label} is text in UTF-16 that is damaged or cut off.",
                        "Export it again, as UTF-8 if that can be chosen.") from error


def bytes_of_a_sign(source: Source) -> float:
    """How many bytes of the file a byte of its pieces stands for, about: two where it is UTF-16."""
    return 2.0 if encoding_of(next(source.pieces(), b"")) else 1.0


def western(piece: bytes) -> bytes:
    """A piece of text in Windows' western European letters, as UTF-8."""
    return codecs.charmap_decode(piece, "strict", _TABLE)[0].encode()


def first_text(head: bytes) -> str:
    """The first signs of a file, for telling what it is: without marks and leading blanks."""
    text = head[:4096].decode(encoding_of(head) or "utf-8", errors="replace")
    return text.lstrip("\ufeff \t\r\n")
