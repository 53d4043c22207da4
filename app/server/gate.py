"""The gate: every request and every stream goes through it before Streamlit sees it (ASGI middleware).

It knows a visitor by a secret cookie, asks for the password where there is one, answers only to the machine's own names, hands out each
file and each session to its own visitor alone, refuses what comes from pages of other hosts, and tells the browser what a page may do.
"""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Iterable
from urllib.parse import parse_qs, quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.access import Access, is_local, plain_address
from app.server.handed import Handed
from app.server.password import ENTER, PASS, Door, form
from app.server.policy import ALWAYS, FILE, FORM, page_policy
from app.server.visitor import COOKIE

SECRET = re.compile(r"[A-Za-z0-9_-]{40,128}")  # what token_urlsafe(32) makes has 43 characters
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
CORE, STREAM, HEALTH, UPLOAD, MEDIA = "/_stcore/", "/_stcore/stream", "/_stcore/health", "/_stcore/upload_file/", "/media/"
HOST_CONFIG = "/_stcore/host-config"
SERVED = (HEALTH, HOST_CONFIG, UPLOAD, "/_stcore/bidi-components/")  # metrics, agents and the rest are not
NO_COOKIE = ("Motive tells by a cookie whose work is whose, and this browser keeps none. "
             "Allow cookies for this address, then load the page again.")
A_YEAR = 365 * 24 * 3600
MOST_TYPED = 4096  # bytes of the password form
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "cf-connecting-ip", "true-client-ip",
             "via")  # what proxies and tunnels add, each its own


class Gate:
    """Middleware round Streamlit's application. base: the path that all addresses begin with where a proxy wants one, without slashes at
    the ends."""

    def __init__(self, app: ASGIApp, access: Access, base: str = "") -> None:
        self._app, self._access = app, access
        self._base = f"/{base}" if base else ""
        self._handed, self._door = Handed(), Door(access.password)
        self._names = {"localhost", socket.gethostname().lower(), *access.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _path(self, scope: Scope) -> str:
        path: str = scope["path"]
        return path.removeprefix(self._base) or "/"

    def _stranger(self, scope: Scope, headers: Headers) -> str:
        """Why nobody may ask like this, empty where it is in order."""
        host = HOST.fullmatch(headers.get("host", ""))
        own = (scope.get("server") or ("", None))
        if not self._access.asked:
            if own[1] is not None and not is_local(own[0]):
                return "This server has no password, so it answers its own machine only."
            if any(name in headers for name in FORWARDED):
                return "This came through a proxy, and the server was not told that one is there: docs/serving.md says how."
        if host is None:
            return "The request does not say which host it is for."
        name = host["name"].lower().rstrip(".")
        address = plain_address(name)
        if name in self._names or (address is not None and (address.is_loopback or address == plain_address(str(own[0])))):
            return ""
        return "Motive does not answer to this name. Whoever runs it may add the name to MOTIVE_HOSTS."

    def _foreign(self, headers: Headers) -> bool:
        """Whether a page of another host asks. Programs that are no browser name no origin."""
        origin = headers.get("origin")
        try:
            return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
        except ValueError:  # no address at all
            return True

    def _admitted(self, cookies: dict[str, str], visitor: str) -> bool:
        return not self._access.password or self._door.admits(cookies.get(PASS, ""), visitor)

    def _secure(self, scope: Scope, headers: Headers) -> bool:
        """Whether the visitor's own connection is encrypted."""
        return scope["scheme"] in ("https", "wss") or (self._access.behind_proxy and headers.get("x-forwarded-proto") == "https")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, path, method = Headers(scope=scope), self._path(scope), scope["method"]
        if path == HEALTH:
            await self._app(scope, receive, _with(send, ALWAYS))
            return
        if why := self._stranger(scope, headers):
            await _say(send, 403, why)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        visitor = _visitor(cookies)
        if method not in ("GET", "HEAD") and self._foreign(headers):
            await _say(send, 403, "Pages of other hosts may not send anything here.")
        elif path == ENTER and method == "POST" and self._access.password:
            await self._enter(scope, receive, send, headers, visitor)
        elif not self._admitted(cookies, visitor):
            if method not in ("GET", "HEAD") or path.startswith((CORE, MEDIA, "/static/")):
                await _say(send, 401, "A password is needed: open the page first.")
            else:
                query = scope["query_string"].decode("latin-1")
                await self._ask(scope, send, headers, visitor, path + (f"?{query}" if query else ""))
        elif (path.startswith(CORE) and not path.startswith(SERVED)) or path.startswith("/component/"):
            await _say(send, 404, "Not found")
        elif path == HOST_CONFIG and not visitor:  # the first that a page asks after it was given the cookie; it shows what it is told
            await _say(send, 400, f'"{NO_COOKIE}"')
        elif path.startswith(UPLOAD):
            if self._handed.has_session(visitor, path.removeprefix(UPLOAD).split("/")[0]):
                await self._app(scope, receive, _with(send, ALWAYS))
            else:
                await _say(send, 404, "Not found")
        elif path.startswith(MEDIA):
            if self._handed.has_file(visitor, path.removeprefix(MEDIA)):
                await self._app(scope, receive, _with(send, {**ALWAYS, "content-security-policy": FILE, "cache-control": "no-store"}))
            else:
                await _say(send, 404, "Not found")
        elif path.startswith((CORE, "/static/")):
            await self._app(scope, receive, _with(send, ALWAYS))
        else:
            page = {**ALWAYS, "content-security-policy": page_policy(headers["host"]), "cache-control": "no-store"}
            await self._app(scope, receive, _with(send, page, [self._cookie(visitor, self._secure(scope, headers))]))

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, cookies = Headers(scope=scope), cookie_parser(Headers(scope=scope).get("cookie", ""))
        visitor = _visitor(cookies)
        if (self._path(scope) != STREAM or self._stranger(scope, headers) or self._foreign(headers) or not visitor
                or not self._admitted(cookies, visitor)):
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the browser sees 403
            return
        asked = [one.strip() for one in headers.get("sec-websocket-protocol", "").split(",")]
        if len(asked) > 2 and not self._handed.has_session(visitor, asked[2]):  # asks to go on with a session, which must be his
            scope = {**scope, "headers": [(name, ", ".join(asked[:2]).encode("latin-1") if name == b"sec-websocket-protocol" else value)
                                          for name, value in scope["headers"]]}
        known = False

        async def told(message: Message) -> None:
            nonlocal known
            if message["type"] == "websocket.send" and message.get("bytes"):
                known = self._handed.note(visitor, message["bytes"], known)
            await send(message)

        self._handed.opened(visitor)
        try:
            await self._app(scope, receive, told)
        finally:
            self._handed.closed(visitor)

    def _cookie(self, visitor: str, secure: bool, name: str = COOKIE, lasts: int | None = A_YEAR) -> tuple[bytes, bytes]:
        """Lax, not Strict: who follows a link in a letter sends no strict cookie, would be given a new one, and lose his projects. Nothing
        is done by a GET here, and neither streams, files nor what is sent from other hosts' pages carry a lax one."""
        value = visitor or secrets.token_urlsafe(32)
        text = f"{name}={value}; HttpOnly; SameSite=Lax; Path=/" + (f"; Max-Age={lasts}" if lasts else "") + ("; Secure" if secure else "")
        return b"set-cookie", text.encode()

    async def _ask(self, scope: Scope, send: Send, headers: Headers, visitor: str, then: str, note: str = "", status: int = 401,
                   extra: Iterable[tuple[bytes, bytes]] = ()) -> None:
        secure = self._secure(scope, headers)
        open_line = not secure and not is_local((scope.get("client") or ("",))[0])
        text = form(self._base + ENTER, then, note, open_line).encode()
        # with no-referrer a browser would not say where the form came from, and it would be taken for another host's
        told = {**ALWAYS, "referrer-policy": "same-origin", "content-security-policy": FORM, "cache-control": "no-store",
                "content-type": "text/html; charset=utf-8", "content-length": str(len(text))}
        await _send(send, status, told, text, [self._cookie(visitor, secure), *extra])

    async def _enter(self, scope: Scope, receive: Receive, send: Send, headers: Headers, visitor: str) -> None:
        address = str((scope.get("client") or ("",))[0])
        typed = parse_qs((await _body(receive)).decode("utf-8", "replace"))
        then = typed.get("then", ["/"])[0]
        if not re.fullmatch(r"/(?![/\\])[^\s\\]*", then):  # a path of this server, nothing that a browser takes for another host
            then = "/"
        then = quote(then, safe="/?&=%:@+,;~!$'()*[]")  # a header has no place for letters beyond ASCII
        if (wait := self._door.wait(address, visitor)) > 0:
            seconds = int(wait) + 1
            await self._ask(scope, send, headers, visitor, then, f"Too many wrong passwords. Wait {seconds} s, then try again.", 429,
                            [(b"retry-after", str(seconds).encode())])
            return
        if not visitor:  # the form came with a cookie
            await self._ask(scope, send, headers, visitor, then, NO_COOKIE, 400)
            return
        new = self._door.enter(address, typed.get("password", [""])[0], visitor)
        if not new:
            await self._ask(scope, send, headers, visitor, then, "That is not the password.")
            return
        secure = self._secure(scope, headers)
        await _send(send, 303, {**ALWAYS, "location": self._base + then, "cache-control": "no-store", "content-length": "0"}, b"",
                    [self._cookie(visitor, secure), self._cookie(new, secure, PASS, None)])


def _visitor(cookies: dict[str, str]) -> str:
    """The visitor's secret, empty where there is none that the gate could have made."""
    found = cookies.get(COOKIE, "")
    return found if SECRET.fullmatch(found) else ""


async def _body(receive: Receive) -> bytes:
    """What a form sends, empty where it is longer than any password."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_TYPED or message["type"] != "http.request":
            return b""
        if not message.get("more_body", False):
            return body


def _with(send: Send, headers: dict[str, str], extra: Iterable[tuple[bytes, bytes]] = ()) -> Send:
    """``send``, with these headers instead of those of the same names, and ``extra`` beside."""
    put = [*((name.encode(), value.encode("latin-1")) for name, value in headers.items()), *extra]
    names = {name.encode() for name in headers}

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*((n, v) for n, v in message.get("headers", ()) if n.lower() not in names), *put]}
        await send(message)

    return told


async def _say(send: Send, status: int, what: str) -> None:
    body = what.encode()
    await _send(send, status, {**ALWAYS, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store",
                               "content-security-policy": FILE, "content-length": str(len(body))}, body)


async def _send(send: Send, status: int, headers: dict[str, str], body: bytes, extra: Iterable[tuple[bytes, bytes]] = ()) -> None:
    told = _with(send, headers, extra)
    await told({"type": "http.response.start", "status": status, "headers": []})
    await told({"type": "http.response.body", "body": body})
