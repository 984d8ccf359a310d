"""Tables whose folders hold values of further columns, such as ``year=2024/month=05/part.csv``.

References
----------
Apache Hive, "Partitions"; readers of such folders call it Hive partitioning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeAlias
from urllib.parse import unquote

import numpy as np

from servery.inputs import LARGEST_EXACT
from servery.tables.blocks import Chunk, ColumnBlock, LayoutOfOther, RawColumn, Table
from servery.tables.registry import FORMATS

Value: TypeAlias = int | str | None
KEY = re.compile(r"([^=]+)=(.+)", re.DOTALL)
#: How such folders write that there is no value.
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
#: A whole number that is written as such: 05 is a text.
WHOLE = re.compile(r"0|-?[1-9][0-9]{0,15}")


def is_key(folder: str) -> bool:
    """Return whether the name of a folder is that of a column and a value."""
    return KEY.fullmatch(folder) is not None


def keys_of(paths: Sequence[PurePath]) -> list[dict[str, Value]]:
    """Return the values that the folders of each file hold; a column has one type in all files."""
    found = [_texts(path) for path in paths]
    texts: dict[str, set[str]] = {}
    for keys in found:
        for name, text in keys.items():
            texts.setdefault(name, set()).add(text)
    whole = {name for name, each in texts.items() if all(map(_is_whole, each - {NO_VALUE}))}
    return [
        {
            name: None if text == NO_VALUE else int(text) if name in whole else text
            for name, text in keys.items()
        }
        for keys in found
    ]


def _texts(path: PurePath) -> dict[str, str]:
    keys = (KEY.fullmatch(part) for part in path.parts[:-1])
    return {unquote(key[1]): unquote(key[2]) for key in keys if key is not None}


def _is_whole(text: str) -> bool:
    return WHOLE.fullmatch(text) is not None and abs(int(text)) <= LARGEST_EXACT


def with_keys(table: Table, keys: Mapping[str, Value]) -> Table:
    """Return a table with columns for its folders, except those that it has itself."""
    header = table.layout.header
    further = {name: value for name, value in keys.items() if name not in header}
    return KeyedTable(table, further) if further else table


@dataclass(frozen=True, slots=True)
class KeyedLayout(LayoutOfOther):
    """Adds columns of one value each."""

    keys: Mapping[str, Value]

    @property
    def header(self) -> Sequence[str]:
        """Names of the columns, those of the keys last."""
        return (*self.whole.header, *self.keys)

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a chunk as columns."""
        return self.extended(self.whole.block(chunk))

    def extended(self, block: ColumnBlock) -> ColumnBlock:
        """Return rows with the columns of the keys."""
        cells = self._cells()
        codes = np.zeros(len(block), dtype=np.intp)
        columns = [*block.columns, *(RawColumn([cell], codes) for cell in cells.values())]
        return ColumnBlock(
            block.lines,
            columns,
            self._rows(block, cells),
            None if block.source is None else _extended(block.source, cells),
            block.faults,
        )

    def _cells(self) -> dict[str, Value]:
        if not self.traits.are_texts:
            return dict(self.keys)
        return {name: "" if value is None else str(value) for name, value in self.keys.items()}

    def _rows(self, block: ColumnBlock, cells: Mapping[str, Value]) -> Any:  # noqa: ANN401 - see `ColumnBlock`
        """Return the rows as they are written, with the values at their end."""
        format_ = FORMATS[self.format]
        if block.rows is None or format_.extended_rows is None:
            return None
        return format_.extended_rows(block.rows, cells, self.delimiter)


class KeyedTable:
    """A table with the columns that its folders hold."""

    def __init__(self, whole: Table, keys: Mapping[str, Value]) -> None:
        self._whole = whole
        self.layout = KeyedLayout(whole.layout, keys)
        self.total, self.encoding, self.sheet = whole.total, whole.encoding, whole.sheet
        self.notes = whole.notes
        self.arrow_types = whole.arrow_types
        if self.arrow_types is not None:
            self.arrow_types = [*self.arrow_types, *map(_arrow_type, keys.values())]

    def sample(self) -> ColumnBlock:
        """Return the first rows."""
        return self.layout.extended(self._whole.sample())

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows."""
        return self._whole.chunks()

    def close(self) -> None:
        """Close the table."""
        self._whole.close()


def _arrow_type(value: Value) -> Any:  # noqa: ANN401 - of Arrow
    import pyarrow as pa

    return pa.int64() if isinstance(value, int) else pa.string()


def _extended(batch: Any, cells: Mapping[str, Value]) -> Any:  # noqa: ANN401 - a record batch
    import pyarrow as pa

    for name, cell in cells.items():
        column = pa.repeat(pa.scalar(cell, _arrow_type(cell)), batch.num_rows)
        batch = batch.append_column(name, column)
    return batch
