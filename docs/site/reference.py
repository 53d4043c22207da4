"""The reference: every name of ``import irlcore as ir``, and the types behind them, found by what they take and give back.

The list is ``irlcore._FACE`` itself, so that a new name is in the reference as soon as it is there.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Iterator
from typing import Any

import irlcore

MORE = (
    "irlcore.errors.MotiveError", "irlcore.features.base.FeatureKind", "irlcore.features.base.FeatureSpec",
    "irlcore.features.base.FeatureParameter", "irlcore.features.base.Context", "irlcore.rationality.base.Rationality",
    "irlcore.rationality.solution.ModelParameter", "irlcore.rationality.solution.Solution", "irlcore.rationality.guided.guided.Guided",
    "irlcore.worlds.mdp.MDP", "irlcore.worlds.mdp.Paths", "irlcore.tracks.tracks.Tracks", "irlcore.fitting.estimators.Estimator",
    "irlcore.fitting.problem.Problem", "irlcore.fitting.result.FitResult", "irlcore.project.project.Project",
)
"""Types that whoever adds to Motive meets, whether a name of the face leads to them or not."""


def face() -> dict[str, Any]:
    """Name -> what it is, of everything that ``import irlcore as ir`` offers."""
    return {name: getattr(irlcore, name) for name in sorted(vars(irlcore)["_FACE"])}


def resolve(path: str) -> Any:
    """What a full dotted name stands for; AttributeError where nothing does."""
    module, name = path.rsplit(".", 1)
    __import__(module)
    return getattr(sys.modules[module], name)


def behind(named: dict[str, Any]) -> dict[str, type]:
    """Full name -> class of irlcore, of all that these names and their public methods take or give back, and of what these do; and
    ``MORE``. Without what is a name itself."""
    found: dict[str, type] = {}
    shown = {id(one) for one in named.values()}
    todo = [*named.values(), *(resolve(path) for path in MORE)]
    found |= {full(one): one for one in todo if inspect.isclass(one) and id(one) not in shown}
    for one in named.values():
        for used in types_of(one):
            if id(used) not in shown:
                found[full(used)] = used
    return dict(sorted(found.items(), key=lambda item: item[0]))


def full(one: type) -> str:
    """The dotted name under which a class is defined."""
    return f"{one.__module__}.{one.__qualname__}"


def types_of(one: Any) -> Iterator[type]:
    """Classes of irlcore in the annotations of a function, or of a class's fields and public methods."""
    if inspect.isclass(one):
        callables = [method for name, method in vars(one).items() if not name.startswith("_")]
        yield from _named(one)
        for method in callables:
            yield from _named(inspect.unwrap(getattr(method, "fget", None) or getattr(method, "__func__", None) or method))
    else:
        yield from _named(one)


def _named(one: Any) -> Iterator[type]:
    try:
        hints = typing.get_type_hints(one)
    except (TypeError, NameError):  # no function, or a name that is known to type checkers alone
        return
    for hint in hints.values():
        yield from _parts(hint)


def _parts(hint: Any) -> Iterator[type]:
    for part in typing.get_args(hint):
        yield from _parts(part)
    if inspect.isclass(hint) and hint.__module__.startswith("irlcore.") and "<" not in hint.__qualname__:
        yield hint


def face_markdown() -> str:
    """A section for each name of the face."""
    return "\n".join(f"### {name}\n\n{_documented(f'irlcore.{name}', one)}" for name, one in face().items())


def types_markdown() -> str:
    """A section for each type behind them."""
    return "\n".join(f"### {path.rsplit('.', 1)[1]}\n\n{_documented(path, one)}" for path, one in behind(face()).items())


def _documented(path: str, one: Any) -> str:
    if inspect.isclass(one):
        return f"```{{eval-rst}}\n.. autoclass:: {path}\n   :members:\n```\n"
    what = "autofunction" if callable(one) else "autodata" if not inspect.ismodule(one) else "automodule"
    return f"```{{eval-rst}}\n.. {what}:: {path}\n```\n"
