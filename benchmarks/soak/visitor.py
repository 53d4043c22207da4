"""A visitor: imports tracks of his own, fits, cancels, undoes, reloads, saves, and remembers what the page said was saved."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import numpy as np

from benchmarks.soak.client import Gone, Page
from benchmarks.soak.screen import shown_state
from benchmarks.soak.tally import State, Tally
from benchmarks.soak.walks import MARKER, unpacked, walks
from irlcore.rationality.models import MODELS

UNFORESEEN = "went wrong inside Motive"
FIT_S = 300.0  # a fit of his takes a fraction of a second, but twenty wait for each other, and the first compiles the kernels


class Visitor:
    """One browser. ports: of the servers he may be sent to, another at each reload."""

    def __init__(self, number: int, ports: list[int], tally: Tally, seed: int = 10) -> None:
        self.marker = b"qzv%03dq" % number
        self.ports, self._tally = ports, tally
        self._rng = np.random.default_rng([seed, number])
        self._cookies: dict[str, str] = {}
        self._page: Page | None = None
        self._query = ""
        self.acknowledged: State | None = None
        self._since: list[State] = []
        self._kept_at = ""  # the address of what was acknowledged last
        self._amid = False
        self._told: set[tuple[str, str]] = set()

    async def live(self, over: Callable[[], bool]) -> None:
        """Act until it is over, whatever happens to the server."""
        while not over():
            try:
                if self._page is None:
                    await self.arrive()
                await self.act()
            except Gone:
                await self.leave()
                await asyncio.sleep(0.5)
            except (TimeoutError, LookupError) as error:
                await self._stuck(error)

    async def arrive(self) -> None:
        """Open the window, at the address that it had, and see whether the work is there."""
        port = self.ports[int(self._rng.integers(len(self.ports)))]
        page = self._page = await self._opened(port, self._query)
        if not self._holds() and self._kept_at not in ("", page.query):
            await self._turn_back(port)
        self._check()
        self.look()

    async def _opened(self, port: int, query: str) -> Page:
        page = Page(port, self._cookies, query, self.hear)
        try:
            await page.open()
        except BaseException:
            await page.close()
            raise
        return page

    async def _turn_back(self, port: int) -> None:
        """The server was killed amid a change to another project, which the address names by now, saved or not: what was acknowledged
        must be at the address that it had."""
        former = await self._opened(port, self._kept_at)
        await self._open().close()
        self._page = former

    async def leave(self) -> None:
        """Close the window; the cookie and the address stay."""
        if self._page is not None:
            self._query = self._page.query
            with contextlib.suppress(Exception):
                await self._page.close()
            self._page = None

    async def come_back(self) -> bool:
        """The window afresh, where a server is there; whether it opened."""
        return await self.attempt(self.reload)

    async def attempt(self, way: Callable[[], Awaitable[bool]]) -> bool:
        """Act where a server is there, so that Gone and the like are counted as stuck; whether it was done."""
        try:
            return await way()
        except (Gone, TimeoutError, LookupError) as error:
            await self._stuck(error)
            return False

    async def _stuck(self, error: Exception) -> None:
        self._tally.stuck += 1
        self._note(f"stuck: {type(error).__name__} {error}")
        await self.leave()

    async def act(self) -> None:
        """One thing, by chance; what is acknowledged after it is remembered."""
        assert self._page is not None
        ways: dict[str, tuple[float, Callable[[], Awaitable[bool]]]] = {
            "import": (2.0 if self.acknowledged else 20.0, self.bring), "sample": (0.5, self.sample), "fit": (4.0, self.fit),
            "cancel": (0.5, self.cancel), "reload": (3.0, self.reload), "undo": (2.0, self.undo), "redo": (1.0, self.redo),
            "class": (2.0, self.another_class), "save": (1.0, self.save), "look": (2.0, self.look_round)}
        weights = np.array([weight for weight, _ in ways.values()])
        name = str(self._rng.choice([*ways], p=weights / weights.sum()))
        self._amid = True
        did = await ways[name][1]()
        self._amid = False
        self.look()
        if did:
            self._tally.actions += 1
            self._tally.done[name] += 1

    async def bring(self) -> bool:
        """Import tracks whose ids and classes bear his marker."""
        page = self._open()
        await page.go("tracks")
        await page.upload("Files, all that belong together", f"{self.marker.decode()}.csv", walks(self.marker, self._rng))
        return await page.press("import")

    async def sample(self) -> bool:
        """Open a sample."""
        await self._open().go("start")
        return await self._open().press("sample_town")

    async def fit(self) -> bool:
        """Fit his own tracks with the quickest model, and wait for the result, which is a line of the history."""
        page, before = self._open(), shown_state(self._open())
        if "My tracks" not in before.name:
            return False
        await page.go("fit")
        if page.widget("button", "fit_button") is None:
            return False
        await page.choose("radio", "model", MODELS["maxent"].title)
        return await page.press("fit_button") and await self._until_idle() and shown_state(page).history != before.history

    async def cancel(self) -> bool:
        """Begin a long fit on a sample, and cancel it."""
        page = self._open()
        await self.sample()
        await page.go("fit")
        begun = await page.press("fit_button")
        await page.press("cancel")
        return begun and await self._until_idle()

    async def _until_idle(self) -> bool:
        page = self._open()
        await page.until(lambda: page.widget("button", "cancel") is None and not page.running, FIT_S)
        return True

    async def undo(self) -> bool:
        """One step back, where there is one."""
        return await self._open().press("undo")

    async def redo(self) -> bool:
        """One step forward again."""
        return await self._open().press("redo")

    async def another_class(self) -> bool:
        """Choose another class in the sidebar."""
        page = self._open()
        found = next((one for one in page.elements("selectbox", sidebar=True) if one.label == "Class under study"), None)
        if found is None:
            return False
        await page.choose("selectbox", found.id.rsplit("-", 1)[1], str(self._rng.choice(found.options)))
        return True

    async def save(self) -> bool:
        """Download the project: it must be whole, and his."""
        page = self._open()
        if page.widget("download_button", "save") is None:
            return False
        for part in unpacked(await page.download("save")):
            self.hear(part.replace(b"\x00", b""))  # texts of arrays have four bytes a letter
        return True

    async def look_round(self) -> bool:
        """Some page."""
        await self._open().go(str(self._rng.choice(["tracks", "features", "fit", "review", "report", "start"])))
        return True

    async def reload(self) -> bool:
        """The window afresh, with the same cookie and address."""
        self._amid = False
        await self.leave()
        await self.arrive()
        return True

    def hear(self, data: bytes) -> None:
        """Every message and file: whether it holds what another visitor brought."""
        found = set(MARKER.findall(data))
        self._tally.own_seen += self.marker in found
        if others := found - {self.marker}:
            self._tally.crossed += 1
            self._note(f"crossed: {b' '.join(sorted(others)).decode()}")

    def _open(self) -> Page:
        if self._page is None:
            raise Gone("the window is closed")
        return self._page

    def look(self) -> None:
        """What the page says after an action: errors that nobody foresaw, and what is saved."""
        page, now = self._open(), shown_state(self._open())
        for kind, text in [*(("exception", one.message) for one in page.elements("exception")),
                           *(("error", one.body) for one in page.elements("alert") if UNFORESEEN in one.body.replace("\\", ""))]:
            if (kind, text) not in self._told:
                self._told.add((kind, text))
                self._tally.broken += 1
                self._note(f"broken: {text[:300]}")
        words = " ".join(one.body for one in page.elements("markdown", sidebar=True)) + " ".join(
            one.body for one in page.elements("alert", sidebar=True))
        self._tally.refused += "Not saved" in words
        if now.n:
            self._tally.acknowledged += 1
            self.acknowledged, self._since, self._kept_at = now, [], page.query
        elif not self._since or not self._since[-1].same(now):
            self._since.append(now)

    def _holds(self) -> bool:
        """Whether the page shows the last acknowledged state, or one made since. A version beyond it may have been saved while the answer
        to the last click was lost with the server."""
        now, last = shown_state(self._open()), self.acknowledged
        return last is None or any(now.same(one) for one in (last, *self._since)) or (self._amid and now.name == last.name
                                                                                     and now.n > last.n > 0)

    def _check(self) -> None:
        """After a reload: what was acknowledged must be there."""
        now, last, holds = shown_state(self._open()), self.acknowledged, self._holds()
        self._amid = False
        if last is None or holds:
            return
        self._tally.lost += 1
        self.acknowledged, self._since = None, []
        self._note(f"lost: {last.name} version {last.n} {last.history[:2]} became {now.name} version {now.n} {now.history[:2]}")

    def _note(self, text: str) -> None:
        self._tally.note(f"{self.marker.decode()} {text}")
