"""Whatever is wrong with a file, world or feature: the analyst is told where and what to do, and the project stays."""

from __future__ import annotations

import io
import multiprocessing
import resource
import time
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.hostile.opened import Opened
from irlcore.analysis.study import fit_study, matrix_of, split_paths
from irlcore.errors import MotiveError
from irlcore.features.base import FeatureSpec
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitWarning
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.project.project_file import VERSION, load_project, save_project
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.routes import likeliest_path
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths, build_goals, build_mdp
from irlcore.worlds.network import build_network
from irlcore.worlds.slip import with_slip
from irlcore.worlds.world import World

# Two streets of two blocks each, driven both ways: A - B - C above D - E - F. The link AB leads from A to B.
BLOCKS = {"AB": 100, "BC": 100, "DE": 130, "EF": 130, "AD": 150, "BE": 150, "CF": 150}
LINKS = "link,u,v,length,lanes,limit,cars\n" + "".join(
    f"{way},{way[0]},{way[1]},{metres},2,{metres},0\n" for one, metres in BLOCKS.items() for way in (one, one[::-1]))
PATHS = ("track;path\na;AB BC CF\nb;AB BE EF\nc;DA AB BC CF\nd;DE EF FC\ne;FE ED DA\nf;CB BA AD\n"
         "g;DA AB BE EF\nh;AB BE EB BC CF\n")
GOOD_POINTS = "a,0,1,1\na,1,2,1\na,2,3,1\n"

Message = tuple[str, str]
Act = Callable[[Project], object]


def table_of(text: str | bytes, name: str = "upload.csv") -> pd.DataFrame:
    return read_table(text.encode() if isinstance(text, str) else text, name)


def network(links: str = LINKS) -> World:
    return build_network(table_of(links))


@pytest.fixture(scope="module")
def project() -> Project:
    table = table_of(PATHS)
    made = with_world(Project(name="Two streets"), read_paths(table, guess_columns(table, "paths")), network())
    specs = (FeatureSpec("length", "length", {"per": 100.0}), FeatureSpec("step", "step", {}, enabled=False))
    return fit_study(replace(made, features=specs))


def points(rows: str, header: str = "track,t,x,y") -> Act:
    """Load points over the open project, on a grid of 4 x 4 cells."""
    def act(project: Project) -> pd.DataFrame:
        table = table_of(f"{header}\n{rows}", "points.csv")
        imported = read_points(table, guess_columns(table, "points"))
        return with_world(project, imported, build_grid(0.0, 0.0, 4.0, 4.0, 1.0, "m")).problems
    return act


def parquet(columns: dict[str, list[object]]) -> bytes:
    out = io.BytesIO()
    pd.DataFrame(columns).to_parquet(out)
    return out.getvalue()


def file(content: bytes, name: str = "upload.csv") -> Act:
    return lambda project: read_table(content, name)


def paths(*texts: str) -> Act:
    """Load these paths, and one good one, over the open project."""
    def act(project: Project) -> pd.DataFrame:
        rows = "".join(f"bad{i},{text}\n" for i, text in enumerate(texts))
        table = table_of(f"track,path\ngood,AB BC CF\n{rows}")
        return with_world(project, read_paths(table, guess_columns(table, "paths")), network()).problems
    return act


def features(*specs: FeatureSpec) -> Act:
    return lambda project: matrix_of(replace(project, features=specs), split_paths(project)).warnings


def fitted(model: str, gamma: float, *specs: FeatureSpec) -> Act:
    def act(project: Project) -> tuple[FitWarning, ...]:
        made = fit_study(replace(project, features=specs), model, gamma)
        assert made.fit is not None
        return made.fit.result.warnings
    return act


def goal_out_of_reach(project: Project) -> None:
    """States 0 -> 1 -> 2 in a line: nothing leads back from 2 to 0."""
    mdp, _ = build_mdp(3, np.array([0, 1]), np.array([1, 2]))
    prepared = MaxEnt().prepare(mdp, np.array([-1.0, -1.0]))
    likeliest_path(prepared, MaxEnt().solve(prepared, np.array([0])), start=2)


def choice_that_cannot_be_made_safely(project: Project) -> None:
    """From 0 to the goal 1, but a slip may end in 2, from where nothing leads on."""
    mdp = with_slip(build_mdp(3, np.array([0, 0]), np.array([1, 2]))[0], 0.1)
    walked = Paths(np.array(["lost"], object), np.array([0, 1]), np.array([0]), np.array([1]), np.array([0]),
                   build_goals([np.array([1])], ["1"]))
    fit(Problem(mdp, np.ones((2, 1)), ("step",), walked, MaxEnt()))


def saved_by_version(version: int) -> Act:
    def act(project: Project) -> Project:
        file = Opened(save_project(project))
        file.body["version"] = version
        return load_project(file.sealed())
    return act


def damaged(project: Project) -> Project:
    data = bytearray(save_project(project))
    data[len(data) // 2] ^= 0xFF
    return load_project(bytes(data))


BLOCK = 50_000
BIG_ROWS = 2_600_000


def read_200_mb() -> tuple[int, pd.DataFrame, int, float, float]:
    """Megabytes, problems, rows kept, seconds of the processor and peak gigabytes of reading 2.6 million points."""
    rows = "".join(f"vessel-@@@@-{i // 100:04d},{1_700_000_000 + i % 100},{1000 + i % 977}.{10**12 + i},"
                   f"{2000 + i % 883}.{10**12 - i},cargo,reference\n" for i in range(BLOCK)).encode()
    blocks = [rows.replace(b"@@@@", b"%04d" % k) for k in range(BIG_ROWS // BLOCK)]
    raw = b"".join([b"track,t,x,y,class,period\n", *blocks, b"last,0,north,1,cargo,reference\n"])
    begun = time.process_time()
    table = read_table(raw, "big.csv")
    imported = read_points(table, guess_columns(table, "points"))
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return len(raw) // 1024**2, imported.problems, imported.rows_kept, seconds, peak


def big_file(project: Project) -> pd.DataFrame:
    """In a process of its own, so that the peak is this file's alone."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        megabytes, problems, rows_kept, seconds, gigabytes = alone.submit(read_200_mb).result()
    assert megabytes >= 200
    assert rows_kept == BIG_ROWS
    assert seconds < 60.0
    assert gigabytes < 4.0
    return problems


STEP = FeatureSpec("step", "step", {})
LENGTH = FeatureSpec("length", "length", {"per": 100.0})
PAID_LENGTH = replace(LENGTH, sign="positive")
LIMIT = FeatureSpec("limit", "attribute", {"attribute": "limit"})
LANES = FeatureSpec("lanes", "attribute", {"attribute": "lanes"})
CARS = FeatureSpec("cars", "attribute", {"attribute": "cars"})

CASES: dict[str, tuple[Act, str, str]] = {
    "empty file": (file(b" \n", "tracks.csv"), "tracks.csv", ""),
    "nothing but a byte order mark": (file(b"\xef\xbb\xbf", "tracks.csv"), "tracks.csv", ""),
    "header alone": (file(b"track,t,x,y\n", "tracks.csv"), "tracks.csv", ""),
    "wrong separator": (file(b"track#t#x#y\na#0#1#2\n"), "track#t#x#y", ""),
    "picture": (file(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "map.png"), "map.png", ""),
    "a row too long": (file(b"track,t,x,y\na,0,1,1\na,1,2,1,9\n"), "line 3", ""),
    "all rows too long": (file(b"track,t,x,y\na,0,1,1,9\na,1,2,1,9\n"), "row 2", ""),
    "two columns of one name": (file(parquet({"track": ["a"], "x ": [1], "x": [1]}), "p.parquet"), "'x'", ""),
    "missing column": (points("a,0,1\na,1,2\n", "track,t,x"), "no column for y", ""),
    "text in a number column": (points(GOOD_POINTS + "a,3,north,1\n"), "row 5", "dropped"),
    "text in every row": (points("a,0,north,1\na,1,south,1\n"), "row 2: x is 'north'", ""),
    "text for a time": (points(GOOD_POINTS + "a,noon,2,1\n"), "row 5", "dropped"),
    "no coordinate": (points(GOOD_POINTS + "a,3,NaN,1\n"), "row 5", "dropped"),
    "infinite coordinate": (points(GOOD_POINTS + "a,3,inf,1\n"), "row 5", "dropped"),
    "infinite time": (points(GOOD_POINTS + "a,-inf,2,1\n"), "row 5", "dropped"),
    "coordinate far away": (points(GOOD_POINTS + "b,0,1,1\nb,1,1e300,1\n"), "row 6 track b: x is", "dropped"),
    "no track id": (points(GOOD_POINTS + ",3,2,1\n"), "row 5", "dropped"),
    "duplicate time": (points(GOOD_POINTS + "a,2,3,2\n"), "row 5", "dropped"),
    "times out of order": (points("a,1,2,1\na,0,1,1\na,2,3,1\n"), "row 3", "repaired"),
    "track of one point": (points(GOOD_POINTS + "lonely,0,1,1\n"), "row 5 track lonely", "dropped"),
    "unknown link": (paths("AB BC CX"), "track bad0: step 3: link CX", "dropped"),
    "missing transition": (paths("AB BC EF"), "track bad0: step 2: no transition from BC to EF", "dropped"),
    "path of one link": (paths("AB"), "row 3 track bad0", "dropped"),
    "link listed twice": (lambda project: network(LINKS + "AB,A,B,100,2,100,0\n"), "Link AB", ""),
    "goal out of reach": (goal_out_of_reach, "from state 2 to the goal", ""),
    "goal that a slip may put out of reach": (choice_that_cannot_be_made_safely, "Track lost", ""),
    "soft values at gamma = 1 without a cost": (fitted("maxent", 1.0, CARS), "cars", ""),
    "hard values at gamma = 1 without a cost": (fitted("boltzmann", 1.0, PAID_LENGTH), "length", ""),
    "feature that is zero everywhere": (features(LENGTH, CARS), "cars", ""),
    "features of equal values": (features(LIMIT, replace(LENGTH, params={"per": 1.0})), "length and limit", ""),
    "features that differ by a factor": (fitted("maxent", 1.0, STEP, LANES), "step and lanes", ""),
    "unknown attribute": (features(FeatureSpec("toll", "attribute", {"attribute": "toll_eur"})), "'toll'", ""),
    "zone that was never drawn": (features(FeatureSpec("harbour", "zone", {"zone": "quay"})), "'harbour'", ""),
    "damaged project": (damaged, "project", ""),
    "newer project": (saved_by_version(VERSION + 1), f"format {VERSION + 1}", ""),
    "200 MB with one bad row": (big_file, f"row {BIG_ROWS + 2} track last", "dropped"),
}


def messages(act: Act, project: Project) -> list[Message]:
    """What is told, and what is to be done or was done: from an error, a table of problems or warnings."""
    try:
        found = act(project)
    except MotiveError as error:
        return [(error.what, error.fix)]
    if isinstance(found, pd.DataFrame):
        return [(f"row {row} track {track}: {what}", done) for row, track, what, done in found.itertuples(index=False)]
    assert isinstance(found, Iterable)
    return [(w.what, w.fix) if isinstance(w, FitWarning) else (w[1], w[2]) for w in found]


def content(project: Project) -> tuple[str, dict[str, bytes]]:
    """Everything a project holds, byte for byte."""
    with zipfile.ZipFile(io.BytesIO(save_project(project))) as file:
        body, packed = file.read("project.json").decode(), io.BytesIO(file.read("arrays.npz"))
    with np.load(packed) as arrays:
        return body, {name: arrays[name].tobytes() for name in arrays.files}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_with_a_way_out_and_changes_nothing(case: str, project: Project) -> None:
    act, named, done = CASES[case]
    before = content(project)
    heard = messages(act, project)
    about = [(what, fix) for what, fix in heard if named in what]
    assert about, heard
    assert all(fix and fix.startswith(done) for _, fix in about)
    assert content(project) == before
