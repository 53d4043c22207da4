"""A gate by itself, with something behind it that stands for Streamlit, asked as a browser would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from app.server.access import Access, digest
from app.server.gate import Gate

HERE, VISITOR, OTHER = "127.0.0.1:8501", "v" * 43, "o" * 43
TEAM = Access(password=digest("correct horse"))


@dataclass
class Behind:
    """Stands for Streamlit: remembers what came through, answers a page; over a stream it sends ``sends``."""

    seen: list[Any] = field(default_factory=list)
    sends: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            for one in self.sends:
                await send({"type": "websocket.send", "bytes": one})
            await receive()
        else:
            headers = [(b"content-type", b"text/html"), (b"cache-control", b"public")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"inside"})


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


class Client:
    """Asks a gate, over a socket at ``socket``."""

    def __init__(self, access: Access | None = None, base: str = "", socket: str = "127.0.0.1") -> None:
        self.behind = Behind()
        self.gate = Gate(self.behind, access or Access(), base)
        self.socket = socket

    def scope(self, kind: str, path: str, headers: dict[str, str], scheme: str, client: str) -> dict[str, Any]:
        path, _, query = path.partition("?")
        told = {"host": HERE, **headers}
        return {"type": kind, "path": path, "query_string": query.encode(), "scheme": scheme, "client": (client, 5),
                "server": (self.socket, 8501), "headers": [(k.encode(), v.encode()) for k, v in told.items() if v]}

    def ask(self, path: str = "/", method: str = "GET", body: bytes = b"", scheme: str = "http", client: str = "127.0.0.1",
            visitor: str = VISITOR, **headers: str) -> Answer:
        told: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            told.append(message)

        given = {**({"cookie": f"motive={visitor}"} if visitor else {}), **{k.replace("_", "-"): v for k, v in headers.items()}}
        asyncio.run(self.gate({**self.scope("http", path, given, scheme, client), "method": method}, receive, send))
        raw = told[0]["headers"]
        return Answer(told[0]["status"], {k.decode(): v.decode() for k, v in raw}, [v.decode() for k, v in raw if k == b"set-cookie"],
                      b"".join(m.get("body", b"") for m in told[1:]).decode())

    def stream(self, path: str = "/_stcore/stream", visitor: str = VISITOR, sends: tuple[bytes, ...] = (), **headers: str) -> list[str]:
        """The kinds of message that a page which opens a stream gets."""
        told: list[Any] = []

        async def receive() -> Any:
            return {"type": "websocket.disconnect"}

        async def send(message: Any) -> None:
            told.append(message)

        self.behind.sends = list(sends)
        given = {"origin": f"http://{HERE}", **({"cookie": f"motive={visitor}"} if visitor else {}),
                 **{k.replace("_", "-"): v for k, v in headers.items()}}
        asyncio.run(self.gate(self.scope("websocket", path, given, "ws", "127.0.0.1"), receive, send))
        return [m["type"] for m in told]


def message(session: str = "", file: str = "") -> bytes:
    made = ForwardMsg()
    if session:
        made.new_session.initialize.session_id = session
    else:
        made.delta.new_element.download_button.url = file
    return made.SerializeToString()
