"""Columns of cells to columns of values: what `Signature.parse` does with rows, column by column.

Each distinct cell is parsed once. Arrays of plain numbers are checked at once; every other cell
goes through the same `Input.parse` and `Input.warning` as a single instance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np

from servery.batch.parsing.matching import Matching
from servery.batch.parsing.texts import MissingTexts, from_text
from servery.inputs import NUMERIC, Input, InputWarning, Refusal, Value
from servery.inputs.base import python_value
from servery.runtimes.columns import Column, DictionaryEncoded
from servery.signature import Signature
from servery.signature.parsing import assumed_missing, parse_value
from servery.tables.blocks import CellTraits, ColumnBlock, RawColumn
from servery.tables.cells import ERROR_TEXTS, FaultyCell, error_cell, spelled
from servery.tables.formulas import meant
from servery.tables.reading import Reading

#: Parsed cells that are kept for the next chunk, and the longest text of one.
MOST_KEPT = 20_000
LONGEST_KEPT = 100
#: With more cells in a column of a chunk, warnings do not name the nearest known value, which takes
#: time to find. It depends on the chunk alone, so that scoring it again gives the same result.
MOST_HINTED = 1_000


class RowFault(NamedTuple):
    """Why a cell does not fit its input."""

    input: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """Parsed rows, as a runtime takes them.

    Attributes
    ----------
    columns
        One for each input in signature order; an invalid cell has a missing value.
    faults, warnings
        For each row that has any, by its place in the block, in signature order.
    """

    columns: list[Column]
    faults: dict[int, list[RowFault]]
    warnings: dict[int, list[InputWarning]]


class Parser:
    """Parses the blocks of one table; it keeps some parsed cells for the next block."""

    def __init__(
        self,
        signature: Signature,
        matching: Matching,
        reading: Reading,
        traits: CellTraits,
        readings: Mapping[str, Reading] | None = None,
    ) -> None:
        own = readings or {}
        orders = matching.orders or (reading.dates,) * len(matching.places)
        self._columns: list[tuple[int | None, ColumnParser]] = []
        for place, order, item in zip(matching.places, orders, signature.inputs, strict=True):
            own_reading = _reading_of(item, own.get(item.name, reading), signature)
            own_reading = msgspec.structs.replace(own_reading, dates=order)
            self._columns.append((place, ColumnParser(item, own_reading, traits)))
        self._assumed = [
            assumed_missing(item) for item in signature.inputs if item.name in matching.assumed
        ]

    def parse(self, block: ColumnBlock) -> ParsedBlock:
        """Parse all rows, valid or not."""
        parsed = ParsedBlock([], {}, {})
        absent = RawColumn([None], np.zeros(len(block), dtype=np.intp))
        for place, parser in self._columns:
            column = absent if place is None else block.columns[place]
            values, odd = parser.parse(column)
            parsed.columns.append(values)
            for row, verdict in odd:
                if isinstance(verdict, InputWarning):
                    parsed.warnings.setdefault(row, []).append(verdict)
                else:
                    parsed.faults.setdefault(row, []).append(verdict)
        for warning in self._assumed:
            for row in range(len(block)):
                parsed.warnings.setdefault(row, []).append(warning)
        for row, fault in block.faults.items():  # whose cells may be those of other columns
            parsed.faults[row] = [RowFault(None, fault.code, fault.detail)]
            parsed.warnings.pop(row, None)
        return parsed


def _reading_of(item: Input, reading: Reading, signature: Signature) -> Reading:
    """Return how a column is read: what meant a missing value when publishing does so here too."""
    known = (text for text in signature.missing_texts if not item.knows(text))
    return (
        reading
        if item.is_free_text
        else msgspec.structs.replace(reading, missing=(*reading.missing, *known))
    )


Verdict: TypeAlias = RowFault | InputWarning


class ColumnParser:
    """Parses the cells of one input's column."""

    def __init__(self, item: Input, reading: Reading, traits: CellTraits) -> None:
        self._item = item
        self._is_shown = traits.may_be_escaped
        self._may_be_spelled = traits.may_be_spelled
        # A sheet stores whatever looks like a number as one, also for texts and booleans.
        is_boolean = item.json_type == "boolean" and traits.may_be_spelled
        is_retyped = traits.are_retyped and item.json_type not in ("number", "integer")
        self._is_spelled = is_boolean or is_retyped
        self._text = from_text(item, reading)
        # Every format has days as texts; JSON has no type for them.
        self._has_texts = traits.may_be_spelled or item.storage == "datetime64"
        # A text in a typed column is what it would be in a request, also where it is blank.
        self._is_blank_meant = not (traits.are_texts or traits.are_retyped)
        self._missing = MissingTexts(item, reading.missing)
        self._decimal = reading.decimal
        self._kept: dict[tuple[type, str, bool], tuple[Value, Verdict | None]] = {}
        self._is_number = item.storage in NUMERIC

    def parse(self, column: RawColumn) -> tuple[Column, list[tuple[int, Verdict]]]:
        """Return the value of each row, and the faults and warnings with their rows."""
        cells = column.values if isinstance(column.values, np.ndarray) else list(column.values)
        values, odd = self._numbers(cells) if self._is_number else self._objects(cells)
        if column.codes is None:
            return values, sorted(odd.items())
        rows: list[tuple[int, Verdict]] = []
        if odd:
            is_odd = np.zeros(len(values), dtype=bool)
            is_odd[list(odd)] = True
            places = np.flatnonzero(is_odd[column.codes])
            codes = column.codes[places].tolist()
            rows = [(row, odd[code]) for row, code in zip(places.tolist(), codes, strict=True)]
        if self._is_number:
            return values[column.codes], rows
        return DictionaryEncoded(values, column.codes), rows

    def _numbers(self, cells: Any) -> tuple[Column, dict[int, Verdict]]:  # noqa: ANN401
        found = self._item.plain_numbers(
            cells,
            may_be_text=self._has_texts and self._has_points(cells),
            missing=self._missing.numbers,
        )
        if found is None:
            numbers = np.full(len(cells), np.nan)
            unclear: Sequence[int] = range(len(cells))
        else:
            numbers, is_plain = found
            unclear = np.flatnonzero(~is_plain).tolist()
        odd: dict[int, Verdict] = {}
        for place in unclear:
            value, verdict = self._parsed(cells[place], hint=True)
            numbers[place] = np.nan if value is None else float(value)  # type: ignore[arg-type] # a number input's
            if verdict is not None:
                odd[place] = verdict
        return numbers, odd

    def _has_points(self, cells: Any) -> bool:  # noqa: ANN401
        """Return whether a point in the texts of a column is surely a decimal mark."""
        if self._decimal is not None:
            return self._decimal == "."
        return not any("." in cell for cell in cells if type(cell) is str)

    def _objects(self, cells: Any) -> tuple[Column, dict[int, Verdict]]:  # noqa: ANN401
        values = np.empty(len(cells), dtype=object)
        odd: dict[int, Verdict] = {}
        hint = len(cells) <= MOST_HINTED
        for place, cell in enumerate(cells):
            values[place], verdict = self._parsed(cell, hint=hint)
            if verdict is not None:
                odd[place] = verdict
        return values, odd

    def _parsed(
        self,
        cell: Any,  # noqa: ANN401
        *,
        hint: bool,
    ) -> tuple[Value, Verdict | None]:
        """Return the value of a cell and its fault or warning, from the kept ones if possible."""
        if self._item.is_free_text:
            return self._ask(cell, hint=hint)
        written = cell if type(cell) is str else repr(cell)  # 0.0 equals -0.0, and is another cell
        if len(written) > LONGEST_KEPT:
            return self._ask(cell, hint=hint)
        key = (type(cell), written, hint)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[key] = self._ask(cell, hint=hint)
        return kept

    def _ask(
        self,
        cell: Any,  # noqa: ANN401
        *,
        hint: bool,
    ) -> tuple[Value, Verdict | None]:
        item = self._item
        if self._is_failed_formula(cell):
            cell = error_cell(cell.strip())
        if isinstance(cell, FaultyCell):
            return None, RowFault(item.name, cell.code, cell.detail)
        is_text = self._has_texts and type(cell) is str
        if is_text and self._is_blank_meant:
            is_text = bool(cell.strip())
        if is_text and self._is_shown and not item.knows(cell):
            cell = meant(cell)
        raw = self._text(cell) if is_text else self._plain(cell)
        try:
            return parse_value(item, {item.name: raw}, hint=hint)
        except Refusal as refusal:
            shown = python_value(cell)
            if self._is_spelled and isinstance(shown, (int, float)):
                try:
                    return parse_value(item, {item.name: self._text(spelled(shown))}, hint=hint)
                except Refusal:
                    pass
            detail = refusal.detail if hint else refusal.without_hint
            return None, RowFault(item.name, refusal.code, detail)

    def _is_failed_formula(self, cell: Any) -> bool:  # noqa: ANN401 - a cell
        """Return whether a text is what a spreadsheet shows where a formula has no value."""
        return (
            type(cell) is str
            and cell.strip() in ERROR_TEXTS
            and self._may_be_spelled
            and not self._item.knows(cell)
            and not self._missing.has(cell)
        )

    def _plain(self, cell: Any) -> object:  # noqa: ANN401 - a cell
        """Return the value of a typed cell; None if it is one of the texts for a missing value."""
        raw = self._item.from_cell(cell)
        return None if self._missing.has(raw) else raw
