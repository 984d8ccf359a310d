"""Cells of a text file as JSON values: what an input of each type would be sent as."""

from collections.abc import Iterable, Iterator

from servery.inputs import FromText, Input, Json
from servery.inputs.number import number_of
from servery.tables.reading import Reading

#: A point is the decimal mark, and a day begins with its year.
PLAIN = Reading(decimal=".", dates="year-first")


class MissingTexts:
    """What means a missing value in a column, by value: ``-999`` is ``-999.0`` and `` -999``, too.

    Blanks around a text never matter.
    """

    def __init__(self, item: Input, texts: Iterable[str]) -> None:
        self._texts = frozenset(text.strip() for text in texts)
        self.numbers = frozenset(number for text in self._texts for number in _numbers_of(text))
        self._has_numbers = bool(self.numbers) and any(
            type(known) in (int, float) for known in item.known_values()
        )
        self._days: frozenset[Json] = frozenset()
        if item.storage == "datetime64":
            self._days = frozenset(map(item.from_text(PLAIN), self._texts))

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._texts)

    def has(self, value: object) -> bool:
        """Return whether a cell, or what it was read as, is one of them."""
        if type(value) is str:
            if value.strip() in self._texts or value in self._days:
                return True
            value = number_of(value) if self._has_numbers else value
        return type(value) in (int, float) and value in self.numbers


def _numbers_of(text: str) -> Iterator[float]:
    for decimal in (".", ","):
        number = number_of(text, decimal=decimal)
        if isinstance(number, (int, float)):
            yield number


def from_text(item: Input, reading: Reading) -> FromText:
    """Return how the texts of an input's column are read."""
    read = item.from_text(reading)
    missing = MissingTexts(item, reading.missing)

    def read_text(text: str) -> Json:
        if not text and item.knows(text):
            return text
        if not text or missing.has(text):
            return None
        value = read(text)
        return None if value is not text and missing.has(value) else value

    return read_text
