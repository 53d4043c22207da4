"""Features as a file: from one project to another, with the zones and spots that they use.

JSON, versioned: {"format", "version", "unit", "crs", "features": [spec, ...], "zones": {name: [[x, y], ...]},
"spots": {name: [x, y]}}, coordinates in ``crs`` (null where they are the data's own).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

import numpy as np

from irlcore.bounded_json import load_json
from irlcore.budget import TooLarge
from irlcore.budget import within as within_limit
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, FeatureSpec, Sign
from irlcore.features.checks import embedded, embedded_spec, is_iso_time, is_number, names_used, spec_problems, within
from irlcore.features.described_fit import with_each
from irlcore.features.refusals import as_feature_errors
from irlcore.features.zones import closed, listed, projected, ring_from_points
from irlcore.projection import is_code
from irlcore.tracks.attributes import EXACT
from irlcore.tracks.bounds import FARTHEST_CORNER, LONGEST_NAME
from irlcore.tracks.plain_text import plain_values
from irlcore.worlds.areas import Tally
from irlcore.worlds.world import World

FORMAT, VERSION = "motive features", 1
LARGEST = 1_000_000  # characters
ONCE_MORE = "Export the features once more, or mend the file."


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a file held, in the world's coordinates. zones: name -> closed ring (V, 2) float64. spots: name -> (2,) float64."""

    specs: tuple[FeatureSpec, ...]
    zones: dict[str, np.ndarray]
    spots: dict[str, np.ndarray]


def features_to_json(specs: Sequence[FeatureSpec], zones: Mapping[str, np.ndarray], spots: Mapping[str, np.ndarray],
                     world: World) -> str:
    """JSON of features, with those zones and spots alone that they use. FeatureError where a parameter is no JSON value."""
    known = [*zones, *spots]
    used = {name for spec in specs for name in names_used(spec, known)}
    body = {"format": FORMAT, "version": VERSION, "unit": world.unit, "crs": world.crs,
            "features": [spec.to_json() for spec in specs],
            "zones": {name: closed(ring).tolist() for name, ring in zones.items() if name in used},
            "spots": {name: np.asarray(spot, np.float64).tolist() for name, spot in spots.items() if name in used}}
    try:
        return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FeatureError(f"The features hold a value that no file can ({error}).", "Give every parameter a finite number.") from error


@as_feature_errors()
def features_from_json(text: str, world: World) -> Exchanged:
    """Features, zones and spots of a file, moved to the world's projection where it has another one.

    FeatureError that lists all that is wrong: no JSON, another format or a newer version, kinds or parameters not known
    here, values of the wrong type, rings without an area, another unit, a projection on one side only. ``FeatureTooLarge`` where it is over
    the budget.
    """
    body = _body(text)
    problems: list[str] = []
    specs = _specs(body.get("features"), problems)
    zones = _points(body.get("zones", {}), "zone", problems)
    spots = _points(body.get("spots", {}), "spot", problems)
    if problems:
        raise FeatureError(listed(problems), ONCE_MORE)
    found = Exchanged(tuple(specs), zones, spots)
    _check_unit(found, str(body.get("unit") or ""), world)
    return _moved(found, body.get("crs"), world.crs)


def _body(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise FeatureError(f"The file has {len(text):,} characters; features need no more than {LARGEST:,}.", "Choose a file of features.")
    body = plain_values(load_json(text, "The file"))
    if not isinstance(body, dict) or body.get("format") != FORMAT or type(body.get("version")) is not int or body["version"] < 1:
        raise FeatureError("This is no file of features.", "Choose one that was exported on the Features page.")
    if body["version"] > VERSION:
        raise FeatureError(f"The features were exported by a newer Motive (format {body['version']}, this one reads {VERSION}).",
                           "Update Motive, or export them again in this version.")
    if not isinstance(body.get("unit", ""), str | None) or not isinstance(body.get("crs"), str | None):
        raise FeatureError("The unit or the projection (crs) of the file is not a text.", ONCE_MORE)
    return body


def _specs(found: object, problems: list[str]) -> list[FeatureSpec]:
    if not isinstance(found, list):
        problems.append("The file has no list of features.")
        return []
    within_limit("columns", len(found), f"The file has {len(found):,} features.", "Leave some out.")
    specs = []
    for i, one in enumerate(found, 1):
        wrong = list(_field_problems(one, i))
        problems += wrong
        if not wrong:
            specs.append(FeatureSpec(**one))
    problems += [problem for spec in specs for problem in spec_problems(spec)]
    problems += [f"Two features are called {name!r}." for name, n in Counter(spec.name for spec in specs).items() if n > 1]
    return specs


def _field_problems(one: object, i: int) -> Iterator[str]:
    """What keeps entry ``i`` of the list from being a FeatureSpec."""
    if not isinstance(one, dict):
        yield f"Feature {i} is not an object."
        return
    what = f"Feature {i} ({str(one.get('name'))[:40]!r})"
    good = {"name": _text(one.get("name")) and bool(one["name"].strip()), "kind": _text(one.get("kind")),
            "params": isinstance(one.get("params", {}), dict), "sign": one.get("sign", "free") in [*get_args(Sign)],
            "enabled": isinstance(one.get("enabled", True), bool), "reason": _text(one.get("reason", "")),
            "version": type(one.get("version", 1)) is int and 1 <= one.get("version", 1) <= EXACT,
            "made": _text(one.get("made", "")) and (not one.get("made") or is_iso_time(one["made"]))}
    yield from (f"{what} has no {part}, or of the wrong type." for part, is_good in good.items() if not is_good)
    extra = set(one) - {f.name for f in fields(FeatureSpec)}
    if extra:
        yield f"{what} has parts that are not known: {', '.join(sorted(extra))[:80]}."


def _text(value: object) -> bool:
    return isinstance(value, str)


def _points(found: object, what: str, problems: list[str]) -> dict[str, np.ndarray]:
    """Rings of zones, or spots, by name; what is wrong with them goes to ``problems``."""
    if not isinstance(found, dict):
        problems.append(f"The {what}s of the file are not an object of names.")
        return {}
    within_limit("areas", len(found), f"The file has {len(found):,} {what}s.", "Leave out those that no feature uses.")
    good, tally = {}, Tally()
    for name, value in found.items():
        if not name.strip() or len(name) > LONGEST_NAME:
            problems.append(f"A {what} of the file has no name, or one of more than {LONGEST_NAME:,} characters.")
        try:
            good[name] = _ring(value, tally) if what == "zone" else _spot(value)
        except TooLarge:
            raise
        except FeatureError as error:
            problems.append(f"The {what} {name[:40]!r}: {error.what}")
    return good


def _spot(value: object) -> np.ndarray:
    if not (isinstance(value, list) and len(value) == 2 and all(is_number(v) and abs(v) <= FARTHEST_CORNER for v in value)):
        raise FeatureError("it is not two finite numbers.")
    return np.array(value, np.float64)


def _ring(value: object, tally: Tally) -> np.ndarray:
    if not isinstance(value, list) or len(value) < 4:
        raise FeatureError("a ring has at least four points, the last the same as the first.")
    ring = np.array([_spot(point) for point in value])
    return ring_from_points(ring[:, 0].tolist(), ring[:, 1].tolist(), "it", tally)


def _check_unit(found: Exchanged, unit: str, world: World) -> None:
    """A feature hangs on the unit where its sentence names it; zones and spots always do."""
    bound = [spec.name for spec in found.specs if any("\0" in KINDS[one.kind].describe(one.params, "\0") for one in within(spec))]
    bound += [*found.zones, *found.spots]
    if unit != world.unit and bound:
        raise FeatureError(f"The features are measured in {unit or 'map units'}, this world in {world.unit or 'map units'}: "
                           f"{', '.join(bound)[:200]}.", "Export them from a world in the same unit.")


def _moved(found: Exchanged, source: str | None, target: str | None) -> Exchanged:
    """The same places in another projection."""
    if source == target:
        return found
    placed = [*found.zones, *found.spots, *(spec.name for spec in found.specs if _has_point(spec))]
    if not placed:
        return found
    if source is None or target is None:
        here, there = ("the file", "this world") if source else ("this world", "the file")
        raise FeatureError(f"Only {here} has a projection (crs), {there} has coordinates of its own, so these cannot be placed: "
                           f"{', '.join(placed)[:200]}.", "Draw these zones and places again in this world.")
    if not is_code(source):
        raise FeatureError(f"The projection of the file (crs) is {source[:40]!r}, which is no code of an authority.",
                           'It must be one such as "EPSG:32631": of others it is not sure where they come from.')
    try:
        zones = {name: _project(ring, source, target) for name, ring in found.zones.items()}
        spots = {name: _project(spot[None], source, target)[0] for name, spot in found.spots.items()}
        return Exchanged(tuple(_moved_spec(spec, source, target) for spec in found.specs), zones, spots)
    except FeatureError as error:
        raise FeatureError(f"Zones and places cannot be moved from {source[:40]!r} to {target!r} ({error.what})", ONCE_MORE) from error


def _project(points: np.ndarray, source: str, target: str) -> np.ndarray:
    moved = projected(points, source, target)
    if not np.isfinite(moved).all():
        raise FeatureError(f"Some zones or places of the file have no image in {target}.", "Export them from a world nearby.")
    return moved


def _has_point(spec: FeatureSpec) -> bool:
    """Whether a feature, or one within it, has coordinates of its own."""
    return any({"x", "y"} <= {p.name for p in KINDS[one.kind].parameters} for one in within(spec))


def _moved_spec(spec: FeatureSpec, source: str, target: str) -> FeatureSpec:
    params = dict(spec.params)
    entries = {p.name: p for p in KINDS[spec.kind].parameters}
    if {"x", "y"} <= set(entries):
        point = np.array([[params.get(axis, entries[axis].default) for axis in ("x", "y")]], np.float64)
        params["x"], params["y"] = _project(point, source, target)[0].tolist()

    def moved(value: Mapping[str, Any]) -> dict[str, Any]:
        return embedded(_moved_spec(embedded_spec(value), source, target))

    for p in entries.values():
        if p.type == "feature":
            params[p.name] = moved(params[p.name])
        elif p.type == "fit":
            params[p.name] = with_each(params[p.name], moved)
    return replace(spec, params=params)
