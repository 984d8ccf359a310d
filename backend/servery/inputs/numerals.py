"""How numbers are written as text: the decimal mark, and what divides thousands.

One rule for every table: a text that is one number however it is read is taken. Where two readings
give two numbers, as for ``1.234``, somebody has to choose.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from servery.errors import AmbiguousTable, Choice, Part, worded

Decimal: TypeAlias = Literal[".", ","]
DECIMALS: tuple[Decimal, ...] = (".", ",")
Thousands: TypeAlias = Literal["none", ".", ",", "space", "'"]
#: The characters that each way to divide thousands has.
MARKS: dict[Thousands, str] = {
    "none": "",
    ".": ".",
    ",": ",",
    "space": " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}",
    "'": "'\N{RIGHT SINGLE QUOTATION MARK}",
}


@dataclass(frozen=True, slots=True)
class Numerals:
    """One way to write numbers."""

    decimal: Decimal
    thousands: Thousands
    _plain: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _divided: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the patterns."""
        mark, between = re.escape(self.decimal), re.escape(MARKS[self.thousands])
        plain = rf"[+-]?(?:[0-9]+{mark}?[0-9]*|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?"
        groups = rf"[1-9][0-9]{{0,2}}([{between}])[0-9]{{3}}(?:\1[0-9]{{3}})*"
        if self.thousands == ",":  # as in India, too: 12,34,567
            groups += "|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
        divided = rf"[+-]?(?:{groups})(?:{mark}[0-9]+)?"
        object.__setattr__(self, "_plain", re.compile(plain))
        object.__setattr__(self, "_divided", re.compile(divided) if between else None)

    def read(self, text: str) -> int | float | None:
        """Return the number that a text is if it is written so, else None."""
        if self._plain.fullmatch(text):
            bare = text
        elif self._divided and self._divided.fullmatch(text):
            bare = text.translate(dict.fromkeys(map(ord, MARKS[self.thousands])))
        else:
            return None
        if bare.lstrip("+-").isdigit() and len(bare) < 400:
            return int(bare)
        return float(bare.replace(self.decimal, "."))


EACH = tuple(
    Numerals(decimal, thousands)
    for decimal in DECIMALS
    for thousands in MARKS
    if thousands != decimal
)


def possible(decimal: Decimal | None, thousands: Thousands | None) -> list[Numerals]:
    """Return the ways to write numbers that are left by what is known."""
    return [
        each
        for each in EACH
        if decimal in (None, each.decimal) and thousands in (None, each.thousands)
    ]


def settled(
    texts: Iterable[str],
    decimal: Decimal | None,
    thousands: Thousands | None,
    *,
    table: str,
    column: Sequence[str | Part],
    is_point_decimal: bool = False,
) -> tuple[Decimal | None, Thousands | None]:
    """Return the decimal mark and what divides thousands in a column; None where either is open.

    Parameters
    ----------
    texts
        Of the column; those that are not numbers say nothing.
    decimal, thousands
        What somebody said. A column that no number can be read of in that way is read without
        divided thousands.
    table, column
        What messages call them; the column as parts of a sentence.
    is_point_decimal
        Whether a point is the decimal mark unless a comma is there: where commas divide cells,
        hardly anybody writes numbers in another way.

    Raises
    ------
    AmbiguousTable
        They can be read in more than one way.
    """
    ways = possible(decimal, thousands)
    others = possible(decimal, None)
    numbers = [text for text in texts if any(way.read(text) is not None for way in others)]
    fitting = _fitting(numbers, ways)
    if not fitting and thousands is not None:
        fitting = _fitting(numbers, possible(decimal, "none"))
    if not fitting and decimal is None and thousands is None:
        fitting = _of_one_mark(numbers, table, column)
    if is_point_decimal and decimal is None and not any("," in text for text in numbers):
        fitting = [way for way in fitting if way.decimal == "."] or fitting
    fitting = fitting or ways
    for text in numbers:
        reading(text, fitting, table, column)
    decimals = {way.decimal for way in fitting}
    dividers = {way.thousands for way in fitting}
    return (
        decimals.pop() if len(decimals) == 1 else None,
        dividers.pop() if len(dividers) == 1 else None,
    )


def reading(
    text: str, ways: Sequence[Numerals], table: str, column: Sequence[str | Part]
) -> int | float | None:
    """Return the number that a text is, None if it is none.

    Raises
    ------
    AmbiguousTable
        It is one number in some way, and another one in another way.
    """
    values = {value for way in ways if (value := way.read(text)) is not None}
    if len(values) < 2:
        return next(iter(values), None)
    mark = "," if "," in text else "."
    name = "comma" if mark == "," else "point"
    large, small = max(values, key=abs), min(values, key=abs)
    raise AmbiguousTable(
        worded(
            f"{table} has {text!r} for ",
            *column,
            f": the {name} may divide thousands, so that it is {large}, or be the decimal mark, so "
            f"that it is {small}.",
        ),
        Choice("thousands", (mark, "none")),
    )


def _fitting(texts: Sequence[str], ways: Sequence[Numerals]) -> list[Numerals]:
    return [way for way in ways if all(way.read(text) is not None for text in texts)]


def _is_unread(text: str, ways: Sequence[Numerals]) -> bool:
    return all(way.read(text) is None for way in ways)


def _of_one_mark(texts: Sequence[str], table: str, column: Sequence[str | Part]) -> list[Numerals]:
    """Return the ways that share a decimal mark by which each text is a number in one of them.

    Raises
    ------
    AmbiguousTable
        There is no such mark.
    """
    fitting, unfit = [], []
    for decimal in DECIMALS:
        ways = possible(decimal, None)
        other = next((text for text in texts if _is_unread(text, ways)), None)
        if other is None:
            fitting += ways
        else:
            unfit.append(other)
    if fitting:
        return fitting
    raise AmbiguousTable(
        worded(
            f"{table} has {' and '.join(map(repr, unfit))} for ",
            *column,
            ": such numbers cannot all be read in one way.",
        ),
        Choice("decimal", DECIMALS),
    )
