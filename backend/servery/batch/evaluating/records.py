"""What of each row its evaluation needs: its outcome and its answer, as numbers.

A record has one size, so that the records of a row stand at a known place of a file: a job that is
continued by another worker writes the same bytes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from servery.batch.parsing import ColumnParser
from servery.batch.parsing.ambiguity import number_reading
from servery.batch.scoring import Scored
from servery.batch.scoring.answers import answer_columns_named
from servery.batch.scoring.uncertainty import NOTHING, Piece, Places, Uncertainty
from servery.errors import TableUnreadable, nearest, quoted
from servery.evaluation.answers import positive_class
from servery.inputs import NUMERIC, Input, NumberInput
from servery.runtimes.columns import Column, ColumnOutcomes
from servery.signature import (
    ClassificationOutput,
    ClassOutput,
    MultiOutput,
    RegressionOutput,
    Signature,
)
from servery.tables.blocks import CellTraits, Layout, RawColumn, Table
from servery.tables.formulas import meant
from servery.tables.frames import MISSING
from servery.tables.reading import Reading

Records: TypeAlias = NDArray[Any]
Measurable: TypeAlias = ClassificationOutput | RegressionOutput

#: In place of a class: there is no outcome, it is none of the model's, there is no answer.
BLANK, UNKNOWN, UNANSWERED = -1, -2, -1
#: In place of a number: the cell holds something else.
NOT_A_NUMBER = np.inf
#: Whether the outcome is in the interval or the set of the answer: the row has none.
NO_RANGE = -1


@dataclass(frozen=True)
class RecordLayout:
    """The fields of a record, by the output and the groups of a model.

    Attributes
    ----------
    groups
        Inputs by which errors are compared; others than numbers and known values cannot be.
    """

    parts: tuple[Measurable, ...]
    groups: tuple[Input, ...]

    @classmethod
    def of(cls, signature: Signature, groups: Sequence[str]) -> "RecordLayout":
        """Return the layout of a model.

        Raises
        ------
        TableUnreadable
            The model predicts nothing that could come true.
        """
        output = signature.output
        parts = output.outputs if isinstance(output, MultiOutput) else (output,)
        measurable = tuple(
            part for part in parts if isinstance(part, (ClassificationOutput, RegressionOutput))
        )
        if len(measurable) < len(parts):
            raise TableUnreadable(
                "The answers of this model cannot be compared with outcomes: it finds groups or "
                "outliers. Score without a target."
            )
        compared = (item for item in signature.inputs if item.name in groups)
        return cls(measurable, tuple(item for item in compared if _is_grouped(item)))

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """The type of a record."""
        fields: list[tuple[str, str]] = []
        for place, part in enumerate(self.parts):
            kind = "<i4" if isinstance(part, ClassOutput) else "<f8"
            fields += [(f"true_{place}", kind), (f"called_{place}", kind)]
            fields += [(f"{name}_{place}", "<f8") for name in _probabilities(part)]
        fields += [("held", "<i1"), ("size", "<f4")]
        kinds = ["<f8" if item.storage in NUMERIC else "<i4" for item in self.groups]
        return np.dtype([*fields, *((f"group_{at}", kind) for at, kind in enumerate(kinds))])

    def smallest(self, name: str) -> np.dtype[Any]:
        """Return the smallest type that holds a field."""
        kind, place = name.rpartition("_")[::2]
        count = 0
        if kind == "group":
            count = len(list(self.groups[int(place)].known_values()))
        elif kind in ("true", "called") and isinstance(part := self.parts[int(place)], ClassOutput):
            count = len(part.classes)
        is_small = self.dtype[name].kind == "i" and count < np.iinfo(np.int8).max - 1
        return np.dtype(np.int8) if is_small else self.dtype[name]

    def fields_of(self, place: int) -> list[str]:
        """Return the fields that the evaluation of one output needs."""
        own = ("true", "called", *_probabilities(self.parts[place]))
        groups = (f"group_{at}" for at in range(len(self.groups)))
        return [*(f"{name}_{place}" for name in own), "held", "size", *groups]


def _probabilities(part: Measurable) -> tuple[str, ...]:
    if not isinstance(part, ClassOutput) or not part.probabilities:
        return ()
    return ("positive",) if len(part.classes) == 2 else ("of_true", "of_called")


def _is_grouped(item: Input) -> bool:
    return item.storage in NUMERIC or item.bins == "values"


class OutcomeReader:
    """Makes the records of scored rows of one table.

    Parameters
    ----------
    targets
        The column of the outcome; one for each output of a model with several.
    called
        What messages call the table.

    Raises
    ------
    TableUnreadable
        The table does not have such a column, its first rows have no outcome in it, or leave open
        how its numbers are read.
    """

    def __init__(
        self,
        signature: Signature,
        targets: Sequence[str],
        groups: Sequence[str],
        table: Table,
        called: str,
        reading: Reading,
        uncertainty: Uncertainty = NOTHING,
    ) -> None:
        layout = table.layout
        self.layout = RecordLayout.of(signature, groups)
        if len(targets) != len(self.layout.parts):
            names = ", ".join(quoted(part.name) for part in self.layout.parts)
            raise TableUnreadable(
                f"The model has {len(self.layout.parts)} outputs, {names}; name the column of each."
            )
        for name in targets:
            if name not in layout.header:
                raise TableUnreadable(
                    f"The table has no column {quoted(name)} with outcomes."
                    f"{nearest(name, layout.header)}"
                )
        missing = (*reading.missing, *signature.missing_texts, *MISSING)
        known = msgspec.structs.replace(reading, missing=tuple(dict.fromkeys(missing)))
        self._targets = [layout.header.index(name) for name in targets]
        sample = table.sample()
        columns = [sample.columns[place] for place in self._targets]
        self._readers = [
            _OutcomeColumn(part, _reading_of(part, column, called, known, layout), layout.traits)
            for part, column in zip(self.layout.parts, columns, strict=True)
        ]
        for reader, column in zip(self._readers, columns, strict=True):
            reader.require_outcomes(column)
        self._uncertainty = NOTHING if isinstance(signature.output, MultiOutput) else uncertainty
        self._places = [signature.inputs.index(item) for item in self.layout.groups]

    def records(self, scored: Scored) -> Records:
        """Return one record for each row."""
        records = np.zeros(len(scored.block), dtype=self.layout.dtype)
        for at, reader in enumerate(self._readers):
            part = self.layout.parts[at]
            true = reader.read(scored.block.columns[self._targets[at]])
            pieces = [(rows, got.parts[at] if got.parts else got) for rows, got in scored.pieces]
            records[f"true_{at}"] = true
            _answer(records, at, part, true, pieces)
        self._add_ranges(records, scored)
        for at, (place, item) in enumerate(zip(self._places, self.layout.groups, strict=True)):
            records[f"group_{at}"] = _groups(item, scored.parsed.columns[place])
        return records

    def _add_ranges(self, records: Records, scored: Scored) -> None:
        """Say of each row whether the outcome is in the interval or set, and how large that is."""
        records["held"], records["size"] = NO_RANGE, np.nan
        part, true = self.layout.parts[0], records["true_0"]
        columns = answer_columns_named(part, self._uncertainty, scored.answers)
        if "interval_low" in columns:
            low, high = (
                np.asarray(columns[name].values) for name in ("interval_low", "interval_high")
            )
            has_range = ~np.isnan(low) & np.isfinite(true)
            records["held"] = np.where(has_range, (low <= true) & (true <= high), NO_RANGE)
            records["size"] = high - low
        elif "prediction_set" in columns and isinstance(part, ClassOutput):
            sets = columns["prediction_set"]
            values = [each.value for each in part.classes]
            held = np.array([[v in (cell or ()) for v in values] for cell in sets.values])
            sizes = np.array([len(cell) if cell else np.nan for cell in sets.values])[sets.codes]
            has_range = ~np.isnan(sizes) & (true >= 0)
            is_held = held[sets.codes, np.maximum(true, 0)]
            records["held"] = np.where(has_range, is_held, NO_RANGE)
            records["size"] = sizes


def _answer(
    records: Records, at: int, part: Measurable, true: NDArray[Any], pieces: Sequence[Piece]
) -> None:
    called = records[f"called_{at}"]
    called[:] = UNANSWERED if isinstance(part, ClassOutput) else np.nan
    for rows, got in pieces:
        if not isinstance(part, ClassOutput):
            called[rows] = got.values
            continue
        called[rows] = got.classes
        if part.probabilities and got.probabilities is not None:
            _add_probabilities(records, at, part, rows, np.maximum(true[rows], 0), got)


def _add_probabilities(
    records: Records,
    at: int,
    part: ClassificationOutput,
    rows: Places,
    true: NDArray[Any],
    got: ColumnOutcomes,
) -> None:
    probabilities = np.asarray(got.probabilities)
    if len(part.classes) == 2:
        records[f"positive_{at}"][rows] = probabilities[:, positive_class(part)]
        return
    each = np.arange(len(rows))
    records[f"of_true_{at}"][rows] = probabilities[each, true]
    records[f"of_called_{at}"][rows] = probabilities[each, np.asarray(got.classes)]


def _groups(item: Input, column: Column) -> NDArray[Any]:
    """Return numbers as they are, with NaN for missing ones; other values as codes.

    0 stands for a missing value, numbers from 1 on for the known values in their order, and the
    largest code for any other value.
    """
    if item.storage in NUMERIC:
        return np.asarray(column, dtype=np.float64)
    values = list(item.known_values())
    places = {(type(value), value): place for place, value in enumerate(values, 1)}
    distinct, codes = getattr(column, "values", None), getattr(column, "codes", None)
    if distinct is None or codes is None:
        distinct, codes = column, np.arange(len(column))
    found = [
        0 if value is None else places.get((type(value), value), 1 + len(values))
        for value in distinct.tolist()
    ]
    return np.array(found, dtype=np.int32)[codes]


def _reading_of(
    part: Measurable, first: RawColumn, called: str, reading: Reading, layout: Layout
) -> Reading:
    """Return how the outcomes of a column are read: numbers as those of an input are."""
    if isinstance(part, ClassOutput) or not layout.traits.may_be_spelled:
        return reading
    column = ("the outcome ", quoted(part.name))
    return number_reading(called, column, first, reading, layout.delimiter)


class _OutcomeColumn:
    """Reads the outcomes of one output from its column."""

    def __init__(self, part: Measurable, reading: Reading, traits: CellTraits) -> None:
        self._part = part
        self._missing = frozenset(reading.missing)
        self._is_shown = traits.may_be_escaped
        item = NumberInput(name=part.name, missing_allowed=True)
        self._numbers = ColumnParser(item, reading, traits)
        self._kept: dict[tuple[type, str], int] = {}

    def read(self, column: RawColumn) -> NDArray[Any]:
        """Return the class or the number of each row, or what stands in its place."""
        if isinstance(self._part, ClassOutput):
            cells = column.values
            if column.codes is None and isinstance(cells, np.ndarray) and cells.dtype != object:
                cells, codes = np.unique(cells, return_inverse=True)
                return np.array([self._place(cell) for cell in cells.tolist()], dtype=int)[codes]
            places = np.array([self._place(cell) for cell in cells], dtype=int)
            return places if column.codes is None else places[column.codes]
        numbers, odd = self._numbers.parse(column)
        numbers = np.array(numbers)
        numbers[[row for row, _ in odd]] = NOT_A_NUMBER
        return numbers

    def _place(self, cell: Any) -> int:  # noqa: ANN401 - a cell
        if cell is None or cell != cell:
            return BLANK
        key = (type(cell), cell if type(cell) is str else repr(cell))
        if key not in self._kept:
            self._kept[key] = self._asked(cell)
        return self._kept[key]

    def _asked(self, cell: Any) -> int:  # noqa: ANN401 - a cell
        value = self._part.outcome(meant(cell) if type(cell) is str and self._is_shown else cell)
        if value is not None and isinstance(self._part, ClassOutput):
            return [each.value for each in self._part.classes].index(value)
        text = str(cell).strip()
        return BLANK if not text or text in self._missing else UNKNOWN

    def require_outcomes(self, column: RawColumn) -> None:
        """Refuse a column that has other things than outcomes."""
        read = self.read(column)
        is_class = isinstance(self._part, ClassOutput)
        is_odd = read == (UNKNOWN if is_class else NOT_A_NUMBER)
        is_good = read >= 0 if is_class else np.isfinite(read)
        if not is_odd.any() or is_good.any():
            return
        cells = column.cells()
        shown = ", ".join(quoted(str(cells[row])) for row in np.flatnonzero(is_odd)[:3].tolist())
        expected = (
            f"the classes {', '.join(quoted(str(each.value)) for each in self._part.classes[:8])}"
            if isinstance(self._part, ClassOutput)
            else "numbers"
        )
        raise TableUnreadable(
            f"The column of outcomes has {shown}, and the model predicts {expected}. Name the "
            "column with the outcomes, in the words of the model."
        )
