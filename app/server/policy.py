"""What a browser is told that a page of Motive may do: nothing with any other host, and nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import streamlit

SCROLL = "document.querySelector('.st-key-change_card')?.scrollIntoView({block: 'nearest'})"
"""The one script that a page of Motive brings itself: it moves the change card into sight."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join([*(f"{one}=()" for one in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
        "screen-wake-lock", "usb", "xr-spatial-tracking")), "fullscreen=(self)", "clipboard-write=(self)"]),
}
"""Headers of every answer."""

FILE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For a file that was asked for by itself: a picture (SVG) or a download that someone opens runs no script here."""

FORM = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""For the password page, which has no script at all."""


def page_policy(host: str) -> str:
    """The content-security policy of Motive's page, as asked for under ``host`` (with its port, checked to hold nothing else).

    script-src: blob: because Streamlit brings a component's JavaScript, the map's, that way; 'wasm-unsafe-eval' because Streamlit's
    reader of messages tries WebAssembly, but no text becomes a script ('unsafe-eval'): what would need that, plotly's WebGL traces, is not
    used; inline scripts only those whose hash is known. style-src: Streamlit's styles are all made in the page. img-src, font-src: what
    pages and plots carry in themselves. connect-src names the websocket too, which 'self' does not mean in every browser.
    """
    scripts = " ".join(f"'sha256-{one}'" for one in known_scripts())
    return "; ".join((
        "default-src 'none'", f"script-src 'self' blob: 'wasm-unsafe-eval' {scripts}", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", f"connect-src 'self' ws://{host} wss://{host}", "frame-src 'none'",
        "worker-src 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'self'"))


@lru_cache(maxsize=1)
def known_scripts() -> tuple[str, ...]:
    """Base64 of the SHA-256 of every inline script that may run: Streamlit's own in its start page, as installed, and ``SCROLL``."""
    start = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", start, re.DOTALL)
    return tuple(base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in [*inline, SCROLL])
