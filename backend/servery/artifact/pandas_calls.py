"""Calls by which pandas saves its columns, and pyarrow the texts in them; both are imported late.

A table of pandas in a file is checked for its consistency as soon as it is made: its compiled code
trusts sizes and places. The texts of pyarrow are checked by pyarrow, down to each offset.
"""

from typing import Any

import numpy as np

from servery.artifact.names import Maker, Name, RefusedPickle, Value


def _require(is_so: Value, what: str = "has a table that pandas does not write so") -> None:
    if not is_so:
        raise RefusedPickle(what)


def _new_index(kind: Value, fields: Value) -> Value:
    import pandas as pd

    thing: Value = kind.thing if type(kind) is Name else None
    _require(type(fields) is dict)
    given: dict[str, Any] = fields
    name = given.get("name")
    _require(type(name) in {str, int, type(None)})
    if thing is pd.RangeIndex:
        bounds: Value = [given.get(each) for each in ("start", "stop", "step")]
        _require(len(given) == 4 and all(type(bound) is int for bound in bounds) and bounds[2])
        return pd.RangeIndex(*bounds, name=name)
    data: Value = given.get("data")
    _require(thing is pd.Index and given.keys() <= {"data", "name", "dtype"})
    _require((type(data) is np.ndarray and data.ndim == 1) or type(data) in _arrays())
    return pd.Index(data, name=name, copy=False, dtype=data.dtype)


def _arrays() -> tuple[type, ...]:
    import pandas as pd

    return (pd.arrays.ArrowStringArray, pd.arrays.StringArray, pd.Categorical)


def _block(values: Value, place: Value, dimensions: Value) -> Value:
    from pandas._libs.internals import _unpickle_block

    _require((type(values) is np.ndarray and values.ndim == 2) or type(values) in _arrays())
    is_slice = type(place) is slice and all(
        type(bound) is int and 0 <= bound < 2**31 for bound in (place.start, place.stop, place.step)
    )
    is_list = type(place) is np.ndarray and place.dtype == np.intp and place.ndim == 1
    _require((is_slice and place.step) or (is_list and (place >= 0).all()))
    _require(type(dimensions) is int and dimensions == 2)
    return _unpickle_block(values, place, dimensions)


def _manager(blocks: Value, axes: Value) -> Value:
    import pandas as pd
    from pandas.core.internals.blocks import Block
    from pandas.core.internals.managers import BlockManager

    _require(type(blocks) is tuple and all(isinstance(block, Block) for block in blocks))
    _require(type(axes) is list and len(axes) == 2)
    _require(all(type(axis) in {pd.Index, pd.RangeIndex} for axis in axes))
    return BlockManager(blocks, axes, verify_integrity=True)


def _backed_by_array(kind: Value, checksum: Value, state: Value) -> Value:
    import pandas as pd
    from pandas._libs.arrays import __pyx_unpickle_NDArrayBacked

    thing: Value = kind.thing if type(kind) is Name else None
    _require(thing in (pd.Categorical, pd.arrays.StringArray) and state is None)
    _require(type(checksum) is int)
    return __pyx_unpickle_NDArrayBacked(thing, checksum, None)


def _timestamp(value: Value, freq: Value, zone: Value, unit: Value = 10) -> Value:
    from pandas._libs.tslibs.timestamps import _unpickle_timestamp

    _require(type(value) is int and abs(value) < 2**63 and freq is None and zone is None)
    _require(type(unit) is int and 7 <= unit <= 10)
    return _unpickle_timestamp(value, None, None, unit)


def _timedelta(value: Value, unit: Value = 10) -> Value:
    from pandas._libs.tslibs.timedeltas import _timedelta_unpickle

    _require(type(value) is int and abs(value) < 2**63 and type(unit) is int and 7 <= unit <= 10)
    return _timedelta_unpickle(value, unit)


def _string_dtype(storage: Value = None, missing: Value = None) -> Value:
    import pandas as pd

    _require(storage in ("python", "pyarrow") and type(storage) is str)
    _require(missing is pd.NA or (type(missing) is float and missing != missing))
    return pd.StringDtype(storage, missing)


def _buffer(raw: Value) -> Value:
    import pyarrow as pa

    _require(type(raw) in {bytes, bytearray})
    return pa.py_buffer(bytes(raw))


def _texts_type(alias: Value) -> Value:
    import pyarrow as pa

    _require(type(alias) is str and alias in {"string", "large_string"})
    return pa.string() if alias == "string" else pa.large_string()


def _texts(data: Value) -> Value:
    """Return texts of pyarrow, after it looked at each of their offsets."""
    import pyarrow as pa

    _require(type(data) is tuple and len(data) == 7)
    kind, length, missing, offset, buffers, children, dictionary = data
    _require(any(kind is known for known in (pa.string(), pa.large_string())))
    counts = (length, missing, offset)
    _require(all(type(count) is int and -1 <= count < 2**31 for count in counts) and length >= 0)
    _require(type(children) is list and not children and dictionary is None and offset >= 0)
    _require(type(buffers) is list and len(buffers) == 3)
    _require(all(buffer is None or type(buffer) is pa.Buffer for buffer in buffers))
    try:
        array = pa.Array.from_buffers(kind, length, buffers, missing, offset)
        array.validate(full=True)
    except pa.ArrowException as error:
        raise RefusedPickle("has texts of pyarrow that contradict themselves") from error
    return array


def _chunked(chunks: Value, kind: Value) -> Value:
    import pyarrow as pa

    _require(
        type(chunks) is list
        and all(isinstance(each, pa.StringArray | pa.LargeStringArray) for each in chunks)
    )
    return pa.chunked_array(chunks, kind)


PANDAS: dict[str, Maker] = {
    "pandas.core.indexes.base._new_Index": _new_index,
    "pandas.core.internals.managers.BlockManager": _manager,
    "pandas._libs.internals._unpickle_block": _block,
    "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked": _backed_by_array,
    "pandas._libs.tslibs.timestamps._unpickle_timestamp": _timestamp,
    "pandas._libs.tslibs.timedeltas._timedelta_unpickle": _timedelta,
    "pandas.StringDtype": _string_dtype,
    "pandas.core.arrays.string_.StringDtype": _string_dtype,
    "pyarrow.lib._restore_array": _texts,
    "pyarrow.lib.chunked_array": _chunked,
    "pyarrow.lib.py_buffer": _buffer,
    "pyarrow.lib.type_for_alias": _texts_type,
}
