"""Are any of the versions in constraints.txt known to be vulnerable? Asked of the advisory services, and said where none answers.

    make audit

Ends with 0 where every version was looked up and none is known to be vulnerable, 1 where one is, 2 where some or all could not be
looked up: an audit that reached nobody has found nothing out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVICES = {"pypi": "the package index (pypi.org)", "osv": "the OSV database (osv.dev)"}
TOO_LONG = 600  # seconds for one service and some eighty packages; an answer takes less than a second a package
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What one service said. asked: how many packages it knew. unknown: name -> why it could not say. found: one line an advisory.
    trouble: why there is no answer at all, empty where there is one."""

    asked: int = 0
    unknown: tuple[tuple[str, str], ...] = ()
    found: tuple[str, ...] = ()
    trouble: str = ""


def answer_of(output: str, errors: str) -> Answer:
    """What pip-audit's JSON says; it prints none where the service cannot be reached."""
    try:
        listed: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = errors.strip().splitlines()
        return Answer(trouble=lines[-1][:300] if lines else "it gave no answer")
    known = [one for one in listed if "vulns" in one]
    found = [f"{one['name']} {one['version']}: {bug['id']} {' '.join(bug.get('aliases', []))}, "
             f"mended in {', '.join(bug.get('fix_versions', [])) or 'no version yet'}" for one in known for bug in one["vulns"]]
    unknown = [(str(one.get("name")), str(one.get("skip_reason", "no reason given"))) for one in listed if "vulns" not in one]
    return Answer(len(known), tuple(unknown), tuple(found))


def ask(python: str, service: str) -> Answer:
    """Every line of constraints.txt, looked up with one service."""
    command = [python, "-m", "pip_audit", "--requirement", str(ROOT / "constraints.txt"), "--no-deps", "--disable-pip", "--format", "json",
               "--progress-spinner", "off", "--timeout", "15", "--vulnerability-service", service]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=TOO_LONG)
    except subprocess.TimeoutExpired:
        return Answer(trouble=f"no answer within {TOO_LONG} seconds")
    return answer_of(ran.stdout, ran.stderr)


def told(answers: dict[str, Answer]) -> tuple[int, list[str]]:
    """The exit code, and what to print of these answers: the first service that knew every package settles it."""
    whole = next((a for a in answers.values() if a.asked and not a.unknown and not a.trouble), None)
    found = sorted({line for a in answers.values() for line in a.found})
    lines = [f"{SERVICES[name]}: " + (f"cannot be asked ({a.trouble})." if a.trouble else
             f"{a.asked} packages looked up, {len(a.unknown)} not known to it"
             + (f" (first: {a.unknown[0][0]}: {a.unknown[0][1]})." if a.unknown else ".")) for name, a in answers.items()]
    if found:
        return VULNERABLE, [*lines, *found, "Raise these in constraints.txt (make constraints), then run .ci/run."]
    if whole is not None:
        return CLEAN, [*lines, "No known vulnerability in the versions of constraints.txt."]
    return UNKNOWN, [*lines, "NOT AUDITED: no service could look up every package. Run `make audit` where one of them can be reached."]


def main() -> int:
    """A temporary environment with pip-audit, then one service after the other until one has answered for every package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(next(path for name in ("bin/python", "Scripts/python.exe") if (path := Path(folder) / name).exists()))
        got = subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", str(ROOT / "requirements-audit.txt")],
                             capture_output=True, text=True)
        if got.returncode:
            print(f"NOT AUDITED: pip-audit cannot be installed. {got.stderr.strip().splitlines()[-1][:300] if got.stderr.strip() else ''}")
            return UNKNOWN
        answers: dict[str, Answer] = {}
        for service in SERVICES:
            answers[service] = ask(python, service)
            if told(answers)[0] != UNKNOWN:
                break
    code, lines = told(answers)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
