"""The files of an import: uploaded, or on this machine; each is read under its name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from irlcore.tracks.folder import TableFile

SHAPEFILE = ("shp", "dbf", "prj", "cpg", "shx", "sbn", "sbx", "qix", "qpj")
"""Endings of the files that make one shapefile."""
ENDING = re.compile(r"(\.[A-Za-z0-9]+)?(\.(gz|zip))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name, size in bytes, and what tells it from every other. held: the upload, the file of a folder, the path of a file, or
    the parts of a shapefile, a source each."""

    name: str
    size: int
    key: tuple[object, ...]
    held: Any

    @property
    def here(self) -> bool:
        """Whether only this process has it, as it has an upload."""
        return any(one.here for one in self.held) if isinstance(self.held, tuple) else not isinstance(self.held, TableFile | Path)

    def open(self) -> BinaryIO | bytes:
        """Its bytes, not copied, or the file opened; of a shapefile its parts in a zip, as they would come from elsewhere."""
        if isinstance(self.held, tuple):
            return _packed(self.held)
        if isinstance(self.held, TableFile | Path):
            return self.held.open() if isinstance(self.held, TableFile) else self.held.open("rb")
        whole: bytes = self.held.getvalue()  # the buffer of the upload itself
        return whole


def with_parts(sources: Sequence[Source]) -> list[Source]:
    """The same files, the parts of each shapefile as one."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        stem, _, ending = source.name.rpartition(".")
        groups.setdefault(f"{stem.lower()}." if ending.lower() in SHAPEFILE else source.name, []).append(source)
    found = []
    for group in groups.values():
        shp = next((one for one in group if one.name.lower().endswith(".shp")), None)
        found += group if shp is None else [Source(shp.name, sum(one.size for one in group), tuple(one.key for one in group), tuple(group))]
    return found


def _packed(parts: Sequence[Source]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            opened = part.open()
            try:
                archive.writestr(f"map.{part.name.rpartition('.')[2].lower()}", opened if isinstance(opened, bytes) else opened.read())
            finally:
                if not isinstance(opened, bytes):
                    opened.close()
    return out.getvalue()


def named_apart(sources: Sequence[Source]) -> list[Source]:
    """The same files, those of a name that another one has with a number before the ending, which tells what a file is: two folders may
    each have a points.csv, and neither may take the other's place."""
    taken = {source.name for source in sources}
    used: set[str] = set()
    found: list[Source] = []
    for source in sources:
        name, k = source.name, 2
        at = ENDING.search(name)
        assert at is not None  # it may be empty
        while name in used or (k > 2 and name in taken):
            name, k = f"{source.name[:at.start()]} ({k}){at[0]}", k + 1
        used.add(name)
        found.append(replace(source, name=name))
    return found
