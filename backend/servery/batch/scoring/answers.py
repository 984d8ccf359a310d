"""The columns of answers: their names, and the cells that they have in all rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servery.batch.decisions import reported_classes, used_threshold
from servery.batch.scoring.uncertainty import NOTHING, Piece, Places, Uncertainty
from servery.runtimes.columns import ColumnOutcomes
from servery.signature import ClassOutput, MultiOutput, Output, RegressionOutput, SingleOutput
from servery.tables.blocks import RawColumn, unique_name

#: Columns that each of several outputs has, called after it.
PLAIN = frozenset(["prediction", "label"])


def answer_names(output: Output, uncertainty: Uncertainty, taken: Sequence[str]) -> list[str]:
    """Return the names of the columns that are added to those ``taken`` already."""
    names: list[str] = []
    for name in (*(name for name, _ in _named(output, uncertainty)), "warnings", "error"):
        names.append(unique_name(name, taken, names))
    return names


def answer_columns_named(
    output: Output, uncertainty: Uncertainty, answers: Sequence[RawColumn]
) -> dict[str, RawColumn]:
    """Return columns of answers by their names, as `answer_names` would call them."""
    names = [name for name, _ in _named(output, uncertainty)]
    return dict(zip(names, answers, strict=False))


def _named(output: Output, uncertainty: Uncertainty) -> list[tuple[str, str]]:
    """Return each column of answers: its name, and the kind of its values."""
    if isinstance(output, MultiOutput):
        return [
            (f"{name}_{part.name}" if name in PLAIN else name.replace("_", f"_{part.name}_", 1), k)
            for part in output.outputs
            for name, k in _named(part, NOTHING)
        ]
    if not isinstance(output, ClassOutput):
        labels = [("label", "label")] if output.bands else []
        ends = [("interval_low", "interval"), ("interval_high", "interval")]
        return [("prediction", "value"), *labels, *(ends if uncertainty.has_intervals else [])]
    columns = [("prediction", "class")]
    if any(str(each.value) != each.label for each in output.classes):
        columns.append(("label", "label"))
    if used_threshold(output) is not None:  # the uncertainty was measured with that of the card
        columns.append(("threshold", "threshold"))
        uncertainty = NOTHING
    if uncertainty.has_sets and output.probabilities:
        columns.append(("prediction_set", "set"))
    if uncertainty.has_reliability:
        columns += [("reliability", "reliability"), ("reliability_rows", "reliability")]
    reported = [output.classes[place].value for place in reported_classes(output)]
    for is_given, kind in ((output.probabilities, "probability"), (output.scores, "score")):
        if is_given:
            columns += [(f"{kind}_{value}", kind) for value in reported]
    return columns


def answer_columns(
    output: Output,
    uncertainty: Uncertainty,
    pieces: Sequence[Piece],
    n_rows: int,
    unlike: Sequence[int],
) -> list[RawColumn]:
    """Return one column for each of `answer_names` but the last two, from answers for some rows.

    Parameters
    ----------
    unlike
        Rows unlike those that were measured: they have no interval, set or reliability.
    """
    if isinstance(output, MultiOutput):
        return [
            column
            for place, part in enumerate(output.outputs)
            for column in answer_columns(
                part,
                NOTHING,
                [(rows, _parts(outcomes)[place]) for rows, outcomes in pieces],
                n_rows,
                unlike,
            )
        ]
    kinds = dict.fromkeys(kind for _, kind in _named(output, uncertainty))
    columns: list[RawColumn] = []
    for kind in kinds:
        if kind == "interval":
            columns += _ends(output, uncertainty, pieces, n_rows, unlike)
        elif kind == "set" and isinstance(output, ClassOutput):
            columns.append(_sets(output, uncertainty, pieces, n_rows, unlike))
        elif kind == "reliability":
            columns += _reliability(uncertainty, pieces, n_rows, unlike)
        else:
            columns += _of_kind(output, kind, pieces, n_rows)
    return columns


def _ends(
    output: SingleOutput,
    uncertainty: Uncertainty,
    pieces: Sequence[Piece],
    n_rows: int,
    unlike: Sequence[int],
) -> list[RawColumn]:
    """Return both ends of the interval of each quantity."""
    if not isinstance(output, RegressionOutput):
        return []
    ends = [(rows, uncertainty.ends(output, got)) for rows, got in pieces]
    columns = [_spread([(rows, both[at]) for rows, both in ends], n_rows) for at in range(2)]
    for column in columns:
        column[list(unlike)] = np.nan
    return [RawColumn(column) for column in columns]


def _sets(
    output: ClassOutput,
    uncertainty: Uncertainty,
    pieces: Sequence[Piece],
    n_rows: int,
    unlike: Sequence[int],
) -> RawColumn:
    """Return the prediction set of each row, as a tuple of classes."""
    # A set of each class comes first: they determine the type if there are no rows.
    cells: list[Any] = [None, *((each.value,) for each in output.classes)]
    codes = np.zeros(n_rows, dtype=np.intp)
    for rows, got in pieces:
        sets, which = uncertainty.sets(output, got)
        codes[rows] = which + len(cells)
        cells += sets
    codes[list(unlike)] = 0
    return RawColumn(cells, codes)


def _reliability(
    uncertainty: Uncertainty, pieces: Sequence[Piece], n_rows: int, unlike: Sequence[int]
) -> list[RawColumn]:
    """Return how often answers like that of each row were right, and how many those were."""
    # A zero that no row has comes second: it determines the type if all rows have none.
    shares: list[float] = [np.nan, 0.0]
    counts: list[int | None] = [None, 0]
    codes = np.zeros(n_rows, dtype=np.intp)
    for rows, got in pieces:
        known, which = uncertainty.reliability(got)
        codes[rows] = np.where(which < 0, 0, which + len(shares))
        shares += [share for share, _ in known]
        counts += [count for _, count in known]
    codes[list(unlike)] = 0
    return [RawColumn(np.array(shares), codes), RawColumn(counts, codes)]


def _of_kind(
    output: SingleOutput, kind: str, pieces: Sequence[Piece], n_rows: int
) -> list[RawColumn]:
    if isinstance(output, ClassOutput):
        if kind in ("probability", "score"):
            return _by_class(output, kind, pieces, n_rows)
        if kind == "threshold":
            return [_threshold(output, pieces, n_rows)]
        return [_classes(output, kind, pieces, n_rows)]
    if kind == "value":
        return [RawColumn(_spread([(rows, got.values) for rows, got in pieces], n_rows))]
    return [_bands(output, pieces, n_rows)]


def _by_class(
    output: ClassOutput, kind: str, pieces: Sequence[Piece], n_rows: int
) -> list[RawColumn]:
    """Return the probability or the score of each class that is reported."""
    tables = [
        (rows, got.probabilities if kind == "probability" else got.scores) for rows, got in pieces
    ]
    return [
        RawColumn(_spread([(rows, None if t is None else t[:, at]) for rows, t in tables], n_rows))
        for at in reported_classes(output)
    ]


def _threshold(output: ClassOutput, pieces: Sequence[Piece], n_rows: int) -> RawColumn:
    """Return the threshold in each row that has an answer."""
    used = used_threshold(output)
    codes = np.ones(n_rows, dtype=np.intp)
    for rows, _ in pieces:
        codes[rows] = 0
    return RawColumn([used and used.value, None], codes)


def _classes(output: ClassOutput, kind: str, pieces: Sequence[Piece], n_rows: int) -> RawColumn:
    """Return the class of each row: itself, or its label."""
    codes = np.full(n_rows, len(output.classes), dtype=np.intp)
    for rows, got in pieces:
        codes[rows] = np.asarray(got.classes)
    values = [each.value if kind == "class" else each.label for each in output.classes]
    return RawColumn([*values, None], codes)


def _bands(output: RegressionOutput, pieces: Sequence[Piece], n_rows: int) -> RawColumn:
    """Return the label of the band that each quantity is in."""
    bands = [band.label for band in output.bands]
    codes = np.full(n_rows, len(bands), dtype=np.intp)
    for rows, got in pieces:
        codes[rows] = output.band_places(np.asarray(got.values))
    return RawColumn([*bands, None], codes)


def _spread(pieces: Sequence[tuple[Places, Any]], n_rows: int) -> NDArray[np.float64]:
    if len(pieces) == 1 and len(pieces[0][0]) == n_rows:
        return np.asarray(pieces[0][1], dtype=np.float64)
    column = np.full(n_rows, np.nan)
    for rows, values in pieces:
        column[rows] = values
    return column


def _parts(outcomes: ColumnOutcomes) -> Sequence[ColumnOutcomes]:
    return outcomes.parts or ()
