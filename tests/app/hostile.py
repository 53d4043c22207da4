"""A project in which every text that a stranger's file can bring is a trap, and how to tell a trap that stands open."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_world
from irlcore.project.project import HistoryStep, Project, Verdict
from irlcore.report.text import JOINER
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.tracks import problem_table
from irlcore.worlds.network import build_network

TRAPS = (
    "![evil](http://evil.test/i.png)", "[evil](http://evil.test/l)", "http://evil.test/bare", "https://evil.test/s?a=1&b=2",
    "www.evil.test", "me@evil.test", "<img src=http://evil.test/x.png onerror=window.evil=1>", "<script>window.evil=1</script>",
    "<style>body{display:none}</style>evil", "<b id=evil>evil</b>", '<a href="http://evil.test/a">evil</a>', "<http://evil.test/ang>",
    ":material/skull:", ":material_skull:", ":streamlit:", ":skull:", ":red[evil]", "$evil^2$", "%{customdata} %{x} evil",
    "`evil code`", "**evil**", "# evil", "evil\n\n# evil", "evil\n| a | b |\n|---|---|\n| evil | c |", "evil -> b", "&lt;i&gt;evil&#33;",
    "=cmd|' /C calc'!A0 evil", "</script><script>window.evil=1</script>")
"""What a file can hold; every one of them is alive somewhere if it is shown as it is."""

UNFIT = ("evil\x00nul", "evil\u202egnp.exe\u2066", "evil" * 2400, "evil\x1b[31m")
"""What readers of files may refuse."""

ORDINARY = ("\u00dcn\u00efcode", "A_B 12.5 (new)", "x < y", "R&D", "C*", "12:30:15", "a - b", "50 %", "\u05d0\u05d1\u05d2")
"""Names that look as they are typed."""

OPEN = [re.compile(pattern) for pattern in (
    r"https?://evil", r"www\.evil", r"me@evil", r":material[/_]skull", r":streamlit:", r":skull:", r"evil -> b")]
"""What Streamlit rewrites after its parser: no backslash in between helps."""

UNESCAPED = [re.compile(rf"(?<!\\)(?:\\\\)*{pattern}", re.MULTILINE) for pattern in (
    r"<(?:img|script|style|b|a|http|/script)\b", r"!?\[evil", r":red\[", r"\$evil", r"\*\*evil\*\*", r"&lt;i", r"&#33;")]
LINES = re.compile(r"^ {0,3}(?:# evil|\|)", re.MULTILINE)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
TAGS = re.compile(r"<\s*/?\s*(?:img|script|style|b|a|http|i|span|sup|sub|br|em)\b"
                  r"|%\{(?!customdata(?:\[\d\])?\}|fullData\.name\}|text\}|[xy][:}])")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TALLEST = 6000  # characters of any text on a page


def open_in_markdown(text: str) -> list[str]:
    """The traps that stand open in a text that Streamlit reads as Markdown."""
    found = [span[2] for span in CODE.finditer(text) if span[2] == "evil code"]
    text = re.sub(r":(?:small|gray)\[", "", CODE.sub("", text))  # nothing is read in code, and these two are ours
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return [*found, *(m[0] for p in OPEN for m in p.finditer(plain)), *(m[0] for p in UNESCAPED for m in p.finditer(text)),
            *LINES.findall(text), *unfit(text)]


def open_in_plotly(text: str) -> list[str]:
    """The traps that stand open in a text that plotly shows."""
    return [*(m[0] for m in TAGS.finditer(text)), *re.findall(r"\$evil|&lt;i&gt;|&#33;|%\{(?=customdata\} %\{x)", text), *unfit(text)]


def unfit(text: str) -> list[str]:
    """What no screen can show, and what is too long to be shown."""
    return CONTROLS.findall(text) + ([f"{len(text)} long"] if len(text) > TALLEST else [])


def read(text: str) -> str:
    """A text of Markdown as it is read."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace(JOINER, "")


def hostile_project(turn: int = 0, unfit_too: bool = True) -> Project:
    """Streets of 5 x 5 corners and 72 trips through them. turn: which trap stands in which field; unfit_too: also what readers may
    refuse."""
    traps = [*TRAPS, *(UNFIT if unfit_too else ())]
    at = iter(range(turn * 11, 10**6))

    def trap() -> str:
        return traps[next(at) % len(traps)]

    corners = [(x, y) for x in range(5) for y in range(5)]
    steps = [(a, b) for a in corners for b in corners if abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1]
    links = {step: f"{traps[k % len(traps)]} {k}" for k, step in enumerate(steps)}
    attribute = f"{trap()} attribute"
    rng = np.random.default_rng(5)
    table = pd.DataFrame([{"link": name, "u": str(a), "v": str(b), "x0": 100 * a[0], "y0": 100 * a[1], "x1": 100 * b[0], "y1": 100 * b[1],
                           attribute: rng.uniform()} for (a, b), name in links.items()])
    agent_class, other, normal, period, named = trap(), trap() + " other", trap(), f"{trap()} period", f"{trap()} class"
    rows = []
    for k in range(72):
        here, step = (0, int(rng.integers(0, 2))), 0
        end = [(4, 4), (4, 0), (2, 4)][k % 3]
        while here != end:
            ways = [(here[0] + int(np.sign(end[0] - here[0])), here[1]), (here[0], here[1] + int(np.sign(end[1] - here[1])))]
            way = [w for w in ways if w != here][int(rng.integers(0, sum(w != here for w in ways)))]
            if k > 66 and step < 2 and (here[0], here[1] + 1) in corners:
                way = (here[0], here[1] + 1)
            rows.append((f"{traps[k % len(traps)]} track {k}", step, links[here, way], agent_class if k % 8 else other,
                         normal if k < 50 else "today"))
            here, step = way, step + 1
    paths = pd.DataFrame(rows, columns=["track", "step", "link", named, period])
    imported = read_paths(paths, {"track": "track", "step": "step", "link": "link"})
    project = with_world(Project(name=trap()), imported, build_network(table))
    world = project.world
    assert world is not None and project.paths is not None and len(project.paths) == 72
    ring = np.array([[50.0, 50], [250, 50], [250, 250], [50, 250], [50, 50]])
    zones = {f"{traps[k % len(traps)]} z{k}": ring + 10 * k for k in range(turn % 3, len(traps), 3)}
    spots = {f"{trap()} s{k}": np.array([100.0 + k, 300.0]) for k in range(3)}
    zone = next(iter(zones))
    features = (FeatureSpec("length", "length", {"per": 100.0}, reason=trap()), FeatureSpec(trap(), "attribute", {"attribute": attribute}),
                FeatureSpec(f"{trap()} in", "zone", {"zone": zone}, reason=trap(), version=2),
                FeatureSpec(f"{trap()} to", "distance", {"place": next(iter(spots)), "reach": 200.0}, enabled=False, reason=trap()))
    ids = [str(i) for i in project.paths.ids]
    verdicts = {ids[60]: Verdict("misunderstood", trap(), "2026-01-01T00:00:00+00:00"),
                ids[61]: Verdict("understood", trap(), "2026-01-01T00:00:00+00:00")}
    history = tuple(HistoryStep("2026-01-01T00:00:00+00:00", f"did {one}", one, one) for one in traps)
    return replace(project, world=replace(world, unit=trap()[:40]), class_column=named, agent_class=agent_class, period_column=period,
                   reference_value=normal, zones=zones, spots=spots, features=features, verdicts=verdicts, history=history,
                   notes="\n".join(TRAPS), problems=problem_table([(2, one, one, "dropped") for one in traps]))
