"""Quotation marks, found for 64 bytes at a time, against a loop that looks at each byte."""

import random

import pytest

from servery.tables.delimited.quoting import Quoting, quoting

PIECES = [b'"x",', b'"a,b"\n', b"1,2\n", b'"a\nb",', b'"",', b'"a""b"\r\n', b",", b'5" ', b"\n"]


def one_by_one(data: bytes) -> Quoting:
    is_within, is_plain, last = False, True, -1
    for at, letter in enumerate(data):
        if letter == ord('"'):
            is_within = not is_within
            beside = data[at - 1 : at] if is_within else data[at + 1 : at + 2]
            is_plain = is_plain and (not beside or beside in b',\n\r"')
        elif letter == ord("\n") and not is_within:
            last = at
    return Quoting(is_plain, is_within, last)


@pytest.mark.parametrize("length", [1, 2, 63, 64, 65, 127, 128, 129, 1_000])
def test_marks_are_seen_as_one_by_one(length: int) -> None:
    chance = random.Random(length)  # noqa: S311 - the same texts each time
    seen = set()
    for most in (2, 7, len(PIECES)):
        for _ in range(300):
            text = b"".join(chance.choice(PIECES[:most]) for _ in range(length))[:length]
            found = quoting(text, ord(","))
            assert found == one_by_one(text), text
            seen.add((found.is_plain, found.is_open, found.last_row >= 0))
    assert len(seen) > 1 or length == 1
