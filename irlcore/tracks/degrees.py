"""Longitudes and latitudes as people write them: degrees and minutes, letters for north and west, whole numbers that are degrees times ten
million, and metres in the zones of UTM that a column beside them names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.projection import GEOGRAPHIC, LEAST_LON, MOST_LON, moved
from irlcore.tracks.cells import number_texts, numbers, shown
from irlcore.tracks.problems import FIRST_ROW
from irlcore.tracks.sources import plain_name

MOST = 0.9  # of the cells: what fewer of them are is not what the column is
E7 = 1e7
LOOKED_AT = 1000
_SIGNED = (r"(?i)^\s*(?P<before>[NSEW])?\s*(?P<sign>[-+\u2212])?\s*(?P<d>\d{1,3}(?:[.,]\d+)?)\s*(?:[°º˚:]|deg|\s|$|(?=[NSEW]))\s*"
           r"(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*(?:['\u2032\u2019:]|min|\s|$|(?=[NSEW]))\s*)?"
           r"(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"\u2033\u201d]|''|\u2019\u2019|sec|s|\s|$|(?=[NSEW]))?\s*)?(?P<after>[NSEW])?\s*$")
_NMEA = r"(?i)^\s*(?P<d>\d{1,3})(?P<m>\d{2}\.\d+)\s*(?P<after>[NSEW])\s*$"
_ZONE = r"(?i)^\s*(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?\s*$"


@dataclass(frozen=True, slots=True)
class Degrees:
    """x, y: (n,) float64, longitude and latitude, NaN where a cell holds none. said: what was understood."""

    x: np.ndarray
    y: np.ndarray
    said: tuple[str, ...] = ()


def read_degrees(table: pd.DataFrame, lon: str, lat: str) -> Degrees:
    """Two columns of longitude and latitude. Numbers that can be degrees are taken as they are."""
    x, y, said = numbers(table, lon), numbers(table, lat), list[str]()
    for name, values, letters in ((lon, x, "EW"), (lat, y, "NS")):
        written = table[name].notna().to_numpy()
        if written.any() and np.isnan(values[written]).mean() > 1.0 - MOST and not pd.api.types.is_numeric_dtype(table[name]):
            found = _of_texts(table[name], letters)
            new = np.isnan(values) & np.isfinite(found)
            if new.sum() * 2 > np.isnan(values[written]).sum():
                values[new] = found[new]
                row = int(np.argmax(new))
                said.append(f"{shown(name)} is written with signs, and is read as {found[row]:.6g} degrees where that stands: row "
                            f"{row + FIRST_ROW}: {shown(table[name].iloc[row])!r}.")
    x, y, more = _scaled(x, y, lon, lat)
    said += more
    half = _halves(table, {lon, lat})
    if half is not None and (x[np.isfinite(x)] >= 0.0).all() and (y[np.isfinite(y)] >= 0.0).all():
        (north, south), (east, west) = half
        if _minutes(x) and _minutes(y) and (_largest(x) > MOST_LON or _largest(y) > 90.0):
            x, y = (np.floor(v / 100.0) + v % 100.0 / 60.0 for v in (x, y))
            said.append(f"{shown(lon)} and {shown(lat)} are degrees and minutes in one number, as NMEA has them (5530.5 is 55\u00b030.5').")
        x, y = np.where(west, -x, x), np.where(south, -y, y)
        if west.any() or south.any():
            said.append(f"{shown(north)} and {shown(east)} say which half: south and west are taken as negative.")
    if 0.0 < _largest(x) <= np.pi and 0.0 < _largest(y) <= np.pi / 2.0:
        said.append(f"{shown(lon)} and {shown(lat)} are taken for degrees: they lie off West Africa. If they are radians, turn them into "
                    "degrees first.")
    return Degrees(x, y, tuple(said))


def _of_texts(column: pd.Series, letters: str) -> np.ndarray:
    """(n,) degrees of texts ("55\u00b030.5'N", "5530.5N", "-10.5\u00b0"), NaN where they are none. letters: of the positive half and the
    other."""
    texts = number_texts(column).astype("string")
    codes, distinct = pd.factorize(texts)
    values = pd.Series(distinct, dtype="string")
    parts = values.str.extract(_SIGNED)
    d, m, s = (pd.to_numeric(parts[k].str.replace(",", "."), errors="coerce").to_numpy(np.float64, na_value=np.nan) for k in "dms")
    whole = np.isnan(m) | (d % 1.0 == 0.0)
    half = parts["before"].fillna(parts["after"]).str.upper()
    both = (parts["before"].notna() & parts["after"].notna()) | (half.notna() & parts["sign"].notna())
    found = d + np.nan_to_num(m) / 60.0 + np.nan_to_num(s) / 3600.0
    nmea = values.str.extract(_NMEA)
    at = nmea["d"].notna().to_numpy(bool)
    minutes = pd.to_numeric(nmea["m"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    found = np.where(at, pd.to_numeric(nmea["d"], errors="coerce").to_numpy(np.float64, na_value=np.nan) + minutes / 60.0, found)
    m = np.where(at, minutes, m)
    half = half.where(~nmea["after"].notna(), nmea["after"].str.upper())
    bad = (~whole & ~at) | (both.to_numpy(bool) & ~at) | (m >= 60.0) | (s >= 60.0)
    bad |= (half.notna() & ~half.isin(list(letters))).to_numpy(bool)
    minus = (half.eq(letters[1]) | parts["sign"].isin(["-", "\u2212"])).fillna(False).to_numpy(bool)
    found = np.where(bad, np.nan, np.where(minus, -found, found))
    return np.append(found, np.nan)[codes]


def _scaled(x: np.ndarray, y: np.ndarray, lon: str, lat: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Whole numbers that are degrees times ten million, and can be times nothing smaller, as degrees."""
    if _largest(x) <= MOST_LON and _largest(y) <= 90.0:
        return x, y, []
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return x, y, []
    a, b = np.abs(x[known]), np.abs(y[known])
    whole = bool((a % 1.0 == 0.0).all() and (b % 1.0 == 0.0).all())
    named = all(plain_name(name).endswith("e7") for name in (lon, lat))
    beyond = ((a > 1.8e8) | (b > 9e7)).mean() > 0.5  # beyond what millionths of a degree, or AIS's minutes, can be
    inside = ((a <= MOST_LON * E7) & (b <= 90.0 * E7)).mean() >= MOST
    if not (whole and inside and (named or beyond)):
        return x, y, []
    return x / E7, y / E7, [f"{shown(lon)} and {shown(lat)} are degrees times 10,000,000."]


def _largest(values: np.ndarray) -> float:
    """The size of the largest; 0 where none is known."""
    return float(np.nan_to_num(max(np.fmax.reduce(values), -np.fmin.reduce(values)))) if len(values) else 0.0


def _minutes(values: np.ndarray) -> bool:
    known = values[np.isfinite(values)]
    return bool(len(known) and (known % 100.0 < 60.0).all() and known.max() < 18_100.0)


def _halves(table: pd.DataFrame, taken: Collection[str]) -> tuple[tuple[str, np.ndarray], tuple[str, np.ndarray]] | None:
    """The column that says north or south, and where it is south ((n,) bool); and that of east or west. None where there are not both."""
    found: dict[str, tuple[str, np.ndarray]] = {}
    for column in map(str, table.columns):
        if column in taken or pd.api.types.is_numeric_dtype(table[column]):
            continue
        first = set(table[column].iloc[:LOOKED_AT].dropna().astype(str).str.strip().str.upper())
        for pair in ("NS", "EW"):
            if first and first <= set(pair):
                if pair in found:
                    return None
                found[pair] = column, table[column].astype("string").str.strip().str.upper().eq(pair[1]).fillna(False).to_numpy(bool)
    return (found["NS"], found["EW"]) if len(found) == 2 else None


def from_zones(table: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> Degrees | None:
    """Metres in the zones of UTM that a column names row by row, as degrees; None where no column does, or it leaves the half open."""
    column = next((str(c) for c in table.columns if plain_name(c) in ("zone", "utm_zone", "utmzone")), None)
    known = np.isfinite(x) & np.isfinite(y)
    if column is None or not known.any() or ((x[known] < 1e5) | (x[known] > 1e6) | (y[known] < 0.0) | (y[known] > 1e7)).mean() > 1.0 - MOST:
        return None
    codes, distinct = pd.factorize(table[column].astype("string").str.replace(r"\.0$", "", regex=True))
    parts = pd.Series(distinct, dtype="string").str.extract(_ZONE)
    zone, band = pd.to_numeric(parts["zone"], errors="coerce").to_numpy(np.float64, na_value=np.nan), parts["band"].str.upper()
    open_ = (band.isna() | band.eq("S")).to_numpy(bool)  # S is the south to some, and a band of the north
    if not len(distinct) or len(distinct) > 120 or not ((zone >= 1) & (zone <= 60)).all() or open_.any():
        return None
    lon, lat = np.full(len(x), np.nan), np.full(len(y), np.nan)
    for k, (number, letter) in enumerate(zip(zone.astype(int), band, strict=True)):
        here = (codes == k) & known
        lon[here], lat[here] = moved(np.column_stack((x[here], y[here])), f"EPSG:{number + (32600 if letter >= 'N' else 32700)}",
                                     GEOGRAPHIC).T
    wrong = ~((lon >= LEAST_LON) & (lon <= MOST_LON) & (np.abs(lat) <= 90.0))
    lon[wrong], lat[wrong] = np.nan, np.nan
    which = ", ".join(distinct[:4]) + (", ..." if len(distinct) > 4 else "")
    return Degrees(lon, lat, (f"x and y are metres in zones of UTM, as {shown(column)} says: {which}.",))
