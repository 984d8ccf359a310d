"""Folds for cross-validation: at random, in the order of time, or by group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold, TimeSeriesSplit

from servery.errors import PublishingRefused, nearest
from servery.inputs import Input
from servery.signature import ClassificationOutput, Output
from servery.uncertainty.folds import Split

Method: TypeAlias = Literal["cross-validated", "leave-one-out", "time-ordered", "grouped"]
SEED = 0
#: Folds of a ``cv`` that names a column.
FOLDS = 5
#: What may stand before the colon of a ``cv`` that is a text.
KINDS = ("time", "group", "shuffle")


@dataclass(frozen=True, slots=True)
class Folds:
    """Places of rows to fit on and of rows to predict, for each fold.

    Attributes
    ----------
    how
        How they were made: the beginning of a sentence.
    """

    splits: Sequence[Split]
    method: Method
    how: str


def folds_of(
    cv: Any,  # noqa: ANN401 - a number, a text, a splitter of scikit-learn, or splits
    table: pd.DataFrame,
    target: Any,  # noqa: ANN401 - a column, or several
    inputs: Sequence[Input],
    output: Output,
    groups: Any = None,  # noqa: ANN401 - one value for each row
) -> Folds:
    """Return the folds that ``cv`` stands for; see `PublishOptions`.

    Parameters
    ----------
    table
        The rows, with all of their columns.

    Raises
    ------
    PublishingRefused
        ``cv`` is not known, or the rows do not have what it needs.
    """
    if isinstance(cv, str):
        kind, _, name = cv.partition(":")
        if kind == "shuffle":
            return _at_random(_count(name, len(table)), target, output)
        if kind not in KINDS or not name:
            raise PublishingRefused(
                f"Expected a number of folds, time:COLUMN, group:COLUMN or shuffle:FOLDS for cv, "
                f"found {cv!r}."
            )
        return NAMED[kind](_column(table, name), name)
    if isinstance(cv, int):
        count = _count(cv, len(table))
        dated = [item.name for item in inputs if item.storage == "datetime64"]
        if dated and table[dated[0]].nunique() > count:
            return _in_time(table[dated[0]], dated[0], count)
        return _at_random(count, target, output)
    return _of_splitter(cv, len(table), target, groups)


def _count(given: int | str, rows: int) -> int:
    count = int(given) if str(given).isdecimal() else 0
    if not 2 <= count <= rows:
        raise PublishingRefused(f"Expected 2 to {rows} folds, found {given}.")
    return count


def _column(table: pd.DataFrame, name: str) -> "pd.Series[Any]":
    if name not in table.columns:
        near = nearest(name, [str(each) for each in table.columns])
        raise PublishingRefused(f"The data has no column {name!r} for the folds.{near}")
    return table[name]


def _at_random(count: int, target: Any, output: Output) -> Folds:  # noqa: ANN401
    kind = StratifiedKFold if isinstance(output, ClassificationOutput) else KFold
    splitter = kind(n_splits=count, shuffle=True, random_state=SEED)
    return _of_splitter(splitter, len(target), target, None)


def _in_time(column: "pd.Series[Any]", name: str, count: int = FOLDS) -> Folds:
    """Cut the rows into blocks of time; rows of one time are in one block."""
    moments = column if pd.api.types.is_numeric_dtype(column) else _moments(column, name)
    if moments.isna().any():
        raise PublishingRefused(f"Rows without a {name!r} have no place in the order of time.")
    ranks = moments.rank(method="dense").to_numpy().astype(np.intp) - 1
    per_rank = np.bincount(ranks)
    # A block ends where the rows before it fill their share.
    block = np.minimum((np.cumsum(per_rank) - per_rank) * (count + 1) // len(ranks), count)[ranks]
    in_time = np.argsort(ranks, kind="stable")
    parts = [in_time[block[in_time] == number] for number in range(count + 1)]
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        raise PublishingRefused(f"{name!r} has too few different times to order rows by.")
    splits = [(np.concatenate(parts[:number]), parts[number]) for number in range(1, len(parts))]
    how = (
        f"In the order of {name!r}: the rows were cut into {len(parts)} blocks of time, and each "
        f"block but the first was predicted by a fit on the blocks before it"
    )
    return Folds(splits, "time-ordered", how)


def _moments(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    try:
        return pd.to_datetime(column)
    except (ValueError, TypeError) as error:
        raise PublishingRefused(
            f"{name!r} cannot be read as a date, so it is not a time."
        ) from error


def _in_groups(column: "pd.Series[Any]", name: str) -> Folds:
    count = min(FOLDS, column.nunique(dropna=False))
    if count < 2:
        raise PublishingRefused(
            f"{name!r} has one value only, so there are no groups to leave out."
        )
    codes = pd.factorize(column, use_na_sentinel=False)[0]
    folds = _of_splitter(GroupKFold(n_splits=count), len(column), None, codes)
    how = f"In {count} folds, each row was predicted by a fit without any row of the same {name!r}"
    return Folds(folds.splits, "grouped", how)


NAMED: Mapping[str, Callable[["pd.Series[Any]", str], Folds]] = {
    "time": _in_time,
    "group": _in_groups,
}


def _of_splitter(cv: Any, rows: int, target: Any, groups: Any) -> Folds:  # noqa: ANN401
    """Return the folds of a splitter of scikit-learn, or of an iterable of splits."""
    try:
        made = cv.split(np.zeros(rows), target, groups) if hasattr(cv, "split") else cv
        splits = [(np.asarray(train), np.asarray(test)) for train, test in made]
    except (TypeError, ValueError) as error:
        raise PublishingRefused(f"The folds cannot be made: {error}") from error
    if isinstance(cv, TimeSeriesSplit):
        how = (
            f"In the order of the rows, taken as that of time: each of {len(splits)} blocks was "
            "predicted by a fit on rows before it"
        )
        return Folds(splits, "time-ordered", how)
    if groups is not None:
        how = (
            f"In {len(splits)} folds, each row was predicted by a fit without any row of its group"
        )
        return Folds(splits, "grouped", how)
    if len(splits) == rows:
        return Folds(
            splits, "leave-one-out", f"Each row was predicted by a fit on the other {rows - 1:,}"
        )
    how = f"In {len(splits)} folds, each row was predicted by a fit on the other folds"
    return Folds(splits, "cross-validated", how)
