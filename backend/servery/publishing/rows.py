"""Rows as a caller would send them: a table of any origin in, JSON values out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from servery.errors import InvalidInputs, PublishingRefused
from servery.inputs import NUMERIC, Input, Scalar
from servery.inspection import Target
from servery.inspection.columns import plainly_named
from servery.signature import Row, Signature
from servery.tables.reading import Reading


def as_table(X: Any) -> pd.DataFrame | None:  # noqa: ANN401
    """Return rows as a table; an array gets numbered names, a list of texts one column."""
    if X is None:
        return None
    if isinstance(X, pd.DataFrame):
        return plainly_named(X)
    if isinstance(X, pd.Series):
        return X.to_frame("text" if X.name is None else str(X.name))
    cells = np.asarray(X, dtype=object) if isinstance(X, (list, tuple)) else np.asarray(X)
    if cells.ndim == 1:
        return pd.DataFrame({"text": cells})
    names = [f"x{place}" for place in range(cells.shape[1])]
    return pd.DataFrame(cells, columns=names).infer_objects()


def as_target(y: Any) -> Target:  # noqa: ANN401
    """Return the target as a column, or as a table where there are several."""
    if y is None or isinstance(y, pd.Series):
        return y
    if isinstance(y, pd.DataFrame):
        return y.iloc[:, 0] if len(y.columns) == 1 else y
    cells = np.asarray(y)
    if cells.ndim == 2 and cells.shape[1] > 1:
        return pd.DataFrame(cells, columns=[f"y{place}" for place in range(cells.shape[1])])
    return pd.Series(cells.ravel())


def parsed(signature: Signature, X: pd.DataFrame, complaint: str) -> Sequence[Row]:
    """Return the rows of a table, parsed as those of a request would be.

    Raises
    ------
    PublishingRefused
        Says ``complaint`` and the first fault.
    """
    try:
        return signature.parse(
            [plain_row(signature, row) for row in X.to_dict("records")], "row {}".format
        ).rows
    except InvalidInputs as error:
        first = error.faults[0]
        raise PublishingRefused(f"{complaint}: {first.pointer}: {first.detail}") from error


def fitting_rows(signature: Signature, X: pd.DataFrame | None, most: int = 1000) -> list[Row]:
    """Return rows from first to last of a table that fit the signature; none without a table."""
    if X is None or not len(X):
        return []
    positions = np.unique(np.linspace(0, len(X) - 1, most).astype(int))
    return fitting(signature, X.iloc[positions])[0]


def fitting(signature: Signature, X: pd.DataFrame) -> tuple[list[Row], list[int]]:
    """Return the rows of a table that fit the signature, and their places in it."""
    rows: list[Row] = []
    places: list[int] = []
    for place, record in enumerate(X.to_dict("records")):
        try:
            rows.extend(signature.parse([plain_row(signature, record)]).rows)
        except InvalidInputs:  # what the model cannot take was not in its fit
            continue
        places.append(place)
    return rows, places


def plain_instance(signature: Signature, row: Row) -> dict[str, Scalar | None]:
    """Return a parsed row as the instance that a caller would send."""
    return {
        item.name: item.to_json(value) for item, value in zip(signature.inputs, row, strict=True)
    }


def plain_row(signature: Signature, row: dict[Any, Any]) -> dict[str, object]:
    """Return the record of a table as the instance that a caller would send."""
    return {
        item.name: None if pd.isna(cell := row[item.name]) else _sent(item, cell)
        for item in signature.inputs
    }


def _sent(item: Input, cell: object) -> object:
    """Return a cell as a JSON value; one odd cell makes texts of all numbers of a column."""
    if isinstance(cell, str) and item.storage in NUMERIC:
        return item.from_text(Reading(decimal=".", thousands="none"))(cell)
    return item.from_cell(cell)
