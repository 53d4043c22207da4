"""Small projects with something in every field: what hostile project files are made from."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from irlcore.analysis.comparison import compare_study, with_comparison
from irlcore.analysis.study import fit_record, fit_study, with_fit
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.fitting.compare import Comparison
from irlcore.fitting.result import FitResult
from irlcore.project.loading import with_aims, with_grid, with_time_bands, with_world
from irlcore.project.project import ComparisonRecord, FitRecord, GoalGroup, MapFile, Project, Verdict, remember
from irlcore.project.silencing import Silencing
from irlcore.rationality.models import MODELS
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import read_table
from irlcore.worlds.clock import Bands
from irlcore.worlds.grid import build_grid
from irlcore.worlds.network import build_network

SIDE, WALKS = 5, 16
QUAY = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]])
WALL = np.array([[4.0, 4.0], [5.0, 4.0], [5.0, 5.0], [4.0, 5.0], [4.0, 4.0]])
NOISY = "noisy_value"
COAST = MapFile("coast.geojson", "coast", np.array([[0.0, 0.0], [3.0, 1.0], [5.0, 0.5], [1.0, 4.0], [2.0, 5.0]]), np.array([0, 3, 5]),
                ("south shore", ""))

# Two streets of two blocks each, driven both ways: A - B - C above D - E - F.
BLOCKS = {"AB": 100, "BC": 100, "DE": 130, "EF": 130, "AD": 150, "BE": 150, "CF": 150}
AT = {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (0, -150), "E": (100, -150), "F": (200, -150)}
LINKS = "link,u,v,length,lanes,x0,y0,x1,y1\n" + "".join(
    f"{way},{way[0]},{way[1]},{metres},2,{AT[way[0]][0]},{AT[way[0]][1]},{AT[way[1]][0]},{AT[way[1]][1]}\n"
    for one, metres in BLOCKS.items() for way in (one, one[::-1]))
TRIPS = ("track,path,kind,driver\na,AB BC CF,car,x\nb,AB BE EF,car,x\nc,DA AB BC CF,car,y\nd,DE EF FC,car,y\ne,FE ED DA,car,z\n"
         "f,CB BA AD,car,z\ng,DA AB BE EF,car,w\nh,AB BE EB BC CF,van,w\n")


@cache
def grid_project() -> Project:
    """Sixteen walks over a grid with a wall that remembers the heading, at two times of day: zones, a spot, features of many kinds, three
    fits, a comparison, verdicts, notes and a history. One fit is real; the others and the comparison are that one, dressed up."""
    rng = np.random.default_rng(3)
    rows = []
    for k in range(WALKS):
        x, y = int(rng.integers(0, 2)), int(rng.integers(0, 2))
        start = pd.Timestamp("2024-03-01T08:00:00") + pd.Timedelta(hours=int(12 * (k % 2)), days=k // 2)
        for minute in range(6):
            rows.append((f"v{k}", start + pd.Timedelta(minutes=minute), x + 0.5, y + 0.5, "van" if k % 8 == 7 else "car",
                         "reference" if k < 9 else "now", f"driver {k // 2}"))
            x, y = (x + 1, y) if (rng.random() < 0.5 and x < SIDE - 2) or y >= SIDE - 2 else (x, y + 1)
            if x > SIDE - 2:
                break
    table = pd.DataFrame(rows, columns=["track", "time", "x", "y", "kind", "period", "driver"])
    imported = read_points(table, {"track": "track", "t": "time", "x": "x", "y": "y"}, "km")
    made = with_world(Project(name="Hafen 港 <b>", notes="first\nlook"), imported, build_grid(0.0, 0.0, SIDE, SIDE, 1.0, "km"))
    made = with_grid(made, 1.0, True, 0.0, [WALL])
    made = with_time_bands(made, Bands((6.0, 18.0)))
    made = with_aims(made, {"van": "nowhere"}, {"v15": "unfinished"})
    near = FeatureSpec("near the light", "near", {"places": ["light"], "reach": 2.0}, made="2026-01-02T03:04:05+00:00", version=4)
    step, turn = FeatureSpec("step", "step", {}, "negative", reason="fuel"), FeatureSpec("left", "turn", {"turn": "left"})
    quay = FeatureSpec("quay", "zone", {"zone": "quay"}, enabled=False)
    both = FeatureSpec("both", "combine", {"first": embedded(quay), "how": "or", "second": embedded(near)}, enabled=False)
    made = replace(made, features=(step, turn, quay, near, both), zones={"quay": QUAY}, spots={"light": np.array([1.5, 2.5])},
                   class_column="kind", agent_class="car", period_column="period", reference_value="reference", agent_column="driver",
                   tried={"car": 7}, author="Ann <b>", region="Hafen", map_files=(COAST,), goals=_grouped(made))
    record = fit_record(made, "maxent", 0.95)
    for one in (record, replace(record, result=_of_a_direction(record.result)), replace(record, result=_noisy(record.result))):
        made = with_fit(made, one)
    made = with_comparison(made, _compared(record))
    verdict = Verdict("misunderstood", "short cut", "2024-03-01T12:00:00+00:00")
    rules = (Silencing("car", "quay", (6.0, 8.5), "weekdays", why="market", made="2026-11-26T12:00:00+00:00"),
             Silencing("car", feature="left", use="more", beyond=2.5, did="turn", place="quay"))
    made = replace(made, verdicts={"v11": verdict}, track_notes={"v11": "ask the harbour", "v2": "again"}, silencing=rules,
                   heeded={"v2": "discarded"}, labels={"v11": "abnormal", "v12": "normal"})
    return remember(made, "Verdict on v11", "it looked odd", "p 0.01")


def _grouped(made: Project) -> dict[str, tuple[GoalGroup, ...]]:
    """The first three ends of the paths as two goals of the class."""
    assert made.paths is not None
    first, second, third = (str(name) for name in made.paths.goals.names[:3])
    return {"car": (GoalGroup("ferry terminal", (first, second)), GoalGroup("gate", (third,)))}


def _of_a_direction(result: FitResult) -> FitResult:
    """As an estimator returns it that tells no intervals."""
    k = len(result.names)
    unknown, nothing = np.full(k, np.nan), np.zeros(0)
    return replace(result, estimator="max_margin", se_robust=unknown, se_hessian=unknown, se_opg=unknown,
                   covariance=np.full((k, k), np.nan), curvature="", freedom=nothing,
                   hessian_covariance=np.zeros((0, 0)), own_se_hessian=nothing)


def _noisy(result: FitResult) -> FitResult:
    """As a model with a parameter of its own returns it."""
    one = np.array([0.1])
    return replace(result, rationality=NOISY, own_names=tuple(p.name for p in MODELS[NOISY].parameters), own=one, own_se=one,
                   own_se_hessian=one, scores=np.pad(result.scores, ((0, 0), (0, 1))), freedom=np.append(result.freedom, np.nan))


def _compared(record: FitRecord) -> ComparisonRecord:
    """Two models told apart, and one that could not be fitted."""
    n, found = record.result.n_paths, record.result
    loglik = np.stack((found.loglik_paths, found.loglik_paths - 0.1, np.full(n, np.nan)))
    compared = Comparison(("maxent", "boltzmann", NOISY), ("MaxEnt", "Boltzmann", "NoisyValue"), ("", "", "It has no finite value."),
                          np.arange(n) % 2, loglik, found.gamma, 0.5, found.made, found.data_hash)
    return ComparisonRecord(compared, record.features, record.agent_class)


@cache
def network_project() -> Project:
    """Paths over a ring of links with a text and a number each, without coordinates; a fit, and a path that was dropped."""
    links = pd.DataFrame({"link": list("abcdef"), "u": [0, 1, 2, 3, 0, 2], "v": [1, 2, 3, 0, 2, 0],
                          "length": [1.0, 2.0, 3.0, 1.0, 2.5, 1.5], "road": [None, "way", "way", "street", "street", "way"]})
    ways = ["a b c", "e c", "a b", "b c d", "e f", "c d", "f a", "b f", "d e", "a d"]
    table = pd.DataFrame({"track": range(len(ways)), "path": ways, "kind": ["bus", None] * 5})
    made = with_world(Project(name="links"), read_paths(table, guess_columns(table, "paths")), build_network(links))
    made = replace(made, class_column="", agent_class="", features=(FeatureSpec("length", "length", {"per": 1.0}, "negative"),))
    return with_fit(made, fit_record(made, "maxent", 0.9))


@cache
def street_project() -> Project:
    """Eight trips on two streets with zones, a place, features, a fit, a comparison, a verdict and a history."""
    table, links = read_table(TRIPS.encode(), "trips.csv"), read_table(LINKS.encode(), "links.csv")
    made = with_world(Project(name="Two streets"), read_paths(table, guess_columns(table, "paths")), build_network(links))
    ring = np.array([[50.0, -10.0], [150.0, -10.0], [150.0, 10.0], [50.0, -10.0]])
    specs = (FeatureSpec("length", "length", {"per": 100.0}, "negative"), FeatureSpec("in yard", "zone", {"zone": "yard"}),
             FeatureSpec("f", "formula", {"formula": "length / 100"}, enabled=False))
    made = replace(made, zones={"yard": ring}, spots={"gate": np.array([100.0, 0.0])}, features=specs, agent_column="driver",
                   notes="By hand", tried={"car": 3}, class_column="", agent_class="", author="Ann", region="Old town",
                   map_files=(MapFile("roads.shp", "roads", np.array([[0.0, 0.0], [200.0, 0.0]]), np.array([0, 2]), ("Quay Street",)),),
                   goals={"": (GoalGroup("east end", (str(made.paths.goals.names[0]),)),)} if made.paths is not None else {})
    made = with_comparison(made, compare_study(made, ["maxent", "boltzmann"], 1.0))
    fitted = fit_study(made, "maxent")
    verdicts = {"h": Verdict("understood", "turned round", "2026-01-01T00:00:00+00:00")}
    return remember(replace(fitted, verdicts=verdicts), "Looked", "Why", "1")
