"""Whom a program asks for anything: every name that it looks up and every connection that it begins."""

from __future__ import annotations

from pathlib import Path

EAR = """
import sys
def say(line):
    with open({log!r}, "a") as log:
        print(line, file=log)
def hear(event, args):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        say(args[0])
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(args[1], tuple):  # a path is no host
        say(args[1][0])
sys.addaudithook(hear)
say("hears")
"""
"""Python itself tells of every name looked up and every connection begun, a host each line."""
OWN = {"127.0.0.1", "::1", "localhost"}
"""What leads nowhere but to this machine."""


def ear(folder: Path) -> None:
    """For Pythons that find ``folder`` on their path: they say what they ask for."""
    (folder / "sitecustomize.py").write_text(EAR.format(log=str(folder / "heard")), encoding="utf-8")


def heard(folder: Path) -> set[str]:
    """The hosts that were asked for. AssertionError where no Python was heard at all."""
    said = folder / "heard"
    first, *rest = said.read_text(encoding="utf-8").splitlines() if said.exists() else [""]
    assert first == "hears"
    return {*rest} - {"hears"}
