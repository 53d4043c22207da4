"""Texts of a project file as text that can be shown: control characters become their pictures, what is no character is refused.

A column of somebody's table may hold a NUL or a bell; it opens with the picture of it in its place (U+2400 and on, made for that), the
same one in the label that names it, so that names still find what they name.
"""

from __future__ import annotations

import re

import numpy as np

from irlcore.project.damage import damaged

PICTURES, DELETE = 0x2400, 127
KEPT = (9, 10, 13)  # tab and line ends are what texts are made of
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PICTURED = {c: PICTURES + c for c in range(32) if c not in KEPT} | {DELETE: PICTURES + 33}


def readable(text: str, where: str) -> str:
    """A text with its control characters pictured. ProjectError where half a character stands alone."""
    if not _CONTROL.search(text):
        return text
    shown = text.translate(_PICTURED)
    if _CONTROL.search(shown):
        raise damaged(where, "holds what is no character")
    return shown


def readable_array(found: np.ndarray, where: str) -> np.ndarray:
    """The same for an array of numpy's texts."""
    codes = found.reshape(-1).view(np.uint32).reshape(found.size, found.dtype.itemsize // 4)
    if not codes.size:
        return found
    highest = int(codes.max())
    if highest > 0x10FFFF or (highest >= 0xD800 and bool(((codes >= 0xD800) & (codes < 0xE000)).any())):
        raise damaged(where, "holds what is no character")
    # zeros fill up each text: one before a letter is a letter itself; unsigned, 0 - 1 is no small number
    odd = bool((codes - np.uint32(1) < 31).any()) or bool((codes == DELETE).any())
    if not odd and not bool(((codes[:, :-1] == 0) & (codes[:, 1:] != 0)).any()):
        return found
    return np.array([readable(text, where) for text in found.reshape(-1).tolist()]).reshape(found.shape)

