"""Excel workbooks: a sheet is the table that its CSV would be; dates by their style; bombs and damage refused in words."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from benchmarks.hostile.packing import zipped
from irlcore.budget import TooLarge
from irlcore.tracks.readers import preview_table, read_table
from tests.tracks.refusing import refused_at_no_cost

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROWS = ('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>t</t></is></c><c r="C1" t="str"><f>x</f><v>lon</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45352.5</v></c><c r="C2"><v>10.25</v></c></row>'
        '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="C4"><v>1.1E1</v></c></row>')
TEXTS = "<si><t>track</t></si><si><r><t>00</t></r><r><t>7</t></r><rPh><t>no</t></rPh></si>"
STYLES = ('<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="[h]:mm"/>'
          '<numFmt numFmtId="166" formatCode="0.00 &quot;days&quot;"/><numFmt numFmtId="167" formatCode="[Red]#,##0"/></numFmts>'
          '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>' + "".join(
              f'<xf numFmtId="{k}"/>' for k in (164, 165, 166, 167, 14, 21)) + "</cellXfs>")


def book(*sheets: tuple[str, str], texts: str = TEXTS, about: str = "", states: tuple[str, ...] = ()) -> bytes:
    """A workbook of sheets: name, rows."""
    parts = {"[Content_Types].xml": b"<Types/>"}
    parts["xl/workbook.xml"] = (f'<workbook {MAIN} xmlns:r="{RELS}">{about}<sheets>' + "".join(
        f'<sheet name="{name}" sheetId="{k}" r:id="rId{k}" {(states or ("",) * 9)[k]}/>' for k, (name, _) in enumerate(sheets))
                                + "</sheets></workbook>").encode()
    ties = [f'<Relationship Id="rId{k}" Type="{RELS}/worksheet" Target="{"/xl/" * (k % 2)}worksheets/sheet{k}.xml"/>'
            for k in range(len(sheets))]
    parts["xl/_rels/workbook.xml.rels"] = f"<Relationships>{''.join(ties)}</Relationships>".encode()
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{texts}</sst>".encode()
    parts["xl/styles.xml"] = f"<styleSheet {MAIN}>{STYLES}</styleSheet>".encode()
    for k, (_, rows) in enumerate(sheets):
        parts[f"xl/worksheets/sheet{k}.xml"] = (f'<worksheet {MAIN}><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>'
                                                "</worksheet>").encode()
    return zipped(parts)


def both(raw: bytes) -> pd.DataFrame:
    table, seen = read_table(raw, "x.xlsx"), preview_table(raw, "x.xlsx")
    pd.testing.assert_frame_equal(seen.table, table)
    assert seen.table.attrs == table.attrs and (seen.rows, seen.exact) == (len(table), True)
    return table


def test_a_sheet_is_a_table_whatever_its_cells_are_made_of() -> None:
    table = both(book(("Tracks", ROWS)))
    assert table.columns.tolist() == ["track", "t", "lon"] and "said" not in table.attrs
    assert table["track"].tolist() == ["007", "007"] and table["lon"].tolist() == [10.25, 11.0]
    assert table["t"].tolist()[0] == "2024-03-01T12:00:00" and pd.isna(table["t"].iloc[1])


def cell(value: str, style: int = 0, kind: str = "n") -> str:
    return ('<row><c t="s"><v>0</v></c><c t="str"><v>t</v></c></row>'
            f'<row><c t="s"><v>1</v></c><c s="{style}" t="{kind}"><v>{value}</v></c></row>')


@pytest.mark.parametrize(("value", "style", "wanted"), [
    ("45352", 1, "2024-03-01"), ("45352.9999999999", 1, "2024-03-02"), ("45352.000011574", 1, "2024-03-01T00:00:01"),
    ("45352.7306712963", 5, "2024-03-01T17:32:10"), ("1.0041666667", 2, "24:06:00"), ("0.5", 6, "12:00:00"), ("0.5", 1, "12:00:00"),
    ("59.5", 1, "1900-02-28T12:00:00"), ("61", 1, "1900-03-01"), ("45352", 0, "45352"), ("45352.5", 3, "45352.5"), ("45352", 4, "45352"),
    ("1.7E9", 0, "1700000000"), ("219000123", 0, "219000123"), ("0.1", 0, "0.1"), ("-5", 1, "-5"), ("1E300", 1, "1E300")])
def test_numbers_are_days_where_their_style_says_so(value: str, style: int, wanted: str) -> None:
    read = both(book(("a", cell(value, style))))["t"].iloc[0]
    assert str(read) == wanted or float(read) == float(wanted)


def test_days_since_1904_truths_and_errors() -> None:
    assert both(book(("a", cell("43890", 1)), about='<workbookPr date1904="1"/>'))["t"].iloc[0] == "2024-03-01"
    assert bool(both(book(("a", cell("1", 0, "b"))))["t"].iloc[0]) is True
    assert both(book(("a", cell("#DIV/0!", 0, "e"))))["t"].iloc[0] == "#DIV/0!"
    assert both(book(("a", cell("2024-03-01T10:00:00", 0, "d"))))["t"].iloc[0] == "2024-03-01T10:00:00"


def test_the_first_sheet_that_is_seen_and_has_rows_is_read_and_told() -> None:
    raw = book(("Hidden", cell("1")), ("Cover", ""), ("Data", ROWS), ("More & more".replace("&", "&amp;"), cell("2")),
               states=('state="hidden"', "", "", ""))
    table = both(raw)
    assert table["lon"].tolist() == [10.25, 11.0] and table.attrs["said"] == ["The sheet 'Data' is read, not More & more."]


def test_titles_above_the_header_gaps_and_a_sheet_without_references() -> None:
    title = '<row><c t="str"><v>Positions, all</v></c></row><row/>'
    table = both(book(("a", title + ROWS.replace(' r="', ' data="'))))
    assert table.columns.tolist() == ["track", "t", "lon"] and "left out" in table.attrs["said"][0]
    far = ('<row><c r="C9" t="str"><v>x</v></c><c r="A9" t="str"><v>track</v></c></row>'
           '<row><c r="A10"><v>1</v></c><c r="C10"><v>2</v></c></row>')
    assert both(book(("a", far))).to_dict("list") == {"track": ["1"], "x": [2]}


def test_a_preview_reads_no_more_than_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    many = "".join(f'<row r="{k}"><c r="A{k}" t="s"><v>1</v></c><c r="B{k}"><v>{k}</v></c><c r="C{k}"><v>10.5</v></c></row>'
                   for k in range(5, 40_000))
    raw = book(("a", ROWS + many))
    whole = read_table(raw)
    read: list[int] = []
    monkeypatch.setattr("irlcore.tracks.files.workbook._line", lambda row: read.append(1) or ",".join(row).encode())
    seen = preview_table(raw, rows=50)
    pd.testing.assert_frame_equal(seen.table, whole.head(50), check_dtype=False)
    assert not seen.exact and seen.rows == pytest.approx(len(whole), rel=0.1) and len(read) < 2500


def swollen(rows: bytes, times: int, texts: str = TEXTS) -> bytes:
    out = io.BytesIO(book(("a", "@"), texts=texts))
    with zipfile.ZipFile(out) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet0.xml"] = parts["xl/worksheets/sheet0.xml"].replace(b"@", rows * times)
    return zipped(parts)


REFUSED = {
    "no sheets": (lambda: zipped({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b"<x/>" * 50}), "names no sheets"),
    "empty": (lambda: book(("a", ""), ("b", "<row/>")), "sheets are empty"),
    "damaged": (lambda: book(("a", ROWS + "</row>")), "damaged"),
    "entities": (lambda: zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'}), "entities"),
    "far": (lambda: book(("a", '<row><c r="XFD1048576"><v>1</v></c></row>')), "column 16,384"),
    "a long text many times": (lambda: swollen(b"<row><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>", 20_000,
                                               f"<si><t>{'x' * 30_000}</t></si>"), "times its size"),
    "80 MB of rows": (lambda: swollen(b"<row>" + b" " * 1_000_000 + b"</row>", 80), "times its size"),
    "deep": (lambda: book(("a", "<row>" * 5000)), "nested"), "no zip": (lambda: book(("a", ROWS))[:-60], "cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_workbook_can_be_is_refused_in_words_at_no_cost(name: str) -> None:
    refused_at_no_cost(REFUSED[name][0](), "x.xlsx", REFUSED[name][1], 60.0, 1e8)


def test_cells_and_stops_are_asked_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = book(("a", ROWS))
    monkeypatch.setenv("MOTIVE_LIMITS", "columns=2")
    with pytest.raises(TooLarge, match="column 3"):
        read_table(raw)
    monkeypatch.setenv("MOTIVE_LIMITS", "unpacked=1000")
    with pytest.raises(TooLarge, match="unpacks to"):
        read_table(raw)
    monkeypatch.setenv("MOTIVE_LIMITS", "seconds=1e-9")
    with pytest.raises(TooLarge, match="takes too long"):
        read_table(raw)
