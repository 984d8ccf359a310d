"""How a table is to be read: what a caller may say, and the bounds of what is taken.

Each option is one field of `ReadingOptions`. The command, the API, its OpenAPI document and the
page take its values, its words and its limits from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

import msgspec

from servery.inputs.moment_texts import Century, Order
from servery.inputs.numerals import Decimal, Thousands

Quote: TypeAlias = Literal["none", '"']
#: One ASCII character, neither a quotation mark nor the end of a line.
Delimiter: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x7f]$", max_length=1)
]
#: Texts that may be said to mean no value, and the letters of one.
MOST_MISSING, LONGEST_MISSING = 30, 100
MissingText: TypeAlias = Annotated[str, msgspec.Meta(max_length=LONGEST_MISSING)]
MissingTexts: TypeAlias = Annotated[tuple[MissingText, ...], msgspec.Meta(max_length=MOST_MISSING)]
#: The line of a header, or that there is none; how many lines come before the table.
Header: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(none|[1-9][0-9]{0,8})$")]
Count: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,9}$")]
Prefix: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
#: Of an encoding or a sheet; Excel has at most 31 letters.
Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=255)]

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

    chunk_bytes: int = 3 * MIB
    text_rows: int = 50_000
    chunk_rows: int = 20_000
    row_bytes: int = 16 * MIB
    unpacked_bytes: int = 64 * GIB
    strings_bytes: int = 256 * MIB


@dataclass(frozen=True, slots=True)
class ReadingOption:
    """How one option is offered wherever tables are read.

    Attributes
    ----------
    help
        A sentence for the command line and the OpenAPI document.
    title
        What the page calls it.
    question
        What the page asks where a table leaves it open.
    values
        What a value is, as a part of a sentence.
    choices
        The likely values, and what the page calls each.
    has_header
        Whether it changes which columns a table has.
    is_of_values
        Whether it only matters where a table has values of some type of input, such as days.
    spelled
        Other spellings of values on a command line, where a value is hard to type.
    """

    help: str
    title: str
    question: str = ""
    values: str = "a text"
    choices: Mapping[str, str] = field(default_factory=dict)
    has_header: bool = False
    is_of_values: bool = False
    spelled: Mapping[str, str] = field(default_factory=dict)


class ReadingOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a table is read: as somebody said, or as it was found to be; None where it is open."""

    delimiter: Annotated[
        Delimiter | None,
        ReadingOption(
            "The delimiter of a CSV file: one character, or 'tab'.",
            title="Cells are separated by",
            question="What separates the cells?",
            values="one ASCII character such as a comma, or 'tab'",
            choices={",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"},
            has_header=True,
            spelled={"tab": "\t", "\\t": "\t"},
        ),
    ] = None
    encoding: Annotated[
        Name | None,
        ReadingOption(
            "The encoding of a text file, such as latin-1; UTF-8, 16 and 32 are detected.",
            title="Encoding",
            question="How is the text encoded?",
            choices={
                "utf-8": "UTF-8",
                "utf-16": "UTF-16",
                "utf-16-le": "UTF-16, little-endian",
                "utf-16-be": "UTF-16, big-endian",
                "utf-32": "UTF-32",
                "utf-32-le": "UTF-32, little-endian",
                "utf-32-be": "UTF-32, big-endian",
                "cp1252": "Windows (cp1252)",
                "latin-1": "Latin-1",
            },
            has_header=True,
        ),
    ] = None
    quote: Annotated[
        Quote | None,
        ReadingOption(
            "Whether cells of a CSV file are quoted; 'none' takes each quotation mark as text.",
            title="Quotation marks",
            question="Do quotation marks hold cells together?",
            choices={'"': "Hold a cell together", "none": "Are a part of the text"},
            has_header=True,
        ),
    ] = None
    header: Annotated[
        Header | None,
        ReadingOption(
            "The line of a CSV file, or the row of a sheet, that has the names of the columns, or "
            "'none'; lines above it are passed over.",
            title="Names of the columns",
            question="Where are the names of the columns?",
            values="none, or the number of a line",
            choices={"none": "There are none", **{f"{n}": f"In line {n}" for n in range(1, 6)}},
            has_header=True,
        ),
    ] = None
    skip: Annotated[
        Count | None,
        ReadingOption(
            "How many lines of a CSV file, or rows of a sheet, come before the table.",
            title="Lines before the table",
            values="a number of lines",
            choices={"1": "1 line", **{f"{n}": f"{n} lines" for n in range(2, 6)}},
            has_header=True,
        ),
    ] = None
    comment: Annotated[
        Prefix | None,
        ReadingOption(
            "The text that comment lines of a CSV file begin with, such as '#'; they are ignored.",
            title="Comments begin with",
            question="Are these lines comments?",
            values="a text of up to 20 characters",
            choices={"#": "#", "%": "%", "//": "//"},
            has_header=True,
        ),
    ] = None
    decimal: Annotated[
        Decimal | None,
        ReadingOption(
            "The decimal mark of numbers that are written as text.",
            title="Decimal mark",
            question="Which is the decimal mark?",
            choices={".": "Point, as in 3.5", ",": "Comma, as in 3,5"},
            is_of_values=True,
        ),
    ] = None
    thousands: Annotated[
        Thousands | None,
        ReadingOption(
            "What divides thousands in numbers that are written as text.",
            title="Thousands are divided by",
            question="What divides thousands?",
            choices={
                "none": "Nothing, 1234",
                ",": "Comma, 1,234",
                ".": "Point, 1.234",
                "space": "Space, 1 234",
                "'": "Apostrophe, 1'234",
            },
            is_of_values=True,
        ),
    ] = None
    dates: Annotated[
        Order | None,
        ReadingOption(
            "The order of a date such as 3/4/2024.",
            title="Dates are written",
            question="How are the dates written?",
            choices={
                "year-first": "Year first, 2024-05-31",
                "day-first": "Day first, 31/05/2024",
                "month-first": "Month first, 05/31/2024",
            },
            is_of_values=True,
        ),
    ] = None
    century: Annotated[
        Century | None,
        ReadingOption(
            "The first of the hundred years that years with two digits are in.",
            title="Years of two digits are",
            question="Which years do two digits mean?",
            choices={
                "1930": "1930 to 2029, as in Excel",
                "1900": "1900 to 1999",
                "2000": "2000 to 2099",
            },
            is_of_values=True,
        ),
    ] = None
    missing: Annotated[
        MissingTexts,
        ReadingOption(
            "A text that means a missing value, in addition to the empty one; can be repeated.",
            title="Missing values are written",
        ),
    ] = ()
    sheet: Annotated[
        Name | None,
        ReadingOption(
            "The sheet of a workbook, or the table of an SQLite database.",
            title="Sheet or table",
            question="Which sheet or table should be read?",
            has_header=True,
        ),
    ] = None


#: All options by name, in the order in which they are offered.
READING_OPTIONS: dict[str, ReadingOption] = {
    name: next(each for each in get_args(hint) if isinstance(each, ReadingOption))
    for name, hint in get_type_hints(ReadingOptions, include_extras=True).items()
}
#: Options that change the header.
OF_HEADER = tuple(name for name, option in READING_OPTIONS.items() if option.has_header)


def option_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of what an option may be, but for null."""
    schema = msgspec.json.schema(get_type_hints(ReadingOptions, include_extras=True)[name])
    schema = next(iter(schema.get("anyOf", [schema])))
    is_open = not READING_OPTIONS[name].choices or {"pattern", "minLength"} & schema.keys()
    return schema if is_open else {"type": "string", "enum": list(READING_OPTIONS[name].choices)}


def is_closed(name: str) -> bool:
    """Return whether an option has no values but its choices."""
    hint = get_args(get_type_hints(ReadingOptions)[name])
    return any(get_origin(each) is Literal for each in hint)


def takes_several(name: str) -> bool:
    """Return whether an option may be given several times."""
    return bool(option_schema(name)["type"] == "array")


class Reading(ReadingOptions, frozen=True, kw_only=True):
    """What a caller says of a table; None where it is to be found out.

    Attributes
    ----------
    format
        The name of a format in `servery.tables.FORMATS`.
    """

    format: str | None = None
    limits: Limits = Limits()

    @property
    def passed_over(self) -> int:
        """Lines, or rows of a sheet, above the table."""
        skipped = int(self.skip or 0)
        if self.header in (None, "none"):
            return skipped
        return max(skipped, int(self.header) - 1)
