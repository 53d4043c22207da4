"""Rules that silence the same explanation again: once the analyst has understood why one track was flagged, others that are flagged for the
same reason need not be looked at one by one.

A rule names an explanation: a zone that was passed, hours of the day, days of the week, a feature that was used more or less than expected,
something that a track did at a place. All that a rule names has to hold of a track. A flagged track that a rule fits is taken as understood
from then on; it is never hidden, and no promise on false alarms is changed: what is flagged stays flagged, and is counted so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from irlcore.errors import DataError
from irlcore.quantities import listed, plain

Days = Literal["any day", "weekdays", "weekend"]
Use = Literal["", "more", "less"]
DAY_H = 24.0
FAR_SD = 2.0
"""Standard deviations from what is expected, from which a use of a feature is worth a sentence."""


@dataclass(frozen=True, slots=True)
class Silencing:
    """One rule. agent_class: the class that it is for, "" where there are none.

    zone: the name of one that it has to pass, "" for none asked. hours: () or (from, to) of the day, to below from over midnight: of when
    it is in the zone where one is named and the data tell, else of its start. days: on which it starts. feature, use: it used more or less
    of the feature than the model expects, by ``beyond`` standard deviations or more. did, place: the kind of a finding
    (``review.findings``), and what the place is called; "" for any. why: the analyst's words. made: ISO time.
    """

    agent_class: str
    zone: str = ""
    hours: tuple[float, ...] = ()
    days: Days = "any day"
    feature: str = ""
    use: Use = ""
    beyond: float = FAR_SD
    did: str = ""
    place: str = ""
    why: str = ""
    made: str = ""

    @property
    def asks(self) -> tuple[object, ...]:
        """What it asks of a track: two rules that ask for the same are one."""
        return (self.agent_class, self.zone, self.hours, self.days, self.feature, self.use, self.beyond, self.did, self.place)

    @property
    def looks_closer(self) -> bool:
        """Whether it asks for what only a look at the track's reasons can tell."""
        return bool(self.feature or self.did)


def wrong_with(rule: Silencing) -> str:
    """What keeps a rule from being one, as the end of a sentence; empty where nothing does."""
    if not (rule.zone or rule.hours or rule.days != "any day" or rule.feature or rule.did):
        return "names no explanation"
    if len(rule.hours) not in (0, 2):
        return f"has {len(rule.hours)} hours, and a time of the day has two"
    if rule.hours and rule.hours[0] == rule.hours[1]:
        return "has a time of the day that begins when it ends"
    if bool(rule.feature) != bool(rule.use):
        return "names a feature or how much of it was used, and not both"
    return "names a place, and not what was done there" if rule.place and not rule.did else ""


def check_rule(rule: Silencing) -> Silencing:
    """The rule. DataError where it asks for nothing, or for what cannot be."""
    if wrong := wrong_with(rule):
        raise DataError(f"This rule {wrong}.", "Choose a zone, hours, days, a feature or something that the track did.")
    return rule


def rule_words(rule: Silencing, timed: bool = True) -> str:
    """The explanation, as it goes on after "a track that": "passed Fish market between 6:00 and 8:00". timed: whether the data tell when a
    track is where; without that, the hours are those in which it starts."""
    said = []
    when = f"between {_clock(rule.hours[0])} and {_clock(rule.hours[1])}" if rule.hours else ""
    if rule.zone:
        said.append(f"passed {rule.zone}{f' {when}' if when and timed else ''}")
    if when and not (rule.zone and timed):
        said.append(f"started {when}")
    if rule.days != "any day":
        said.append("started on a weekday" if rule.days == "weekdays" else "started at a weekend")
    if rule.did:
        said.append(f"{DID.get(rule.did, rule.did)}{f' at {rule.place}' if rule.place else ''}")
    if rule.feature:
        said.append(f'used {rule.use} of "{rule.feature}" than expected ({plain(rule.beyond)} standard deviations or more)')
    return listed(said) if said else "is flagged"


DID = {"passed its goal": "passed its goal before it ended there", "circle": "went round in a circle", "turn": "turned round",
       "U-turn": "turned round on the spot", "detour": "made a detour", "unused": "went where no known track did",
       "end": "ended where no known track did"}
"""Kind of a finding -> what follows "a track that ..."."""


def _clock(hour: float) -> str:
    """8.5 as 8:30."""
    minutes = round(hour * 60.0)
    return f"{minutes // 60}:{minutes % 60:02d}"
