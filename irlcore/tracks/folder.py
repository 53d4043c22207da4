"""A folder of tables: every CSV and Parquet file in it, read and told apart by its columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.readers import Role, guess_role, read_table

ENDINGS = (".csv", ".csv.gz", ".tsv", ".txt", ".parquet")
MOST_FILES = 200


def table_files(folder: str | Path) -> list[Path]:
    """The tables in a folder by name; DataError where there is no such folder or nothing to read in it."""
    where = Path(folder).expanduser()
    if not where.is_dir():
        raise DataError(f"There is no folder {str(folder)!r}.", "Type the full path of a folder on the machine Motive runs on.")
    found = sorted(p for p in where.iterdir() if p.is_file() and p.name.lower().endswith(ENDINGS))
    if not found:
        raise DataError(f"The folder {str(folder)!r} holds no CSV or Parquet file.", f"Endings read: {', '.join(ENDINGS)}.")
    if len(found) > MOST_FILES:
        raise DataError(f"The folder {str(folder)!r} holds {len(found)} tables.", f"Choose one with at most {MOST_FILES}.")
    return found


def read_folder(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Every table in a folder by file name."""
    return {path.name: read_table(path) for path in table_files(folder)}


def by_role(tables: Mapping[str, pd.DataFrame], roles: Mapping[str, Role] | None = None) -> dict[Role, pd.DataFrame]:
    """Tables by what they hold; several of one kind with the same columns (one file a day, say) become one.

    roles: file name -> role where the analyst knows better than the guess.
    """
    out: dict[Role, pd.DataFrame] = {}
    for name, table in tables.items():
        role = (roles or {}).get(name) or guess_role(table)
        if role not in out:
            out[role] = table
        elif role == "attributes":
            out[role] = out[role].merge(table, how="outer", on=[c for c in table.columns if c in out[role].columns] or None)
        elif list(table.columns) == list(out[role].columns):
            out[role] = pd.concat([out[role], table], ignore_index=True)
        elif role != "unknown":
            raise DataError(f"{name} holds {role}, as another file does, but with other columns.",
                            "Load one of them, or give both the same columns.")
    return out
