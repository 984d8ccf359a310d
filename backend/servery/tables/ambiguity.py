"""What can be read in two ways in any table, and is asked instead of guessed."""

import re
from collections.abc import Sequence

from servery.errors import AmbiguousTable, Choice, Part, quoted, worded
from servery.inputs.number import DECIMAL_COMMA, NUMBER

THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


def refuse_commas(
    name: str, what: Sequence[str | Part], texts: Sequence[str], *, only_if_open: bool = False
) -> None:
    """Ask for the decimal mark where a number has a comma.

    Parameters
    ----------
    what
        The column or the input, as parts of a sentence.
    only_if_open
        Take a comma for the decimal mark where it cannot be anything else.

    Raises
    ------
    AmbiguousTable
        Shows one such number.
    """
    with_comma = next((text for text in texts if DECIMAL_COMMA.fullmatch(text)), None)
    if with_comma is None:
        return
    thousands = all(THOUSANDS.fullmatch(text) for text in texts if "," in text)
    both = any("." in text and NUMBER.fullmatch(text) for text in texts)
    if only_if_open and not thousands and not both:
        return
    raise AmbiguousTable(
        worded(
            f"{name} has {quoted(with_comma)} for ",
            *what,
            ": the comma may be its decimal mark",
            ", though other values have a point." if both else ".",
            " If it divides thousands, remove it first." if thousands else "",
        ),
        Choice("decimal", (".", ",") if both or thousands else (",", ".")),
    )
