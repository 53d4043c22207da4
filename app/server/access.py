"""Who may reach the server: its user alone, a team with a password, or those whom a proxy in front lets through.

Said by whoever starts it, in the environment (never on the command line, which every user of the machine can read):

* ``MOTIVE_PASSWORD`` or ``MOTIVE_PASSWORD_FILE`` (a file whose first line it is): everyone must give it.
* ``MOTIVE_BEHIND_PROXY=1``: a proxy in front asks who they are, and nobody comes past it.
* ``MOTIVE_HOSTS``: further names, with commas, under which browsers may ask for this server.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path

from irlcore.errors import MotiveError

PASSWORD, PASSWORD_FILE, PROXY, HOSTS = "MOTIVE_PASSWORD", "MOTIVE_PASSWORD_FILE", "MOTIVE_BEHIND_PROXY", "MOTIVE_HOSTS"
SHORTEST = 8  # characters: password.py lets 30 wrong tries a minute through, so that this many, if random, last for ages
YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")


class NotServed(MotiveError):
    """The server must not be started like this."""


@dataclass(frozen=True)
class Access:
    """password: SHA-256 of what everyone must give, empty where nothing is asked. behind_proxy: a proxy asks. hosts: names, in small
    letters, that browsers may use beside those of the machine itself."""

    password: bytes = b""
    behind_proxy: bool = False
    hosts: frozenset[str] = frozenset()

    @property
    def asked(self) -> bool:
        """Whether anybody is asked who he is."""
        return bool(self.password) or self.behind_proxy


def access() -> Access:
    """What the environment says. NotServed where it cannot be meant."""
    proxy = os.environ.get(PROXY, "").strip().lower()
    if proxy not in YES | NO:
        raise NotServed(f"{PROXY} is {proxy[:20]!r}, neither 1 nor 0.",
                        "Set it to 1 where a proxy in front asks for a password, else leave it out.")
    hosts = frozenset(filter(None, re.split(r"[\s,]+", os.environ.get(HOSTS, "").lower())))
    for host in sorted(hosts):
        if not NAME.fullmatch(host) and plain_address(host) is None:
            raise NotServed(f"{HOSTS} holds {host[:60]!r}, which is no name of a host.",
                            "Write names alone, without http:// and port, with commas.")
    if proxy in YES and not hosts:
        raise NotServed(f"{PROXY} is set, but not under which name people ask the proxy.",
                        f"Set {HOSTS} to that name, say motive.example.org.")
    return Access(_password(), proxy in YES, hosts)


def _password() -> bytes:
    given, where, source = os.environ.get(PASSWORD, ""), os.environ.get(PASSWORD_FILE, ""), PASSWORD
    if where:
        if given:
            raise NotServed(f"Both {PASSWORD} and {PASSWORD_FILE} are set.", "Leave one of them out.")
        source = PASSWORD_FILE
        try:
            given = (Path(where).read_text(encoding="utf-8-sig").splitlines() or [""])[0]  # Notepad begins with a mark of UTF-8
        except OSError as error:
            raise NotServed(f"The file that {PASSWORD_FILE} names cannot be read.",
                            "See that it is there, and that the server may read it.") from error
        except UnicodeDecodeError as error:
            raise NotServed(f"The file that {PASSWORD_FILE} names is not written in UTF-8.",
                            "Save it as plain text in UTF-8; older versions of PowerShell write UTF-16 unless they are told.") from error
        if "\0" in given:  # UTF-16 without its mark, of plain letters, can be read as UTF-8
            raise NotServed(f"The file that {PASSWORD_FILE} names is not plain text in UTF-8.", "Save it as plain text in UTF-8.")
    elif PASSWORD not in os.environ:
        return b""
    if len(given) < SHORTEST:  # also where it is set and empty: it was meant to protect
        raise NotServed(f"The password of {source} has {len(given)} characters, fewer than {SHORTEST}.",
                        "Choose a longer one, best a random one.")
    return digest(given)


def digest(password: str) -> bytes:
    """What a password is kept and compared as: as long for every password, so that a comparison tells nothing."""
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()


def plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a text is, without brackets and as IPv4 where it is one; None where it is a name."""
    try:
        found = ipaddress.ip_address(text.strip("[]").split("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def is_local(address: str | None) -> bool:
    """Whether only this machine can reach what listens there. A name other than localhost may lead anywhere, none leads everywhere."""
    if not address:
        return False
    found = plain_address(address)
    return found.is_loopback if found is not None else address.lower() == "localhost"


def check_start(address: str | None, who: Access) -> None:
    """NotServed where others could come in, and nobody would ask who they are."""
    if not is_local(address) and not who.asked:
        where = f"on {address}, where others can reach it" if address else "to everyone who can reach this machine"
        raise NotServed(f"Motive would answer {where}, and nobody would ask for a password.",
                        f"Leave the address out to keep it to this machine; or set {PASSWORD}; or, behind a proxy that asks, {PROXY}=1 and "
                        f"{HOSTS}. docs/serving.md says how.")
