"""Another name for a zone or place of a project: nothing that was measured with it changes, so fits and scores hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from irlcore.errors import FeatureError
from irlcore.features.base import FeatureSpec
from irlcore.features.described_fit import model_with_zone_renamed, word_with_zone_renamed
from irlcore.features.renaming import with_place_renamed
from irlcore.fitting.compare import Comparison, short_title
from irlcore.fitting.result import FitResult
from irlcore.project.project import Project, remember
from irlcore.rationality.models import named

V = TypeVar("V")


def place_renamed(project: Project, old: str, new: str) -> Project:
    """The project with its zone or spot ``old`` called ``new`` everywhere: in features, fits and comparisons. FeatureError where there is
    no such place, or where the name is taken or empty."""
    known = {*project.zones, *project.spots}
    if old not in known:
        raise FeatureError(f"There is no zone or place called {old!r}.", "Choose one of the list.")
    if not new or new in known:
        raise FeatureError(f"A zone or place called {new!r} is there already, or the name is empty.", "Choose another name.")

    def renamed(specs: tuple[FeatureSpec, ...]) -> tuple[FeatureSpec, ...]:
        return tuple(with_place_renamed(spec, old, new) for spec in specs)

    moved = replace(project, zones=_with_name(project.zones, old, new), spots=_with_name(project.spots, old, new),
                    features=renamed(project.features),
                    fits=tuple(replace(one, features=renamed(one.features), result=_fit_renamed(one.result, old, new))
                               for one in project.fits),
                    comparisons=tuple(replace(one, features=renamed(one.features), result=_models_renamed(one.result, old, new))
                                      for one in project.comparisons),
                    silencing=tuple(replace(one, zone=_renamed(one.zone, old, new), place=_renamed(one.place, old, new))
                                    for one in project.silencing))
    return remember(moved, f"Renamed {old} to {new}")


def _with_name(places: Mapping[str, V], old: str, new: str) -> dict[str, V]:
    """In the same order, which colours go by."""
    return {new if name == old else name: place for name, place in places.items()}


def _fit_renamed(result: FitResult, old: str, new: str) -> FitResult:
    """A fit, whose model's value features may be of the zone; the very same where none is."""
    model = model_with_zone_renamed(result.rationality, old, new)
    if model == result.rationality:
        return result
    return replace(result, rationality=model, own_names=tuple(word_with_zone_renamed(one, old, new) for one in result.own_names))


def _models_renamed(found: Comparison, old: str, new: str) -> Comparison:
    """The same of models side by side."""
    models = tuple(model_with_zone_renamed(one, old, new) for one in found.models)
    titles = tuple(title if model == before else short_title(named(model))
                   for model, before, title in zip(models, found.models, found.titles, strict=True))
    return found if models == found.models else replace(found, models=models, titles=titles)


def _renamed(name: str, old: str, new: str) -> str:
    return new if name == old else name
