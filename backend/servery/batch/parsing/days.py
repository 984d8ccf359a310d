"""How days are written in a table: each column by its own texts, asked where they leave it open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from servery.batch.parsing.matching import Matching
from servery.errors import AmbiguousTable, Choice, Part, named, quoted, worded
from servery.inputs import Input, OpenNotation
from servery.inputs.moment_texts import DaysRead
from servery.signature import Signature
from servery.tables.blocks import ColumnBlock
from servery.tables.reading import Reading

#: What a text may leave open, as a part of a sentence.
OPEN = {
    "dates": ": either the day or the month comes first.",
    "century": ": its year has two digits.",
}


def with_days(
    name: str, signature: Signature, matching: Matching, reading: Reading, sample: ColumnBlock
) -> tuple[Matching, list[str]]:
    """Find how the days of each column are written.

    Returns
    -------
    tuple
        The matching with the order of each column, and what to say of orders that no option states.

    Raises
    ------
    AmbiguousTable
        Shows a text that leaves it open.
    """
    found = [
        _days_read(name, item, place, reading, sample)
        for item, place in zip(signature.inputs, matching.places, strict=True)
    ]
    notes = [
        f"Dates of {quoted(item.name)} are read {each.order}, as {quoted(each.example)} shows."
        for item, each in zip(signature.inputs, found, strict=True)
        if each.example
    ]
    return replace(matching, orders=tuple(each.order for each in found)), notes


def remarks(signature: Signature, matching: Matching, sample: ColumnBlock) -> Iterator[str]:
    """Say how the values of inputs are read, where people would not expect it."""
    for item, place in zip(signature.inputs, matching.places, strict=True):
        if place is not None:
            yield from (
                f"{quoted(item.name)}: {remark}" for remark in item.remarks(_cells(sample, place))
            )


def _days_read(
    name: str, item: Input, place: int | None, reading: Reading, sample: ColumnBlock
) -> DaysRead:
    if place is None:
        return DaysRead(None)
    cells = _cells(sample, place)
    texts = [cell.strip() for cell in cells if type(cell) is str and cell.strip()]
    try:
        return item.days_read(texts, reading)
    except OpenNotation as error:
        what: tuple[str | Part, ...] = (
            f"{name} has {quoted(error.example)} for the input ",
            named(item.name),
            OPEN[error.option],
        )
        raise AmbiguousTable(worded(*what), Choice(error.option, tuple(error.values))) from error


def _cells(sample: ColumnBlock, place: int) -> "list[Any]":
    """Return the distinct cells of a column, or all of them."""
    values = sample.columns[place].values
    return [] if isinstance(values, np.ndarray) else list(values)
