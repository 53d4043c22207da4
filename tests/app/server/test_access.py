"""Who may start the server for whom: a password, a proxy that asks, or this machine alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.server.access import Access, NotServed, access, check_start, digest, is_local

VARIABLES = ("MOTIVE_PASSWORD", "MOTIVE_PASSWORD_FILE", "MOTIVE_BEHIND_PROXY", "MOTIVE_HOSTS")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for one in VARIABLES:
        monkeypatch.delenv(one, raising=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "127.255.0.9", "::1", "[::1]", "localhost", "LocalHost", "::ffff:127.0.0.1"])
def test_what_only_this_machine_reaches(address: str) -> None:
    assert is_local(address)
    check_start(address, Access())


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "10.0.0.1", "fe80::1%eth0", "analysis-box", "localhost.example.org",
                                     "", None, "::ffff:192.168.1.7", "127.0.0.1.example.org", "0", "2130706433"])
def test_what_others_reach_does_not_start_unasked(address: str | None) -> None:
    assert not is_local(address)
    with pytest.raises(NotServed, match="nobody would ask for a password") as refused:
        check_start(address, Access())
    assert "MOTIVE_PASSWORD" in refused.value.fix and "docs/serving.md" in refused.value.fix
    check_start(address, Access(password=digest("correct horse")))
    check_start(address, Access(behind_proxy=True, hosts=frozenset({"motive.example.org"})))


def test_nothing_said_is_for_oneself() -> None:
    assert access() == Access() and not access().asked


def test_a_password_comes_from_the_environment_or_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTIVE_PASSWORD", "correct horse")
    assert access().password == digest("correct horse") and access().asked
    assert b"correct" not in access().password and "correct" not in repr(access())
    monkeypatch.setenv("MOTIVE_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(NotServed, match="Both"):
        access()
    monkeypatch.delenv("MOTIVE_PASSWORD")
    with pytest.raises(NotServed, match="cannot be read") as refused:
        access()
    assert str(tmp_path) not in str(refused.value)
    (tmp_path / "secret").write_text("correct horse\nsecond line\n", encoding="utf-8")
    assert access().password == digest("correct horse")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_mark_that_notepad_begins_a_file_with_is_no_part_of_the_password(encoding: str, monkeypatch: pytest.MonkeyPatch,
                                                                              tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("korrekt \u00fcber\r\n", encoding=encoding)
    monkeypatch.setenv("MOTIVE_PASSWORD_FILE", str(tmp_path / "secret"))
    assert access().password == digest("korrekt \u00fcber")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_a_password_file_in_another_encoding_is_said_to_be_one(encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PowerShell 5 writes UTF-16; of that it was said that the file cannot be read."""
    (tmp_path / "secret").write_text("korrekt horse" + "\u00fc" * (encoding == "latin-1"), encoding=encoding)
    monkeypatch.setenv("MOTIVE_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(NotServed, match="UTF-8") as refused:
        access()
    assert "UTF-8" in refused.value.fix and "korrekt" not in str(refused.value) and str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("short", ["", "1234567"])
def test_a_password_that_protects_nothing_is_refused_and_not_repeated(short: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTIVE_PASSWORD", short)
    with pytest.raises(NotServed, match="fewer than 8") as refused:
        access()
    assert not short or short not in str(refused.value)
    monkeypatch.delenv("MOTIVE_PASSWORD")
    (tmp_path / "secret").write_text(short, encoding="utf-8")
    monkeypatch.setenv("MOTIVE_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(NotServed, match="MOTIVE_PASSWORD_FILE has"):
        access()


def test_a_proxy_is_named_outright_and_with_its_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_BEHIND_PROXY", "1")
    with pytest.raises(NotServed, match="under which name") as refused:
        access()
    assert "MOTIVE_HOSTS" in refused.value.fix
    monkeypatch.setenv("MOTIVE_HOSTS", "Motive.example.org, 10.1.2.3  box")
    assert access() == Access(b"", True, frozenset({"motive.example.org", "10.1.2.3", "box"}))
    monkeypatch.setenv("MOTIVE_BEHIND_PROXY", "0")
    assert not access().asked
    monkeypatch.setenv("MOTIVE_BEHIND_PROXY", "nginx")
    with pytest.raises(NotServed, match="neither 1 nor 0"):
        access()


@pytest.mark.parametrize("hosts", ["*", "https://motive.example.org", "motive.example.org:8501", "a b/c", "-", "a,*.b"])
def test_hosts_are_names_and_no_patterns(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_HOSTS", hosts)
    with pytest.raises(NotServed, match="no name of a host"):
        access()
