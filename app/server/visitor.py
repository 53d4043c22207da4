"""Who is looking: one browser, told from others by a secret cookie that no script can read and that never stands in an address."""

from __future__ import annotations

import hashlib

import streamlit as st

COOKIE = "motive"
SHORTEST = 32  # characters of a secret that the gate has made; what is shorter was made up by hand


def visitor() -> str:
    """A name for this browser (a digest of its secret, fit for a folder), empty where it sends none: then nothing can be kept for it."""
    secret = st.context.cookies.get(COOKIE, "")
    return hashlib.sha256(secret.encode()).hexdigest()[:32] if len(secret) >= SHORTEST else ""
