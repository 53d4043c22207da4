"""How long work will take still, told only where it can be known: from progress seen over some seconds, at a pace that holds."""

from __future__ import annotations

from collections import deque

LEAST_SECONDS = 4.0  # that progress must have been seen for
LEAST_STEPS = 4  # times that it must have been told in them
LEAST_SHARE = 0.03  # of the work, done in them
WINDOW = 30.0  # seconds looked back: what is slow now says more than what was fast at the beginning
APART = 0.25  # seconds between two that are noted
STEADY = 2.5  # times that the pace of one half of the window may be that of the other
STALLED = 3.0  # times the longest pause so far, after which nobody can tell
LONGEST = 12 * 3600.0  # seconds; nothing is said of what would take longer
SMOOTH = 0.3  # weight of the newest estimate


class Pace:
    """Notes how far work is. Times are seconds of one clock, which the caller reads."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()  # (time, share)
        self._longest = 0.0  # pause between two
        self._ends = 0.0  # when it will, smoothed; 0 while unknown
        self._parts = 1

    def note(self, now: float, share: float) -> None:
        """The share of the work that is done (0 to 1). Where it falls to less than half, another part of the work has begun."""
        if self._seen and share < 0.5 * self._seen[-1][1]:
            self._seen.clear()
            self._longest, self._ends, self._parts = 0.0, 0.0, self._parts + 1
        if self._seen:
            since = now - self._seen[-1][0]
            if since < APART or share == self._seen[-1][1]:
                return
            self._longest = max(self._longest, since)
        self._seen.append((now, share))
        while len(self._seen) > 2 and now - self._seen[1][0] > WINDOW:
            self._seen.popleft()
        left = self._estimate()
        if left is None:
            self._ends = 0.0
        else:
            self._ends = now + left if not self._ends else (1.0 - SMOOTH) * self._ends + SMOOTH * (now + left)

    def said(self, now: float) -> str:
        """The time left in round words ("about 2 min left"), empty where it cannot be told."""
        if not self._ends or now - self._seen[-1][0] > max(STALLED * self._longest, LEAST_SECONDS):
            return ""
        words = round_words(self._ends - now)
        return f"{words} of this part" if words and self._parts > 1 else words

    def _estimate(self) -> float | None:
        """Seconds left after the newest note."""
        (begun, low), (now, high) = self._seen[0], self._seen[-1]
        if len(self._seen) <= LEAST_STEPS or now - begun < LEAST_SECONDS or high - low < LEAST_SHARE:
            return None
        middle = next(one for one in self._seen if one[0] >= 0.5 * (begun + now))
        if not begun < middle[0] < now:
            return None
        first, second = (middle[1] - low) / (middle[0] - begun), (high - middle[1]) / (now - middle[0])
        if min(first, second) <= 0.0 or max(first, second) > STEADY * min(first, second):
            return None
        return (1.0 - high) * (now - begun) / (high - low)


def round_words(seconds: float) -> str:
    """So many seconds as people say them, rounded more the more there are; empty beyond ``LONGEST``."""
    if not seconds <= LONGEST:
        return ""
    if seconds < 7.5:
        return "a few seconds left"
    if seconds < 55.0:
        return f"about {max(10, 10 * round(seconds / 10.0))} s left"
    if seconds < 570.0:
        return f"about {max(1, round(seconds / 60.0))} min left"
    if seconds < 3300.0:
        return f"about {5 * round(seconds / 300.0)} min left"
    hours = round(seconds / 1800.0) / 2.0
    return f"about {hours:g} h left"
