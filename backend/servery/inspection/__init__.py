"""Reading a signature out of a fitted estimator, sharpened by sample data where there are some.

An estimator in, what is known of its inputs and output out. ``structure`` reads what the fitted
parts know of their columns, ``columns`` the table itself, ``outputs`` what is answered;
``probing`` asks the estimator what it does with odd values. Nothing is written here.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from msgspec.structs import replace as replace_fields

from servery.errors import PublishingRefused, nearest
from servery.estimators.parts import compares_gaps
from servery.estimators.tracking import Column
from servery.inputs import Input, TextInput
from servery.inspection.columns import plainly_named, read_column
from servery.inspection.dates import NO_DATES, Dates, moments_of, read_dates
from servery.inspection.from_estimator import input_of, may_be_boolean
from servery.inspection.missing import missing_objects, told_by_table, with_markers
from servery.inspection.outputs import Target, read_output, require_predictor
from servery.inspection.probing import InputProbe, Probe, probed_inputs, typical_row
from servery.inspection.structure import Structure, read_structure, recorded_columns
from servery.manifest import RuntimeFacts
from servery.signature import Signature

#: A text that code which reads dates takes, and code which computes does not.
SOME_MOMENT = "2024-03-01 10:30:00"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What could be read out of an estimator.

    Attributes
    ----------
    facts
        How it takes its rows.
    X
        The columns of the table that are inputs, in their order; None without a table.
    notes
        Sentences on what could not be known, and what was left out.
    """

    signature: Signature
    facts: RuntimeFacts
    X: pd.DataFrame | None
    notes: tuple[str, ...]


def inspect(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: pd.DataFrame | None = None,
    y: Target = None,
    X_test: pd.DataFrame | None = None,
) -> Inspected:
    """Read what a fitted estimator takes and answers.

    Parameters
    ----------
    X
        Training rows; the columns that the estimator takes are found by name, or by order where
        it was fitted on an array. Without them, types and categories are those that the fitted
        parts hold, and ranges are not known.
    y
        The target of each row, which gives the output's name and range.
    X_test
        Rows that the fit did not see. They are served, so that an input allows what they have where
        the estimator answers it: a missing value, a longer text, a fraction.

    Raises
    ------
    PublishingRefused
        A column or the estimator is of a kind that cannot be served.
    """
    require_predictor(estimator)
    structure = read_structure(estimator, None if X is None else plainly_named(X))
    columns = [column for column in structure.columns if column.used or structure.takes == "array"]
    if X is None:
        _require_known_categories(columns)
        inputs = [input_of(column) for column in columns]
    else:
        columns, X = _matched(columns, X, structure)
        columns = [told_by_table(column, X[column.name]) for column in columns]
        X = with_markers(columns, X)
        dates = read_dates(estimator, columns, X) if structure.takes == "frame" else NO_DATES
        X = X if dates is NO_DATES else dates.X
        inputs = _read_columns(columns, X, dates, X_test)
    facts = RuntimeFacts(
        takes=structure.takes,
        categorical=[column.name for column in columns if column.is_categorical],
        missing_objects=missing_objects(columns),
        compares_gaps=compares_gaps(estimator),
    )
    own = [] if X is not None else _of_own_code(estimator, columns, inputs, facts)
    probe = Probe.of(estimator, inputs, facts, X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library remarks on is not a fault of the row
        output = read_output(estimator, probe.table, y, is_given=X is not None)
    probes = [
        InputProbe(probe, output, place, column.unknown_allowed)
        for place, column in enumerate(columns)
    ]
    signature = Signature(inputs=tuple(probed_inputs(probes)), output=output)
    notes = (
        *_unknown(columns, signature.inputs, X),
        *_unused(structure, columns),
        *_unrecorded(structure),
        *own,
        *_distinguished(columns),
        *_missing_in_tests(columns, signature.inputs, X, X_test),
    )
    return Inspected(signature, facts, X, notes)


def _of_own_code(
    estimator: Any,  # noqa: ANN401
    columns: Sequence[Column],
    inputs: Sequence[Input],
    facts: RuntimeFacts,
) -> list[str]:
    """Return a note on the columns that only somebody's own code knows.

    Raises
    ------
    PublishingRefused
        That code takes texts, or no numbers: the type of the columns is not known.
    """
    own = [column for column in columns if column.enters is not None and _is_unknown(column)]
    if not own:
        return []
    names, code = _listed([column.name for column in own]), own[0].enters
    texts = [
        TextInput(name=item.name, typical=SOME_MOMENT) if column in own else item
        for item, column in zip(inputs, columns, strict=True)
    ]
    as_numbers, as_texts = (
        Probe(estimator, each, facts, [row]).answers([row])
        for each, row in ((inputs, typical_row(inputs)), (texts, typical_row(texts)))
    )
    if as_texts or not as_numbers:
        raise PublishingRefused(
            f"The type of {names} is not known, because your own code takes it: {code}. Give "
            "`servery serve` or `servery publish` the rows of the fit: --data train.csv."
        )
    return [
        f"The type of {names} is assumed to be a number, because your own code takes it: {code}."
    ]


def _is_unknown(column: Column) -> bool:
    return column.kind == "number" and column.categories is None and column.typical is None


def _read_columns(
    columns: Sequence[Column], X: pd.DataFrame, dates: Dates, X_test: pd.DataFrame | None
) -> list[Input]:
    unseen = {} if X_test is None else plainly_named(X_test)
    inputs = []
    for column in columns:
        values = dates.moments.get(column.name, X[column.name])
        tested = unseen.get(column.name)
        spelling = dates.spellings.get(column.name)
        if tested is not None and pd.api.types.is_datetime64_any_dtype(values):
            tested = moments_of(tested, spelling)
        item = read_column(values, column, tested)
        inputs.append(item if spelling is None else replace_fields(item, spelling=spelling))
    return inputs


def columns_of(estimator: Any) -> tuple[Column, ...]:  # noqa: ANN401 - any fitted estimator
    """Return the columns that a fitted estimator records; see `recorded_columns`."""
    return recorded_columns(estimator)


def text_columns(estimator: Any) -> dict[str, set[str]]:  # noqa: ANN401
    """Return the columns of texts that a fitted estimator takes, each with its known values.

    A table that is read from a file needs to know: ``01234`` is a number but for them.
    """
    columns = columns_of(estimator)
    known = {column.name: column.categories or () for column in columns}
    return {
        column.name: {str(value) for value in known[column.name]}
        for column in columns
        if column.kind in {"text", "words"}
        or (known[column.name] and all(isinstance(value, str) for value in known[column.name]))
    }


def _matched(
    columns: Sequence[Column], X: pd.DataFrame, structure: Structure
) -> tuple[list[Column], pd.DataFrame]:
    """Find the columns of the estimator in a table; their names are the table's."""
    X = plainly_named(X)
    found = FINDERS[structure.takes](columns, X)
    renamed = [replace(column, name=name) for column, name in zip(columns, found, strict=True)]
    return renamed, X[found]


def _by_name(columns: Sequence[Column], X: pd.DataFrame) -> list[str]:
    # LightGBM writes an underscore for what its own file format cannot hold.
    by_plain = {name.replace(" ", "_"): name for name in X.columns}
    found = [
        column.name if column.name in X.columns else by_plain.get(column.name, "")
        for column in columns
    ]
    lacking = [column.name for column, name in zip(columns, found, strict=True) if not name]
    if lacking:
        near = nearest(lacking[0], X.columns)
        raise PublishingRefused(
            f"The data has no {_listed(lacking)}, which the model needs.{near} Use the table that "
            "the model was fitted on, with its own column names."
        )
    return found


def _by_order(columns: Sequence[Column], X: pd.DataFrame) -> list[str]:
    if len(X.columns) != len(columns):
        raise PublishingRefused(
            f"The model was fitted on an array of {len(columns)} columns without names, and the "
            f"data have {len(X.columns)} beside the target: {_listed(list(X.columns))}. Give just "
            "the columns of the fit, in its order, and name the target."
        )
    return list(X.columns)


def _one_text(_: Sequence[Column], X: pd.DataFrame) -> list[str]:
    texts = [name for name in X.columns if X[name].dropna().map(type).eq(str).all()]
    if len(texts) != 1:
        raise PublishingRefused(
            "The model takes one column of text. Besides the target, the data have "
            + (f"{len(texts)}: {_listed(texts)}" if texts else "none")
            + ". Give only the one that it was fitted on, and name the target."
        )
    return texts


FINDERS = {"frame": _by_name, "array": _by_order, "texts": _one_text}


def _require_known_categories(columns: Sequence[Column]) -> None:
    unlisted = [
        column.name for column in columns if column.kind == "words" and not column.unknown_allowed
    ]
    if unlisted:
        raise PublishingRefused(
            f"The model takes an unknown category of {_listed(unlisted)} for a known one, and does "
            "not record the known ones. Give the rows that it was fitted on as data."
        )


def _unknown(
    columns: Sequence[Column], inputs: Sequence[Input], X: pd.DataFrame | None
) -> list[str]:
    if X is not None:
        return []
    if all(column.kind == "text" for column in columns):
        return ["Published without data: unusual texts may get no warning."]
    notes = [
        "Published without data: types and categories come from the fitted estimator. Ranges and "
        "typical values are approximate or unknown, so unusual values may get no warning."
    ]
    if any(may_be_boolean(column) for column in columns):
        notes.append(
            "The model does not record whether a column held true and false. Such a column is a "
            "number here: true is 1, false is 0. With the training data it becomes yes or no."
        )
    words = [column.name for column in columns if column.kind == "words"]
    if words:
        notes.append(
            f"The model does not record the categories of {_listed(words)}: any text is accepted."
        )
    if all(item.name == f"x{place}" for place, item in enumerate(inputs)):
        notes.append("The model was fitted without column names: inputs are named by their order.")
    return notes


def _unused(structure: Structure, columns: Sequence[Column]) -> list[str]:
    unused = [column.name for column in structure.columns if not column.used]
    if not unused or len(columns) == len(structure.columns):
        return []
    return [f"The model does not use {_listed(unused)}, so the form does not show it."]


def _unrecorded(structure: Structure) -> list[str]:
    if structure.unrecorded is None:
        return []
    return [
        "The model does not record its columns, because your own code takes them: "
        f"{structure.unrecorded}. The inputs are all columns of the data, in their order."
    ]


def _distinguished(columns: Sequence[Column]) -> list[str]:
    names = [column.name for column in columns if column.distinguishes_missing]
    if not names:
        return []
    return [
        f"The model knows two kinds of missing values of {_listed(names)}, None and NaN: a missing "
        "value is taken as None."
    ]


def _missing_in_tests(
    columns: Sequence[Column],
    inputs: Sequence[Input],
    X: pd.DataFrame | None,
    X_test: pd.DataFrame | None,
) -> list[str]:
    """Return a note on what is missing in test rows alone, where the estimator answers it."""
    if X is None or X_test is None:
        return []
    names = [
        item.name
        for item, column in zip(inputs, columns, strict=True)
        if item.missing_allowed
        and not column.expects_missing
        and item.name in X_test.columns
        and X_test[item.name].isna().any()
        and X[item.name].notna().all()
    ]
    if not names:
        return []
    rows = int(X_test[names].isna().any(axis=1).sum())
    return [
        f"No value of {_listed(names)} was missing in training, but {rows:,} of {len(X_test):,} "
        "test rows lack one. The model answers them, so missing values are accepted."
    ]


def _listed(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    return shown + (f" and {len(names) - most} others" if len(names) > most else "")


__all__ = ["Inspected", "Target", "columns_of", "inspect", "text_columns", "typical_row"]
