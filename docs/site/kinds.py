"""Parts of pages that are made from the library's own registries, so that they never say less or more than it can do: every kind of
feature with its parameters, every model of how agents choose, every way to fit, every verdict."""

from __future__ import annotations

from irlcore.features import kinds
from irlcore.features.base import KINDS, FeatureKind, FeatureParameter
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.verdicts import MEANING, as_sentence
from irlcore.rationality.models import MODELS

TYPES = {
    "number": "a number", "choice": "one of", "zone": "the name of a zone", "spot": "the name of a place or zone",
    "places": "names of places or zones", "place_attribute": "a column of the table of links or cells",
    "choice_attribute": "a column of the choices", "attribute": "a column of the links, cells or choices", "text": "a text",
    "feature": "another feature", "fit": "a fit",
}
"""What a parameter holds, in words."""


def feature_kinds() -> str:
    """A section for each kind, in the order of their titles."""
    assert kinds.__all__  # importing them is what registers them
    return "\n".join(_kind(one) for one in sorted(KINDS.values(), key=lambda one: one.title))


def _kind(kind: FeatureKind) -> str:
    head = f"### {cell(kind.title)}\n\n{cell(kind.sentence)} In files and in Python: `{kind.kind}`.\n"
    if not kind.parameters:
        return f"{head}\nNothing has to be said.\n"
    rows = "\n".join(f"| `{one.name}` | {cell(one.label)} | {_holds(one)} | {cell(one.help)} |" for one in kind.parameters)
    return f"{head}\n| parameter | on screen | holds | |\n|---|---|---|---|\n{rows}\n"


def _holds(parameter: FeatureParameter) -> str:
    said = TYPES[parameter.type]
    if parameter.options:
        said += " " + ", ".join(f"`{one}`" for one in parameter.options)
    if parameter.minimum is not None:
        said += ", above 0" if 0.0 < parameter.minimum < 1e-6 else f", at least {parameter.minimum:g}"
    shown = parameter.default not in (None, "", (), [])
    return f"{said}; `{parameter.default}` unless given" if shown and parameter.type in ("number", "choice", "text") else said


def models() -> str:
    """A line for each model that can be chosen, the default first."""
    def own(names: list[str]) -> str:
        return f" Estimated with the weights: {', '.join(f'`{one}`' for one in names)}." if names else ""

    return "\n".join(f"* **{cell(one.title)}** (`{name}`). {cell(one.sentence)}{own([p.name for p in one.parameters])}"
                     for name, one in MODELS.items()) + "\n"


def estimators() -> str:
    """A line for each way to fit, in the order in which they are offered."""
    return "\n".join(f"* **{cell(one.title)}** (`{name}`). {cell(one.when)} {cell(one.when_not)} "
                     f"{'With' if one.intervals else 'Without'} intervals." for name, one in ESTIMATORS.items()) + "\n"


def verdicts() -> str:
    """A line for each verdict of a review, with what it means."""
    return "\n".join(f"* {cell(as_sentence(one))}." for one in MEANING) + "\n"


def cell(text: str) -> str:
    """A text as it stands, on one line: in a cell of a table, say."""
    return "".join(f"\\{letter}" if letter in "\\|*_<>[]$`" else letter for letter in " ".join(text.split()))
