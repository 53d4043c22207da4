"""What is right for a folder of files: facts that only the right reading has, and words that the analyst must be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from irlcore.tracks.options import Options

AS_IT_IS = Options()
Moment = str | float
"""An instant in ISO form, UTC; or seconds where the data has no date."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What must hold of a project; what is not given is not looked at.

    tracks, points, paths: how many tracks and rows of them were kept, and how many tracks became paths in the world. ids: all of them.
    span: track -> its first and last moment. seconds: track -> its duration. step_s, step_m: no step of any track is longer, in time or
    in metres. metres: track -> its length, to ``within`` of it. labels: attribute of tracks -> label -> tracks with it. absent: no
    attribute of tracks is called so. timed: whether there is time. crs: "utm", "polar", "" for none, or a code. cell: what the cells that
    are suggested must lie between.

    links, choices: of the network. link_m: link -> its length in metres, to ``within``. steps, no_steps: pairs of links that follow one
    another, and that do not. route: track -> its links. no_features: no suggested feature's name begins so. fit: what a short fit must
    come to.
    """

    tracks: int | None = None
    points: int | None = None
    paths: int | None = None
    ids: tuple[str, ...] = ()
    span: Mapping[str, tuple[Moment, Moment]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    step_s: float | None = None
    step_m: float | None = None
    metres: Mapping[str, float] = field(default_factory=dict)
    within: float = 0.01
    labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    timed: bool | None = None
    crs: str | None = None
    cell: tuple[float, float] | None = None
    links: int | None = None
    choices: int | None = None
    link_m: Mapping[str, float] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()
    no_steps: tuple[tuple[str, str], ...] = ()
    route: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    no_features: tuple[str, ...] = ()
    fit: Fit | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """What a short fit must come to. attributes: of the places, made features beside those suggested. unsure: features that must have no
    interval. told: what its warnings, or its refusal, must say. refused: it must not be fitted at all. model: as in ``fit_record``."""

    model: str = "maxent"
    attributes: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """It is read without a question: the facts hold, and the analyst is told these words (regular expressions, any case). With ``chosen``,
    what the words make one choose by hand, the facts ``then`` hold."""

    facts: Facts
    told: Sequence[str] = ()
    chosen: Options = AS_IT_IS
    then: Facts | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The analyst is asked about a field of ``Options``, in these words; with the choice that reads ``choice`` the facts hold. Questions
    of ``also`` (field -> choice) may be asked beside it."""

    about: str
    choice: str
    facts: Facts
    told: Sequence[str] = ()
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """It is refused, in these words, which name the true cause; never in those of ``never``. With ``roles`` (file -> what it holds) and
    ``columns`` (part -> column) picked by hand the facts hold."""

    told: Sequence[str]
    never: Sequence[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    facts: Facts | None = None


Way = Read | Asked | Refused


@dataclass(frozen=True, slots=True)
class Expected:
    """A case is right where one of the ways holds. why: a sentence on what a careful user expects."""

    why: str
    ways: tuple[Way, ...]


def case(why: str, *ways: Way) -> Expected:
    """An expectation, for tables of them."""
    return Expected(why, ways)
