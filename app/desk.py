"""What lies on the analyst's desk beside the project: a zone drawn but not saved, the proposal looked at, the refit just made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from irlcore.features.base import FeatureSpec
from irlcore.features.checks import names_used
from irlcore.features.kinds.distance import usual_reach
from irlcore.project.project import Project
from irlcore.worlds.world import World

Use = Literal["inside", "distance", "spot"]
DRAWN_AS = {"zone": "in", "distance": "distance to"}
"""kind -> what stands before the name of a place where that is proposed."""
USES: dict[Use, str] = {"inside": "Inside it", "distance": "Distance to it", "spot": "To its middle"}


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """Kept with each state of the project, so that undo and redo bring it back too.

    ring: (V, 2) corners drawn, not in the project yet. name, use: what is to become of them. spec: the proposal whose preview is
    shown. change: the identity of the refit whose before and after are shown; promised: the gain in nats and held out that was
    predicted for it.
    """

    ring: np.ndarray | None = None
    name: str = ""
    use: Use = "inside"
    spec: FeatureSpec | None = None
    change: str = ""
    promised: tuple[float, float] = (float("nan"), float("nan"))

    def without_drawing(self) -> Desk:
        """The desk with nothing drawn and nothing proposed."""
        return replace(self, ring=None, name="", spec=None)


def with_drawing(project: Project, desk: Desk) -> Project:
    """A copy of the project that has the drawing as a zone or a place."""
    if desk.ring is None:
        return project
    if desk.use == "spot":
        return replace(project, spots={**project.spots, desk.name: desk.ring[:-1].mean(axis=0)})
    return replace(project, zones={**project.zones, desk.name: desk.ring})


def drawing_key(desk: Desk) -> tuple[object, ...]:
    """What a feature may depend on of the drawing."""
    return () if desk.ring is None else (desk.name, desk.use, desk.ring.tobytes())


def places_key(project: Project) -> str:
    """A digest of the zones and places: another zone under an old name makes another feature."""
    digest = hashlib.sha256()
    for name, corners in (*project.zones.items(), *project.spots.items()):
        digest.update(repr((name, corners.shape)).encode())
        digest.update(np.ascontiguousarray(corners).tobytes())
    return digest.hexdigest()[:16]


def uses_drawing(desk: Desk, spec: FeatureSpec) -> bool:
    """Whether a feature rests on what is drawn but not saved."""
    return desk.ring is not None and desk.name in names_used(spec, [desk.name])


def free_name(project: Project) -> str:
    """A name that no zone or place has yet."""
    k = 1
    while (name := f"zone {k}") in project.zones or name in project.spots:
        k += 1
    return name


def drawn_spec(desk: Desk, world: World) -> FeatureSpec:
    """The feature that the drawing stands for."""
    kind, params = ("zone", {"zone": desk.name}) if desk.use == "inside" else \
        ("distance", {"place": desk.name, "reach": usual_reach(world)})
    return FeatureSpec(f"{DRAWN_AS[kind]} {desk.name}", kind, params)


def redrawn(desk: Desk, world: World, **changed: Any) -> dict[str, Any]:
    """What to lay on the desk where the drawing, its name or its use changes: the feature that it stands for goes with it."""
    return {**changed, "spec": drawn_spec(replace(desk, **changed), world)}
