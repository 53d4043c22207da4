"""What is right for each of the 87 cases beside this file, and which of them are not yet so."""

from __future__ import annotations

from benchmarks.cases.expectation import Expected
from tests.cases import formats, networks, sources, times

EXPECTED: dict[str, Expected] = {**formats.EXPECTED, **sources.EXPECTED, **times.EXPECTED, **networks.EXPECTED}
"""Name of the folder -> what is expected of its files."""

NOT_YET: frozenset[str] = frozenset({
    "d09_porto", "f01_semicolon_decimal_comma", "f02_decimal_comma_some_whole", "f03_utf16", "f06_comment_preamble",
    "f09_geojson_one_line", "f10_gpx", "f13_geolife_plt", "f14_tdrive_no_header", "f15_dup_header",
    "h04_two_trips_far_apart_5_days_gap", "h09_two_vessels_one_mmsi", "n01_links_with_empty_nodes", "n02_link_id_empty",
    "n03_undirected_with_oneway_column", "n04_ids_with_underscore_wide", "n04d_list_text_paths", "n06_osmnx_edges_nodes",
    "n07_osmnx_nodes_xy_in_degrees", "n09_sea_lanes_wkt_long_links", "n14_negative_and_nan_length", "r01_points_and_links",
    "r10_length_with_text", "s03_all_points_equal",
})
"""Cases that are not as expected. A test fails when one of them is: the list only shrinks."""
