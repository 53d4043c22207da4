"""``motive app``: Motive in the browser, with the settings it needs, from whatever folder it is called."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from app.server.access import NotServed, access, check_start, plain_address
from irlcore.cli import command

SCRIPT = Path(__file__).resolve().parents[1] / "streamlit_app.py"
HERE = "127.0.0.1"
TAKEN = (errno.EADDRINUSE, errno.EACCES, errno.EPERM)  # of the port, and not of the address
EPILOG = """Motive answers this machine only, unless another address is given. Then it asks for a password, which is taken from the
environment: MOTIVE_PASSWORD, or MOTIVE_PASSWORD_FILE for a file that holds it; it does not start without one. docs/serving.md says how to
serve a team, with encryption or behind a proxy. MOTIVE_LIMITS sets how large what people open may be."""


def parser() -> argparse.ArgumentParser:
    """Of the command line."""
    app = argparse.ArgumentParser(prog="motive app", description="Start Motive and open it in the browser.", epilog=EPILOG)
    app.add_argument("--address", default=HERE, help=f"where to listen: {HERE} (the default) is this machine alone, 0.0.0.0 everyone who "
                                                     "can reach it")
    app.add_argument("--port", type=_port, help="the port; left out, 8501 or the next one that is free")
    app.add_argument("--no-browser", action="store_true", help="do not open a browser, only say where Motive is")
    return app


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: it must be a number from 1 to 65535")
    return int(text)


def flags(address: str, port: int | None) -> list[str]:
    """What ``streamlit run`` is called with. app/.streamlit/config.toml says the same; this holds where that is not read."""
    said = {"server.address": address, "server.headless": "true", "server.showEmailPrompt": "false", "browser.gatherUsageStats": "false",
            "logger.hideWelcomeMessage": "true", "server.fileWatcherType": "none", **({} if port is None else {"server.port": str(port)})}
    return ["run", str(SCRIPT), *(part for name, value in said.items() for part in (f"--{name}", value))]


def check_listening(address: str, port: int | None) -> None:
    """NotServed where nobody can listen there. Without a port the address alone is tried: Streamlit looks for a port that is free, and
    ends in a traceback where the address is not this machine's."""
    if address.startswith("unix://"):  # a socket that is a file: Streamlit makes it
        return
    found = plain_address(address)
    kind = socket.AF_INET6 if found is not None and found.version == 6 else socket.AF_INET
    try:
        with contextlib.closing(socket.socket(kind)) as tried:
            if os.name != "nt":  # there it would share the port with whoever has it
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address, port or 0))
    except (OSError, UnicodeError) as error:  # the second of a name that is none
        why = getattr(error, "strerror", None) or error
        if port is None or getattr(error, "errno", None) not in TAKEN:
            raise NotServed(f"Motive cannot listen on {address}: {why}.",
                            "Give an address of this machine with --address, or leave it out.") from error
        raise NotServed(f"Motive cannot listen on port {port} of {address}: {why}.",
                        "Choose another with --port, or leave it out: then the next free one is taken.") from error


def run(arguments: Sequence[str]) -> int:
    """Serve until it is ended, by Ctrl+C too; the exit code is 2 where Motive must not be started like this."""
    asked = parser().parse_args(arguments)
    try:
        check_start(asked.address, access())
        check_listening(asked.address, asked.port)
    except NotServed as error:
        print(f"{error.what}\nWhat to do: {error.fix}", file=sys.stderr)
        return 2
    import click
    from streamlit.web import cli  # takes a second, which a refusal or --help need not

    from app.server import start

    if not asked.no_browser:
        start.open_browser()
    try:
        cli.main(args=flags(asked.address, asked.port), prog_name="streamlit", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        pass
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The whole command line, of which this is one command."""
    return command.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
