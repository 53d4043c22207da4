"""The gate of a server with a password: nothing is answered without it, and it cannot be tried for ever or led astray."""

from __future__ import annotations

from typing import Any

import pytest

from app.server.gate import NO_COOKIE
from app.server.password import FREE_TRIES
from tests.app.server.asking import OTHER, TEAM, VISITOR, Answer, Client


def enter(gate: Client, password: str = "correct horse", then: str = "/", **more: Any) -> Answer:
    return gate.ask("/_motive/enter", "POST", f"password={password.replace(' ', '+')}&then={then}".encode(), **more)


def test_with_a_password_nothing_but_health_is_answered_without_it() -> None:
    client = Client(TEAM)
    page = client.ask("/tracks?a=1&b=<x>")
    assert page.status == 401 and 'type="password"' in page.body and 'value="/tracks?a=1&amp;b=&lt;x&gt;"' in page.body
    assert page.headers["cache-control"] == "no-store" and "script-src" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"
    for path in ("/static/js/x.js", "/media/x", "/_stcore/host-config", "/_stcore/upload_file/s/f", "/_stcore/metrics"):
        assert client.ask(path).status == 401, path
    assert client.ask(method="PUT").status == 401 and client.stream() == ["websocket.close"] and not client.behind.seen
    assert client.ask("/_stcore/health").body == "inside"


def test_the_password_lets_one_browser_in() -> None:
    client = Client(TEAM)
    assert enter(client, "wrong horse").status == 401
    let_in = enter(client, then="/tracks%3Fa%3D1")
    assert let_in.status == 303 and let_in.headers["location"] == "/tracks?a=1" and "correct" not in str(let_in)
    visitor, shown = (one.split(";")[0] for one in let_in.cookies)
    assert visitor == f"motive={VISITOR}" and "HttpOnly" in let_in.cookies[1] and "Max-Age" not in let_in.cookies[1]
    assert client.ask(cookie=f"{visitor}; {shown}").body == "inside"
    assert client.stream(cookie=f"{visitor}; {shown}")[0] == "websocket.accept"
    assert client.ask(cookie=f"motive={OTHER}; {shown}").status == client.ask(cookie=shown).status == 401
    assert client.ask(cookie=f"{visitor}; motive_pass={'x' * 43}").status == 401


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "/%09/evil", "evil", "",
                                  "/a%0d%0aset-cookie:x"])
def test_the_password_page_leads_to_no_other_host(then: str) -> None:
    assert enter(Client(TEAM), then=then).headers["location"] == "/"


@pytest.mark.parametrize("then", ["/x%E2%82%AC", "/%FF", "/%00", "/%01%7F"])
def test_the_right_password_lets_in_whatever_address_was_typed(then: str) -> None:
    let_in = enter(Client(TEAM), then=then)
    assert let_in.status == 303 and let_in.headers["location"].isascii() and let_in.headers["location"].isprintable()


def test_wrong_tries_have_to_wait_and_foreign_pages_cannot_try() -> None:
    client = Client(TEAM)
    assert enter(client, origin="https://evil.example").status == 403 and enter(client, origin="null").status == 403
    assert [enter(client, "wrong").status for _ in range(FREE_TRIES + 1)] == [401] * FREE_TRIES + [429]
    late = enter(client)
    assert late.status == 429 and int(late.headers["retry-after"]) >= 1 and "motive_pass" not in str(late.cookies)
    assert enter(client, client="127.0.0.9").status == 303


def test_a_form_longer_than_any_password_is_not_read() -> None:
    assert Client(TEAM).ask("/_motive/enter", "POST", b"password=correct+horse&then=/" + b"x" * 5000).status == 401


def test_the_form_warns_where_the_password_could_be_read_on_its_way() -> None:
    client = Client(TEAM, socket="192.168.1.7")
    assert "not encrypted" in client.ask(client="192.168.1.9").body
    assert "not encrypted" not in client.ask(client="192.168.1.9", scheme="https").body
    assert "not encrypted" not in Client(TEAM).ask().body


def test_a_path_that_all_addresses_begin_with() -> None:
    client = Client(TEAM, base="motive")
    page = client.ask("/motive/tracks")
    assert 'action="/motive/_motive/enter"' in page.body and 'value="/tracks"' in page.body
    let_in = client.ask("/motive/_motive/enter", "POST", b"password=correct+horse&then=/tracks")
    assert let_in.status == 303 and let_in.headers["location"] == "/motive/tracks"
    cookie = "; ".join(one.split(";")[0] for one in let_in.cookies)
    assert client.ask("/motive/_stcore/metrics", cookie=cookie).status == 404
    assert client.stream("/motive/_stcore/stream", cookie=cookie)[0] == "websocket.accept"


def test_a_browser_that_keeps_no_cookie_is_told_so_and_not_asked_for_ever() -> None:
    client = Client(TEAM)
    told = enter(client, visitor="")
    assert told.status == 400 and NO_COOKIE in told.body and "motive_pass" not in str(told.cookies)
    assert enter(client, visitor="").status == 400 and enter(client).status == 303  # no try was counted
