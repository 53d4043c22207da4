"""A file that was made for a download stays until the browser has had the time to fetch it.

Streamlit makes such a file when its button is pressed, answers with its address, and counts it as no page's own: the end of the next run
of any page marks it, the end of the one after that deletes it. While work shows its progress, a page runs twice a second, so that of two
visitors one lost the other's file, and his own, before the browser had asked for it ("Save project" was answered with 404).
"""

from __future__ import annotations

import time

from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileMetadata

STAYS = 60.0  # seconds: a browser asks at once, a busy server hears it later


class Lasting(MediaFileMetadata):
    """What Streamlit knows of a file; it does not count as marked for deletion before its time is over."""

    def __init__(self, *of_file: object, **named: object) -> None:
        super().__init__(*of_file, **named)  # type: ignore[arg-type]
        self._made = time.monotonic()

    @property
    def is_marked_for_delete(self) -> bool:
        """As Streamlit asks before it deletes a download that no page shows; pictures go at once."""
        return super().is_marked_for_delete and time.monotonic() - self._made > STAYS


def let_downloads_last() -> None:
    """From now on, in this process. Each making of a file begins its time anew, also where it is the same file."""
    media_file_manager.MediaFileMetadata = Lasting  # type: ignore[misc]
