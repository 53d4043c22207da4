"""Whether this server serves only the one who sits at it: then it may read what that one can read anyway."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address

import streamlit as st

OPENED_BY = ("MOTIVE_PASSWORD", "MOTIVE_PASSWORD_FILE", "MOTIVE_BEHIND_PROXY")
"""Whatever is set of these says that others come in too: a proxy on this machine speaks for them, from a loopback address."""


def is_local() -> bool:
    """Whether the server listens on a loopback address alone, for nobody who comes by password or through a proxy."""
    return serves_one(str(st.get_option("server.address") or ""), os.environ)


def serves_one(address: str, environment: Mapping[str, str]) -> bool:
    """The same of an address to listen on (empty: all of them) and an environment."""
    if any(environment.get(name) for name in OPENED_BY):
        return False
    if address == "localhost":
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
