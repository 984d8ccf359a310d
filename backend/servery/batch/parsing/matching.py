"""Which column holds which input: by what a caller says, by name, then by the name's letters."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servery.batch.reading.tables import fold
from servery.errors import ColumnsUnmatched, Part, named, nearest, sentence_of, worded
from servery.signature import Input, Signature


@dataclass(frozen=True, slots=True)
class Matching:
    """The columns of a table that hold the inputs of a model.

    Attributes
    ----------
    places
        For each input in signature order, its column; None for one that is said to have none.
    extra
        Columns that hold no input, in their order.
    """

    places: tuple[int | None, ...]
    extra: tuple[int, ...]


def match(
    signature: Signature, header: Sequence[str], given: Mapping[str, str] | None = None
) -> Matching:
    """Find the column of each input.

    Parameters
    ----------
    given
        Columns by the name of their input; an empty one says that there is none.

    Raises
    ------
    ColumnsUnmatched
        Names every input whose column is lacking or not sure, and what comes nearest.
    """
    given = given or {}
    troubles = [
        ColumnsUnmatched(f"The model has no input {name!r}.{nearest(name, signature.names)}")
        for name in given
        if name not in signature.names
    ]
    folded: dict[str, list[int]] = {}
    for place, column in enumerate(header):
        folded.setdefault(fold(column), []).append(place)
    # A column that bears the very name of an input, or is given to one, is free for no other.
    taken = {header.index(name) for name in signature.names if name in header and name not in given}
    taken |= {
        header.index(column)
        for name, column in given.items()
        if name in signature.names and column in header
    }
    places: list[int | None] = []
    for item in signature.inputs:
        try:
            places.append(_place(item, signature, header, given, folded, taken))
        except ColumnsUnmatched as trouble:
            troubles.append(trouble)
    twice = {place for place in places if place is not None and places.count(place) > 1}
    troubles += [
        ColumnsUnmatched(f"The column {header[place]!r} is given to several inputs.")
        for place in twice
    ]
    if troubles:
        parts = [part for trouble in troubles for part in (Part(" "), *trouble.parts)]
        raise ColumnsUnmatched(" ".join(map(str, troubles)), tuple(parts[1:]))
    extra = tuple(place for place in range(len(header)) if place not in places)
    return Matching(tuple(places), extra)


def _place(
    item: Input,
    signature: Signature,
    header: Sequence[str],
    given: Mapping[str, str],
    folded: Mapping[str, Sequence[int]],
    taken: set[int],
) -> int | None:
    name = item.name
    # Nor is a column meant that is another input's but for its case.
    others = {fold(other) for other in signature.names if other != name and other not in given}
    left = [
        column
        for place, column in enumerate(header)
        if place not in taken and fold(column) not in others
    ]
    if name in given:
        return _given(item, header, given[name], left)
    if name in header:
        return header.index(name)
    bare = fold(name)
    free = [place for place in folded.get(bare, ()) if place not in taken] if bare else []
    rivals = [
        other
        for other in signature.names
        if other != name and other not in given and other not in header and fold(other) == bare
    ]
    if len(free) == 1 and not rivals:
        return free[0]
    told, none = f"{name}=…", f"{name}="
    if shlex.quote(name) != name:
        told, none = shlex.quote(told), shlex.quote(none)
    option = f"Say --column {told}"
    if free:
        columns = " or ".join(repr(header[place]) for place in free)
        parts = worded("The input ", named(name), f" may be the column {columns}.")
        raise ColumnsUnmatched(f"{sentence_of(parts)} {option}.", parts)
    without = f", or --column {none} where there is none" if item.missing_allowed else ""
    parts = worded("There is no column for the input ", named(name), f".{nearest(name, left)}")
    raise ColumnsUnmatched(f"{sentence_of(parts)} {option}{without}.", parts)


def _given(item: Input, header: Sequence[str], column: str, left: Sequence[str]) -> int | None:
    if column in header:
        return header.index(column)
    if column:
        raise ColumnsUnmatched(f"There is no column {column!r}.{nearest(column, left)}")
    if not item.missing_allowed:
        parts = worded("The model cannot do without the input ", named(item.name), ".")
        raise ColumnsUnmatched(sentence_of(parts), parts)
    return None
