"""Made-up maps on pages of their own, under the app's own server and policy: run with ``streamlit run``, as the app is."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


def window() -> None:
    """Draw the page that the address names."""
    import streamlit as st

    st.set_page_config(page_title="Maps", layout="wide")
    pages = (town, other, alone, picture, many, large, links)
    page = st.navigation([st.Page(one, title=one.__name__, default=one is town) for one in pages])
    page.run()


def made(links: int, vertices: int) -> tuple:
    """The town and what lies in it, made once."""
    import streamlit as st

    from benchmarks.screens import scenes

    @st.cache_resource
    def kept(links: int, vertices: int) -> tuple:
        one = scenes.town(links, vertices)
        return one, scenes.flow(one), [scenes.track_layers(one, k) for k in range(30)], scenes.moves(one)

    return kept(links, vertices)


def shown(links: int, vertices: int, key: str, playing: str = "") -> None:
    """A map of tracks, its selection and what was done on it in words."""
    import streamlit as st

    from app import session
    from app.map.component import show
    from benchmarks.screens import scenes

    one, flow, layers, moves = made(links, vertices)
    left, right = st.columns(2)
    n = int(session.selected().removeprefix("T") or 0)
    if left.button("Next"):
        n = (n + 1) % 30
        session.select(f"T{n}")
    right.write(f"Selected: T{n}")
    played = {"all": (moves,), "one": (scenes.moves_of(moves, n),), "": ()}[playing]
    touched = show(scenes.town_scene(one, (flow, *layers[n], *played), f"town {links}"), key, drawable=True)
    if touched.ring is not None or touched.place >= 0:
        st.write("Ring: " + " ".join(f"{x:.3f}" for x in touched.ring.ravel()) if touched.ring is not None else f"Place: {touched.place}")


def town() -> None:
    """Some hundreds of links, tracks and playback."""
    shown(800, 3000, "small", "all")


def other() -> None:
    """The same ground on another page."""
    shown(800, 3000, "other")


def alone() -> None:
    """Playback of the selected track, as the Review page has it."""
    shown(800, 3000, "alone", "one")


def large() -> None:
    """40,000 links with 160,000 vertices."""
    shown(40_000, 160_000, "large")


def links() -> None:
    """A bare town of as many links and vertices as the address says (?links=160000&vertices=640000), to measure drawing."""
    import streamlit as st

    from app.map.component import show
    from benchmarks.screens import scenes

    asked = st.query_params
    one, *_ = made(int(asked.get("links", 40_000)), int(asked.get("vertices", 160_000)))
    show(scenes.town_scene(one, ground=f"town {len(one.links.ids)}"), "links")


def picture() -> None:
    """Image coordinates."""
    from app.map.component import show
    from benchmarks.screens import scenes

    show(scenes.grid_scene(), "picture")


def many() -> None:
    """Small maps side by side, each with a track of its own to be played."""
    from app.map.component import show_many
    from benchmarks.screens import scenes

    one, flow, layers, moves = made(800, 3000)
    of_class = [(flow, *layers[k], scenes.moves_of(moves, 90 * k)) for k in range(3)]
    show_many([(f"Class {k}", scenes.town_scene(one, drawn, "town 800")) for k, drawn in enumerate(of_class)], "several")


if __name__ == "__main__":
    window()
elif __name__ != "__mp_main__":
    from streamlit.starlette import App

    from app.server.start import guarded

    app = App(Path(__file__).resolve(), **guarded())
