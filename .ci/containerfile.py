"""What a container file must keep to, read and not built: a pinned base, nobody's rights but its own user's, the port, a health check, and
no copy of what is not there or must not leave (history, environment, data).

    python .ci/containerfile.py
"""

from __future__ import annotations

import json
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT = "8501"
KEPT_OUT = (".git/config", ".venv/bin/python", "build/docs/index.html", ".hypothesis/x", "secrets.txt", ".env")
"""Of what may lie in a folder of work, nothing of which may go into an image."""
PINNED = re.compile(r"^\S+(:\d+\.\d+(\.\d+)?[\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$")


def instructions(text: str) -> list[tuple[str, str]]:
    """(INSTRUCTION, the rest) in order, with continued lines as one, without comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word.upper(), rest.strip()) for line in whole.splitlines() if line.strip() for word, _, rest in [line.strip().partition(" ")]]


def let_in(path: str, ignore: str) -> bool:
    """Whether a path goes to the builder by a .dockerignore: the last line that names it, or a folder round it, decides."""
    goes = True
    for line in ignore.splitlines():
        pattern = line.strip().removeprefix("!").strip("/")
        if not pattern or line.startswith("#"):
            continue
        parts = path.split("/")
        if any(_matches("/".join(parts[:n]), pattern) for n in range(1, len(parts) + 1)):
            goes = line.strip().startswith("!")
    return goes


def _matches(path: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return any(_matches(path.split("/", n)[-1], pattern[3:]) for n in range(path.count("/") + 1))
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def problems(text: str, ignore: str, root: Path = ROOT) -> list[str]:
    """Everything that is wrong, in sentences; none where all is well."""
    said = instructions(text)
    of = {word: [rest for one, rest in said if one == word] for word, _ in said}
    found = [f"The base {base} is not pinned to a version." for base in of.get("FROM", [""]) if not PINNED.match(base)]
    users = [k for k, (word, _) in enumerate(said) if word == "USER"]
    if not users or said[users[-1]][1].split(":")[0] in ("root", "0") or any(word == "COPY" for word, _ in said[users[-1]:]):
        found.append("It runs as root, or copies after it ceased to.")
    found += [f"There is no {word}." for word in ("HEALTHCHECK", "VOLUME", "CMD") if word not in of]
    if PORT not in of.get("EXPOSE", []) or PORT not in _words(of.get("CMD", ["[]"])[-1]):
        found.append(f"Port {PORT} is not the one that is listened on and exposed.")
    found += [f"{word} fetches what nobody has looked at." for word in ("ADD",) if word in of]
    if any(re.search(r"(PASSWORD|SECRET|TOKEN)\w*=", rest) for word in ("ENV", "ARG") for rest in of.get(word, [])):
        found.append("A password stands in the image.")
    for source in [one for rest in of.get("COPY", []) for one in rest.split()[:-1] if not one.startswith("--")]:
        if not (root / source).exists():
            found.append(f"{source} is copied and is not there.")
        elif not let_in(source.strip("/"), ignore):
            found.append(f"{source} is copied and kept out by .dockerignore.")
    return found + [f"{path} would go to the builder." for path in KEPT_OUT if let_in(path, ignore)]


def _words(command: str) -> list[str]:
    try:
        return [str(word) for word in json.loads(command)]
    except ValueError:
        return command.split()


def main() -> int:
    """Say what is wrong with the project's own; the exit code is 1 where something is."""
    found = problems((ROOT / "Containerfile").read_text(encoding="utf-8"), (ROOT / ".dockerignore").read_text(encoding="utf-8"))
    print("\n".join(found) or "The container file keeps to what it must.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
