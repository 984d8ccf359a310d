"""How a table is to be read: what a caller may say, and the bounds of what is taken."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Decimal: TypeAlias = Literal[".", ","]
Dates: TypeAlias = Literal["year-first", "day-first", "month-first"]

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep memory bounded, and what a small file may unpack to.

    Attributes
    ----------
    chunk_bytes
        Text that is worked on at once; a chunk of rows is about this large.
    text_rows
        The most rows of such a chunk.
    chunk_rows
        Rows that are worked on at once, where a format has rows and not text.
    row_bytes
        The longest row of a text file.
    unpacked_bytes
        The most that a compressed file may unpack to.
    strings_bytes
        The most that the table of texts in a spreadsheet, which is held whole, may unpack to.
    """

    chunk_bytes: int = 4 * MIB
    text_rows: int = 50_000
    chunk_rows: int = 20_000
    row_bytes: int = 16 * MIB
    unpacked_bytes: int = 64 * GIB
    strings_bytes: int = 256 * MIB


@dataclass(frozen=True, slots=True)
class Reading:
    """What a caller says of a table; None where it is to be found out.

    Attributes
    ----------
    format
        The name of a format in `servery.tables.FORMATS`.
    delimiter
        What stands between two cells; one character.
    encoding
        Of a text file, as Python names it.
    decimal
        The decimal mark of numbers that are written as text.
    dates
        What a day that is written with figures alone begins with.
    missing
        Texts that mean that there is no value, beside the empty one.
    sheet
        The sheet of a workbook; the first where none is named.
    """

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: Decimal | None = None
    dates: Dates | None = None
    missing: tuple[str, ...] = ()
    sheet: str | None = None
    limits: Limits = Limits()
