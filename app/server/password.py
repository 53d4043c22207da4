"""The door of a server with a password: a plain form, few wrong tries, and a pass that holds for one browser."""

from __future__ import annotations

import hashlib
import hmac
import html
import ipaddress
import secrets
import time
from collections import deque
from typing import Any

from app.server.access import digest, plain_address

PASS = "motive_pass"
ENTER = "/_motive/enter"
HOLDS = 12 * 3600.0  # seconds since a pass was last shown
FREE_TRIES = 4  # wrong ones of one address before it has to wait
LONGEST_WAIT = 60.0  # seconds
FORGOTTEN = 900.0  # seconds after which an address begins anew
A_MINUTE = 30  # wrong tries of all addresses together: many addresses are cheap
MOST = 10_000  # passes, addresses and visitors remembered


class Door:
    """Who may come in. For one thread, the server's loop; a restart forgets all passes."""

    def __init__(self, password: bytes) -> None:
        self._password = password
        self._passes: dict[bytes, tuple[str, float]] = {}
        self._known: dict[bytes, None] = {}
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lately: deque[float] = deque()

    def wait(self, address: str, visitor: str) -> float:
        """Seconds until the next try of a visitor from an address is looked at; 0 where it may be now. Who has been inside before does not
        wait for the tries of all others: they could keep a whole team out."""
        now = time.monotonic()
        many, last = self._wrong.get(_place(address), (0, 0.0))
        own = last + min(2.0 ** (many - FREE_TRIES), LONGEST_WAIT) - now if many >= FREE_TRIES and now - last < FORGOTTEN else 0.0
        while self._lately and self._lately[0] < now - 60.0:
            self._lately.popleft()
        known = bool(visitor) and _mark(visitor) in self._known
        of_all = self._lately[0] + 60.0 - now if len(self._lately) >= A_MINUTE and not known else 0.0
        return max(own, of_all, 0.0)

    def enter(self, address: str, password: str, visitor: str) -> str:
        """A pass for this visitor, empty where the password is wrong. To be asked only when there is nothing to wait for."""
        now, place = time.monotonic(), _place(address)
        if not hmac.compare_digest(digest(password), self._password):
            many, last = self._wrong.pop(place, (0, now))
            self._wrong[place] = (many + 1 if now - last < FORGOTTEN else 1, now)
            self._lately.append(now)
            _trim(self._wrong)
            return ""
        self._wrong.pop(place, None)
        new = secrets.token_urlsafe(32)
        self._passes[_mark(new)] = visitor, now
        _trim(self._passes)
        self._known.pop(_mark(visitor), None)
        self._known[_mark(visitor)] = None
        _trim(self._known)
        return new

    def admits(self, shown: str, visitor: str) -> bool:
        """Whether a pass holds, for the visitor that it was made for."""
        mark, now = _mark(shown), time.monotonic()
        whose, last = self._passes.get(mark, ("", 0.0))
        if not visitor or whose != visitor:
            return False
        if now - last > HOLDS:
            del self._passes[mark]
            return False
        self._passes[mark] = visitor, now
        return True


def _place(address: str) -> str:
    """What tries are counted for: an address, of IPv6 the network of it, since whoever has one has 2**64 addresses."""
    found = plain_address(address)
    return str(ipaddress.ip_network((found, 64), strict=False)) if isinstance(found, ipaddress.IPv6Address) else address


def _mark(shown: str) -> bytes:
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).digest()


def _trim(kept: dict[Any, Any]) -> None:
    while len(kept) > MOST:
        kept.pop(next(iter(kept)))


def form(action: str, then: str, note: str = "", open_line: bool = False) -> str:
    """The page that asks. action: where it is sent; then: the page to go on to; note: what to say, a wrong password; open_line: what is
    typed can be read on its way."""
    said = f'<p role="alert">{html.escape(note)}</p>' if note else ""
    warned = "<p class=warn>This connection is not encrypted: what you type can be read on its way.</p>" if open_line else ""
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Motive</title><link rel="icon" href="data:,"><style>
:root{{color-scheme:light dark}}body{{font:15px/1.5 sans-serif;max-width:21rem;margin:20vh auto;padding:0 1rem}}
h1{{font-size:1.5rem}}input,button{{font:inherit;box-sizing:border-box;width:100%;padding:.5rem;margin:.3rem 0}}
button{{background:#0072B2;color:#fff;border:0;border-radius:.5rem}}.warn{{font-size:.9em}}</style></head>
<body><h1>Motive</h1>{said}<form method="post" action="{html.escape(action)}"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<input type="hidden" name="then" value="{html.escape(then)}"><button>Enter</button></form>{warned}</body></html>"""
