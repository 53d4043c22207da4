"""The Tracks page with files put into its form."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.test_pages import opened


def points(n: int = 30, each: int = 10) -> bytes:
    rows = [f"v{i},{t},{i % 7 + t},{(i * t) % 11}.5,{'car' if i % 2 else 'truck'}" for i in range(n) for t in range(each)]
    return ("track,t,x,y,class\n" + "\n".join(rows)).encode()


def tracks_page(**files: bytes) -> AppTest:
    app = opened().switch_page("screens/tracks.py").run()
    if files:
        app.file_uploader(key="uploads").set_value([(f"{name}.csv", data, "text/csv") for name, data in files.items()]).run()
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(e.value).replace("\\", "") for e in (*app.markdown, *app.caption, *app.info, *app.error, *app.warning))
