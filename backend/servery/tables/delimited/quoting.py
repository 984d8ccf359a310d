"""What of a text is within quotation marks, found for 64 bytes at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

QUOTE, NEWLINE, RETURN = 34, 10, 13
WORD = 64

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Quoting:
    """How quotation marks divide a text.

    Attributes
    ----------
    is_plain
        Each odd one begins a cell, and each even one ends it. Two of them side by side within a
        cell, which stand for one, end it and begin it again.
    is_open
        The last one has no second one.
    last_row
        Where the last line end is that is not within a cell; -1 where there is none.
    """

    is_plain: bool
    is_open: bool
    last_row: int


def quoting(data: bytes, delimiter: int) -> Quoting:
    """Look at a text that begins with a row.

    Each word of bits is of 64 bytes, the first of them in its lowest bit. Whether a byte is within
    quotation marks is the parity of those up to it, so that no mark has to be looked at by itself.

    Parameters
    ----------
    delimiter
        The byte that stands between two cells.

    References
    ----------
    Langdale & Lemire (2019), Parsing gigabytes of JSON per second, VLDB Journal 28, 941-960.
    """
    letters = np.frombuffer(data, dtype=np.uint8)
    is_quote, is_end = letters == QUOTE, letters == NEWLINE
    quotes, ends = _bits(is_quote), _bits(is_end)
    beside = _bits(is_quote | is_end | (letters == delimiter) | (letters == RETURN))
    within = _parity(quotes)
    before, after = beside << 1, beside >> 1
    before[1:] |= beside[:-1] >> (WORD - 1)
    after[:-1] |= beside[1:] << (WORD - 1)
    before[0] |= np.uint64(1)  # the text begins a cell
    after[-1] |= np.uint64(1 << (len(letters) - 1) % WORD)  # and may end one
    astray = (quotes & within & ~before) | (quotes & ~within & ~after)
    rows = ends & ~within
    found = np.flatnonzero(rows)
    last = int(found[-1]) * WORD + int(rows[found[-1]]).bit_length() - 1 if len(found) else -1
    return Quoting(not astray.any(), bool(within[-1] >> np.uint64(WORD - 1)), last)


def _bits(marks: NDArray[np.bool_]) -> Bits:
    """Return marks as bits, and zeros to the end of the last word."""
    words = np.zeros(-(-len(marks) // WORD), dtype="<u8")
    packed = np.packbits(marks, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def _parity(bits: Bits) -> Bits:
    """Return for each bit whether the number of those up to it, with it, is odd."""
    parity = bits.copy()
    for width in (1, 2, 4, 8, 16, 32):
        parity ^= parity << width
    odd = np.bitwise_xor.accumulate(parity >> (WORD - 1))
    parity[1:] ^= -odd[:-1]  # all bits of it where those before are odd
    return parity
