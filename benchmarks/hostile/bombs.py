"""Small files that become large ones, and projects to tamper with."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from irlcore.analysis.comparison import compare_study, with_comparison
from irlcore.analysis.study import fit_study
from irlcore.features.base import FeatureSpec
from irlcore.project.archive import DIGEST, digest
from irlcore.project.loading import with_world
from irlcore.project.project import Project, Verdict, remember
from irlcore.project.project_file import VERSION, save_project
from irlcore.tracks.read_tracks import read_paths
from irlcore.tracks.readers import guess_columns, read_table
from irlcore.worlds.network import build_network

BLOCK = 100_000_000  # bytes
ROW = b"a,1,2,3\n"

# Two streets of two blocks each, driven both ways: A - B - C above D - E - F.
BLOCKS = {"AB": 100, "BC": 100, "DE": 130, "EF": 130, "AD": 150, "BE": 150, "CF": 150}
AT = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (0, -150), "E": (100, -150), "F": (200, -150)}
LINKS = "link,u,v,length,lanes,x0,y0,x1,y1\n" + "".join(
    f"{way},{way[0]},{way[1]},{metres},2,{AT[way[0]][0]},{AT[way[0]][1]},{AT[way[1]][0]},{AT[way[1]][1]}\n"
    for one, metres in BLOCKS.items() for way in (one, one[::-1]))
TRIPS = ("track,path,kind,driver\na,AB BC CF,car,x\nb,AB BE EF,car,x\nc,DA AB BC CF,car,y\nd,DE EF FC,car,y\ne,FE ED DA,car,z\n"
         "f,CB BA AD,car,z\ng,DA AB BE EF,car,w\nh,AB BE EB BC CF,van,w\n")


def gz_members(times: int) -> bytes:
    """A gzip file of ``times`` blocks of 100 MB of points, one member a block: about 0.1 MB each."""
    return gzip.compress(b"track,t,x,y\n" + ROW, 9) + gzip.compress(ROW * (BLOCK // len(ROW)), 9) * times


def gz_whole(megabytes: int) -> bytes:
    """One gzip member of so many megabytes of points."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=9) as file:
        file.write(b"track,t,x,y\n")
        for _ in range(megabytes):
            file.write(ROW * 125_000)
    return out.getvalue()


def zipped(members: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def zip_whole(megabytes: int) -> bytes:
    """A zip of one table of so many megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("points.csv", "w", force_zip64=True) as member:
        member.write(b"track,t,x,y\n")
        for _ in range(megabytes):
            member.write(ROW * 125_000)
    return out.getvalue()


def parquet_constant(millions: int, text: str) -> bytes:
    """A Parquet file of so many million rows that all say the same: a few bytes a row group."""
    part = 1_000_000
    columns = {"track": pa.array(["a"] * part).dictionary_encode(), "t": pa.array(np.zeros(part)), "x": pa.array(np.zeros(part)),
               "y": pa.array(np.zeros(part)), "note": pa.array([text] * part).dictionary_encode()}
    table, out = pa.table(columns), io.BytesIO()
    with pq.ParquetWriter(out, table.schema, compression="zstd") as file:
        for _ in range(millions):
            file.write_table(table)
    return out.getvalue()


def zeros(name: str, count: int, kind: int = zipfile.ZIP_BZIP2) -> bytes:
    """An npz file with one array of so many zero bytes, packed so that hardly anything is left of it."""
    out, head = io.BytesIO(), io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": (count,)})
    with zipfile.ZipFile(out, "w", kind) as file, file.open(f"{name}.npy", "w", force_zip64=True) as member:
        member.write(head.getvalue())
        for _ in range(count // 10_000_000):
            member.write(bytes(10_000_000))
    return out.getvalue()


def project_file(body: Any, arrays: bytes | None = None) -> bytes:
    """A project file whose JSON holds ``body`` (a text is taken as it is); arrays: the inner npz."""
    text = body if isinstance(body, str) else json.dumps(body)
    if arrays is None:
        packed = io.BytesIO()
        np.savez_compressed(packed, a0=np.zeros(3))
        arrays = packed.getvalue()
    return sealed({"project.json": text.encode(), "arrays.npz": arrays})


def sealed(members: dict[str, bytes]) -> bytes:
    """A project file of these members, with the digest that belongs to them where the format has one: whoever tampers can do that too."""
    members = {**members, DIGEST: digest(members["project.json"], members["arrays.npz"])}
    return zipped(members)


def project_json(fields: Any, version: Any = VERSION) -> dict[str, Any]:
    """The JSON of a project with these fields."""
    return {"format": "motive-project", "version": version, "project": {"kind": "Project", "fields": fields}}


@lru_cache(maxsize=1)
def good_project() -> Project:
    """Eight trips on two streets with zones, a place, features, a fit, a comparison, a verdict and a history."""
    table, links = read_table(TRIPS.encode(), "trips.csv"), read_table(LINKS.encode(), "links.csv")
    made = with_world(Project(name="Two streets"), read_paths(table, guess_columns(table, "paths")), build_network(links))
    ring = np.array([[50.0, -10.0], [150.0, -10.0], [150.0, 10.0], [50.0, -10.0]])
    specs = (FeatureSpec("length", "length", {"per": 100.0}, "negative"), FeatureSpec("in yard", "zone", {"zone": "yard"}),
             FeatureSpec("f", "formula", {"formula": "length / 100"}, enabled=False))
    made = replace(made, zones={"yard": ring}, spots={"gate": np.array([100.0, 0.0])}, features=specs, agent_column="driver",
                   notes="By hand", tried={"car": 3}, class_column="", agent_class="")
    made = with_comparison(made, compare_study(made, ["maxent", "boltzmann"], 1.0))
    fitted = fit_study(made, "maxent")
    verdicts = {"h": Verdict("understood", "turned round", "2026-01-01T00:00:00+00:00")}
    return remember(replace(fitted, verdicts=verdicts), "Looked", "Why", "1")


@lru_cache(maxsize=1)
def good_bytes() -> bytes:
    """The file of ``good_project``."""
    return save_project(good_project())
