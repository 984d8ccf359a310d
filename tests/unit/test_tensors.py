"""Texts of a tensor are the same whichever way they are found, and torn ones are refused."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.api.protocols.tensors import MANY_TEXTS, packed, read_tensors
from servery.errors import InvalidInputs

TEXTS = st.lists(st.sampled_from(["a", "ab", "b", "Sjö", "12345678", "123456789", "x" * 64]))
ANY = st.lists(st.text(max_size=80), max_size=20)


def read(raw: bytes, count: int) -> list[str]:
    size = {"binary_data_size": len(raw)}
    tensor = {"name": "t", "shape": [count], "datatype": "BYTES", "parameters": size}
    [found] = read_tensors([tensor], memoryview(raw))
    return list(found.values)


@given(TEXTS, ANY)
def test_texts_are_read_as_they_were_written(few: list[str], any_: list[str]) -> None:
    for texts in (few * 40, few * 40 + any_, any_ * 40):
        assert read(packed("BYTES", texts), len(texts)) == texts


@given(
    st.lists(st.sampled_from(["a", "bc", "def"]), min_size=MANY_TEXTS, max_size=100),
    st.data(),
)
def test_damaged_lengths_are_never_read_as_others(texts: list[str], data: st.DataObject) -> None:
    raw = bytearray(packed("BYTES", texts))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 127))
    expected = read_one_by_one(bytes(raw))
    if expected is not None and len(expected) == len(texts):
        assert read(bytes(raw), len(texts)) == expected
    else:
        with pytest.raises(InvalidInputs):
            read(bytes(raw), len(texts))


def read_one_by_one(raw: bytes) -> list[str] | None:
    texts = []
    while raw:
        if len(raw) < 4:
            return None
        end = 4 + struct.unpack_from("<I", raw)[0]
        if end > len(raw):
            return None
        texts.append(raw[4:end].decode())
        raw = raw[end:]
    return texts
