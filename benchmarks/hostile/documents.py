"""Hostile documents that hold tracks: GPX that names itself a million times, GeoJSON that is deep or wide, workbooks that claim."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from benchmarks.hostile.case import Input
from benchmarks.hostile.packing import zipped

GPX = b'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
GPX_END = b"</trkseg></trk></gpx>"
POINT = b'<trkpt lat="55.5" lon="10.5"><time>2024-03-01T10:00:00Z</time></trkpt>'
LAUGHS = "".join(f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">' for k in range(9))
LINE = [[10.0, 55.0], [10.1, 55.1]]
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SOUND = {"200,000 points", "100,000 lines"}
"""Those that hold good rows and are to be read."""


def inputs() -> Iterator[Input]:
    """Every hostile document; its kind is the ending of the file's name."""
    for kind, made in (("gpx", TRACKS), ("tracks.geojson", LINES), ("xlsx", BOOKS)):
        for name, make in made.items():
            yield Input(kind, name, make, "read" if name in SOUND else "refuse")


TRACKS: dict[str, Callable[[], bytes]] = {
    "a laugh a thousand million times": lambda: (
        f'<!DOCTYPE gpx [<!ENTITY a "haha">{LAUGHS}]><gpx><trk><name>&j;</name></trk></gpx>'.encode()),
    "one entity of a megabyte, a hundred thousand times": lambda: (
        b'<!DOCTYPE gpx [<!ENTITY a "' + b"x" * 1_000_000 + b'">]><gpx><trk><name>' + b"&a;" * 100_000 + b"</name></trk></gpx>"),
    "a file of the server": lambda: b'<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx><trk><name>&a;</name></trk></gpx>',
    "a document of elsewhere": lambda: b'<!DOCTYPE gpx [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]><gpx/>',
    "a million elements deep": lambda: b"<gpx>" + b"<trk>" * 1_000_000,
    "an attribute of 100 MB": lambda: b'<gpx a="' + b"x" * 100_000_000 + b'"/>',
    "100 MB of blanks in a name": lambda: b"<gpx><trk><name>" + b" " * 100_000_000,
    "a million attributes": lambda: b"<gpx " + b"".join(b'a%d="" ' % k for k in range(1_000_000)) + b"/>",
    "a million places": lambda: b"<gpx>" + b'<wpt lat="1" lon="2"/>' * 1_000_000 + b"</gpx>",
    "cut short": lambda: GPX + POINT * 1000,
    "200,000 points": lambda: GPX + b"".join(
        b'<trkpt lat="55.5" lon="%.5f"><time>2024-03-%02dT%02d:%02d:%02dZ</time></trkpt>' % (
            10 + k / 1e5, 1 + k // 86400, k // 3600 % 24, k // 60 % 60, k % 60) for k in range(200_000)) + GPX_END,
}


def features(*geometries: object, **properties: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": one, "properties": properties} for one in geometries]}).encode()


LINES: dict[str, Callable[[], bytes]] = {
    "a line a million levels deep": lambda: b'{"type": "LineString", "coordinates": ' + b"[" * 1_000_000,
    "a number of a million digits": lambda: b'{"type": "LineString", "coordinates": [[' + b"7" * 1_000_000 + b", 1], [2, 3]]}",
    "numbers beyond all": lambda: b'{"type": "LineString", "coordinates": [[1e999, 1], [2, 3]]}',
    "coordinates that are none": lambda: features({"type": "LineString", "coordinates": [["a", {}], [None, []]]}),
    "4,000 features, each with a property of its own": lambda: json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {f"p{k}": k}}
        for k in range(4000)]}).encode(),
    "a line with 1,900 properties": lambda: features({"type": "LineString", "coordinates": [[k / 1e4, 1] for k in range(200_000)]},
                                                     **{f"p{k}": "x" * 50 for k in range(1900)}),
    "2,000,000 lines of a brace": lambda: b"{}\n" * 2_000_000,
    "100,000 lines": lambda: b"\n".join([json.dumps({"type": "Feature", "geometry": {"type": "LineString", "coordinates": LINE},
                                                     "properties": {"track": "a"}}).encode()] * 100_000),
}


def book(rows: bytes, texts: bytes = b"") -> bytes:
    """A workbook of one sheet."""
    return zipped({
        "xl/workbook.xml": f'<workbook xmlns:r="{KIND}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": (f'<Relationships><Relationship Id="r1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/>'
                                       "</Relationships>").encode(),
        "xl/sharedStrings.xml": b"<sst>" + texts + b"</sst>",
        "xl/worksheets/sheet1.xml": SHEET.encode() + rows + b"</sheetData></worksheet>"})


BOOKS: dict[str, Callable[[], bytes]] = {
    "a cell in the last place there is": lambda: book(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "a row of blanks of 500 MB": lambda: book(b"<row>" + b" " * 500_000_000 + b"</row>"),
    "a text of 30,000 letters in 40,000 cells": lambda: book(b'<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 20_000,
                                                            b"<si><t>" + b"x" * 30_000 + b"</t></si>"),
    "10,000,000 texts": lambda: book(b"<row/>", b"<si/>" * 10_000_000),
    "rows in rows": lambda: book(b"<row>" * 1_000_000),
    "a reference to a text that is not there, and nothing else": lambda: book(b'<row><c t="s"><v>7</v></c></row>'),
    "entities": lambda: zipped({"xl/workbook.xml": f'<!DOCTYPE a [<!ENTITY a "haha">{LAUGHS}]><workbook>&j;</workbook>'.encode()}),
    "sheets in a circle": lambda: zipped({"xl/workbook.xml": b"<workbook/>", "xl/_rels/workbook.xml.rels": b"<Relationships/>"}),
}
