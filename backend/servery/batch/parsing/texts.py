"""Cells of a text file as JSON values: what an input of each type would be sent as."""

from servery.inputs import FromText, Input, Json
from servery.tables.reading import Reading


def from_text(item: Input, reading: Reading) -> FromText:
    """Return how the texts of an input's column are read."""
    read = item.from_text(reading)
    missing = frozenset(reading.missing)

    def read_text(text: str) -> Json:
        if not text and item.knows(text):
            return text
        return None if not text or text in missing or text.strip() in missing else read(text)

    return read_text
