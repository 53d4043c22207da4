"""What scores of goal, shape and unusual ways say. Places are tokens (``places``) until who shows the sentence knows their names."""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.quantities import counted, plain
from irlcore.review.words.amounts import often


def ended_elsewhere(like: str, many: int, near: int, end: str, here: str, most: str) -> str:
    """How many of ``many`` ordinary tracks that are like it ended where this one did. like: what they have in common. end, here: where this
    one ended, as "Quay Street" and as "at Quay Street". most: where most of them ended, "" where that says nothing more; of one track where
    it did."""
    if many == 0:
        return f"No ordinary track {like}."
    if many == 1:
        return f"One ordinary track {like}; {f'it ended {most}, this one' if most else 'this one ended'} {here}."
    told = f"; they most often ended {most}" if most else ""
    return f"Of {many:,} ordinary tracks that {like}, {f'{near:,}' if near else 'none'} ended near {end}, as this one did{told}."


def went_like_it(before: str, after: str) -> str:
    """What tracks have in common that made one step of its."""
    return f"went from {before} to {after} like this one"


def began_like_it(start: str) -> str:
    """What tracks have in common that began where it did."""
    return f"began near {start} like this one"


def seldom_together(began: int, ended: int, both: int, start: str, end: str) -> str:
    """About how many ordinary tracks began near the one end, ended near the other, and did both."""
    def some(n: int) -> str:
        return f"about {n:,}" if n else "hardly any"

    tracks = "track" if began == 1 else "tracks"
    said = f"{some(began)} ordinary {tracks} began near {start}, {some(ended)} ended near {end}, and {some(both)} did both."
    return f"{said[0].upper()}{said[1:]}"


def far_stretch(length: str, where: str, far: str) -> str:
    """Its stretch that is farthest from any of a ordinary track."""
    return f"A stretch {where}, {length} long, runs {far} from the nearest stretch of any ordinary track."


def unshared(count: int, of: int, runs: int, run: int, first: str, last: str) -> str:
    """How many of its ``of`` steps the nearest track lacks, in so many runs, the longest of ``run`` steps from one place to another."""
    where = f"from {first} to {last}" if runs == 1 else f"a run of {plain(run)} from {first} to {last} among them"
    those = f"{count:,} of its {of:,} steps" if of > 1 else "Its only step"
    are = "is" if count == 1 else "are"
    return f"{those}, {where}, {are} not shared by the ordinary track that shares most of its way."


def passed_again(verb: str, count: int, where: str, amount: str, usual: str) -> str:
    """verb: "Went round in a circle". where: at which place, "" where that is not known. usual: of tracks as long, "" for none."""
    times = "" if count == 1 else f" {often(count)}"
    at_it = f"{', the longest' if count > 1 else ''} {where}" if where else ""
    return f"{verb}{times}{at_it}: {amount} of its way, where tracks as long usually have {usual or 'none'}."


def wound(amount: str, size: str, usual: str) -> str:
    """Its length for the distance."""
    return f"Its way of {amount} ended {size} from where it began; tracks that end as far away usually go {usual}."


def turned(amount: str, size: str, usual: str) -> str:
    """How much it turned in all."""
    return f"Turned by {amount} in all on its way of {size}; tracks as long usually turn by {usual}."


FEW, SUCH = "fewer than 1 in {}", "tracks between such places"


def unusual_way(said: Sequence[str], one_in: int) -> str:
    """One sentence of what is said of a way; that it went nowhere as few do where nothing is."""
    text = "; ".join(said) or f"it went nowhere as {FEW.format(one_in)} {SUCH} are expected to"
    return f"{text[0].upper()}{text[1:]}."


def unknown_way(first: str, last: str) -> str:
    """Where hardly any track goes between such places."""
    return (f"hardly any track is known to go between such places, and few of all tracks go as it did from {first} to {last}")


def rare_places(first: str, last: str, rare: int, what: str, one_in: int) -> str:
    """what: a place is called, "link"."""
    return f"from {first} to {last} it passed {f'{rare:,} {what}s' if rare > 1 else f'a {what}'} that {FEW.format(one_in)} {SUCH} pass"


def rare_steps(rare: int, of: int, one_in: int, before: str, after: str, there: int, so: int) -> str:
    """At how many of its steps; and of the rarest how many of about ``there`` others did so."""
    steps = f"{rare:,} of its {of:,} steps" if of > 1 else "its one step"
    onward = f"came through {before} on the way to near its goal"
    known = (f"of about {counted(there, 'track')} that {onward}, {f'about {so:,}' if so else 'none'} did so" if there > 1
             else f"hardly any track {onward}")
    return f"at {steps} it went as {FEW.format(one_in)} {SUCH} are expected to, most of all from {before} to {after}: {known}"
