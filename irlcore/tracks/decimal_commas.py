"""Numbers with decimal commas: which texts are some, and which number each is. One notion, for files as they are read and for tables that
come from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

_APART = r"[.'\u2019 \u00a0\u202f]"  # stands between thousands where commas are decimal
_GROUPS = rf"\d{{1,3}}(?:{_APART}\d{{3}})+"
COMMA = rf"[-+]?(?:{_GROUPS}|\d*),\d+(?:[eE][-+]?\d+)?"
_DOTTED = rf"[-+]?{_GROUPS},\d+"
_WHOLE = rf"[-+]?{_GROUPS}"
_THOUSANDS = r"[-+]?[1-9]\d{0,2}(?:,\d{3})+"


@dataclass(frozen=True, slots=True)
class Commas:
    """n texts. comma: (n,) bool, numbers with one decimal comma (1234,5 and 1.234,5), and whole ones with signs of thousands where another
    text shows that these are such (1.234 beside 1.234,5). thousands: (n,) bool, those that may be whole numbers with commas between
    thousands instead (1,234). pointed: (n,) texts, those of ``comma`` with a decimal point and nothing between thousands."""

    comma: np.ndarray
    thousands: np.ndarray
    pointed: pd.Series

    @property
    def numbers(self) -> np.ndarray:
        """(n,) float64, NaN where a text is none of ``comma``."""
        out = np.full(len(self.comma), np.nan)
        out[self.comma] = pd.to_numeric(self.pointed[self.comma]).to_numpy(np.float64)
        return out


def commas_in(texts: pd.Series) -> Commas:
    """What of texts (n,), without blanks round them and "" for none, has decimal commas."""
    def are(pattern: str) -> np.ndarray:
        return texts.str.fullmatch(pattern).fillna(False).to_numpy(bool)

    comma, thousands = are(COMMA), are(_THOUSANDS)
    if comma.any() and are(_DOTTED).any():
        comma = comma | are(_WHOLE)
    plain = texts[comma].str.replace(_APART, "", regex=True).str.replace(",", ".", regex=False)
    pointed = texts.copy()
    pointed[comma] = plain
    return Commas(comma, thousands, pointed)
