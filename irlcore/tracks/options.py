"""How a table is to be read where its values alone do not say; and the question that is asked there."""

from __future__ import annotations

from dataclasses import dataclass

from irlcore.errors import DataError


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyst chose, for all tables of an import; empty: as the values say.

    time: one of ``times.FORMATS``. zone: the time zone, by its name in the database of IANA, of times that name none (UTC where empty).
    crs: the projection of x and y, as an authority's code, or ``coordinates.OWN_PLANE`` where they are no degrees.
    """

    time: str = ""
    zone: str = ""
    crs: str = ""


AS_THEY_ARE = Options()


class Question(DataError):
    """What the data does not say and the analyst has to.

    about: the field of ``Options`` that answers it. choices: value of that field -> how it reads, the likelier first.
    """

    def __init__(self, what: str, fix: str, about: str, choices: dict[str, str]) -> None:
        super().__init__(what, fix)
        self.about = about
        self.choices = choices
