"""Which column holds which input: by what a caller says, by name, then by the name's letters."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from servery.errors import ColumnsUnmatched, Part, named, nearest, quoted, sentence_of, worded
from servery.inputs import Input
from servery.inputs.moment_texts import Order
from servery.signature import Signature
from servery.tables.blocks import fold

#: Inputs without a column that are each listed with the nearest one, which takes time to find:
#: where many more lack one, it is probably another table.
MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Matching:
    """The columns of a table that hold the inputs of a model.

    Attributes
    ----------
    places
        For each input in signature order, its column; None for one that is said to have none.
    extra
        Columns that hold no input, in their order.
    orders
        For each input, the order in which the days of its column are written, once that is known.
    assumed
        Inputs without a column that nobody said to have none: each row has a warning of them.
    """

    places: tuple[int | None, ...]
    extra: tuple[int, ...]
    orders: tuple[Order | None, ...] | None = None
    assumed: frozenset[str] = frozenset()


def match(
    signature: Signature,
    header: Sequence[str],
    given: Mapping[str, str] | None = None,
    *,
    assumes_missing: bool = False,
) -> Matching:
    """Find the column of each input.

    Parameters
    ----------
    given
        Columns by the name of their input; an empty one says that there is none.
    assumes_missing
        Whether an input that the model can do without needs no column, if no column is like it.

    Raises
    ------
    ColumnsUnmatched
        Names the inputs whose columns are lacking or not sure, and what comes nearest; of very
        many the first, and how many more there are.
    """
    search = _Search(signature, header, given or {}, assumes_missing)
    places = search.places()
    if search.troubles:
        raise _all_of(search.troubles)
    taken = set(places)
    return Matching(
        tuple(places),
        tuple(place for place in range(len(header)) if place not in taken),
        assumed=frozenset(search.assumed),
    )


def known_places(
    signature: Signature, header: Sequence[str], given: Mapping[str, str]
) -> list[int | None]:
    """Return the columns that can be matched to inputs; no column is used twice."""
    seen: set[int | None] = set()
    places: list[int | None] = []
    for place in _Search(signature, header, given).places():
        places.append(None if place in seen else place)
        seen.add(place)
    return places


def _all_of(troubles: Sequence[ColumnsUnmatched]) -> ColumnsUnmatched:
    """Return several troubles as one; of very many, the first."""
    listed, more = list(troubles[:MOST_LISTED]), len(troubles) - MOST_LISTED
    if more > 0:
        listed.append(ColumnsUnmatched(f"And {more:,} more like these."))
    parts = [part for trouble in listed for part in (Part(" "), *trouble.parts)]
    return ColumnsUnmatched(" ".join(map(str, listed)), tuple(parts[1:]))


@dataclass
class _Search:
    """The search for the columns of a signature's inputs; ``troubles`` are what is in the way."""

    signature: Signature
    header: Sequence[str]
    given: Mapping[str, str]
    assumes_missing: bool = False
    troubles: list[ColumnsUnmatched] = field(default_factory=list)
    assumed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Note which columns and inputs are alike, and which columns are free for none."""
        names = self.signature.names
        self._where = {column: place for place, column in enumerate(self.header)}
        self._alike: dict[str, list[int]] = {}
        for place, column in enumerate(self.header):
            self._alike.setdefault(fold(column), []).append(place)
        self._folds = {name: fold(name) for name in names}
        unnamed = [name for name in names if name not in self.given and name not in self._where]
        self._rivals = Counter(self._folds[name] for name in unnamed)
        # A column that bears the very name of an input, or is given to one, is free for no other.
        columns = [name for name in names if name not in self.given]
        columns += [column for name, column in self.given.items() if name in self._folds]
        self._taken = {self._where[column] for column in columns if column in self._where}

    def places(self) -> list[int | None]:
        """Return the column of each input; None where that is in trouble, too."""
        for name in self.given:
            if name not in self._folds:
                self._trouble(f"The model has no input {quoted(name)}.", near=(name, self._folds))
        places = [self._place(item) for item in self.signature.inputs]
        for place, times in Counter(places).items():
            if place is not None and times > 1:
                column = quoted(self.header[place])
                self._trouble(f"The column {column} is given to several inputs.")
        if self.troubles and len(self.header) == 1 < len(self.signature.inputs):
            self._trouble(
                f"The table has one column, {quoted(self.header[0])}.",
                option="If it is a text whose cells another character divides, say --delimiter.",
            )
            self.troubles.insert(0, self.troubles.pop())
        return places

    def _place(self, item: Input) -> int | None:
        name, bare = item.name, self._folds[item.name]
        if name in self.given:
            return self._given(item, self.given[name])
        if name in self._where:
            return self._where[name]
        alike = self._alike.get(bare, ()) if bare else ()
        free = [place for place in alike if place not in self._taken] or self._repeated(bare)
        if len(free) == 1 and self._rivals[bare] == 1:
            return free[0]
        if not free and self._may_be_assumed(item):
            self.assumed.add(name)
            return None
        chosen, none = f"{name}=…", f"{name}="
        if shlex.quote(name) != name:
            chosen, none = shlex.quote(chosen), shlex.quote(none)
        option = f"Say --column {chosen}"
        if free:
            columns = " or ".join(quoted(self.header[place]) for place in free[:MOST_LISTED])
            parts = ("The input ", named(name), f" may be the column {columns}.")
            self._trouble(*parts, option=f"{option}.")
            return None
        without = f", or --column {none} where there is none" if item.missing_allowed else ""
        parts = ("There is no column for the input ", named(name), ".")
        self._trouble(*parts, near=(name, self._left(bare)), option=f"{option}{without}.")
        return None

    def _may_be_assumed(self, item: Input) -> bool:
        """Return whether an input may have no column: in a table of others, none misspelt."""
        if not (self.assumes_missing and item.missing_allowed):
            return False
        is_of_model = any(folded in self._alike for folded in self._folds.values())
        return is_of_model and not nearest(item.name, self._left(self._folds[item.name]))

    def _repeated(self, bare: str) -> list[int]:
        """Return the columns that all had the name of an input, and each got a number."""
        if len(self.troubles) >= MOST_LISTED:
            return []
        numbered = re.compile(re.escape(bare) + "[0-9]+")
        found = [
            place
            for place, column in enumerate(self.header)
            if place not in self._taken and numbered.fullmatch(fold(column))
        ]
        return found if bare and len(found) > 1 else []

    def _given(self, item: Input, column: str) -> int | None:
        if column in self._where:
            return self._where[column]
        if column:
            left = self._left(self._folds[item.name])
            self._trouble(f"There is no column {quoted(column)}.", near=(column, left))
        elif not item.missing_allowed:
            self._trouble("The model cannot do without the input ", named(item.name), ".")
        return None

    def _left(self, bare: str) -> Iterator[str]:
        """Return the columns that may be meant: neither taken nor another input's but for case."""
        for place, column in enumerate(self.header):
            folded = fold(column)
            if place not in self._taken and (folded == bare or not self._rivals[folded]):
                yield column

    def _trouble(
        self,
        *pieces: str | Part,
        near: tuple[str, Iterable[str]] | None = None,
        option: str = "",
    ) -> None:
        """Note what is in the way, with the name that comes nearest to another one."""
        hint = nearest(*near) if near and len(self.troubles) < MOST_LISTED else ""
        parts = worded(*pieces, hint)
        self.troubles.append(ColumnsUnmatched(f"{sentence_of(parts)} {option}".strip(), parts))
