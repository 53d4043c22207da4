"""Lines of links in Parquet, as GeoParquet has them: bytes (WKB) that become digits, within the budget, where the table is of links."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from irlcore.budget import TooLarge
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.readers import preview_table, read_table
from irlcore.worlds.network import build_network

LINES = [shapely.LineString([[500_000.0 + k, 6_500_000.0], [500_050.0, 6_500_010.5 + k], [500_100.0, 6_500_000.0]]) for k in range(3)]
LINKS = pd.DataFrame({"link": ["a", "b", "c"], "u": [1, 2, 3], "v": [2, 3, 1]})
GEO = {b"geo": b'{"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}'}


def written(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def geoparquet(kind: pa.DataType, lines: list[bytes | None], name: str = "geometry") -> bytes:
    """A table of links with lines as bytes of this kind."""
    table = pa.Table.from_pandas(LINKS).append_column(name, pa.array(lines, kind))
    return written(table.replace_schema_metadata({**table.schema.metadata, **GEO}))


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()], ids=str)
@pytest.mark.parametrize("name", ["geometry", "WKT", "geom "])
def test_links_whose_lines_are_bytes_are_those_whose_lines_are_words(kind: pa.DataType, name: str) -> None:
    raw = geoparquet(kind, [shapely.to_wkb(line) for line in LINES], name)
    for table in (read_table(raw), preview_table(raw).table):
        assert table.columns.tolist() == ["link", "u", "v", name.strip()] and not table.attrs.get(LEFT_OUT)
        drawn = build_network(table)
        wanted = build_network(LINKS.assign(wkt=[shapely.to_wkt(line, rounding_precision=-1) for line in LINES]))
        np.testing.assert_array_equal(drawn.shape_xy, wanted.shape_xy)
        np.testing.assert_array_equal(drawn.shape_offsets, wanted.shape_offsets)
        assert set(drawn.place_attributes) == set(wanted.place_attributes)


def test_a_link_without_a_line_has_none_however_many_rows_there_are() -> None:
    many = pa.table({"link": list(range(2500)), "geom": pa.array([None, shapely.to_wkb(LINES[0]), b""] * 833 + [None], pa.binary())})
    cells = read_table(written(many))["geom"]
    assert cells.isna().sum() == 834 and (cells == "").sum() == 833 and (cells == shapely.to_wkb(LINES[0], hex=True).lower()).sum() == 833


@pytest.mark.parametrize("columns", [{"track": ["a", "a"], "x": [0.0, 1.0], "y": [0.0, 1.0]}, {"track": ["a", "b"], "path": ["1 2", "2 3"]},
                                     {"track": ["a", "a"], "step": [1, 2], "link": ["b", "c"]}, {"node": [1, 2], "x": [0, 1], "y": [0, 1]},
                                     {"from_link": ["a", "b"], "to_link": ["b", "a"]}, {"track": ["a", "b"], "class": ["p", "q"]}],
                         ids=["points", "paths", "steps", "nodes", "transitions", "attributes"])
def test_shapes_of_anything_else_are_left_out_and_named(columns: dict[str, list[object]]) -> None:
    table = read_table(written(pa.table({**columns, "geometry": [shapely.to_wkb(LINES[0])] * 2})))
    assert "geometry" not in table and table.attrs[LEFT_OUT] == ["geometry"]


def test_of_two_columns_of_lines_the_one_that_is_drawn_is_kept() -> None:
    table = read_table(written(pa.table({"link": ["a"], "wkt": [b"\1"], "geometry": [b"\2"], "photo": [b"\3"]})))
    assert table.columns.tolist() == ["link", "wkt"] and table.attrs[LEFT_OUT] == ["geometry", "photo"]


def test_bytes_behind_a_dictionary_are_bytes() -> None:
    table = read_table(written(pa.table({"track": ["a", "b"], "sign": pa.array([b"\xff", b"\xfe"]).dictionary_encode()})))
    assert table.columns.tolist() == ["track"] and table.attrs[LEFT_OUT] == ["sign"]


def test_digits_are_asked_of_the_budget_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that a dictionary repeats costs itself and its digits as often as it stands."""
    raw = written(pa.table({"link": list(range(20_000)), "geometry": [b"x" * 1000] * 20_000}))
    assert len(raw) < 200_000
    monkeypatch.setattr("irlcore.tracks.files.parquet.SMALL", 1e6)
    monkeypatch.setattr("irlcore.tracks.files.unpack.SMALL", 1e6)
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=59_999_999")
    with pytest.raises(TooLarge) as caught:
        read_table(raw)
    assert caught.value.limit == "unpacked"
    monkeypatch.setenv("MOTIVE_LIMITS", "ratio=1e9 unpacked=60_000_000")
    assert set(read_table(raw)["geometry"].str.len()) == {2000}
