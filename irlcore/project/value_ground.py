"""A project's model by name, ready for its world: with the zones and features that its value features are of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec, kind_of
from irlcore.features.feature_set import feature_column
from irlcore.project.project import Project
from irlcore.project.split import Parts, context_of, need_world
from irlcore.rationality.base import Rationality
from irlcore.rationality.guided.value_features import ValueSpec, offered
from irlcore.rationality.models import suited, value_specs


def model_on(project: Project, parts: Parts, name: str) -> Rationality:
    """A model by its name (``rationality.models.named``) for a project's world. Raises FitError, FeatureError."""
    specs = value_specs(name)
    features = {spec.of: _column(project, parts, spec.of) for spec in specs if spec.kind == "ahead"}
    return suited(need_world(project)[0], name, project.zones, features)


def value_arrays(project: Project, parts: Parts, name: str) -> list[np.ndarray]:
    """What the value features of a model by its name hang on beside the world; nothing for a model without any."""
    out = []
    for spec in value_specs(name):
        if spec.kind == "zone":
            if spec.of not in project.zones:
                raise FeatureError(f"There is no zone {spec.of!r}, which the model's value features are of.", "Draw it again, or fit anew.")
            out.append(project.zones[spec.of])
        elif spec.kind == "ahead":
            out.append(_column(project, parts, spec.of))
    return out


def counted_ahead(project: Project, *models: str) -> tuple[tuple[str, str, Mapping[str, Any]], ...]:
    """What the features are, as (name, kind, parameters), that value features of models by their names count along the way."""
    names = {spec.of for model in models for spec in value_specs(model) if spec.kind == "ahead"}
    return tuple((spec.name, spec.kind, spec.params) for spec in project.features if spec.name in names)


def value_features_of(project: Project) -> list[ValueSpec]:
    """Those that make sense in a project: with its zones, and its features that are switched off, since what is in the reward is ahead in
    the plan already. Features that are counted on tracks are left out: a track would be told by itself."""
    world, _ = need_world(project)
    return offered(world, project.zones, [spec.name for spec in project.features if not spec.enabled and not _counts(spec)])


def _counts(spec: FeatureSpec) -> bool:
    return kind_of(spec).counts_tracks(spec.params)


def _column(project: Project, parts: Parts, name: str) -> np.ndarray:
    """(M,): a feature of the project, switched on or off."""
    spec = next((s for s in project.features if s.name == name), None)
    if spec is None:
        raise FeatureError(f"There is no feature {name!r}, which the model's value features are of.", "Make it again, or fit anew.")
    if _counts(spec):
        raise FeatureError(f"{name} is counted on tracks, so a track would be told by itself.", "Choose another feature to come.")
    return feature_column(spec, need_world(project)[0], context_of(project, parts))
