"""Times as people say them: the hour of the clock beside the reader where his time zone is known, else UTC, and always which of them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def zone_of(name: str | None) -> tzinfo:
    """The zone of a name such as "Asia/Shanghai", UTC where there is none of it here."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, OSError, LookupError):  # a browser may send what it likes, and the machine may know no zones
        return UTC


def when(made: str, zone: tzinfo, now: datetime | None = None) -> str:
    """An ISO time as "14:03, 25 November", with its year where it is not this one, and "UTC" where that is the zone; empty where the text
    is no time."""
    then = _then(made, zone)
    if then is None:
        return ""
    year = f" {then.year}" if then.year != (now or datetime.now(UTC)).astimezone(zone).year else ""
    return f"{then:%H:%M}{_utc(zone)}, {then.day} {MONTHS[then.month - 1]}{year}"


def short_when(made: str, zone: tzinfo, now: datetime | None = None) -> str:
    """The same for a narrow list: "14:03" of today, else "25 Nov 14:03", with the year where it is not this one."""
    then = _then(made, zone)
    if then is None:
        return ""
    today = (now or datetime.now(UTC)).astimezone(zone)
    year = f" {then.year}" if then.year != today.year else ""
    day = "" if then.date() == today.date() else f"{then.day} {MONTHS[then.month - 1][:3]}{year} "
    return f"{day}{then:%H:%M}"


def zone_words(zone: tzinfo) -> str:
    """What a list of times says once: whose they are."""
    return "Times are UTC." if zone is UTC else f"Times are of {zone}."


def _then(made: str, zone: tzinfo) -> datetime | None:
    try:
        then = datetime.fromisoformat(made)
        return (then if then.tzinfo else then.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _utc(zone: tzinfo) -> str:
    return " UTC" if zone is UTC else ""
