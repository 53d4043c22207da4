"""Between ports a trip ends at a stop; short halts, rests anywhere and little data suggest no such thing; a silence at sea is told."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import Cleaning, cleaned, counted, suggested_cleaning
from irlcore.tracks.trips.dark_gaps import MANY
from tests.tracks.trips.made_up import fleet, imported, tracks

PORTS = 1e3 * np.array([(0.0, 0.0), (80.0, 10.0), (30.0, 70.0), (-25.0, 45.0)])


def voyages(seed: int, legs: int, ports: np.ndarray = PORTS, stay_h: float = 4.0, speed: float = 7.0, off: float = 100.0) -> np.ndarray:
    """Rows of a vessel that goes from port to port and berths up to ``off`` from where it arrived, a second later."""
    rng, t, here, rows = np.random.default_rng(seed), 0.0, seed % len(ports), []
    for _ in range(legs):
        there = int((here + rng.integers(1, len(ports))) % len(ports))
        way = float(np.hypot(*(ports[there] - ports[here])))
        for s in np.arange(0.0, way, speed * 90.0):
            rows.append((t + s / speed, *(ports[here] + s / way * (ports[there] - ports[here]) + rng.normal(0.0, 10.0, 2))))
        t, here = t + way / speed + 1.0, there
        rows.append((t - 1.0, *(ports[there] + off)))
        rows += [(t + q, *(ports[there] + rng.normal(0.0, 10.0, 2))) for q in np.arange(0.0, 3600.0 * stay_h, 300.0)]
        t += 3600.0 * stay_h
    return np.array(rows)


def at_sea(agents: int = 12, legs: int = 6, **kind: float) -> Tracks:
    return tracks(*((f"v{k}", voyages(k, legs, **kind)) for k in range(agents)))  # type: ignore[arg-type]


def test_between_ports_a_trip_ends_at_each_stop() -> None:
    made = at_sea()
    suggested = suggested_cleaning(made)
    found, counts = counted(imported(made), suggested)
    assert suggested.at_stop == "split" and counts.stops == (72, 12) and found.tracks_kept == 72


@pytest.mark.parametrize("off", [10.0, 100.0, 250.0])
def test_noise_within_a_second_is_no_second_agent(off: float) -> None:
    made = at_sea(off=off)
    found, counts = counted(imported(made), Cleaning(speed=suggested_cleaning(made).speed))
    assert counts.jumps == 0 and found.tracks is made


def test_a_fix_far_off_within_a_second_is_one() -> None:
    made = at_sea(agents=3)
    late = np.flatnonzero(np.diff(made.t) == 1.0)[4] + 1
    made.x[late] += 60_000.0
    found = cleaned(imported(made), Cleaning(speed=40.0))
    assert len(found.tracks.t) == len(made.t) - 1 and "1 point out of reach" in found.problems["what"].iloc[0]


def test_few_stops_short_halts_and_rests_anywhere_suggest_no_ports() -> None:
    assert suggested_cleaning(at_sea(agents=3)).at_stop != "split"
    line = np.column_stack((9000.0 * np.arange(12), np.zeros(12)))
    assert suggested_cleaning(at_sea(ports=line, stay_h=0.2, legs=12)).at_stop != "split"  # type: ignore[arg-type]
    anywhere = np.random.default_rng(1).uniform(0.0, 1e5, (400, 2))
    assert suggested_cleaning(at_sea(ports=anywhere)).at_stop == "dwell"  # type: ignore[arg-type]
    seldom = fleet(0, agents=20, stays=4, drive_min=200.0, rest_min=40.0)
    assert suggested_cleaning(seldom).at_stop == "dwell"


@pytest.mark.parametrize("at_stop", ["dwell", "split"])
def test_a_silence_at_sea_is_told_though_port_is_quieter(at_stop: str) -> None:
    rows = voyages(0, 6)
    begin = int(np.flatnonzero(np.diff(rows[:, 0]) > 200.0)[-1]) // 2
    leg = begin + int(np.flatnonzero(np.hypot(*np.diff(rows[begin:, 1:], axis=0).T) > 400.0)[5])
    rows = np.delete(rows, np.arange(leg, leg + 12), axis=0)  # 20 minutes, and 5 are usual in port
    made = tracks(("odd", rows), *((f"v{k}", voyages(k, 6)) for k in range(1, 4)))
    rest = suggested_cleaning(made)
    plain = cleaned(imported(made), Cleaning())
    assert MANY not in plain.tracks.attributes
    found = cleaned(imported(made), Cleaning(at_stop=at_stop, max_diameter=rest.max_diameter, min_duration=rest.min_duration))  # type: ignore[arg-type]
    many = found.tracks.attributes[MANY]
    assert many.sum() == 1 and str(found.tracks.ids[int(np.argmax(many))]).startswith("odd")
