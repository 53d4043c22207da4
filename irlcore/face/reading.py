"""``ir.read``, ``ir.open`` and ``ir.sample``: a folder, files, frames or lists, a project file, or a sample into a study."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast, get_args

import pandas as pd

from irlcore.engine import Control
from irlcore.errors import DataError, ProjectError, none_called
from irlcore.face.fitted import Fit
from irlcore.face.study import Study
from irlcore.face.tables import Asked, frame_of, project_of
from irlcore.project.project import ClassAim
from irlcore.project.project_file import load_project
from irlcore.project.samples import SAMPLES, sample_project
from irlcore.tracks.files.geojson import AreasOnly
from irlcore.tracks.folder import ENDINGS, MOST_FILES, by_role
from irlcore.tracks.many_tables import read_or_told, read_tables
from irlcore.tracks.options import Options, Question
from irlcore.tracks.sources import ID_PARTS, Role
from irlcore.tracks.times.reading import FORMATS
from irlcore.worlds.world import World

ROLES = tuple(role for role in get_args(Role) if role != "unknown")
AIMS = get_args(ClassAim)
WITH_SHP = (".shp", ".dbf", ".prj", ".cpg")


def read(source: str | Path | Iterable[str | Path] | pd.DataFrame | None = None, /, *,
         columns: Mapping[str, Mapping[str, str]] | None = None, world: World | None = None,
         aims: ClassAim | Mapping[str, ClassAim] = "ends", cell: float = 0.0, heading: bool = False, slip: float = 0.0, clean: bool = True,
         unit: str = "m", time: str = "", zone: str = "", crs: str = "", name: str = "", **tables: Any) -> Study:
    """Tracks and the world that they are in.

    source: a folder of tables, one file or several, or a frame; what each holds is known by its columns. GeoJSON of areas becomes zones.
    tables: the same by what they hold: points, paths, links, transitions, nodes, events, choices, outcomes, states, attributes; each a
    frame, a file, or for paths and events lists of places: {"a": ["home", "road", "work"]}. columns: role -> part -> column, where the
    guess is not right: {"points": {"track": "ship"}}. world: where the tracks are put (``study.world``, ``ir.World.from_table``); made of
    the tables where None. aims: what tracks are after, for all or by class: "ends" (where each ends), "nowhere", "stops". cell: of a grid,
    in ``unit``; a size that suits the points where 0. heading: whether a grid remembers it. slip: chance in a grid to go astray. clean:
    whether points are parted into trips and mended as the pages suggest. time, zone, crs: what the values do not say: "day first" or
    "month first", the time zone of times that name none, the projection of x and y ("EPSG:32631", or "plane" where they are no degrees).
    DataError names the row or column that is wrong, or asks for one of these.

    >>> import irlcore as ir
    >>> ir.read(paths={"a": ["home", "main", "work"], "b": ["home", "lane", "work"], "c": ["home", "main", "work"]})
    <Study: 3 tracks in a network of 4 links, all tracks, 1 feature>
    """
    for one in tables:
        if one not in ROLES:
            raise DataError(*none_called("kind of table", one, ROLES))
    if time not in FORMATS:
        raise DataError(*none_called("way to read times", time, FORMATS))
    texts = [column for parts in (columns or {}).values() for part, column in parts.items() if part in ID_PARTS]
    found: dict[str, pd.DataFrame] = {}
    areas: list[Path] = []
    files = [_File(path) for path in _files(source)]
    for file, table in zip(files, read_or_told(files, Control(), texts, (AreasOnly,)), strict=True):
        if isinstance(table, pd.DataFrame):
            found[file.name] = table
        else:
            areas.append(file.path)
    if isinstance(source, pd.DataFrame):
        found["the frame"] = source
    given = {one: _table(Path(table), texts) if isinstance(table, str | Path) else frame_of(cast(Role, one), table)
             for one, table in tables.items()}
    roles: dict[Role, pd.DataFrame] = {**by_role(found), **by_role(given, {one: cast(Role, one) for one in given})}
    if world is not None and world.kind == "log" and "paths" in roles and "events" not in roles:
        roles["events"] = roles.pop("paths")
    asked = Asked(columns or {}, unit, Options(time, zone, crs), cell, heading, slip, clean, _aims(aims), world)
    try:
        study = Study(project_of(name or _name(source), roles, asked))
    except Question as error:
        answers = ", ".join(repr(one) for one in [*error.choices][:6])
        raise DataError(error.what, f"{error.fix} Here: {error.about}=..., one of {answers}.") from error
    for path in areas:
        study = study.with_zones(path)
    return study


def open(path: str | Path) -> Study:
    """The study of a project file, as it was saved here or on a page; a ``Fit`` where its class has been fitted. ProjectError where the
    file is not there, damaged, foreign, or of a newer version.

    >>> import irlcore as ir, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = ir.sample("town").save(pathlib.Path(folder) / "town.motive")
    ...     ir.open(path)
    <Study: 684 tracks in a network of 453 links, class commuter (228), 5 features>
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ProjectError(f"{path} cannot be read ({error.strerror}).", "Name a .motive file that you may read.") from error
    project = load_project(data)
    return Study(project) if project.fit is None else Fit(project)


def sample(name: str) -> Study:
    """A made-up study that comes with Motive, by a name of ``ir.catalogue("samples")``. DataError where there is none.

    >>> import irlcore as ir
    >>> ir.sample("anchorage").world.kind
    'grid'
    """
    if name not in SAMPLES:
        raise DataError(*none_called("sample", name, SAMPLES))
    return Study(sample_project(name))


def _files(source: object) -> list[Path]:
    """The files that are named, those of a folder by name. DataError where there are none."""
    if source is None or isinstance(source, pd.DataFrame):
        return []
    if not isinstance(source, str | Path):
        if not isinstance(source, Iterable):
            raise DataError(f"An object of type {type(source).__name__} cannot be read.",
                            "Name a folder or files, or give frames: paths=..., links=...")
        return [path for one in source for path in _files(one)]
    path = Path(source).expanduser()
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.is_file() and one.name.lower().endswith(ENDINGS))
        found = [one for one in found if one.suffix.lower() not in WITH_SHP[1:] or not one.with_suffix(".shp").exists()]
        if not found or len(found) > MOST_FILES:
            raise DataError(f"{path} holds {len(found) or 'no'} tables.", f"Name a folder with 1 to {MOST_FILES}: {', '.join(ENDINGS)}.")
        return found
    if not path.exists():
        raise DataError(f"There is no file or folder {str(path)!r}.", "Check the name, and the folder that the script runs in.")
    if path.suffix.lower() == ".motive":
        raise DataError(f"{path.name} is a project file.", "Open it with ir.open.")
    return [path]


@dataclass(frozen=True, slots=True)
class _File:
    """A file of this machine; of a shapefile its parts together."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def here(self) -> bool:
        return False

    def open(self) -> BinaryIO | bytes:
        if self.path.suffix.lower() != ".shp":
            return self.path.open("rb")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as parts:
            for ending in WITH_SHP:
                if (part := self.path.with_suffix(ending)).exists():
                    parts.write(part, part.name)
        return packed.getvalue()


def _table(path: Path, texts: list[str]) -> pd.DataFrame:
    """A file as a table."""
    return read_tables([_File(path)], Control(), texts)[0]


def _aims(aims: object) -> dict[str, ClassAim]:
    """class -> what its tracks are after, "" for all."""
    told = {"": aims} if isinstance(aims, str) else dict(cast(Mapping[str, ClassAim], aims))
    for aim in told.values():
        if aim not in AIMS:
            raise DataError(*none_called("aim of tracks", aim, AIMS))
    return cast(dict[str, ClassAim], told)


def _name(source: object) -> str:
    """What a project of it is called."""
    return Path(source).stem[:60] or "My study" if isinstance(source, str | Path) else "My study"
