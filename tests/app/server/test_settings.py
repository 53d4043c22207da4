"""What must hold of Streamlit's settings holds whatever files, flags and variables say."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app.server import command, start
from tests.app.server.running import ROOT, environment


def test_a_password_that_travels_openly_is_warned_of(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"server.address": "0.0.0.0", "server.sslCertFile": "", "server.baseUrlPath": "", **start.MUST}
    monkeypatch.setattr(start.config, "get_option", said.__getitem__)
    monkeypatch.setattr(start.config, "on_config_parsed", lambda *_, **__: None)
    monkeypatch.setenv("MOTIVE_PASSWORD", "correct horse")
    start.guarded()
    assert "unencrypted" in capsys.readouterr().err
    said["server.sslCertFile"] = "cert.pem"
    start.guarded()
    assert not capsys.readouterr().err
    monkeypatch.delenv("MOTIVE_PASSWORD")
    monkeypatch.setenv("MOTIVE_BEHIND_PROXY", "1")
    monkeypatch.setenv("MOTIVE_HOSTS", "motive.example.org")
    start.guarded()
    assert "Let only the proxy reach it" in capsys.readouterr().err


def test_what_must_hold_holds_against_flags_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    now = {name: (not value if isinstance(value, bool) else "other") for name, value in start.MUST.items()}
    monkeypatch.setattr(start.config, "get_option", now.__getitem__)
    monkeypatch.setattr(start.config, "set_option", now.__setitem__)
    start.enforce()
    assert now == start.MUST


def test_what_must_hold_still_holds_after_settings_were_read_again(tmp_path: Path) -> None:
    """Streamlit reads its files anew whenever one changes, under a running server."""
    code = """
from streamlit import config
config._main_script_path = "app/streamlit_app.py"
from app.server import start
start.guarded()
config.get_config_options(force_reparse=True, options_from_flags={"browser.gatherUsageStats": True, "server.enableAgentApi": True,
                                                                      "global.e2eTest": True})
assert not config.get_option("global.e2eTest")  # with it any page may end the server
assert {name: config.get_option(name) for name in start.MUST} == start.MUST
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr


def test_the_file_of_settings_the_command_and_what_must_hold_agree() -> None:
    written = tomllib.loads((ROOT / "app" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    flags = command.flags(command.HERE, None)[2:]
    for name, value in zip(flags[::2], flags[1::2], strict=True):
        section, option = name.removeprefix("--").split(".")
        assert str(written[section][option]).lower() == value, name
    for name, value in start.MUST.items():
        section, option = name.split(".")
        assert written.get(section, {}).get(option, value) == value, name
    assert not (ROOT / ".streamlit" / "config.toml").exists()  # what lay there was read in this folder only
