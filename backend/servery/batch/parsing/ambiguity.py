"""What in the first rows of a table can be meant in two ways, and is asked instead of guessed."""

import msgspec

from servery.batch.parsing.matching import Matching
from servery.errors import named
from servery.inputs.numerals import settled
from servery.signature import Signature
from servery.tables.blocks import ColumnBlock
from servery.tables.reading import Reading


def readings_of(
    name: str,
    signature: Signature,
    matching: Matching,
    reading: Reading,
    sample: ColumnBlock,
    delimiter: str | None,
) -> dict[str, Reading]:
    """Return how the column of each input is read: as was said, and as its first rows are written.

    Raises
    ------
    AmbiguousTable
        Shows a text that can be read in two ways.
    """
    readings = {}
    for item, place in zip(signature.inputs, matching.places, strict=True):
        if place is None:
            continue
        texts = [
            cell.strip() for cell in sample.columns[place].values if type(cell) is str and cell
        ]
        column = named(item.name)
        if item.ambiguous_in == "decimal":
            decimal, thousands = settled(
                texts,
                reading.decimal,
                reading.thousands,
                table=name,
                column=("the input ", column),
                is_point_decimal=delimiter == ",",
            )
            readings[item.name] = msgspec.structs.replace(
                reading, decimal=decimal, thousands=thousands
            )
    return readings
