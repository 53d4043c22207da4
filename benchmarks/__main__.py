"""Run a benchmark by name: a table for people and, with ``--json``, one JSON object as the last line."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irlcore.errors import MotiveError


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What the module of the same name asks for: ``run(folder)`` with data, the name of its folder; ``run(peers)`` with peers,
    ``run(limit)`` too where peers may take for ever; ``run(visitors, minutes)`` with a crowd; ``run(only)`` with parts; else ``run()``.
    partly: it has something to run without the data. home: where its data is, where no folder is named and it is not beside the
    project."""

    data: str = ""
    home: str = ""
    partly: bool = False
    peers: bool = False
    limit: bool = False
    crowd: bool = False
    parts: bool = False


BENCHMARKS = {
    "borlange": Benchmark(data="borlange"),
    "shanghai": Benchmark(data="shanghai"),
    "detours": Benchmark(data="shanghai"),
    "solver": Benchmark(peers=True),
    "fit": Benchmark(peers=True, limit=True),
    "rationality": Benchmark(),
    "elicitation": Benchmark(data="shanghai", partly=True),
    "soundness": Benchmark(data="rust", partly=True),
    "hostile": Benchmark(),
    "soak": Benchmark(crowd=True),
    "screens": Benchmark(data="shanghai", partly=True),
    "reading": Benchmark(),
    "roaming": Benchmark(data="vmt", partly=True),
    "matching": Benchmark(data="lausanne"),
    "cases": Benchmark(data=".", home="tests/cases", partly=True),
    "calibration": Benchmark(data=".", partly=True),
    "unfinished": Benchmark(data="shanghai", partly=True),
    "prices": Benchmark(data="shanghai", partly=True),
    "scalable": Benchmark(data="shanghai", partly=True),
    "scale": Benchmark(data="shanghai", partly=True, parts=True),
    "vmt": Benchmark(data="vmt"),
    "sequences": Benchmark(data=".", partly=True),
    "language": Benchmark(),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=list(BENCHMARKS))
    parser.add_argument("--data", type=Path, help="folder that holds the data sets (default: $MOTIVE_DATA or ../shared/data), or the cases "
                                                  "(default: tests/cases)")
    parser.add_argument("--peers", action="store_true", help="measure other packages too (requirements-bench.txt)")
    parser.add_argument("--limit", type=float, default=120.0,
                        help="processor seconds that a peer is given for one problem of fit (default: 120)")
    parser.add_argument("--visitors", type=int, default=20, help="how many are at work at once in soak (default: 20)")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long they are in soak (default: 3)")
    parser.add_argument("--language", action="store_true", help="sequences of words instead of events, as the benchmark language measures "
                                                                "(pip install motive[language])")
    parser.add_argument("--only", default="", help="parts to measure in scale, separated by commas: 20k, 124k, grid300, trips_1e6, maxent, "
                                                   "boltzmann, noisy_value, 200, 1000 (goals) (default: all but 1000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    arguments = parser.parse_args()
    if arguments.language and arguments.name not in ("sequences", "language"):
        parser.error(f"{arguments.name} is not measured on language: leave --language out.")
    name = "language" if arguments.language else arguments.name
    benchmark = BENCHMARKS[name]
    inputs: dict[str, Any] = {}
    if benchmark.peers:
        inputs["peers"] = arguments.peers
    elif arguments.peers:
        parser.error(f"{name} is not measured against other packages: leave --peers out.")
    if benchmark.limit:
        inputs["limit"] = arguments.limit
    if benchmark.crowd:
        inputs |= {"visitors": arguments.visitors, "minutes": arguments.minutes}
    if benchmark.parts:
        inputs["only"] = tuple(part for part in arguments.only.split(",") if part)
    elif arguments.only:
        parser.error(f"{name} is measured whole: leave --only out.")
    if benchmark.data:
        usual = benchmark.home or os.environ.get("MOTIVE_DATA", "../shared/data")
        inputs["folder"] = (arguments.data or Path(usual)) / benchmark.data
        if not benchmark.partly and not inputs["folder"].is_dir():
            print(f"{inputs['folder']} is not there: say where the data is with --data, or in MOTIVE_DATA.", file=sys.stderr)
            return 2
    try:
        result = importlib.import_module(f"benchmarks.{name}").run(**inputs)
    except MotiveError as error:
        print(f"{error.what} {error.fix}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
