"""What in the first rows of a table can be meant in two ways, and is asked instead of guessed."""

import re
from collections.abc import Sequence

from servery.batch.parsing.matching import Matching
from servery.batch.reading import Reading
from servery.batch.reading.tables import Block
from servery.errors import Choice, Part, AmbiguousTable, named, quoted, worded
from servery.inputs.moment import YEAR_LAST
from servery.inputs.number import DECIMAL_COMMA, NUMBER
from servery.signature import Signature

THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


def refuse_ambiguous(
    name: str, signature: Signature, matching: Matching, reading: Reading, sample: Block
) -> None:
    """Ask for the decimal mark and for the order of days where texts leave them open.

    Raises
    ------
    AmbiguousTable
        Shows one such text.
    """
    for item, place in zip(signature.inputs, matching.places, strict=True):
        if place is None:
            continue
        texts = [
            cell.strip() for cell in sample.columns[place].values if type(cell) is str and cell
        ]
        column = named(item.name)
        if item.ambiguous_in == "decimal" and reading.decimal is None:
            _refuse_commas(name, column, texts)
        if item.ambiguous_in == "dates" and reading.dates is None:
            _refuse_years_last(name, column, texts)


def _refuse_commas(name: str, column: Part, texts: Sequence[str]) -> None:
    with_comma = next((text for text in texts if DECIMAL_COMMA.fullmatch(text)), None)
    if with_comma is None:
        return
    thousands = all(THOUSANDS.fullmatch(text) for text in texts if "," in text)
    both = any("." in text and NUMBER.fullmatch(text) for text in texts)
    raise AmbiguousTable(
        worded(
            f"{name} has {quoted(with_comma)} for the input ",
            column,
            ": the comma may be its decimal mark",
            ", though other values have a point." if both else ".",
            " If it divides thousands, remove it first." if thousands else "",
        ),
        Choice("decimal", (".", ",") if both or thousands else (",", ".")),
    )


def _refuse_years_last(name: str, column: Part, texts: Sequence[str]) -> None:
    found = [match for match in map(YEAR_LAST.fullmatch, texts) if match]
    if not found:
        return
    month_first = any(int(match[3]) > 12 for match in found)
    likely = ("month-first", "day-first") if month_first else ("day-first", "month-first")
    raise AmbiguousTable(
        worded(
            f"{name} has {found[0][0]!r} for the input ",
            column,
            ": either the day or the month comes first.",
        ),
        Choice("dates", likely),
    )
