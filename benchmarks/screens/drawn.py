"""How long the map's canvas takes to draw many links, and how many frames a second it shows while it is moved: made-up towns (``scenes``)
on pages of their own (``page``).

A drawing is timed by the map itself, from the first order to the pixels: it asks for one back, for the orders alone return at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from benchmarks.screens.browser import BOX, browser, server

COMMAND = (sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("page.py")), "--server.address", "127.0.0.1",
           "--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.port")
SIZES = {"links_40k": (40_000, 160_000), "links_160k": (160_000, 640_000)}
"""links, vertices."""
TIMES, PANNED_S = 15, 3.0
DRAWN = """async times => {
  const [canvas] = window.__maps(), found = [];
  const [map] = window.motiveMaps.maps.values(), [pane] = map.panes, { view } = pane;
  window.motiveMaps.measure = true;
  for (let k = 0; k < times; k++) {
    pane.floorKey = undefined;
    const before = canvas.dataset.draws;
    pane.draw();
    while (canvas.dataset.draws === before) await new Promise(requestAnimationFrame);
    found.push(Number(canvas.dataset.drawMs));
  }
  window.motiveMaps.measure = false;
  return found;
}"""
FRAMES = """seconds => new Promise(done => {
  let frames = 0;
  const begun = performance.now(), step = now => {
    frames += 1;
    if (now - begun < 1000 * seconds) requestAnimationFrame(step); else done(frames / seconds);
  };
  requestAnimationFrame(step);
})"""


def measured() -> dict[str, float]:
    """Milliseconds of a whole drawing (median of fifteen), and frames a second while the smaller of the two is panned."""
    found: dict[str, float] = {}
    with server(COMMAND) as url:
        for name, (links, vertices) in SIZES.items():
            with browser(f"{url}/links?links={links}&vertices={vertices}") as page:
                page.wait_for_function("() => window.__maps().length > 0")
                page.wait_for_timeout(1000)
                found[f"{name}_draw_ms"] = round(median(page.evaluate(DRAWN, TIMES)), 1)
                if name == "links_40k":
                    found["pan_frames_per_s"] = panned(page)
    return found


def panned(page: Page) -> float:
    """Frames a second while the mouse drags the map to and fro."""
    x, y, wide, high = page.evaluate(BOX)
    page.mouse.move(x + wide / 2, y + high / 2)
    page.mouse.down()
    page.evaluate(f"() => {{ window.__frames = ({FRAMES})({PANNED_S}); }}")
    for k in range(60):
        page.mouse.move(x + wide * (0.5 + 0.002 * (k % 20) * (1 if k % 40 < 20 else -1)), y + high / 2)
        page.wait_for_timeout(1000 * PANNED_S / 60)
    frames: float = page.evaluate("() => window.__frames")
    page.mouse.up()
    return round(frames, 1)
