"""What in the first rows of a table can be meant in two ways, and is asked instead of guessed."""

from collections.abc import Sequence

from servery.batch.parsing.matching import Matching
from servery.errors import AmbiguousTable, Choice, Part, named, worded
from servery.inputs.moment import YEAR_LAST
from servery.signature import Signature
from servery.tables.ambiguity import refuse_commas
from servery.tables.blocks import ColumnBlock
from servery.tables.reading import Reading


def refuse_ambiguous(
    name: str, signature: Signature, matching: Matching, reading: Reading, sample: ColumnBlock
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
            refuse_commas(name, ("the input ", column), texts)
        if item.ambiguous_in == "dates" and reading.dates is None and not item.is_spelled:
            _refuse_years_last(name, column, texts)


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
