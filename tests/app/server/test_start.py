"""Real starts, from any folder, with an empty home: where the server listens, what it refuses, and that nothing leaves."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.server import command, start
from app.server.visitor import COOKIE
from benchmarks.soak.server import free_port
from tests.app.server.hearing import OWN, ear, heard
from tests.app.server.running import COMMAND, ROOT, STREAMLIT, Server, environment, running

HEADLESS = (*STREAMLIT, "--server.headless", "true")


def fetched(server: Server, path: str = "/", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    asked.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = asked.getresponse()
    found = answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    asked.close()
    return found


def first_message(server: Server, **headers: str) -> ForwardMsg:
    """What Streamlit says first to a page of a new visitor."""
    cookie = fetched(server)[1]["set-cookie"].split(";")[0]
    with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", additional_headers={"Cookie": cookie, **headers},
                 origin=server.url) as stream:  # type: ignore[arg-type]
        asked = BackMsg()
        asked.rerun_script.SetInParent()  # as a browser asks for the page
        stream.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(stream.recv(timeout=30))
            if message.WhichOneof("type") == "new_session":
                return message


@pytest.mark.parametrize("how", ["motive app", "streamlit run"])
def test_from_any_folder_it_listens_here_alone_and_asks_nobody_else(how: str, tmp_path: Path) -> None:
    start_with, port_flag = (COMMAND, "--port") if how == "motive app" else (HEADLESS, "--server.port")
    ear(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    env = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]), "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
           "STREAMLIT_SERVER_ENABLE_AGENT_API": "true"}
    with running(tmp_path, start_with, tmp_path / "elsewhere", port_flag, env=env) as server:
        assert fetched(server)[0] == 200
        told = first_message(server)
        assert not told.new_session.config.gather_usage_stats
        assert re.search("colo[u]?r|theme", str(told.new_session.custom_theme)) or told.new_session.custom_theme.ByteSize() > 0
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", origin="https://evil.example")  # type: ignore[arg-type]
        assert fetched(server, "/_stcore/agent/openapi.json")[0] == 404
        with socket.socket() as other, pytest.raises(OSError):
            other.settimeout(5)
            other.connect(("127.0.0.2", server.port))
    said = server.said()
    assert f"Motive is at http://127.0.0.1:{server.port}/" in said and "usage statistics" not in said and "Email" not in said
    assert heard(tmp_path) <= OWN


@pytest.mark.parametrize("host", ["elsewhere.invalid", "2001:db8:4700::1111"])  # a name and an address that are nobody's
def test_a_host_that_is_asked_for_would_have_been_heard(host: str, tmp_path: Path) -> None:
    ear(tmp_path)
    asking = f"import socket\ntry: socket.create_connection(({host!r}, 80), 1)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", asking], env=environment(tmp_path, PYTHONPATH=str(tmp_path)), check=True)
    assert heard(tmp_path) - OWN == {host}


def ending(what: list[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """How a start ends that must end at once."""
    return subprocess.run(what, cwd=folder, env=environment(folder, **env), capture_output=True, text=True, timeout=60)


STARTS = {
    "motive app": ((*COMMAND, "--address", "0.0.0.0"), {}),
    "streamlit run": ((*HEADLESS, "--server.address", "0.0.0.0"), {}),
    "streamlit run, by a variable": (HEADLESS, {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}),
    "streamlit run, IPv6": ((*HEADLESS, "--server.address", "::"), {}),
    "a short password": ((*COMMAND, "--address", "0.0.0.0"), {"MOTIVE_PASSWORD": "short"}),
    "an empty password": (HEADLESS, {"MOTIVE_PASSWORD": ""}),
    "a proxy without a name": ((*COMMAND,), {"MOTIVE_BEHIND_PROXY": "1"}),
}


@pytest.mark.parametrize("how", STARTS)
def test_it_does_not_start_open(how: str, tmp_path: Path) -> None:
    given, env = STARTS[how]
    flag = "--port" if given[:len(COMMAND)] == COMMAND else "--server.port"
    ended = ending([*given, flag, str(free_port())], tmp_path, **env)
    assert ended.returncode == start.REFUSED, ended.stderr
    assert "What to do: " in ended.stderr and "Traceback" not in ended.stderr and "MOTIVE_" in ended.stderr
    assert "short" not in ended.stderr.replace("shorter", "")


def test_another_program_that_opens_the_socket_does_not_open_the_app(tmp_path: Path) -> None:
    """It may listen where it likes, and Motive is not told; tests/app/server/test_gate.py has how each request is looked at besides."""
    uvicorn = [sys.executable, "-m", "uvicorn", "streamlit_app:app", "--host", "0.0.0.0", "--app-dir", str(ROOT / "app")]
    ended = ending([*uvicorn, "--port", str(free_port())], tmp_path)
    assert ended.returncode == start.REFUSED and "nobody would ask" in ended.stderr


def command_lines(process: int) -> bytes:
    """Of a process and of all that it has started, as everyone on the machine may read them."""
    found, at = b"", Path(f"/proc/{process}")
    with contextlib.suppress(OSError):  # it has ended meanwhile
        found = (at / "cmdline").read_bytes()
        for children in at.glob("task/*/children"):
            found += b"".join(command_lines(int(child)) for child in children.read_text(encoding="ascii").split())
    return found


def test_with_a_password_others_are_served_and_it_is_nowhere_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("correct horse battery\n", encoding="utf-8")
    env = {"MOTIVE_PASSWORD_FILE": str(tmp_path / "secret")}
    with running(tmp_path, (*COMMAND, "--address", "127.0.0.3"), awaited="127.0.0.3", env=env) as server:
        asked = http.client.HTTPConnection("127.0.0.3", server.port, timeout=20)
        asked.request("GET", "/")
        answer = asked.getresponse()
        assert answer.status == 401
        told = {"Origin": f"http://127.0.0.3:{server.port}", "Cookie": answer.headers["set-cookie"].split(";")[0]}
        asked.close()
        for typed, status in (("wrong horse battery", 401), ("correct horse battery", 303)):
            asked = http.client.HTTPConnection("127.0.0.3", server.port, timeout=20)
            asked.request("POST", "/_motive/enter", f"password={typed.replace(' ', '+')}&then=/", told)
            assert asked.getresponse().status == status
            asked.close()
        if Path("/proc/self/cmdline").exists():
            listed = command_lines(server.pid)
            assert b"app.server.command" in listed and b"battery" not in listed
    assert "battery" not in server.said()


def test_without_a_port_the_next_free_one_is_taken_and_told(tmp_path: Path) -> None:
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):  # taken by somebody else already, which is as good
            taken = held.enter_context(socket.socket())
            if os.name != "nt":  # a connection that has just ended there would keep this from it, but not the server
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", 8501))
            taken.listen()
        with subprocess.Popen(COMMAND, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = re.search(r"http://127\.0\.0\.1:([0-9]+)/", next(line for line in process.stdout if "Motive is at" in line))
            process.terminate()
    assert told and 8501 < int(told[1]) <= 8601


@pytest.mark.skipif(os.name == "nt", reason="a process of its own group gets no Ctrl+C there")
def test_ctrl_c_is_the_way_to_end_it_and_no_fault(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        os.kill(server.pid, signal.SIGINT)
        until = time.monotonic() + 60.0
        while (ended := os.waitpid(server.pid, os.WNOHANG))[0] == 0 and time.monotonic() < until:
            time.sleep(0.1)
        assert ended[0] == server.pid and os.waitstatus_to_exitcode(ended[1]) == 0
        assert "Abort" not in server.said() and "Traceback" not in server.said()


def test_a_port_that_was_asked_for_and_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = ending([*COMMAND, "--port", str(port)], tmp_path)
    assert ended.returncode == 2 and f"port {port}" in ended.stderr and "next free one" in ended.stderr and "Traceback" not in ended.stderr


@pytest.mark.parametrize("port", [[], ["--port", "8999"]])
@pytest.mark.parametrize("address", ["203.0.113.1", "no.such.host.invalid", "x" * 70, "2001:db8::1"])
def test_an_address_that_is_not_this_machines_is_told(address: str, port: list[str], monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    """With a password and without --port, it ended in a traceback of Streamlit's."""
    monkeypatch.setenv("MOTIVE_PASSWORD", "correct horse")
    monkeypatch.setattr("streamlit.web.cli.main", lambda **flags: pytest.fail("started"))
    assert command.main(["app", "--no-browser", "--address", address, *port]) == 2
    told = capsys.readouterr().err
    assert f"Motive cannot listen on {address}: " in told and "Give an address of this machine with --address" in told


def test_the_command_line_says_what_it_does_and_refuses_what_it_cannot(capsys: pytest.CaptureFixture[str]) -> None:
    asked = command.parser().parse_args([])
    assert (asked.address, asked.port, asked.no_browser) == ("127.0.0.1", None, False)
    assert command.parser().parse_args(["--port", "9000", "--no-browser", "--address", "::1"]).port == 9000
    for wrong in (["app", "--port", "0"], ["app", "--port", "65536"], ["app", "--port", "http"], ["app", "--password", "x"], [], ["serve"]):
        with pytest.raises(SystemExit) as refused:
            command.main(wrong)
        assert refused.value.code == 2
    capsys.readouterr()
    with pytest.raises(SystemExit):
        command.main(["app", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(word in told for word in ("--address", "--port", "--no-browser", "MOTIVE_PASSWORD", "this machine only"))
    flags = command.flags("127.0.0.1", 9000)
    assert flags[:2] == ["run", str(command.SCRIPT)] and flags[-2:] == ["--server.port", "9000"]
    assert "--server.port" not in command.flags("127.0.0.1", None)


def test_a_package_brings_the_command_and_its_settings() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert declared["project"]["scripts"]["motive"] == "irlcore.cli.command:main" and callable(command.main)
    assert "app*" in declared["tool"]["setuptools"]["packages"]["find"]["include"]
    assert "motive app" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert COOKIE == "motive"
