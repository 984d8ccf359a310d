"""True outcomes, in the form that the output of a model has them.

A table writes 1, 1.0, ``"1"`` or True for the class 1: each of them is that class. A blank outcome
is left out, and one that is not a class of the model is refused by name.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servery.errors import PublishingRefused
from servery.evaluation.naming import listed, named_rows
from servery.inputs import Scalar
from servery.signature import ClassOutput, MultiOutput, Output, SingleOutput


@dataclass(frozen=True, slots=True)
class Truth:
    """The outcomes of the rows that have one.

    Attributes
    ----------
    outcomes
        One column for each output, one row for each True in ``known``.
    known
        Shape (n,): which rows of the table have an outcome.
    """

    outcomes: pd.DataFrame
    known: NDArray[np.bool_]

    @property
    def blank(self) -> int:
        """How many rows have none."""
        return int((~self.known).sum())


def read_truth(output: Output, y: pd.DataFrame, table: str) -> Truth:
    """Read the outcomes of a table.

    Parameters
    ----------
    table
        What the table is called: "the test data".

    Raises
    ------
    PublishingRefused
        Names the column, what the model can answer, and what was found in which rows.
    """
    parts: Sequence[SingleOutput] = output.outputs if isinstance(output, MultiOutput) else (output,)
    if len(parts) != len(y.columns):
        raise PublishingRefused(
            f"The model has {len(parts)} outputs and {table} {len(y.columns)} target columns: "
            f"{listed(list(map(str, y.columns)))}. Name one column for each output."
        )
    known = y.notna().all(axis=1).to_numpy()
    for place, part in enumerate(parts):
        known = known & _has_outcome(part, y.iloc[:, place])
    columns = [_read(part, y.iloc[known, place], table) for place, part in enumerate(parts)]
    names = [str(name) for name in y.columns]
    outcomes = pd.DataFrame(dict(zip(names, columns, strict=True)))
    return Truth(outcomes.reset_index(drop=True), known)


def _has_outcome(output: SingleOutput, column: "pd.Series[object]") -> NDArray[np.bool_]:
    """Return which rows have an outcome: a word or infinity among quantities is none.

    A class that is not the model's is an outcome all the same, and so are words that are most.
    """
    is_given: NDArray[np.bool_] = column.notna().to_numpy()
    if isinstance(output, ClassOutput):
        return is_given
    is_number = np.array([output.outcome(cell) is not None for cell in column.astype(object)])
    return is_number if 2 * is_number.sum() > is_given.sum() else is_given


def unknown_outcomes(output: SingleOutput, column: "pd.Series[object]") -> list[object]:
    """Return the different values of a column that the output does not have."""
    distinct = pd.unique(column.dropna().astype(object)).tolist()
    return [value for value in distinct if output.outcome(value) is None]


def _read(output: SingleOutput, column: "pd.Series[object]", table: str) -> "pd.Series[object]":
    cells = column.astype(object).tolist()
    meant: dict[tuple[type, object], Scalar | None] = {}
    for cell in cells:
        key = (type(cell), cell)
        if key not in meant:
            meant[key] = output.outcome(cell)
    outcomes = [meant[type(cell), cell] for cell in cells]
    if None in outcomes:
        places = [place for place, outcome in enumerate(outcomes) if outcome is None]
        raise _refused(output, column.iloc[places], table)
    return pd.Series(outcomes, dtype=object).infer_objects()


def _refused(output: SingleOutput, unknown: "pd.Series[object]", table: str) -> PublishingRefused:
    counts = Counter(unknown.astype(object).tolist())
    shown = listed(list(counts), most=5)
    where = f"in {len(unknown):,} {'row' if len(unknown) == 1 else 'rows'}"
    found = f"Column {str(unknown.name)!r} of {table} has {shown} {where} ({named_rows(unknown)})"
    if isinstance(output, ClassOutput):
        values = [outcome.value for outcome in output.classes]
        return PublishingRefused(
            f"{found}, and the classes of the model are {listed(values, most=8)}. "
            + _remedy(values, list(counts))
        )
    return PublishingRefused(f"{found}, and the model predicts finite numbers.")


def _remedy(classes: Sequence[Scalar], unknown: Sequence[object]) -> str:
    """Return what to do about unknown outcomes, which may be the names of numbered classes."""
    are_names = len(unknown) == len(classes) and all(isinstance(each, str) for each in unknown)
    if are_names and list(classes) == list(range(len(classes))):
        names = ",".join(sorted(map(str, unknown)))
        return (
            "If these are their names, publish the model with the names in the order of the "
            f"numbers; a LabelEncoder numbers them in this order: --classes {names}."
        )
    return (
        "Use the outcomes that the model was fitted on; leave out rows of a class that its fit "
        "never saw."
    )
