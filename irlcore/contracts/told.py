"""What a kind of feature must keep of its words and of the files it goes into: its card, its sentence, its round trips."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from irlcore.contracts.checking import Here
from irlcore.contracts.filled_forms import Form, context
from irlcore.errors import MotiveError
from irlcore.features.base import KINDS, FeatureKind, FeatureSpec, kind_of
from irlcore.features.exchange import features_from_json, features_to_json
from irlcore.features.feature_set import feature_column
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project

UNIT = "furlong"
UNITS = ("no unit", UNIT, "minutes", "the unit of its column")
"""What one of a description says, whatever the unit of the world."""
SHORTEST = 10


def what_its_card_shows(here: Here, kind: FeatureKind, form: Form) -> None:
    """Name, title, sentence, docstring; parameters each once, of a type that the form knows."""
    name, other = getattr(kind, "kind", None), KINDS.get(getattr(kind, "kind", ""))
    here.need(isinstance(name, str) and bool(name), f"its name (kind) is {name!r}, which is no text", "Set `kind`: files call it so.")
    here.need(other is None or type(other) is type(kind), f"another kind of feature is called {name!r}: {type(other).__name__}",
              "Choose another name (kind).")
    here.need(bool(getattr(kind, "title", "")), "it has no title", "Set `title`: its card shows it.")
    sentence = getattr(kind, "sentence", "")
    here.need(sentence.endswith("."), f"its sentence does not end with a full stop: {sentence[-40:]!r}", "Set `sentence`.")
    here.need(bool(type(kind).__doc__), "its class has no docstring", "Say in a line what it measures.")
    names = [p.name for p in kind.parameters]
    here.need(len(set(names)) == len(names), f"two parameters have one name: {names}")


def described_with_its_unit(here: Here, kind: FeatureKind, form: Form) -> None:
    """A sentence that names the unit, or says that there is none; for every option."""
    for params in _every_option(kind, form):
        text = kind.describe(params, UNIT)
        here.need(isinstance(text, str) and text.endswith(".") and len(text) > SHORTEST, f"it describes itself as {text!r}, no sentence")
        here.need(any(unit in text for unit in UNITS), f"its description names no unit: {text!r}",
                  'Name the unit that is given, or say "(no unit)".')


def described_without_a_unit(here: Here, kind: FeatureKind, form: Form) -> None:
    """No gap is left where the world has no unit."""
    for params in _every_option(kind, form):
        text = kind.describe(params, "")
        here.need("  " not in text and " ." not in text and " ," not in text, f"its description has a gap where there is no unit: {text!r}")


def through_json(here: Here, kind: FeatureKind, form: Form) -> None:
    """A spec goes through JSON and comes back, of the same kind."""
    spec = FeatureSpec("mine", kind.kind, form.params(kind), "negative", False, "because")
    back = FeatureSpec(**json.loads(json.dumps(spec.to_json())))
    here.need(back == spec and kind_of(back) is KINDS[kind.kind], f"{spec} comes back from JSON as {back}")


def through_a_file_of_features(here: Here, kind: FeatureKind, form: Form) -> None:
    """Exported and imported it is the same feature, with the same column."""
    spec, own = _spec(kind, form), context(form.world)
    try:
        text = features_to_json([spec], own.zones, own.spots, form.world)
        found = features_from_json(text, form.world)
    except MotiveError as error:
        here.need(False, f"a file of features does not take it: {error}", "Let parameters be what their types say.")
        return
    here.need(found.specs == (spec,), f"{spec} comes back from a file of features as {found.specs}")
    _same_column(here, kind, form, found.specs[0], found.zones, found.spots)


def through_a_project_file(here: Here, kind: FeatureKind, form: Form) -> None:
    """Saved in a project and opened it is the same feature, with the same column."""
    spec, own = _spec(kind, form), context(form.world)
    try:
        found = load_project(save_project(Project(zones=own.zones, spots=own.spots, features=(spec,))))
    except MotiveError as error:
        here.need(False, f"a project file does not take it: {error}", "Let parameters be what their types say.")
        return
    here.need(found.features == (spec,), f"{spec} comes back from a project file as {found.features}")
    _same_column(here, kind, form, found.features[0], found.zones, found.spots)


def _same_column(here: Here, kind: FeatureKind, form: Form, spec: FeatureSpec, zones: Mapping[str, Any], spots: Mapping[str, Any]) -> None:
    if kind.available(form.world):
        return
    own = context(form.world)
    there = type(own)(zones, spots, own.training, own.expected)
    before = feature_column(_spec(kind, form), form.world, own)
    here.same(feature_column(spec, form.world, there), before, "the column after the round trip", where=lambda at: f"choice {at[0]}")


def _spec(kind: FeatureKind, form: Form) -> FeatureSpec:
    return FeatureSpec(f"my {kind.kind}", kind.kind, form.params(kind), "negative", True, "because", 3, "2026-01-02T03:04:05+00:00")


def _every_option(kind: FeatureKind, form: Form) -> Iterator[dict[str, Any]]:
    params = form.params(kind)
    for option in [{p.name: o} for p in kind.parameters for o in p.options] or [{}]:
        yield {**params, **option}
