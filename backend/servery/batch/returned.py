"""Which columns a result returns, and how its cells are written."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace

from servery.batch.options import BatchOptions, CommandOptions
from servery.errors import TableUnreadable, nearest, quoted
from servery.tables.blocks import Chunk, ColumnBlock, Layout, LayoutOfOther
from servery.tables.registry import FORMATS
from servery.tables.results import ResultRows, ResultSchema


@dataclass(frozen=True, slots=True)
class Returned:
    """What a result returns.

    Attributes
    ----------
    keep
        Columns of the table that the result has, in this order; None for all.
    is_raw
        Whether cells that a spreadsheet would run are written as they are.
    """

    keep: tuple[str, ...] | None = None
    is_raw: bool = False

    def schema_of(self, schema: ResultSchema) -> ResultSchema:
        """Return the columns of the result, of those that it could have.

        Raises
        ------
        TableUnreadable
            Names a column that the table does not have.
        """
        if self.keep is None:
            return replace(schema, is_raw=self.is_raw)
        places = self.places(schema.layout.header)
        types = schema.arrow_types
        return replace(
            schema,
            layout=KeptColumns(schema.layout, self.keep),
            storage={
                number: schema.storage[place]
                for number, place in enumerate(places)
                if place in schema.storage
            },
            arrow_types=None if types is None else [types[place] for place in places],
            is_raw=self.is_raw,
        )

    def places(self, header: Sequence[str]) -> list[int]:
        """Return where the kept columns stand in the table."""
        for name in self.keep or ():
            if name not in header:
                raise TableUnreadable(
                    f"The table has no column {quoted(name)} to keep.{nearest(name, header)}"
                )
        return [header.index(name) for name in self.keep or ()]

    def rows_of(self, rows: ResultRows, layout: Layout) -> ResultRows:
        """Return rows with the columns that are kept."""
        if self.keep is None:
            return rows
        places = self.places(layout.header)
        block = rows.block
        source = None if block.source is None else block.source.select(places)
        columns = [block.columns[place] for place in places]
        kept = ColumnBlock(block.lines, columns, self._written(block, layout), source)
        numbers = {
            number: rows.numbers[place]
            for number, place in enumerate(places)
            if place in rows.numbers
        }
        return ResultRows(kept, numbers, rows.added)

    def _written(self, block: ColumnBlock, layout: Layout) -> list[str] | None:
        """Return the kept columns of rows exactly as in the file, if the format can."""
        format_ = FORMATS.get(layout.format)  # a query has none
        if not self.keep or format_ is None or format_.kept_rows is None or block.rows is None:
            return None
        return format_.kept_rows(block.rows, self.keep)


#: All columns, and no formulas.
EVERYTHING = Returned()


def returned_of(options: BatchOptions) -> Returned:
    """Return what the options of a batch say of the result."""
    is_raw = isinstance(options, CommandOptions) and options.raw
    return Returned(options.keep, is_raw=is_raw)


@dataclass(frozen=True, slots=True)
class KeptColumns(LayoutOfOther):
    """The layout of a table of which some columns are kept."""

    header: tuple[str, ...]

    def block(self, chunk: Chunk) -> ColumnBlock:
        """Return the rows of a chunk, with all columns."""
        return self.whole.block(chunk)


def kept_columns(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of texts such as ``id,name``; one with a comma is in quotes.

    Raises
    ------
    TableUnreadable
        A text is not a row of names.
    """
    try:
        rows = list(csv.reader(texts, skipinitialspace=True))
    except csv.Error as error:  # a line end outside quotation marks
        raise TableUnreadable(
            "Expected the columns to keep in one line, such as id,name, or a name with a line end "
            "in quotation marks."
        ) from error
    names = [name.strip() for row in rows for name in row]
    return tuple(dict.fromkeys(filter(None, names)))
