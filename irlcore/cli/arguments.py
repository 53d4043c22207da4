"""What each command may be asked. Nothing of the work is imported for it: help and a slip of the pen need not wait for that."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError, version

CODES = "Exit codes: 0 done, and nothing flagged; 1 something flagged (review, watch --once); 2 bad input; 130 cancelled with Ctrl+C."
DATA = "a folder of files, files, or a project file (.motive); left out, the files that the settings name"
FORMATS = {"html": "report", "csv": "review", "geojson": "review", "json": "report", "intent": "intent"}
"""What ``report`` can write -> what the file is called."""
USUAL = ("html", "csv", "geojson")
KINDS = ("share_of_flags", "share_of_normal", "strangest")


def parser() -> argparse.ArgumentParser:
    """Of the whole command line."""
    made = argparse.ArgumentParser(prog="motive", description="What moving agents want, and which ones behave abnormally.", epilog=CODES)
    made.add_argument("--version", action="version", version=f"motive {_version()}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("app", help="open Motive in the browser", add_help=False)  # handed on before this is asked
    fit = _command(commands, "fit", "learn what they want, and print the weights", "fitting")
    review = _command(commands, "review", "list the tracks that these wants do not explain, with reasons", "reviewing")
    intent = _command(commands, "intent", "say where each track is heading", "aims")
    report = _command(commands, "report", "write the report and its data as files", "reporting")
    for one in (fit, review, intent, report):
        _data(one)
        _fit(one)
    for one in (fit, review, report):
        one.add_argument("--save", default="", metavar="FILE", help="save the project with its fit, for the app and for motive watch")
    for one in (review, report):
        _control(one)
    intent.add_argument("--track", action="append", default=[], metavar="ID", help="of this track alone; may be given again")
    report.add_argument("--out", default=".", metavar="FOLDER", help="where to write; here if left out")
    report.add_argument("--formats", default="", metavar="LIST", help=f"with commas, of {', '.join(FORMATS)}; "
                                                                      f"{','.join(USUAL)} if left out")
    watch = _command(commands, "watch", "review new files of a folder as they come", "watching")
    watch.add_argument("folder", metavar="FOLDER", help="where new files appear")
    watch.add_argument("--project", required=True, metavar="FILE", help="the fitted project that they are held against")
    _settings(watch)
    _control(watch)
    watch.add_argument("--once", action="store_true", help="look once and end, for schedulers")
    watch.add_argument("--interval", type=float, default=10.0, metavar="SECONDS", help="between two looks; 10 if left out")
    watch.add_argument("--settle", type=float, default=2.0, metavar="SECONDS",
                       help="for how long a file must have been left alone before it is read; 2 if left out")
    watch.add_argument("--log", default="", metavar="FILE", help="append the lines to this file, and print none")
    watch.add_argument("--state", default="", metavar="FILE", help="remember here what has been judged, from one run to the next")
    convert = _command(commands, "convert", "write what can be read as a project file or as Motive's own tables", "converting")
    convert.add_argument("data", nargs="+", metavar="DATA", help=f"{DATA}; the last one is what to write: a project file or a folder")
    _settings(convert)
    return made


def _version() -> str:
    try:
        return version("motive")
    except PackageNotFoundError:
        return "(not installed)"


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, said: str,
             module: str) -> argparse.ArgumentParser:
    """With what every command takes: how it speaks, and where the work is done. module: of this folder, whose ``run`` does it."""
    made = commands.add_parser(name, help=said, description=f"{said[:1].upper()}{said[1:]}.", epilog=CODES)
    made.set_defaults(module=module)
    made.add_argument("--json", action="store_true", help="print one JSON object, and nothing else, to standard output")
    made.add_argument("--quiet", action="store_true", help="neither progress nor what was assumed")
    made.add_argument("--cluster", default="", metavar="ADDRESS", help="of a dask scheduler whose workers share the work (tcp://host:8786)")
    return made


def _settings(one: argparse.ArgumentParser) -> None:
    one.add_argument("--settings", default="", metavar="FILE", help="a settings file (TOML), as the app writes it on Report")


def _data(one: argparse.ArgumentParser) -> None:
    one.add_argument("data", nargs="*", metavar="DATA", help=DATA)
    _settings(one)


def _fit(one: argparse.ArgumentParser) -> None:
    one.add_argument("--class", dest="agent_class", default="", metavar="NAME", help="the class under study")
    one.add_argument("--features", default="", metavar="LIST", help="names with commas of the features to fit; others are switched off")
    one.add_argument("--model", default="", metavar="NAME", help="how well they choose: maxent, boltzmann, noisy_value ...")
    one.add_argument("--estimator", default="", metavar="NAME", help="how weights are found: maximum_likelihood, value_basis ...")
    one.add_argument("--gamma", type=float, metavar="NUMBER", help="discount per step, above 0 and up to 1")


def _control(one: argparse.ArgumentParser) -> None:
    one.add_argument("--control", choices=KINDS, default="", help="which false alarms are limited")
    one.add_argument("--rate", type=float, metavar="SHARE", help="to which share: 0.1 is 1 in 10")
    one.add_argument("--score", default="", metavar="NAME", help="what ranks: surprise, utility_gap, combined ...")
