"""What a notebook calls: a frame in, the same frame with its predictions out."""

import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from servery.batch.deciding import decided
from servery.batch.finding import found
from servery.batch.keywords import with_keywords
from servery.batch.options import Decision
from servery.batch.parsing.matching import Matching, match
from servery.batch.pipeline import (
    Model,
    open_batch,
    refuse_broken,
    result_rows,
    uncertainty_of,
)
from servery.batch.remarks import remark_columns
from servery.batch.scoring import Scored, Scorer
from servery.batch.scoring.answers import answer_names
from servery.batch.summary import Summary
from servery.errors import ColumnsUnmatched
from servery.inputs import LARGEST_EXACT
from servery.signature import Signature
from servery.tables.blocks import (
    TYPED,
    CellTraits,
    Chunk,
    ColumnBlock,
    RawColumn,
    distinct_names,
)
from servery.tables.cells import FaultyCell
from servery.tables.keyed import keys_of
from servery.tables.reading import Limits, Reading


@dataclass(frozen=True)
class FrameLayout:
    """Makes columns of a part of a frame."""

    header: tuple[str, ...]
    format: str = "frame"
    delimiter: str | None = None
    traits: CellTraits = TYPED

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return rows of a frame as columns."""
        frame = chunk.payload
        lines = np.arange(len(frame), dtype=np.int64) + chunk.first_line
        return ColumnBlock(lines, [_column(frame.iloc[:, at]) for at in range(frame.shape[1])])


@with_keywords
def score(
    model: str | Path | Model,
    frame: pd.DataFrame | str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    reading: Reading | None = None,
    models: str | Path | None = None,
    **chosen: Any,  # noqa: ANN401 - the fields of `Decision`
) -> pd.DataFrame:
    """Score each row of a frame or a file.

    Parameters
    ----------
    model
        The name of a model in the repository (``name@version`` for one version of it), a model
        file, the address of a model on a server, or a `ServedModel`.
    frame
        One row for each instance; its columns are matched to the inputs as those of a file are.
        Frames of other libraries that have ``to_pandas`` do as well. A path is that of a file,
        which is read as `servery score` reads it.
    columns
        Columns by the name of their input, if names do not match.
    reading
        How texts are to be read where an input is none; see `servery.tables.reading.Reading`.
    models
        The model repository; ``SERVERY_MODELS``, else the folder ``models``, where none is given.

    Returns
    -------
    DataFrame
        The frame's own columns, then ``prediction`` (and what else the model answers), ``warnings``
        and ``error``, with the frame's index. A row that does not fit has no prediction, and the
        reason as its error.

    Raises
    ------
    ColumnsUnmatched
        Columns could not be matched to inputs.
    InvalidJobOptions
        The threshold or the class does not fit the model.
    TypeError
        The argument is not a frame, or a keyword is unknown.
    """
    with found(model, None if models is None else Path(models)) as on_card:
        opened = decided(on_card, Decision(**chosen))
        if isinstance(frame, (str, Path)):
            return _score_file(opened, Path(frame), columns, reading)
        frame = _of_pandas(frame)
        signature = opened.signature
        header = _header(frame, signature.names)
        matching = _matching(signature, header, columns)
        layout = FrameLayout(header)
        reading = _plain(reading or Reading())
        uncertainty = uncertainty_of(opened)
        scorer = Scorer(
            opened.name, signature, opened.runtime, layout, matching, reading, uncertainty
        )
        names = answer_names(signature.output, uncertainty, header)
        step = Limits().chunk_rows
        scored = [
            scorer.score(Chunk(0, start + 1, frame.iloc[start : start + step], 0))
            for start in range(0, max(len(frame), 1), step)
        ]
    return pd.concat([frame, _answers(names, scored, frame.index)], axis=1)


def _plain(reading: Reading) -> Reading:
    """Return how texts of a frame are read: where nobody says otherwise, as numbers of Python."""
    return msgspec.structs.replace(
        reading, decimal=reading.decimal or ".", thousands=reading.thousands or "none"
    )


def _score_file(
    model: Model, path: Path, columns: Mapping[str, str] | None, reading: Reading | None
) -> pd.DataFrame:
    batch = open_batch(model, path, reading, columns, keys=keys_of([path])[0])
    with contextlib.closing(batch):
        scored = [batch.scorer.score(chunk) for chunk in batch.table.chunks()]
    summary = Summary()
    for each in scored:
        summary.merge(each.summary)
    refuse_broken(batch.called, summary, batch.table.layout.format)
    schema = batch.schema
    parts = [result_rows(each, batch.matching, schema).typed(schema) for each in scored]
    cells = (itertools.chain.from_iterable(column) for column in zip(*parts, strict=True))
    values = ([None if isinstance(c, FaultyCell) else c for c in column] for column in cells)
    frame = pd.DataFrame(dict(zip(schema.layout.header, values, strict=True)))
    return pd.concat([frame, _answers(list(schema.added), scored, frame.index)], axis=1)


def _of_pandas(frame: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever is given
    """Return a frame as one of pandas; those of other libraries can be made one."""
    if not isinstance(frame, pd.DataFrame) and hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(
            f"Expected a frame of pandas, found {type(frame).__name__}; "
            "pandas.DataFrame makes one of rows, and pandas.read_csv of a file."
        )
    return frame


def _header(frame: pd.DataFrame, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; repeated ones, which a frame may have, with numbers."""
    header = tuple(map(str, frame.columns))
    return header if len(set(header)) == len(header) else distinct_names(header, known)


def _matching(
    signature: Signature, header: Sequence[str], columns: Mapping[str, str] | None
) -> Matching:
    try:
        return match(signature, header, columns)
    except ColumnsUnmatched as error:  # whose words are those of the command
        raise ColumnsUnmatched(
            f"{error.detail} Say columns={{input: column}}.", error.parts
        ) from error


def _answers(
    names: Sequence[str], scored: Sequence[Scored], index: "pd.Index[Any]"
) -> pd.DataFrame:
    """Return what the model says of all rows, and what is odd about them."""
    parts = [[*each.answers, *remark_columns(each)] for each in scored]
    answers = {name: _joined([part[place] for part in parts]) for place, name in enumerate(names)}
    return pd.DataFrame(
        {name: pd.Series(cells, index=index, dtype=cells.dtype) for name, cells in answers.items()}
    )


def _column(series: "pd.Series[Any]") -> RawColumn:
    kind = series.dtype
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        if isinstance(kind, np.dtype):
            return RawColumn(series.to_numpy())
        if not series.isna().any():
            return RawColumn(series.to_numpy(dtype=getattr(kind, "numpy_dtype", np.float64)))
        doubles = series.to_numpy(dtype=np.float64, na_value=np.nan)
        if not (np.abs(doubles) >= LARGEST_EXACT).any():
            return RawColumn(doubles)
        return RawColumn(series.to_numpy(dtype=object, na_value=None).tolist())
    cells = series.tolist()
    if pd.api.types.is_object_dtype(kind) and not all(
        type(cell) is str or cell is None for cell in cells
    ):
        return _each(cells)
    try:
        codes, values = pd.factorize(series)
    except (NotImplementedError, ValueError):  # lists of Arrow, or a half of a surrogate pair
        return _each(cells)
    places = np.where(codes < 0, len(values), codes).astype(np.intp)
    return RawColumn([*values.tolist(), None], places)


def _each(cells: Sequence[Any]) -> RawColumn:
    return RawColumn([None if pd.api.types.is_scalar(c) and pd.isna(c) else c for c in cells])


def _joined(columns: Sequence[RawColumn]) -> Any:  # noqa: ANN401 - an array, or a list of cells
    numbers = [column.numbers for column in columns if column.numbers is not None]
    if numbers:
        return np.concatenate(numbers)
    cells = [cell for column in columns for cell in column.cells()]
    return np.fromiter(cells, dtype=object, count=len(cells))  # np.array takes tuples for rows
