"""What lies under the pointer is found among lines of any length, and what is kept for that does not grow with their length."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.app.server.running import ROOT
from tests.browser.conftest import new_page

pytestmark = pytest.mark.browser
LINES = """([n, steps, far, seed]) => {
    %s
    const random = () => { seed = (seed * 1664525 + 1013904223) %% 4294967296; return seed / 4294967296; };
    const xy = new Float32Array(2 * n * (steps + 1)), offsets = new Uint32Array(n + 1);
    for (let i = 0, v = 0; i < n; i++) {
        let x = 1000 * random(), y = 1000 * random();
        for (let k = 0; k <= steps; k++, v++) {
            xy[2 * v] = k === 7 && i %% 10 === 0 ? NaN : x;
            xy[2 * v + 1] = y;
            x += far * (random() - 0.5) * (random() < 0.01 ? 20 : 1);
            y += random() < 0.2 ? 0 : far * (random() - 0.5);
        }
        offsets[i + 1] = v;
    }
    const layer = { kind: "Lines", n, xy, offsets, origin: [0, 0], shift_px: 0 };
    const view = { k: 0.7, down: 1, world: (x, y) => [x / 0.7, y / 0.7] };
    let wrong = 0, hits = 0;
    for (let t = 0; t < 300; t++) {
        const px = 700 * random(), py = 700 * random(), [x, y] = view.world(px, py);
        let best = -1, least = Infinity;
        for (let i = 0; i < n; i++) for (let v = offsets[i]; v < offsets[i + 1] - 1; v++) {
            const own = toSegment(x, y, xy[2 * v], xy[2 * v + 1], xy[2 * v + 2], xy[2 * v + 3], 0, 1);
            if (own < least || (own === least && i > best)) { least = own; best = i; }
        }
        const found = nearest(layer, view, px, py, null), wanted = least * view.k <= REACH ? best : -1;
        if ((found ? found.i : -1) !== wanted) wrong++;
        if (found) hits++;
    }
    return [wrong, hits, layer.grid.held.length / layer.grid.starts.length];
}"""


@pytest.mark.parametrize(("n", "steps", "far"), [(3, 2, 900.0), (40, 12, 2000.0), (400, 12, 1500.0), (400, 12, 20.0), (2000, 3, 5.0)])
def test_the_nearest_line_is_found_and_a_segment_stands_in_few_cells(profile: BrowserContext, n: int, steps: int, far: float) -> None:
    program = (ROOT / "app" / "map" / "js" / "pick.js").read_text()
    with new_page(profile, "http://127.0.0.1") as (page, _):
        wrong, hits, cells = page.evaluate(LINES % program, [n, steps, far, n])
    assert wrong == 0 and hits > 0 and cells <= 11.0
