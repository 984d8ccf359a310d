"""What in the first rows of a table can be meant in two ways, and is asked instead of guessed."""

from servery.batch.parsing.matching import Matching
from servery.errors import named
from servery.signature import Signature
from servery.tables.ambiguity import refuse_commas
from servery.tables.blocks import ColumnBlock
from servery.tables.reading import Reading


def refuse_ambiguous(
    name: str, signature: Signature, matching: Matching, reading: Reading, sample: ColumnBlock
) -> None:
    """Ask for the decimal mark where texts leave it open.

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
