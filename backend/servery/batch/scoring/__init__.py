"""Scoring: a chunk of rows in, the same rows with their predictions out."""

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from servery.batch.decisions import DecidedOutput
from servery.batch.parsing import ParsedBlock, Parser, RowFault
from servery.batch.parsing.matching import Matching
from servery.batch.scoring.answers import answer_columns
from servery.batch.scoring.input_counts import InputCounter
from servery.batch.scoring.uncertainty import NOTHING, Piece, Places, Uncertainty
from servery.batch.summary import (
    MOST_FIRST,
    MOST_LINES,
    MOST_REMARKS,
    BadRow,
    Reason,
    Spread,
    Summary,
    Tally,
    remarks_of,
)
from servery.errors import ModelFailed, ServeryError
from servery.inputs import NUMERIC, Input, InputWarning, is_unlike_training
from servery.runtimes.columns import ColumnOutcomes, Columns
from servery.runtimes.sense import finite_rows
from servery.signature import ClassOutput, MultiOutput, Output, Row, Signature
from servery.tables.blocks import Chunk, ColumnBlock, Layout, RawColumn
from servery.tables.reading import Reading
from servery.unanswered import CODE, causes

#: Rows that a runtime is asked at once; more would only take more memory.
ASKED_AT_ONCE = 32_768
#: A model that fails on more rows of one chunk is broken; few rows are named.
MOST_FAILED = 100
FAILED = RowFault(None, "model-failed", "The model failed on this row.")


class ManyAtOnce(Protocol):
    """What a batch needs of a runtime."""

    def predict_columns(self, columns: Columns) -> ColumnOutcomes:
        """Predict many parsed rows, given as one column for each input."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of a chunk, with what the model says of them.

    Attributes
    ----------
    answers
        One column for each of `answers.answer_names`; None or NaN in rows that do not fit.
    pieces
        What the model says, as it said it.
    """

    block: ColumnBlock
    parsed: ParsedBlock
    answers: Sequence[RawColumn]
    summary: Summary
    pieces: Sequence[Piece] = ()


@dataclass
class Scorer:
    """Scores chunks of one table by one model; the same chunk always comes out the same."""

    name: str
    signature: Signature
    runtime: ManyAtOnce
    layout: Layout
    matching: Matching
    reading: Reading
    uncertainty: Uncertainty = NOTHING
    readings: Mapping[str, Reading] = field(default_factory=dict)
    parser: Parser = field(init=False)
    counter: InputCounter = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the parser of the table's columns."""
        self.counter = InputCounter(self.signature.inputs)
        self.parser = Parser(
            self.signature, self.matching, self.reading, self.layout.traits, self.readings
        )

    def score(self, chunk: Chunk) -> Scored:
        """Score the rows of a chunk, in their order."""
        return self.score_block(self.layout.block(chunk))

    def score_block(self, block: ColumnBlock) -> Scored:
        """Score rows that are columns already."""
        parsed = self.parser.parse(block)
        pieces = list(self._pieces(parsed, len(block)))
        self._blame(parsed, pieces)
        self.uncertainty.warn(self.signature, parsed, pieces)
        summary = _summary(self.signature.output, block.lines, parsed, pieces)
        summary.inputs = self._inputs_of(parsed, len(block))
        unlike = [row for row, each in parsed.warnings.items() if is_unlike_training(each)]
        answers = answer_columns(
            self.signature.output, self.uncertainty, pieces, len(block), unlike
        )
        return Scored(block, parsed, answers, summary, pieces)

    def _inputs_of(self, parsed: ParsedBlock, n_rows: int) -> dict[str, list[int]]:
        """Count the values of the rows that fit."""
        if not parsed.faults:
            return self.counter.count(parsed.columns, None)
        return self.counter.count(parsed.columns, _fitting(parsed, n_rows))

    def _blame(self, parsed: ParsedBlock, pieces: Sequence[Piece]) -> None:
        """Say which value leaves a row without an answer, by a row that has one."""
        failed = [row for row, faults in parsed.faults.items() if FAILED in faults]
        answered_rows = next((rows for rows, _ in pieces if len(rows)), None)
        if not failed or answered_rows is None:
            return
        inputs, predict = self.signature.inputs, self.runtime.predict_columns
        parsed_row = partial(row_of, inputs, parsed.columns)
        answered = parsed_row(int(answered_rows[0]))
        for row in sorted(failed)[:MOST_FAILED]:
            blamed = causes(predict, inputs, parsed_row(row), answered)
            parsed.faults[row] = [RowFault(each.input, CODE, each.detail) for each in blamed]

    def _pieces(self, parsed: ParsedBlock, n_rows: int) -> Iterator[Piece]:
        """Ask the model for the rows that fit, a manageable part at a time."""
        if not parsed.faults and n_rows <= ASKED_AT_ONCE:
            columns: Columns = parsed.columns
            good = np.arange(n_rows)
            yield from self._asked(lambda rows: _taken(columns, rows, n_rows), good, parsed)
            return
        good = _fitting(parsed, n_rows)
        for start in range(0, len(good), ASKED_AT_ONCE):
            rows = good[start : start + ASKED_AT_ONCE]
            yield from self._asked(lambda part: _taken(parsed.columns, part, n_rows), rows, parsed)

    def _asked(
        self, columns: Callable[[Places], Columns], rows: Places, parsed: ParsedBlock
    ) -> Iterator[Piece]:
        """Ask for some rows; where the model fails, halve them until the row is found."""
        if not len(rows):
            return
        try:
            outcomes = self._predicted(columns(rows))
            is_finite = finite_rows(outcomes, len(rows))
        except ServeryError:
            raise
        except Exception as error:  # an estimator may raise anything at all
            if len(rows) > 1:
                middle = len(rows) // 2
                yield from self._asked(columns, rows[:middle], parsed)
                yield from self._asked(columns, rows[middle:], parsed)
                return
            failed = parsed.faults.setdefault(int(rows[0]), [])
            failed.append(FAILED)
            if sum(FAILED in faults for faults in parsed.faults.values()) > MOST_FAILED:
                raise ModelFailed(
                    f"Model {self.name!r} failed on more than {MOST_FAILED} rows that fit it."
                ) from error
            return
        if is_finite.all():
            yield rows, outcomes
            return
        for row in rows[~is_finite].tolist():
            parsed.faults.setdefault(row, []).append(FAILED)
        yield rows[is_finite], _part(outcomes, is_finite)

    def _predicted(self, columns: Columns) -> ColumnOutcomes:
        outcomes, output = self.runtime.predict_columns(columns), self.signature.output
        return output.decided(outcomes) if isinstance(output, DecidedOutput) else outcomes


def _fitting(parsed: ParsedBlock, n_rows: int) -> Places:
    """Return the rows without a fault."""
    fits = np.ones(n_rows, dtype=bool)
    fits[list(parsed.faults)] = False
    return np.flatnonzero(fits)


def row_of(inputs: Sequence[Input], columns: Columns, place: int) -> Row:
    """Return a row of columns, parsed."""
    values = [column[place] for column in columns]
    return tuple(
        value
        if item.storage not in NUMERIC
        else (None if value != value else item.value_type(value))
        for item, value in zip(inputs, values, strict=True)
    )


def _taken(columns: Columns, rows: Places, n_rows: int) -> Columns:
    """Return some rows of columns; all of them are the columns themselves."""
    return columns if len(rows) == n_rows else [_rows_of(column, rows) for column in columns]


def _rows_of(column: Any, rows: Places) -> Any:  # noqa: ANN401 - a column
    codes = getattr(column, "codes", None)
    return column[rows] if codes is None else type(column)(column.values, codes[rows])


def _part(outcomes: ColumnOutcomes, rows: NDArray[np.bool_]) -> ColumnOutcomes:
    known_words = None if outcomes.known_words is None else outcomes.known_words[rows]
    if outcomes.parts is not None:
        parts = [_part(part, rows) for part in outcomes.parts]
        return ColumnOutcomes(parts=parts, known_words=known_words)
    return ColumnOutcomes(
        values=None if outcomes.values is None else outcomes.values[rows],
        classes=None if outcomes.classes is None else outcomes.classes[rows],
        probabilities=None if outcomes.probabilities is None else outcomes.probabilities[rows],
        scores=None if outcomes.scores is None else outcomes.scores[rows],
        known_words=known_words,
    )


def _summary(
    output: Output, lines: NDArray[np.int64], parsed: ParsedBlock, pieces: Sequence[Piece]
) -> Summary:
    faults = parsed.faults
    warnings = {row: each for row, each in parsed.warnings.items() if row not in faults}
    summary = Summary(
        rows=len(lines),
        bad_rows=len(faults),
        warned_rows=len(warnings),
        bad=_by_reason(faults, lines),
        first_bad=_first(faults, lines),
        warned=_by_reason(warnings, lines),
    )
    parts = output.outputs if isinstance(output, MultiOutput) else (output,)
    for place, part in enumerate(parts):
        for _, outcomes in pieces:
            got = outcomes.parts[place] if outcomes.parts is not None else outcomes
            if got.classes is not None and isinstance(part, ClassOutput):
                counts = np.bincount(got.classes, minlength=len(part.classes)).tolist()
                named = Counter(
                    {each.value: n for each, n in zip(part.classes, counts, strict=True) if n}
                )
                summary.classes.setdefault(part.name, Counter()).update(named)
            elif got.values is not None:
                summary.quantities.setdefault(part.name, Spread()).add(got.values)
    return summary


def _by_reason(
    odd: Mapping[int, Collection[RowFault | InputWarning]], lines: NDArray[np.int64]
) -> dict[Reason, Tally]:
    """Count rows by each reason that they have."""
    rows: dict[Reason, list[int]] = {}
    for row, reasons in odd.items():
        for reason in dict.fromkeys((each.input, each.code) for each in reasons):
            rows.setdefault(reason, []).append(row)
    return {
        reason: Tally(len(each), lines[heapq.nsmallest(MOST_LINES, each)].tolist())
        for reason, each in rows.items()
    }


def _first(faults: Mapping[int, Sequence[RowFault]], lines: NDArray[np.int64]) -> list[BadRow]:
    """Return the first rows that do not fit."""
    return [
        BadRow(
            int(lines[row]),
            remarks_of(faults[row][:MOST_REMARKS]),
            max(0, len(faults[row]) - MOST_REMARKS),
        )
        for row in heapq.nsmallest(MOST_FIRST, faults)
    ]
