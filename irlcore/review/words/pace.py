"""What scores of pace say. Times are as sentences say them already ("23 min", "3 samples"), places as they stand in sentences of parts."""

from __future__ import annotations

from irlcore.review.words.amounts import counted, said_time, times_as_long, usual_time


def all_along(ratio: float) -> str:
    """ratio: of its times to usual ones; empty where it is nearly 1."""
    told = times_as_long(ratio)
    return f"Its steps took {told} usual there, all along." if told else ""


def on_a_stretch(took: float, steps: int, where: str, usual: float, own: float, clock: str, beside_usual: bool) -> str:
    """How long ``steps`` steps took. own: what they would take at its own pace. beside_usual: it is what is usual there that says
    something; else, as where it is slow all along and was as fast as others are on this stretch, its own pace."""
    many = "" if steps == 1 else f" for {counted(steps, 'step')}"
    there = f"{usual_time(usual, clock)} there" if beside_usual else f"at its own pace it would be {said_time(own, clock)}"
    return f"It took {said_time(took, clock)}{many} {where}; {there}."


def stopped(took: float, where: str, usual: float, clock: str) -> str:
    """The longest that it spent in one place."""
    return f"It spent {said_time(took, clock)} {where}; {usual_time(usual, clock)} there."


def loitered(time: float, where: str, visits: int, places: int, passing: float, clock: str) -> str:
    """The time in one neighbourhood, most of it at one place."""
    return (f"It spent {said_time(time, clock)} {where} and close by, in {counted(visits, 'visit')} to {counted(places, 'place')}; "
            f"{usual_time(passing, clock)} for passing there and back.")
