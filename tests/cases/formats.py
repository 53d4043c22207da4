"""What is expected of cases c, f, g and p: forms of time as numbers, formats of files, coordinates, Parquet."""

from __future__ import annotations

from benchmarks.cases.expectation import Expected, Facts, Read, Refused, case

EPOCH = {"v0": ("2024-03-04T08:10Z", "2024-03-04T08:17Z"), "v1": ("2024-03-05T08:10Z", "2024-03-05T08:17Z")}
SHIPS = {"v0": ("2023-11-14T22:13:20Z", "2023-11-14T22:24:20Z"), "v3": ("2023-11-17T22:13:20Z", "2023-11-17T22:24:20Z")}
TYPES = {"type": {"tanker": 2, "cargo": 2}}
PARIS = {"v0": ("2024-03-01T07:00Z", "2024-03-01T07:45Z"), "v3": ("2024-03-01T09:30Z", "2024-03-01T10:15Z")}
NEAR = (20.0, 1000.0)  # metres: cells that follow steps of some hundred metres, whatever lies far away
FAR = r"no fix|speed|too fast|km/h|m/s|too far|far off|teleport|outlier|leap"


def epoch(metres: float) -> Facts:
    """Six vessels of eight points, a minute apart, a day after another."""
    return Facts(tracks=6, points=48, paths=6, span=EPOCH, metres={"v0": metres}, crs="EPSG:32632", timed=True)


def ships(ids: tuple[str, ...] = ("v0", "v1", "v2", "v3")) -> Facts:
    """Four ships of twelve points, two tankers and two cargo ships."""
    span = dict(zip((ids[0], ids[-1]), SHIPS.values(), strict=True))
    return Facts(tracks=4, points=48, paths=4, ids=ids, span=span, metres={ids[0]: 1782.6}, labels=TYPES, crs="EPSG:32632")


def paris(points: int = 40, absent: tuple[str, ...] = (), labels: dict[str, dict[str, int]] | None = None) -> Facts:
    """Four tracks of ten points, five minutes apart, in the time of Paris."""
    return Facts(tracks=4, points=points, paths=4, span=PARIS, metres={"v1": 2511.9}, crs="EPSG:32632", absent=absent, labels=labels or {})


EXPECTED: dict[str, Expected] = {
    "c01_iso": case("ISO times with a Z are in UTC.", Read(epoch(1145.7))),
    "c02_epoch_s": case("Ten digits are seconds since 1970.", Read(epoch(1145.7))),
    "c03_epoch_ms": case("Thirteen digits are milliseconds: a trip of seven minutes does not last five days.", Read(epoch(1145.8))),
    "c04_epoch_us": case("Sixteen digits are microseconds, not the year 56143.", Read(epoch(1062.4))),
    "c06_compact_yyyymmddHHMMSS": case("Fourteen digits that read as a date and a time are one.", Read(epoch(1020.8))),

    "f01_semicolon_decimal_comma": case("With semicolons between columns, 10,00200 is a number.", Read(ships())),
    "f02_decimal_comma_some_whole": case(
        "Whole numbers among decimal commas do not make the others bad. Twice each vessel stands at 11 E, 64 km off, for a minute: "
        "those points may be left out as too fast, and then it is told.",
        Read(Facts(tracks=4, points=48, labels=TYPES, span=SHIPS, metres={"v0": 255227.9}, crs="EPSG:32632")),
        Read(Facts(tracks=4, points=40, labels=TYPES, span={"v3": SHIPS["v3"]}, metres={"v0": 2838.0}, step_m=2000.0), (FAR,))),
    "f03_utf16": case("UTF-16 with its mark is read as any other text.", Read(ships())),
    "f04_bom_quoted_all": case("A mark of UTF-8 and quotes round every value change nothing.", Read(ships())),
    "f06_comment_preamble": case("Lines of comment before the header are passed over.", Read(ships())),
    "f07_zip": case("One table in a zip is that table.", Read(ships())),
    "f08_xlsx": case("This one has an Excel workbook's name and no sheet that could be read: the cause is named with the way round.",
                     Refused((r"excel|workbook|xlsx", r"csv|save|export"))),
    "f09_geojson_one_line": case(
        "Lines of GeoJSON are tracks, named by their properties. There is no time, which is said.",
        Read(Facts(tracks=3, points=15, paths=3, ids=("v0", "v1", "v2"), metres={"v0": 2559.8}, timed=False, crs="EPSG:32632"),
             (r"no time|without (a )?time|order",))),
    "f10_gpx": case("A track of GPX is a track, in UTC.",
                    Read(Facts(tracks=1, points=9, paths=1, seconds={"a": 480.0}, metres={"a": 102476.7}, crs="EPSG:32632",
                               span={"a": ("2024-03-01T10:00Z", "2024-03-01T10:08Z")}))),
    "f13_geolife_plt": case("Six lines precede latitude first, height, days since 1899, date and time.",
                            Read(Facts(tracks=1, points=20, paths=1, ids=("x",),
                                       span={"x": ("2008-10-23T02:53:00Z", "2008-10-23T02:53:19Z")},
                                       metres={"x": 2662.7}, crs="EPSG:32650"))),
    "f14_tdrive_no_header": case(
        "Without a header the first row is data: ten points, not nine, and the columns are taken for what they hold, which is said.",
        Read(Facts(tracks=1, points=10, paths=1, ids=("1",), span={"1": ("2008-02-02T15:40:08Z", "2008-02-02T15:49:08Z")},
                   metres={"1": 1261.2}, crs="EPSG:32650"), (r"no header|without (a )?header|no names|t-drive",)),
        Refused((r"no header|without (a )?header|first row",))),
    "f15_dup_header": case(
        "Of two columns with one name the first may be taken where this is said; or they must be named apart.",
        Read(Facts(tracks=4, points=48, paths=4, metres={"v0": 1782.6}, crs="EPSG:32632", span=SHIPS),
             (r"\blat\b.*(twice|two|second|more than once)|(twice|two|second|more than once).*\blat\b",)),
        Refused((r"(twice|two|more than once).*\blat\b|\blat\b.*(twice|two|more than once)",))),
    "f17_header_spaces_leading_zero": case("Blanks after the commas of the header do not make 007 and 7 one vehicle.",
                                           Read(ships(("007", "008", "7", "8")))),

    "g01_one_zero_fix_europe": case(
        "A fix at 0, 0 among tracks in Denmark is listed and left out; the cells follow the tracks and none of them is lost.",
        Read(Facts(tracks=6, points=120, paths=6, metres={"v0": 7536.7}, step_m=5000.0, cell=NEAR, crs="EPSG:32632"), (FAR,))),
    "g01c_teleport_300km_there_and_back": case(
        "One point 300 km away for half a minute is listed and left out.",
        Read(Facts(tracks=6, points=120, paths=6, metres={"v0": 7536.7}, step_m=5000.0, cell=NEAR, crs="EPSG:32632"), (FAR,))),
    "g02_antimeridian_balanced": case("A track across 180 degrees goes on, it does not go round the world.",
                                      Read(Facts(tracks=4, points=80, paths=4, metres={"v0": 40686.6}, step_m=5000.0, cell=(100.0, 5e3)))),
    "g04_lon_0_360": case("Longitudes from 0 to 360 are brought to those from -180 to 180: 285.9 is New York.",
                          Read(Facts(tracks=4, points=80, paths=4, metres={"v0": 8953.4}, crs="EPSG:32618"))),
    "g05c_south_82S": case("Beyond the zones of UTM it is put on a polar projection, or refused with that limit named.",
                           Read(Facts(tracks=4, points=80, paths=4, metres={"v0": 3971.8}, within=0.03, crs="polar")),
                           Refused((r"80 (degrees )?south|UTM",))),

    "p01_tz_ns": case("Times of Paris in the type of the column are brought to UTC.", Read(paris())),
    "p02_categorical": case("Categories are read as the texts they stand for.", Read(paris(labels={"kind": {"a": 2, "b": 2}}))),
    "p03_nullable": case(
        "Types with gaps of their own: whole ids stay whole, a flag keeps its value, the one empty longitude is listed.",
        Read(Facts(tracks=4, points=39, paths=4, ids=("1", "2", "3", "4"), labels={"flag": {"True": 4}}, metres={"2": 2511.9},
                   span={"1": PARIS["v0"]}), (r"\blon\b.*empty",))),
    "p09_index_is_t": case("The index of a saved frame is a column: here the time.", Read(paris())),
    "p12_list_column_extra": case("A column of lists is left out of the attributes, and named.",
                                  Read(paris(absent=("sensors",)), (r"sensors",))),
    "p13_bytes_geometry_extra": case("A column of bytes beside longitude and latitude is left out, and named.",
                                     Read(paris(absent=("geometry",)), (r"geometry",))),
}
