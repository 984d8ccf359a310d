"""Whole tables as frames: a file in, a pandas DataFrame with the types that a fit sees out.

Cells are read as they are for scoring. A column whose input is not known yet has the type that all
of its cells have: whole numbers, numbers, true and false, days, or texts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from servery.errors import TableRagged, TableUnreadable, named
from servery.inputs.number import NUMBER, number_of
from servery.inputs.numerals import Numerals, possible, settled
from servery.tables.blocks import ColumnBlock, RawColumn, Table
from servery.tables.cells import FaultyCell, spelled
from servery.tables.opening import open_table
from servery.tables.reading import Reading

if TYPE_CHECKING:
    import pandas as pd

#: How tables write that a value is missing, in a column that has no category of that name.
MISSING = frozenset(
    [
        *("NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-NaN", "-nan"),
        *("NULL", "null", "None", "\\N"),
    ]
)
#: The attribute of a frame with the texts that meant a missing value in its file.
MISSING_TEXTS = "missing_texts"
BOOLEANS = {"true": True, "false": False}


def read_frame(
    source: Path,
    reading: Reading | None = None,
    texts: Mapping[str, Collection[str]] | None = None,
    *,
    needed: Collection[str] = (),
    by_line: bool = False,
) -> "pd.DataFrame":
    """Read a table of any format; ``attrs["missing_texts"]`` has what meant a missing value.

    Parameters
    ----------
    texts
        Columns to keep as texts: ``01234`` stays what it is. A column of categories comes with its
        known values, none of which means that a value is missing.
    needed
        The columns that have to be whole, if the table has all of them; else every column has to
        be. A cell of another one that shows ``#N/A``, or is behind a merged one, is missing.
    by_line
        Whether the index is the line of each row, where the file has lines.

    Raises
    ------
    TableUnreadable
        Or a child of it: the file is not a table that can be read, or more has to be said.
    """
    import pandas as pd

    reading = reading or Reading()
    table = open_table(source, reading)
    try:
        blocks = [table.layout.block(chunk) for chunk in table.chunks()]
    finally:
        table.close()
    _refuse_broken(source.name, blocks)
    if all(block.source is not None for block in blocks):
        return _of_batches([block.source for block in blocks], reading)
    known = {name.strip(): values for name, values in (texts or {}).items()}
    columns = [
        _Column(name, *_joined([block.columns[place] for block in blocks]), known.get(name))
        for place, name in enumerate(table.layout.header)
    ]
    lines = np.concatenate([block.lines for block in blocks])
    _refuse_faulty(source.name, _needed(columns, needed), lines)
    reader = _Reader(source.name, table, reading, columns)
    frame = pd.DataFrame({column.name: reader.series(column) for column in columns})
    if by_line:
        frame.index = pd.Index(lines, name="line")
    frame.attrs[MISSING_TEXTS] = tuple(sorted(reader.missing_texts()))
    return frame


def _refuse_broken(name: str, blocks: Sequence[ColumnBlock]) -> None:
    """Refuse a row that cannot be read: nobody would see that a fit or a test lacks it.

    Raises
    ------
    TableRagged
        Names the first one.
    """
    for block in blocks:
        for row, fault in block.faults.items():
            raise TableRagged(
                f"Line {int(block.lines[row])} of {name}: {fault.detail} Fix or remove it."
            )


@dataclass(frozen=True, slots=True)
class _Column:
    """The distinct cells of a whole column, and which of them each row has.

    ``known`` has the values of a column of categories, and is empty for one of running texts; it is
    None where the type of the column is to be found out.
    """

    name: str
    cells: Sequence[Any]
    codes: NDArray[np.intp]
    known: Collection[str] | None


def _needed(columns: Sequence[_Column], names: Collection[str]) -> list[_Column]:
    """Return the columns of these names, or all where the table lacks one or none are given."""
    wanted = {name.strip() for name in names}
    found = [column for column in columns if column.name in wanted]
    return found if wanted and len(found) == len(wanted) else list(columns)


def _refuse_faulty(name: str, columns: Sequence[_Column], lines: NDArray[np.int64]) -> None:
    """Refuse a cell that shows something and has no value: a batch does not score its row either.

    Raises
    ------
    TableUnreadable
        Names the first one.
    """
    faulty = [
        (int(np.argmax(column.codes == code)), column.name, cell)
        for column in columns
        for code, cell in enumerate(column.cells)
        if isinstance(cell, FaultyCell)
    ]
    if faulty:
        row, column_name, cell = min(faulty, key=lambda found: found[0])
        raise TableUnreadable(f"Line {lines[row]} of {name}: {column_name}: {cell.detail}")


def _joined(parts: Sequence[RawColumn]) -> tuple[list[Any], NDArray[np.intp]]:
    """Return the distinct cells of all parts of a column, and which of them each row has."""
    places: dict[tuple[type, Any], int] = {}  # 1, 1.0 and True are equal, and different cells
    cells: list[Any] = []
    codes: list[NDArray[np.intp]] = []
    for part in parts:
        values = part.values.tolist() if isinstance(part.values, np.ndarray) else part.values
        found = np.empty(len(values), dtype=np.intp)
        for at, value in enumerate(values):
            key = (type(value), value if value.__hash__ else repr(value))
            place = places.setdefault(key, len(cells))
            if place == len(cells):
                cells.append(value)
            found[at] = place
        codes.append(found if part.codes is None else found[part.codes])
    return cells, np.concatenate(codes) if codes else np.zeros(0, dtype=np.intp)


class _Reader:
    """Reads the columns of one table."""

    def __init__(
        self, name: str, table: Table, reading: Reading, columns: Sequence[_Column]
    ) -> None:
        self._traits = table.layout.traits
        self._stated = frozenset(text.strip() for text in reading.missing)
        found = map(number_of, self._stated)
        self._stated_numbers = frozenset(each for each in found if isinstance(each, (int, float)))
        self._delimiter = table.layout.delimiter
        self._numerals = {
            column.name: self._detected_numerals(name, column, reading) for column in columns
        }

    def series(self, column: _Column) -> "pd.Series[Any]":
        """Return a column with the value of each row."""
        import pandas as pd

        if column.known is not None:
            values = [self._text(cell, column.known) for cell in column.cells]
        else:
            present = [None if self._is_missing(cell) else cell for cell in column.cells]
            values = self._of_one_type(present, self._numerals[column.name])
        return pd.Series(_array(values, column.codes))

    def missing_texts(self) -> set[str]:
        """Return the texts that mean a missing value: those of the options, and the known ones."""
        return {*self._stated, *(MISSING if self._traits.may_be_spelled else ())}

    def _detected_numerals(self, name: str, column: _Column, reading: Reading) -> list[Numerals]:
        """Return the ways in which the numbers of a column may be written; none if it has others.

        Raises
        ------
        AmbiguousTable
            They can be read in more than one way.
        """
        cells = [cell for cell in column.cells if not self._is_missing(cell)]
        texts = [cell.strip() for cell in cells if isinstance(cell, str)]
        ways = possible(reading.decimal, None)
        is_of_numbers = all(any(way.read(text) is not None for way in ways) for text in texts)
        if column.known is not None or not self._traits.may_be_spelled or not is_of_numbers:
            return []
        return possible(
            *settled(
                texts,
                reading.decimal,
                reading.thousands,
                table=name,
                column=("the column ", named(column.name)),
                is_point_decimal=self._delimiter == ",",
            )
        )

    def _is_missing(self, cell: Any) -> bool:  # noqa: ANN401 - a cell
        if isinstance(cell, str):
            bare = cell.strip()
            may_mean = self._traits.may_be_spelled and (not bare or bare in MISSING)
            return not cell or may_mean or bare in self._stated or self._is_stated(number_of(bare))
        # A cell without a value is only let through in a column that nobody needs.
        if cell is None or cell != cell or isinstance(cell, FaultyCell):
            return True
        return self._is_stated(cell)

    def _is_stated(self, cell: Any) -> bool:  # noqa: ANN401 - a cell
        """Return whether a number is one that means a missing value by the options."""
        return type(cell) in (int, float) and cell in self._stated_numbers

    def _text(self, cell: Any, known: Collection[str]) -> str | None:  # noqa: ANN401 - a cell
        """Return a cell of a column of texts; for categories, the known one that it matches."""
        if type(cell) in (int, float, bool) and self._traits.are_retyped:
            cell = spelled(cell)
        if not isinstance(cell, str):
            is_none = cell is None or cell != cell or isinstance(cell, FaultyCell)
            return None if is_none else cell
        if cell in known or (cell.strip() in known):
            return cell if cell in known else cell.strip()
        is_missing = self._is_missing(cell) if known else not cell or cell in self._stated
        return None if is_missing else cell

    def _of_one_type(self, cells: Sequence[Any], numerals: Sequence[Numerals]) -> list[Any]:
        """Return cells with the type that the texts among them all have, if that is another one."""
        texts = [cell for cell in cells if isinstance(cell, str)]
        if not texts or not self._traits.may_be_spelled:
            return list(cells)
        for parse in (partial(_number, numerals), _boolean):
            parsed = {text: parse(text) for text in texts}
            if not any(isinstance(value, str) for value in parsed.values()):
                return [parsed[cell] if isinstance(cell, str) else cell for cell in cells]
        return list(cells)


def _number(ways: Sequence[Numerals], text: str) -> Any:  # noqa: ANN401 - a number, or the text
    values = (way.read(text.strip()) for way in ways)
    return next((value for value in values if value is not None), text)


def _boolean(text: str) -> Any:  # noqa: ANN401 - a truth, or the text
    return BOOLEANS.get(text.strip().lower(), text)


def _array(values: Sequence[Any], codes: NDArray[np.intp]) -> Any:  # noqa: ANN401 - of pandas too
    """Return the value of each row, with the type of a column of a frame."""
    import pandas as pd

    kinds = {type(value) for value in values} - {type(None)}
    has_gaps = None in values and bool((codes == values.index(None)).any())
    if kinds <= {int, float}:
        is_whole = kinds == {int} and not has_gaps
        limits = np.iinfo(np.int64)
        if is_whole and all(
            limits.min <= value <= limits.max for value in values if value is not None
        ):
            return np.array([value or 0 for value in values], dtype=np.int64)[codes]
        return np.array([np.nan if v is None else float(v) for v in values])[codes]
    if kinds == {bool} and not has_gaps:
        return np.array([bool(value) for value in values])[codes]
    if kinds == {str}:
        return pd.array(list(values), dtype="str").take(codes)
    if all(issubclass(kind, date) for kind in kinds):
        return pd.to_datetime(pd.Series(list(values))).to_numpy()[codes]
    objects = np.empty(len(values), dtype=object)
    objects[:] = [np.nan if value is None else value for value in values]
    return objects[codes]


def _of_batches(batches: Sequence[Any], reading: Reading) -> "pd.DataFrame":
    """Return record batches of Arrow as a frame, with the types that pandas gives them."""
    import pyarrow as pa

    frame: pd.DataFrame = pa.Table.from_batches(batches).to_pandas()
    if reading.missing:
        numbers = [float(text) for text in reading.missing if NUMBER.fullmatch(text)]
        frame = frame.mask(frame.isin([*reading.missing, *numbers]))
    frame.attrs[MISSING_TEXTS] = reading.missing
    return frame
