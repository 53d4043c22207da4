"""The gate, by itself: what it lets through, what it refuses, and what it tells the browser."""

from __future__ import annotations

import json
import re

import pytest

from app.server.access import Access
from app.server.gate import NO_COOKIE
from tests.app.server.asking import HERE, OTHER, TEAM, Client, message


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST", "localhost.:8501", "[::1]:8501", "127.0.0.2"])
def test_the_machines_own_names_are_answered(host: str) -> None:
    assert Client().ask(host=host).body == "inside"


@pytest.mark.parametrize("host", ["evil.example:8501", "127.0.0.1.evil.example", "192.168.1.7", "localhost@evil.example",
                                  "evil.example#localhost", "localhost;x", "localhost:8501 evil", "", "localhost, evil", "[::2]",
                                  "2130706433"])
def test_other_names_are_not_whatever_address_they_lead_to(host: str) -> None:
    """Else a page of another site whose name was made to lead here would be of this origin (DNS rebinding)."""
    client = Client()
    refused = client.ask(host=host)
    assert refused.status == 403 and not client.behind.seen and (not host or host not in refused.body)
    assert client.stream(host=host) == ["websocket.close"] and not client.behind.seen
    assert client.ask("/_stcore/health", host=host).body == "inside"


def test_names_that_were_allowed_and_the_sockets_own_address_are_answered() -> None:
    client = Client(Access(TEAM.password, hosts=frozenset({"motive.example.org"})), socket="192.168.1.7")
    for host in ("motive.example.org", "MOTIVE.example.org:443", "192.168.1.7:8501", "localhost"):
        assert client.ask(host=host).status == 401, host
    for host in ("x.motive.example.org", "192.168.1.8"):
        assert client.ask(host=host).status == 403, host


@pytest.mark.parametrize("socket", ["192.168.1.7", "0.0.0.0", "::ffff:10.0.0.2", "fe80::1"])
def test_without_a_password_nothing_is_answered_over_a_socket_that_others_reach(socket: str) -> None:
    """Whatever the server was told at its start: another program may have opened the socket."""
    client = Client(socket=socket)
    assert client.ask().status == 403 and client.stream() == ["websocket.close"] and not client.behind.seen


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_forwarded_host", "x_forwarded_proto", "x_real_ip", "via",
                                    "cf_connecting_ip"])
def test_a_proxy_that_nobody_spoke_of_is_not_served(header: str) -> None:
    client = Client()
    assert client.ask(**{header: "1.2.3.4"}).status == 403 and client.stream(**{header: "1.2.3.4"}) == ["websocket.close"]
    spoken = Client(Access(behind_proxy=True, hosts=frozenset({"motive.example.org"})))
    assert spoken.ask(host="motive.example.org", **{header: "1.2.3.4"}).body == "inside"


def test_every_answer_tells_the_browser_what_it_may_do() -> None:
    client = Client()
    client.stream(sends=(message("s"), message(file="/media/f.csv")))
    answers = {path: client.ask(path) for path in ("/", "/tracks", "/static/js/x.js", "/_stcore/health", "/_stcore/metrics", "/media/f.csv",
                                                   "/media/none.csv")}
    for path, answer in {**answers, "refused": client.ask(host="evil.example")}.items():
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["referrer-policy"] == "no-referrer", path
        assert answer.headers["cross-origin-opener-policy"] == "same-origin" and answer.headers["x-frame-options"] == "DENY", path
        assert answer.headers["cross-origin-resource-policy"] == "same-origin" and "camera=()" in answer.headers["permissions-policy"], path
    policy = answers["/tracks"].headers["content-security-policy"]
    assert all(one in policy for one in ("default-src 'none'", f"connect-src 'self' ws://{HERE} wss://{HERE};", "frame-ancestors 'none'",
                                         "object-src 'none'", "form-action 'self'", "base-uri 'self'"))
    assert not re.search(r"https?:|\*|script-src[^;]*'unsafe-(?:inline|eval)'|script-src[^;]* data:", policy)
    assert "script-src 'self' blob: " in policy  # the map's JavaScript
    assert answers["/"].headers["cache-control"] == answers["/media/f.csv"].headers["cache-control"] == "no-store"
    assert "sandbox" in answers["/media/f.csv"].headers["content-security-policy"]
    assert answers["/static/js/x.js"].headers["cache-control"] == "public"


def test_a_page_makes_a_visitor_of_its_browser() -> None:
    client = Client()
    (first,), (second,) = client.ask(visitor="").cookies, client.ask("/tracks?x=1", visitor="").cookies
    made = re.fullmatch(r"motive=([A-Za-z0-9_-]{43}); HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000", first)
    assert made and first != second
    assert client.ask(visitor=made[1]).cookies == [first]  # kept, for another year
    assert client.ask(visitor="", scheme="https").cookies[0].endswith("; Secure")
    assert not any(client.ask(path, visitor="").cookies for path in ("/static/js/x.js", "/_stcore/host-config", "/_stcore/health"))


def test_a_browser_that_keeps_no_cookie_is_told_so_in_the_answer_that_its_page_shows() -> None:
    """Its stream is refused, and the page stayed empty for ever."""
    client = Client()
    told = client.ask("/_stcore/host-config", visitor="")
    assert told.status == 400 and json.loads(told.body) == NO_COOKIE and not client.behind.seen
    assert client.ask("/_stcore/host-config").body == client.ask("/_stcore/health", visitor="").body == "inside"


@pytest.mark.parametrize("poor", ["short", "x" * 39, "x" * 129, "x" * 42 + "!", "x" * 30 + "%0d%0a" + "x" * 10, '"' + "x" * 43])
def test_a_secret_that_the_gate_cannot_have_made_is_replaced(poor: str) -> None:
    client = Client()
    (cookie,) = client.ask(visitor=poor).cookies
    assert poor not in cookie and re.match(r"motive=[A-Za-z0-9_-]{43};", cookie)
    assert client.stream(visitor=poor) == ["websocket.close"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/openapi.json",
                                  "/_stcore/script-health-check", "/_stcore/", "/component/x/y", "/_stcore/stream"])
def test_what_motive_does_not_need_is_not_there(path: str) -> None:
    client = Client()
    assert client.ask(path).status == 404 and client.ask(path, "POST").status == 404 and not client.behind.seen


def test_files_and_uploads_are_their_visitors_alone() -> None:
    client = Client()
    client.stream(sends=(message("s-1"), message(file="/media/f.csv")))
    client.stream(visitor=OTHER, sends=(message("s-2"),))
    client.behind.seen.clear()
    for visitor in (OTHER, ""):
        assert client.ask("/media/f.csv", visitor=visitor).status == client.ask("/media/none.csv", visitor=visitor).status == 404
        assert client.ask("/media/f.csv", "HEAD", visitor=visitor).status == 404
        assert client.ask("/_stcore/upload_file/s-1/f", "PUT", visitor=visitor).status == 404
        assert client.ask("/_stcore/upload_file/s-1/f", "DELETE", visitor=visitor).status == 404
    assert client.ask("/_stcore/upload_file/s-2/../s-1/f", "PUT").status == 404 and not client.behind.seen
    assert client.ask("/media/f.csv").body == client.ask("/_stcore/upload_file/s-1/f", "PUT").body == "inside"


def test_a_page_goes_on_with_its_own_session_alone() -> None:
    client = Client()
    client.stream(sends=(message("s-1"),))
    client.stream(sec_websocket_protocol="streamlit, token, s-1")
    client.stream(visitor=OTHER, sec_websocket_protocol="streamlit, token, s-1")
    asked = [dict(scope["headers"]).get(b"sec-websocket-protocol") for scope in client.behind.seen]
    assert asked == [None, b"streamlit, token, s-1", b"streamlit, token"]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8502", "http://localhost:8501", "null", "http://127.0.0.1",
                                    "http://127.0.0.1:8501.evil.example", "http://[", "http://[x]", "http://127.0.0.1:8501]"])
def test_pages_of_other_origins_neither_listen_nor_send(origin: str) -> None:
    """Streamlit itself lets in every origin on this machine, and asks a host elsewhere for the machine's address before it refuses."""
    client = Client()
    client.stream(sends=(message("s-1"),))
    client.behind.seen.clear()
    assert client.stream(origin=origin) == ["websocket.close"]
    assert client.ask("/_stcore/upload_file/s-1/f", "PUT", origin=origin).status == 403 and not client.behind.seen


def test_a_stream_needs_a_visitor_and_its_own_address() -> None:
    client = Client()
    assert client.stream(visitor="") == client.stream("/") == client.stream("/_stcore/health") == ["websocket.close"]
    assert not client.behind.seen
    assert client.stream()[0] == "websocket.accept" and client.stream(origin="")[0] == "websocket.accept"
