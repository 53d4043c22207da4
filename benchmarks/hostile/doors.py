"""The ways in: what the pages do with bytes from outside, from reading to the first numbers on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.hostile.features import CRS
from irlcore.analysis.study import staleness
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.exchange import features_from_json
from irlcore.features.feature_set import feature_matrix
from irlcore.features.zones import zones_from_geojson, zones_to_geojson
from irlcore.maps.lines import path_places
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.project.split import matrix_of, split_paths
from irlcore.report.fit_words import fit_provenance, how_ended, interval_sentences, own_sentences, weights_table
from irlcore.report.lab_book import lab_book_lines
from irlcore.tracks.attributes import column_names, column_of, label_counts
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.logs.rare import rare_together, usual_fewest
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.grid import build_grid, cells_across, grid_over, suggest_cell
from irlcore.worlds.history.build import build_history
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

Act = Callable[[], object]
ENTRY = str(Path(__file__).resolve().parents[2] / "app" / "streamlit_app.py")
PAGES = ("tracks", "features", "fit", "review", "intent", "report", "start")
UNFORESEEN = "went wrong inside Motive"
CELL = 0.005
"""Of a square of side 2, so 160,000 cells: a large world, though not the largest."""


@lru_cache(maxsize=1)
def town() -> Project:
    """The sample on streets, as the project that is open meanwhile."""
    return sample_project("town")


@lru_cache(maxsize=1)
def large_grid(lowest: float = -1.0, highest: float = 1.0) -> World:
    """160,000 cells over the square from (lowest, lowest) to (highest, highest): 1.3 million choices."""
    return build_grid(lowest, lowest, highest, highest, CELL * (highest - lowest) / 2.0, "m")


def table(data: bytes, name: str = "upload.csv") -> Act:
    """An upload on the Tracks page, through the preview to Import. Points are put on the grid that the page would suggest."""
    def act() -> object:
        found = read_table(data, name)
        role = guess_role(found)
        columns = guess_columns(found, role)
        if role == "points":
            imported = read_points(found, columns)
            assert isinstance(imported.tracks, Tracks)
            cell = suggest_cell(imported.tracks)
            cells_across(float(np.ptp(imported.tracks.x)), float(np.ptp(imported.tracks.y)), cell)
            return with_world(Project(), imported, grid_over(imported.tracks, cell, heading=False, slip=0.0, blocked=[]))
        if role == "paths":
            return read_paths(found, columns)
        if role == "events":
            imported = read_events(found, columns)
            assert isinstance(imported.tracks, LinkTracks)
            together = rare_together(imported.tracks, usual_fewest(imported.tracks)).tracks
            return with_world(Project(), replace(imported, tracks=together), build_history(together))
        return build_network(found) if role == "links" else columns
    return act


def zones(data: bytes, lowest: float = -1.0, highest: float = 1.0) -> Act:
    """Areas as GeoJSON on a large grid: read, saved, and features of being inside and near the first of them (the Features page)."""
    world = large_grid(lowest, highest)

    def act() -> object:
        found = zones_from_geojson(data.decode("utf-8", errors="replace"), world.crs)
        zones_to_geojson(found, world.crs)
        name = next(iter(found))
        specs = [FeatureSpec("in it", "zone", {"zone": name}), FeatureSpec("near it", "distance", {"place": name, "reach": 1.0})]
        return feature_matrix(specs, world, Context(zones=found))
    return act


def line(data: bytes, binary: bool = False) -> Act:
    """The shape of one link, as a cell of its column: a text, or bytes as Parquet may hold."""
    cell = data if binary else data.decode("utf-8", "surrogatepass")
    links = pd.DataFrame({"link": ["1", "2"], "u": ["a", "b"], "v": ["b", "a"], "wkt": pd.Series([cell, None], dtype=object)})
    return lambda: build_network(links)


def blocked(data: bytes, lowest: float = -1.0, highest: float = 1.0) -> Act:
    """Areas that no track can enter, on a large grid (the Tracks page)."""
    def act() -> object:
        rings = list(zones_from_geojson(data.decode("utf-8", errors="replace"), None).values())
        return build_grid(lowest, lowest, highest, highest, CELL * (highest - lowest) / 2.0, "m", blocked=rings)
    return act


def features(data: bytes) -> Act:
    """A file of features from another project, in a town whose places are known to the metre."""
    found = town().world
    assert found is not None
    world = replace(found, crs=CRS)

    def act() -> object:
        found = features_from_json(data.decode("utf-8", errors="replace"), world)
        return feature_matrix(found.specs, world, Context(zones=found.zones, spots=found.spots))
    return act


def formula(data: bytes) -> Act:
    """A formula as it is typed, in a large world with a ``road`` for each place and a zone of 2,000 corners, ``z``."""
    grid, angle = large_grid(), np.linspace(0.0, 2.0 * np.pi, 2001)
    world = replace(grid, place_attributes={"road": np.array([f"road {k}" for k in range(grid.n_places)], object)})
    context = Context(zones={"z": np.column_stack((np.cos(angle), np.sin(angle))) * 0.5})
    return lambda: feature_matrix([FeatureSpec("f", "formula", {"formula": data.decode("utf-8", "surrogatepass")})], world, context)


def project(data: bytes) -> Act:
    """A project file: loaded, then what the sidebar and every page rest on, and saved again."""
    def act() -> object:
        loaded = load_project(data)
        staleness(loaded)
        lab_book_lines(loaded)
        if loaded.tracks is not None:
            for name in column_names(loaded.tracks.attributes):
                values = column_of(loaded.tracks.attributes, name)
                assert values is not None
                label_counts(values)
        if loaded.world is not None and loaded.paths is not None:
            parts = split_paths(loaded)
            matrix_of(loaded, parts)
            path_places(loaded.world, loaded.paths)
        for record in loaded.fits:
            result = record.result
            weights_table(result)
            [how_ended(result), fit_provenance(result), *interval_sentences(result), *own_sentences(result)]
        for compared in loaded.comparisons:
            compared.result.table()
        return save_project(replace(loaded, name=f"{loaded.name}, again"))
    return act


def pages(data: bytes) -> Act:
    """A project file opened on the Start page, then every page: none may show a traceback or an error that nobody foresaw."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["run_inline"] = True
    app.run()

    def act() -> object:
        app.file_uploader(key="project_upload").set_value([("upload.motive", data, "application/octet-stream")]).run()
        _whole(app, "opening")
        for page in PAGES:
            app.switch_page(f"screens/{page}.py").run()
            _whole(app, page)
        if (opened := next((one for one in app.button if one.key == "undo"), None)) is None or opened.disabled:
            raise AssertionError("Undo was lost")
        return None
    return act


def _whole(app: object, page: str) -> None:
    told = [*(one.message for one in app.exception), *(one.value for one in app.error)]  # type: ignore[attr-defined]
    broken = [text for text in told if UNFORESEEN in text.replace("\\", "")] if not app.exception else told  # type: ignore[attr-defined]
    if broken:
        raise AssertionError(f"{page}: {broken[0][:300]}")
