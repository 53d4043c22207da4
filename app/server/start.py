"""How the server is set up, however it was started: what must hold, whether it may be reached, and the line that says where it is."""

from __future__ import annotations

import asyncio
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from streamlit import config

from app.server import kernel_cache
from app.server.access import PASSWORD, PROXY, NotServed, access, check_start, is_local
from app.server.downloads import let_downloads_last, let_downloads_tell
from app.server.gate import Gate
from app.server.letting_go import let_go_again_and_again
from app.server.loading import load_everything
from app.server.reruns import let_clicks_stand
from irlcore.errors import MotiveError

REFUSED = 2  # exit code
MUST: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],  # pages that may steer Motive from around it
    "client.disableDataExport": True,  # that file would let a spreadsheet run what a name says; those of Motive's own pages do not
    "client.showErrorLinks": "false",  # to search for an error elsewhere
    "global.developmentMode": False,
    "global.e2eTest": False,  # lets any page end the server
    "server.corsAllowedOrigins": [],
    "server.enableAgentApi": False,
    "server.enableCORS": True,  # Streamlit's name for guarding against other origins
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.trustedUserHeaders": {},
}
"""Settings of Streamlit that no file, variable or flag may change, since what Motive promises rests on them."""

_browser = False


def open_browser() -> None:
    """Once the server answers, open Motive in this user's browser."""
    global _browser
    _browser = True


def enforce() -> None:
    """Put every setting of ``MUST`` in force."""
    for name, value in MUST.items():
        if config.get_option(name) != value:
            config.set_option(name, value)


def guarded() -> dict[str, Any]:
    """Arguments of Streamlit's ``App``: the gate, and what is said at the start. Ends the process where it must not be served like this."""
    address = config.get_option("server.address")
    try:
        who = access()
        check_start(address, who)
    except NotServed as error:
        refuse(error)
    enforce()
    load_everything()  # here, since what follows starts threads
    let_downloads_last()
    let_downloads_tell()
    let_clicks_stand()
    config.on_config_parsed(enforce, force_connect=True)  # a changed file of settings is read again while the server runs
    if who.password and not is_local(address) and not who.behind_proxy and not config.get_option("server.sslCertFile"):
        print(f"Motive warns: {PASSWORD} travels unencrypted to {address}. docs/serving.md says how to encrypt it.", file=sys.stderr)
    if who.behind_proxy and not is_local(address):
        print(f"Motive warns: with {PROXY}, whoever reaches {address} without the proxy comes in unasked. Let only the proxy reach it.",
              file=sys.stderr)
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return {"middleware": [Middleware(Gate, access=who, base=base)], "lifespan": _announced}


def refuse(error: MotiveError) -> None:
    """Say why Motive does not start, and end."""
    print(f"{error.what}\nWhat to do: {error.fix}", file=sys.stderr)
    raise SystemExit(REFUSED)


def url() -> str:
    """Where a browser of this machine finds the server."""
    address = config.get_option("server.address") or ""
    host = "localhost" if address in ("", "0.0.0.0", "::") else f"[{address}]" if ":" in address else address
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'https' if config.get_option('server.sslCertFile') else 'http'}://{host}:{config.get_option('server.port')}/{base}"


@asynccontextmanager
async def _announced(app: object) -> AsyncIterator[None]:
    print(f"Motive is at {url()} (Ctrl+C ends it)", flush=True)
    threading.Thread(target=kernel_cache.begin, daemon=True).start()  # in a process of its own where the cache is cold
    if _browser:
        threading.Thread(target=webbrowser.open, args=(url(),), daemon=True).start()  # its port is open, and answers in a moment
    letting_go = asyncio.create_task(let_go_again_and_again())
    yield
    letting_go.cancel()
