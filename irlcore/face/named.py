"""What can be named in a script, and what a name stands for: features, models of how agents choose, estimators.

A name that is nothing is an error that offers the nearest one; ``catalogue`` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import pandas as pd

from irlcore.errors import DataError, FeatureError, FitError, none_called
from irlcore.features.base import KINDS, FeatureSpec, Sign
from irlcore.features.checks import spec_problems
from irlcore.fitting.estimators import ESTIMATORS, Estimator
from irlcore.project.samples import SAMPLES
from irlcore.rationality.base import Rationality
from irlcore.rationality.models import MODELS, named

SIGNS = ("free", "positive", "negative")
Of = Literal["features", "models", "estimators", "samples"]

def feature(kind: str, /, name: str = "", *, sign: Sign = "free", reason: str = "", **parameters: Any) -> FeatureSpec:
    """One feature: what a step may cost or bring.

    kind: of ``ir.catalogue("features")``, which lists the parameters of each. name: what it is called in tables; made of the kind and its
    parameters where empty. sign: "positive", "negative" or "free", what its weight may be. reason: why it is there, for the report.
    FeatureError where the kind, a parameter or a value is none.

    >>> import irlcore as ir
    >>> ir.feature("turn", turn="left").name
    'turn: left'
    >>> ir.feature("zone", "old town", zone="old town", sign="negative").params
    {'zone': 'old town'}
    >>> ir.feature("zome", zone="old town")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    irlcore.errors.FeatureError: There is no kind of feature called 'zome'. Did you mean zone? ...
    """
    if kind not in KINDS:
        raise FeatureError(*none_called("kind of feature", kind, KINDS))
    if sign not in SIGNS:
        raise FeatureError(*none_called("sign", sign, SIGNS))
    known = [p.name for p in KINDS[kind].parameters]
    for word in parameters:
        if word not in known:
            raise FeatureError(*none_called(f"parameter of {kind!r}", word, known))
    told = ", ".join(str(value) for value in parameters.values() if isinstance(value, str | int | float))
    made = FeatureSpec(name or (f"{kind}: {told}" if told else kind), kind, dict(parameters), sign, reason=reason)
    if problems := spec_problems(made):
        raise FeatureError(" ".join(problems), f"Parameters of {kind!r}: {', '.join(known) or 'none'}.")
    return made


def features_named(asked: Sequence[FeatureSpec | str], there: Sequence[FeatureSpec]) -> tuple[FeatureSpec, ...]:
    """Features as objects, by the names that they have among those that are ``there``, or by a kind that needs no parameters."""
    if isinstance(asked, str | FeatureSpec):
        asked = [asked]
    by_name = {one.name: one for one in there}
    plain = [kind for kind, one in KINDS.items() if not spec_problems(FeatureSpec(kind, kind))]
    found: list[FeatureSpec] = []
    for one in asked:
        if isinstance(one, FeatureSpec):
            found.append(one)
        elif one in by_name:
            found.append(by_name[one])
        elif one in plain:
            found.append(feature(one))
        else:
            raise FeatureError(*none_called("feature", one, [*by_name, *(kind for kind in plain if kind not in by_name)]))
    return tuple(found)


def model_named(model: str | Rationality) -> str:
    """The name of a model, given as such or as an object. One of your own is known by its name from then on, in this process. FitError
    where there is none, or the name is another's."""
    if isinstance(model, str):
        return named(model).name if model else ""
    if not isinstance(model, Rationality) or not isinstance(getattr(model, "name", None), str):
        raise FitError(f"An object of type {type(model).__name__} is no model of how agents choose.",
                       "Give a name of ir.catalogue(\"models\"), or an object of a class of irlcore.rationality.base.Rationality.")
    known = MODELS.setdefault(model.name, model)
    if type(known) is not type(model) or vars(known) != vars(model):
        raise FitError(f"Another model is called {model.name!r} already.", "Give yours a name of its own: model.name = \"...\".")
    return model.name


def estimator_named(estimator: str | Estimator) -> str:
    """The name of an estimator, given as such or as an object, which is known by its name from then on. FitError where there is none, or
    the name is another's."""
    if isinstance(estimator, str):
        if estimator not in ESTIMATORS:
            raise FitError(*none_called("estimator", estimator, ESTIMATORS))
        return estimator
    if not isinstance(estimator, Estimator):
        raise FitError(f"An object of type {type(estimator).__name__} is no estimator.",
                       "Give a name of ir.catalogue(\"estimators\"), or an Estimator.")
    if ESTIMATORS.setdefault(estimator.name, estimator) is not estimator:
        raise FitError(f"Another estimator is called {estimator.name!r} already.", "Give yours a name of its own.")
    return estimator.name


def catalogue(of: Of) -> pd.DataFrame:
    """What can be named, a row each: "features" (kinds, for ``ir.feature``, and their parameters), "models" and "estimators" (for
    ``ir.fit``), "samples" (for ``ir.sample``). DataError where it is none of these.

    >>> import irlcore as ir
    >>> ir.catalogue("features").loc["zone", "parameters"]
    'zone'
    >>> "noisy_value" in ir.catalogue("models").index
    True
    """
    rows: dict[str, Callable[[], pd.DataFrame]] = {
        "features": lambda: _table({name: (kind.title, kind.sentence, ", ".join(p.name for p in kind.parameters))
                                    for name, kind in sorted(KINDS.items())}, "parameters"),
        "models": lambda: _table({name: (one.title, one.sentence, ", ".join(p.name for p in one.parameters))
                                  for name, one in MODELS.items()}, "parameters of its own"),
        "estimators": lambda: _table({name: (one.title, one.when, ", ".join(s.name for s in one.settings))
                                      for name, one in ESTIMATORS.items()}, "settings"),
        "samples": lambda: _table({name: (title, "Made up; comes with Motive.", "") for name, title in SAMPLES.items()}, "parameters")}
    if of not in rows:
        raise DataError(*none_called("catalogue", of, rows))
    return rows[of]()


def _table(rows: dict[str, tuple[str, str, str]], last: str) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=["title", "what it is", last]).rename_axis("name")
