"""Whether this server serves only the one who sits at it: then it may read what that one can read anyway."""

from __future__ import annotations

import streamlit as st

from app.server.access import access, is_local


def serves_one() -> bool:
    """Whether the server listens on a loopback address alone, for nobody who comes by password or through a proxy (a proxy on this
    machine speaks for others, from a loopback address)."""
    return is_local(st.get_option("server.address")) and not access().asked
