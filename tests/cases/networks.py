"""What is expected of cases n, q and r: networks, and what fits must say of paths that tell little."""

from __future__ import annotations

from benchmarks.cases.expectation import Asked, Expected, Facts, Fit, Read, Refused, case

FORK = (("1", "2"), ("2", "3"), ("2", "4"), ("5", "2"))
ROUTES = {"a": ("1", "2", "3"), "e": ("5", "2", "4")}
BOTH_WAYS = r"oneway|one-way|one way|two-way|both (ways|directions)|undirected"


def fork(crs: str | None = None, link_m: dict[str, float] | None = None, links: int = 5, paths: int = 5) -> Facts:
    """Links 1 and 5 into 2, which leads to 3 and 4; five paths."""
    return Facts(tracks=5, points=15, paths=paths, links=links, choices=4, steps=FORK, route=ROUTES, crs=crs, link_m=link_m or {})


EXPECTED: dict[str, Expected] = {
    "n01_links_with_empty_nodes": case("A blank end joins nothing: 3 and 4 lead nowhere, 6 and 7 are reached from nowhere.",
                                       Read(Facts(paths=5, links=7, choices=4, steps=FORK, no_steps=(("3", "6"), ("4", "7")),
                                                  route=ROUTES))),
    "n02_link_id_empty": case("A link without an id is listed by its row and left out.",
                              Read(fork(), (r"row 7|1 (link|row)", r"\b(no|without)\b.*\bid\b|empty|blank|no link"))),
    "n03_undirected_with_oneway_column": case(
        "Links marked oneway: no may be travelled both ways, so both tracks are paths; link 3 may not be.",
        Read(Facts(tracks=2, paths=2, steps=(("1", "2"), ("2", "3"))), (BOTH_WAYS,)),
        Asked("oneway", r"both|two", Facts(tracks=2, paths=2), (BOTH_WAYS,))),
    "n04_ids_with_underscore_wide": case(
        "Where ids of links have underscores, blanks part the links of a path.",
        Read(Facts(tracks=2, points=6, paths=2, links=4, choices=3, route={"a": ("10_11_0", "11_12_0", "12_13_0"),
                                                                          "b": ("10_11_0", "11_12_0", "12_13_1")}))),
    "n04d_list_text_paths": case("[1, 2, 3] is a list of links: brackets belong to none of them.",
                                 Read(Facts(tracks=2, points=6, paths=2, route={"a": ("1", "2", "3"), "b": ("1", "2", "4")}))),
    "n05_fmm_network_and_cpath": case(
        "Recognised as fmm: source, target and geom of links, and cpath as the path (opath has a link a point).",
        Read(Facts(tracks=2, points=5, paths=2, ids=("1", "2"), links=3, choices=2, steps=(("1", "2"), ("2", "3")),
                   route={"1": ("1", "2", "3"), "2": ("1", "2")}))),
    "n06_osmnx_edges_nodes": case(
        "Recognised as edges and nodes of osmnx, which have no ids of their own. The path's links 1 2 3 are none of them, and no "
        "three rows that follow one another either: that is the cause to name, not a missing network.",
        Refused((r"(not in|none of|no (link|edge|transition|way)|do(es)? not (follow|name|lead))",), never=(r"need their network",))),
    "n07_osmnx_nodes_xy_in_degrees": case("x and y of nodes of osmnx are degrees by their values.",
                                          Read(Facts(tracks=4, points=12, paths=4, links=14, choices=34, crs="EPSG:32630",
                                                     link_m={"2": 210.0, "12": 222.0}))),
    "n08d_ewkt_srid": case("EWKT names its own projection, here degrees.", Read(fork("EPSG:32631", {"2": 1307.5}))),
    "n08f_geoparquet_wkb": case("Lines of GeoParquet in WKB are read as lines.", Read(fork("EPSG:32631", {"2": 1307.5}))),
    "n09_sea_lanes_wkt_long_links": case("Lines over the North Sea are degrees though they are long.",
                                         Read(fork("utm", {"2": 318547.0}))),
    "n10_lon_0_360_network": case("Longitudes from 0 to 360 are brought to those from -180 to 180.",
                                  Read(fork("EPSG:32618", {"2": 846.4}))),
    "n14_negative_and_nan_length": case(
        "A length below 0, an empty and an infinite one are each listed by their rows.",
        Read(Facts(tracks=5, links=5, choices=4), (r"row 2|-100", r"row 5|\binf", r"row 3|empty")),
        Read(Facts(tracks=5, links=3), (r"row 2|-100", r"row 5|\binf", r"row 3|empty")),
        Refused((r"row 2|-100", r"length"))),

    "q02_always_takes_the_toll": case("Always taken: toll and step have no limit, so no interval is shown for them.",
                                      Read(Facts(tracks=36, points=168, paths=36, links=48, choices=152,
                                                 fit=Fit(attributes=("toll",), unsure=("length (km)", "each step", "toll"),
                                                         told=(r"toll.*cannot be told|cannot be told.*toll",))))),
    "q03_identical_tracks": case("One route only: nothing is known of any weight but a direction.",
                                 Read(Facts(tracks=40, points=120, paths=40, links=48, choices=152,
                                            fit=Fit(attributes=("toll",), unsure=("length (km)", "each step", "toll"),
                                                    told=(r"cannot be told",))))),
    "q05_corridor_no_choice": case("No choice anywhere: nothing can be learned, and that is said.",
                                   Read(Facts(tracks=9, paths=9, links=8, choices=7,
                                              fit=Fit(attributes=("toll",), refused=True, told=(r"nothing can be learned|no choice",))))),
    "q06_collinear": case("b is twice a: what each of them counts cannot be told apart.",
                          Read(Facts(tracks=20, points=120, paths=20, links=48, choices=152,
                                     fit=Fit(attributes=("a", "b"), unsure=("a", "b"), told=(r"\ba and b\b.*say the same",))))),
    "q07_zero_length_cycle": case("A two-way link of length 0 is still a step: the features suggested at the start can be fitted.",
                                  Read(Facts(tracks=4, points=16, paths=4, links=6, link_m={"3": 100.0}, fit=Fit()))),
    "q16_gamma": case("Two hundred paths that go round in circles are read whole. That no model with noise ends below Boltzmann's "
                      "likelihood at gamma .99 is held by tests/fitting/test_nested.py: it takes seconds.",
                      Read(Facts(tracks=200, points=1239, links=80, choices=268, route={"t5": ("44-43", "43-42", "42-41", "41-40")}))),

    "r01_points_and_links": case(
        "Points beside a network whose links have no places: they are read, and it is told that the network is not used, and why.",
        Read(Facts(tracks=6, points=60, paths=6), (r"links|network",)),
        Asked("match", r"grid|points", Facts(tracks=6, points=60), (r"links|network",)),
        Refused((r"links|network", r"coordinates|place|lines"))),
    "r10_length_with_text": case(
        "Beside semicolons 12,0 is twelve: lengths are numbers, and no text of theirs is a feature.",
        Read(Facts(tracks=2, points=5, paths=2, links=4, link_m={"2": 99.1, "3": 12.0, "4": 80.5}, no_features=("length:",)))),
}
