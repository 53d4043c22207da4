"""What things are called in a world of each kind: the one place for the words that pages, reasons and reports have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass

from irlcore.worlds.world import A_PLACE, World


@dataclass(frozen=True, slots=True)
class Called:
    """The words of one kind.

    place: what an analyst sees, one of them. passed: a headline for how many were gone through. track, tracks: what was observed. step,
    steps: one choice after the other. usable: a headline for the tracks that became paths. features: what features may be of where
    there is no map. no_coordinates: why there is no map. without_map: what that means. route, shape: what one did, and how that is put
    together, as headlines of its oddities. titles: pairs of a title that scores of moving agents have, as it begins, and what such a score
    is called here.
    """

    place: str
    passed: str
    track: str = "track"
    tracks: str = "tracks"
    step: str = "step"
    steps: str = "steps"
    usable: str = "Usable as paths"
    features: str = "links and turns"
    no_coordinates: str = "This network has no coordinates"
    without_map: str = "Everything else works; add a table of nodes, or shapes, to see one."
    route: str = "Route"
    shape: str = "Shape"
    titles: tuple[tuple[str, str], ...] = ()

    @property
    def places(self) -> str:
        """The word for several of its places."""
        return f"{self.place}s"

    def say(self, sentence: str) -> str:
        """A sentence of our own on tracks, trips and steps as it is said of this kind. What stands in quotation marks is a name that people
        gave, and what is joined to a number or a hyphen may be one: these stay as they are."""
        if (self.track, self.step) == ("track", "step"):
            return sentence
        plain = {"track": self.track, "tracks": self.tracks, "trip": self.track, "trips": self.tracks, "step": self.step,
                 "steps": self.steps}
        said = _OWN.sub(lambda found: _like(found, plain[found[2].lower()]) if found[2] else found[0], sentence)
        if not self.titles:
            return said
        named = dict(self.titles)
        whole = "|".join(('"[^"]*"', *(rf"\b{re.escape(one)}\b" for one in named)))
        return re.sub(whole, lambda found: named.get(found[0], found[0]), said)


_OWN = re.compile(r"""\"[^"]*\"|(?<![\w-])(?:([Aa]) )?([Tt]racks?|[Tt]rips?|[Ss]teps?)(?![\w-]| \d)""")


def _like(found: re.Match[str], word: str) -> str:
    """The word with its article, in capitals where the one before had them."""
    told = word.capitalize() if found[2][0].isupper() else word
    if found[1] is None:
        return told
    return f"{found[1][0]}{'n' if word[0] in 'aeiou' else ''} {told}"


CALLED = {"grid": Called(A_PLACE["grid"], "Cells passed"), "network": Called(A_PLACE["network"], "Links passed"),
          "table": Called(A_PLACE["table"], "States passed"),
          "log": Called(A_PLACE["log"], "Events", "sequence", "sequences", "event", "events", "Usable sequences",
                        "events and what came before", "Events have no coordinates", "Everything else works.", "Events", "Mix",
                        (("Stop", "Long wait"), ("Loitering", "Long waits after one event"),
                         ("loitering", "long waits after one event")))}


def called(world: World) -> Called:
    """The words of a world."""
    return CALLED[world.kind]


def n_distinct(world: World) -> int:
    """How many places there are that somebody can be at: of a log its events, without the start and the end."""
    return world.n_places - 2 if world.kind == "log" else world.n_places
