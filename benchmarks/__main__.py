"""Run a benchmark by name: a table for people and, with ``--json``, one JSON object as the last line."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

from irlcore.errors import MotiveError

NAMES = ("borlange", "shanghai", "rationality")
MADE_UP = ("rationality",)  # these need no data


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MOTIVE_DATA", "../shared/data")),
                        help="folder that holds the data sets (default: $MOTIVE_DATA or ../shared/data)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    arguments = parser.parse_args()
    folder = arguments.data / arguments.name
    made_up = arguments.name in MADE_UP
    if not made_up and not folder.is_dir():
        print(f"{folder} is not there: say where the data is with --data, or in MOTIVE_DATA.", file=sys.stderr)
        return 2
    try:
        run = importlib.import_module(f"benchmarks.{arguments.name}").run
        result = run() if made_up else run(folder)
    except MotiveError as error:
        print(f"{error.what} {error.fix}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
