"""Numbers that an estimator can be told: what each is called, what it does, what it may be, and how it is told of a fit.

An estimator declares its settings in ``fitting.estimators``; controls, project files, sentences and errors follow from these alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

from irlcore.errors import FitError
from irlcore.quantities import listed
from irlcore.rationality.base import Rationality
from irlcore.rationality.seen import told_apart
from irlcore.worlds.mdp import MDP

Values = Mapping[str, float]
"""name of a setting -> its value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One number. title: its name on screen; help: one sentence for everyone. usual: the default. low, high: both allowed. unit: empty for
    a pure number. whole: whether only whole numbers will do. said: how a value is told of a fit; empty where it does nothing. of_plans:
    whether it means something only to agents that plan; of_next: only where it is known what follows each choice, and what it is worth."""

    name: str
    title: str
    help: str
    usual: float
    low: float
    high: float
    said: Callable[[float], str]
    unit: str = ""
    whole: bool = False
    of_plans: bool = False
    of_next: bool = False

    @property
    def asked(self) -> str:
        """What may be chosen, as a sentence."""
        unit = f" {self.unit}" if self.unit else ""
        return f"Choose a {'whole ' if self.whole else ''}number from {self.low:,g} to {self.high:,g}{unit}."

    def checked(self, value: float) -> float:
        """The value, whole where it has to be. FitError that names the setting where it cannot be."""
        sound = isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
        if not sound or not self.low <= value <= self.high or (self.whole and value != int(value)):
            told = f"{float(value):,g}" if isinstance(value, Real) else f'"{value}"'
            raise FitError(f"{self.title} cannot be {told}.", self.asked)
        return int(value) if self.whole else float(value)

    def read(self, text: str) -> float:
        """The value that was typed, with a point or a comma. FitError that names the setting where it is none."""
        try:
            value = float(text.strip().replace(",", "."))
        except ValueError:
            told = f'"{text.strip()[:40]}" is no number' if text.strip() else "nothing was entered"
            raise FitError(f"{self.title}: {told}.", self.asked) from None
        return self.checked(value)

    def applies(self, model: Rationality, mdp: MDP | None = None) -> bool:
        """Whether it means something to agents of a model; in a world, where one is given."""
        if self.of_plans and not model.plans:
            return False
        if self.of_next and not model.softmax:
            return False
        return mdp is None or not self.of_next or knows_next(mdp)


def knows_next(mdp: MDP) -> bool:
    """Whether it is known what follows each choice: neither chance nor parallel ways hide it."""
    return mdp.deterministic and told_apart(mdp)


def check_values(settings: Sequence[Setting], given: Values, owner: str) -> None:
    """FitError where a value cannot be, or is of no setting of the ``owner``."""
    known = {one.name: one for one in settings}
    for name, value in given.items():
        if name not in known:
            has = f"Its settings are {listed([one.name for one in settings])}." if settings else "It has no settings."
            raise FitError(f'{owner} has no setting "{name}".', has)
        known[name].checked(value)


def complete(settings: Sequence[Setting], given: Values) -> dict[str, float]:
    """Every setting with the value given, or the usual one."""
    return {one.name: one.checked(given.get(one.name, one.usual)) for one in settings}


def words_of(settings: Sequence[Setting], values: Values) -> list[str]:
    """The values in words, without those that do nothing."""
    return [said for one in settings if one.name in values and (said := one.said(values[one.name]))]


def changes_of(settings: Sequence[Setting], before: Values, after: Values) -> list[str]:
    """What differs, each as the rest of a sentence ("Lambda was 0 and is now 0.01")."""
    return [f"{one.title} was {before[one.name]:g} and is now {after[one.name]:g}" for one in settings
            if before[one.name] != after[one.name]]
