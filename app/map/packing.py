"""A scene as bytes for the page: a JSON head, then arrays, each beginning at a multiple of four bytes.

A packet is the length of its head (uint32, little-endian), the head in UTF-8 padded with blanks, then the data. ``arrays`` of a head tells
for each array its type, where it begins (bytes from the end of the head) and how many numbers it has. Coordinates are float32, relative to
an ``origin`` of the layer's own (float64, in its head): at 5,000 km from the equator float32 alone keeps half a metre, but within 80 km of
an origin it keeps centimetres. A layer is packed once for as long as it lives, so that a page that shows the same layer again pays nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from irlcore.maps.palette import COLOURS, LEVELS, Colour
from irlcore.maps.scene import Areas, Cells, Dots, Layer, Lines, Moves, Names, Scene, Style

TYPES = {"<f4": "f", "<u4": "u", "|u1": "b"}
"""What numpy calls the types that a packet may hold, and what the page calls them."""
ALWAYS = ("text", "halo", "frame", "drawn", "selected", "open")
HEAVY = 20_000  # bytes: a layer that is larger travels by itself and is kept by the page


@dataclass(frozen=True, slots=True)
class Packed:
    """A name for what is in a packet, 24 letters (the same bytes, the same digest), and the packet behind its name."""

    data: bytes
    digest: str

    @property
    def heavy(self) -> bool:
        """Whether it should travel by itself."""
        return len(self.data) > HEAVY


_KEPT: WeakKeyDictionary[Layer, Packed] = WeakKeyDictionary()


def packet(head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Head and arrays (float32, uint32 or uint8, any length) as one piece. No NaN may stand in the head."""
    told: dict[str, tuple[str, int, int]] = {}
    parts, at = [], 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array)
        told[name] = (TYPES[raw.dtype.str], at, raw.size)
        parts.append(raw.tobytes() + b"\0" * (-raw.nbytes % 4))
        at += raw.nbytes + -raw.nbytes % 4
    said = json.dumps({**head, "arrays": told}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = said.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode()  # half a pair is no text for a browser
    text += b" " * (-len(text) % 4)
    return b"".join([len(text).to_bytes(4, "little"), text, *parts])


def packed(layer: Layer) -> Packed:
    """The layer as a packet, made once while the layer lives."""
    found = _KEPT.get(layer)
    if found is None:
        data = _pack(layer)
        digest = blake2b(data, digest_size=12).hexdigest()
        found = _KEPT[layer] = Packed(digest.encode() + data, digest)
    return found


def _single(values: np.ndarray) -> np.ndarray:
    """Values in single precision; what has no room there (a time of a tampered table) at its end."""
    most = float(np.finfo(np.float32).max)
    return np.clip(values, -most, most).astype("<f4")


def _pack(layer: Layer) -> bytes:
    xy = np.asarray(layer.xy, float).reshape(-1, 2)
    known = xy[np.isfinite(xy).all(axis=1)]
    origin = np.rint((known.min(axis=0) + known.max(axis=0)) / 2.0) if len(known) else np.zeros(2)
    head: dict[str, Any] = {"kind": type(layer).__name__, "name": layer.name, "origin": origin.tolist(), "n": count(layer)}
    arrays = {"xy": _single(xy - origin)}
    for one in fields(layer):
        value = getattr(layer, one.name)
        if one.name in ("name", "xy"):
            continue
        if one.name == "t":  # relative too: seconds since 1970 have no room in float32
            times = np.asarray(value, float)
            head["t0"] = float(times.min()) if len(times) else 0.0
            arrays["t"] = _single(times - head["t0"])
        elif one.name == "begun":
            times = np.asarray(value, float)
            head["begun0"] = float(np.nanmin(times)) if np.isfinite(times).any() else 0.0
            arrays["begun"] = _single(times - head["begun0"])
        elif one.name == "offsets":
            arrays["offsets"] = np.asarray(value).astype("<u4")
        elif one.name == "style" and isinstance(value, np.ndarray):
            arrays["style"] = value.astype("|u1")
        elif isinstance(value, np.ndarray):
            arrays[one.name] = value.astype("<f4")
        elif one.name == "styles":
            head["styles"] = [_style(style) for style in value]
        elif isinstance(value, Style):
            head["styles"] = [_style(value)]
        elif isinstance(value, tuple):
            head[one.name] = [str(text) for text in value]
        else:
            head[one.name] = value
    return packet(head, arrays)


def count(layer: Layer) -> int:
    """How many things a layer has."""
    if isinstance(layer, Lines | Areas | Moves):
        return max(len(layer.offsets) - 1, 0)
    assert isinstance(layer, Cells | Dots | Names)
    return len(layer.xy)


def _style(style: Style) -> dict[str, Any]:
    return {"colour": style.colour, "width": float(style.width), "opacity": float(style.opacity), "dash": style.dash, "halo": style.halo}


def colours_of(scene: Scene) -> dict[str, Colour]:
    """role -> its colours, of all that the scene needs; what is no role is drawn as text is."""
    roles = {*ALWAYS, *(key.style.colour for key in scene.keys)}
    for layer in scene.layers:
        if isinstance(layer, Names):
            roles.add(layer.colour)
        else:
            roles.update(style.colour for style in (layer.styles if not isinstance(layer, Moves) else (layer.style,)))
    if scene.scale is not None:
        roles.update(f"{scene.scale.colours} {k}" for k in range(LEVELS))
    return {role: COLOURS[role] for role in sorted(roles) if role in COLOURS}


@dataclass(frozen=True, slots=True)
class Message:
    """What the map is told of a scene: ``head``, its small layers in ``data`` one behind the other, and the heavy ones, which the page may
    have already."""

    head: dict[str, Any]
    data: bytes
    heavy: tuple[Packed, ...]


def message(scene: Scene) -> Message:
    """A scene with its layers in order: of each its digest, and where it stands in ``data`` (byte and length) if it is small."""
    parts, at = [], 0
    told: list[dict[str, Any]] = []
    heavy: dict[str, Packed] = {}
    for layer in scene.layers:
        one = packed(layer)
        if one.heavy:
            heavy[one.digest] = one
            told.append({"digest": one.digest})
        else:
            told.append({"digest": one.digest, "at": at, "bytes": len(one.data)})
            parts.append(one.data)
            at += len(one.data)
    head: dict[str, Any] = {
        "bounds": _finite(scene.bounds) or [0.0, 0.0, 1.0, 1.0],
        "unit": scene.unit, "ground": scene.ground, "alt": scene.alt, "y_down": scene.y_down,
        "focus": _finite(scene.focus), "layers": told, "colours": {role: [*pair] for role, pair in colours_of(scene).items()},
        "keys": [{"text": key.text, "style": _style(key.style), "mark": key.mark} for key in scene.keys],
        "scale": None if scene.scale is None else {
            "title": scene.scale.title, "colours": [f"{scene.scale.colours} {k}" for k in range(LEVELS)], "low": scene.scale.low,
            "high": scene.scale.high}}
    head["digest"] = blake2b(json.dumps(head, sort_keys=True).encode(), digest_size=12).hexdigest()
    return Message(head, b"".join(parts), tuple(heavy.values()))


def _finite(box: tuple[float, ...]) -> list[float]:
    """Empty where a corner is missing: of a world without a single coordinate."""
    return [float(x) for x in box] if np.isfinite(box).all() else []


def as_bytes(messages: list[Message], **more: Any) -> bytes:
    """One or several scenes as the packet that the map component is sent; ``more`` goes into its head."""
    blobs, scenes, at = [], [], 0
    for one in messages:
        moved = [{**layer, "at": layer["at"] + at} if "at" in layer else layer for layer in one.head["layers"]]
        scenes.append({**one.head, "layers": moved})
        blobs.append(one.data)
        at += len(one.data)
    return packet({**more, "scenes": scenes}, {"blob": np.frombuffer(b"".join(blobs), "|u1")})
