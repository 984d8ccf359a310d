import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servery.api.http.strict_json import strict_json
from servery.errors import UnreadableBody

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)


@given(VALUES)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert strict_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "line 1, column 1"),
        (b"{'a': 1}", "line 1, column 2"),
        (b'{"a": NaN}', "found NaN"),
        (b'{"a": -Infinity}', "found -Infinity"),
        (b'{"a": 1, "a": 2}', "'a' twice"),
        (b'{"a": "\\ud800"}', "not text"),
        (b'{"a": "\xff"}', "not text"),
        (b"[" * 100_000, "nested too deep"),
        (b"9" * 5000, "too many digits"),
        (b"\xef\xbb\xbf{}", "BOM"),
    ],
)
def test_what_readers_disagree_on_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableBody, match=complaint):
        strict_json(body)
