"""Values and rows in sentences."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

MOST_ROWS = 5


def listed(values: Sequence[object], most: int = 8) -> str:
    """Return values as a sentence lists them; of many, the first."""
    shown = [repr(value) for value in values[:most]]
    if len(values) > most:
        return f"{', '.join(shown)} and {len(values) - most:,} others"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]])) if shown else "none"


def named_rows(rows: "pd.DataFrame | pd.Series[Any]") -> str:
    """Return where rows stand: by the lines of their file, or by the labels of a frame."""
    labels = [str(label) for label in rows.index[:MOST_ROWS]]
    kind = str(rows.index.name or "row")
    more = len(rows) - len(labels)
    noun = kind if len(rows) == 1 else f"{kind}s"
    return f"{noun} {', '.join(labels)}" + (f" and {more:,} others" if more else "")
