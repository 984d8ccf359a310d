"""Giving an object of a file its state, which is judged before any code of a library sees it.

Objects of Python get attributes: a dictionary of plain names. Compiled ones get what their own
`__setstate__` takes, and trusts: each of these states has a function here that looks at it first.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from servery.artifact.arrays import Draft, require
from servery.artifact.calls import is_key
from servery.artifact.names import Distribution, Name, Value

ODD_STATE = "gives an object a state that no saved estimator has"


def give(target: Value, state: Value) -> Value:
    """Return an object with its state; the object itself, or what stands in for it.

    Raises
    ------
    RefusedPickle
        The state is not one that the class writes.
    """
    kind = type(target)
    if kind is Distribution:
        return target
    is_distance = kind.__module__ == "sklearn.metrics._dist_metrics"
    check = _distance if is_distance else CHECKS.get(f"{kind.__module__}.{kind.__qualname__}")
    if check is not None:
        check(state)
        target.__setstate__(state)
        return target
    attributes = attributes_of(state)
    setstate = getattr(kind, "__setstate__", None)
    if setstate is None:
        target.__dict__.update(attributes)
    else:
        setstate(target, attributes)
    return target


def give_trusted(target: Value, state: Value) -> Value:
    """Return an object of a class that a setting trusts, with its state as pickle gives it."""
    kind = type(target)
    if type(state) is dict:  # which may hold classes and functions of the list, too
        state = {
            name: value.thing if type(value) is Name and value.thing is not None else value
            for name, value in state.items()
        }
    if hasattr(kind, "__setstate__"):
        target.__setstate__(state)
        return target
    own, slots = state if type(state) is tuple and len(state) == 2 else (state, None)
    if own:
        target.__dict__.update(attributes_of(own))
    for name, value in attributes_of(slots).items() if slots else ():
        setattr(target, name, value)
    return target


def attributes_of(state: Value) -> dict[str, Any]:
    """Return a state by its names, as Python keeps those of attributes: each text once."""
    require(type(state) is dict, ODD_STATE)
    attributes = {}
    for name, value in state.items():
        require(type(name) is str and not (name[:2] == name[-2:] == "__"), ODD_STATE)
        if type(value) is Name and name in value.places:
            value = value.thing
        attributes[sys.intern(name)] = value
    return attributes


def _is_array(value: Value, kinds: str, *shape: int | None) -> bool:
    """Return whether a value is a plain array of some kinds and a shape; None is any length."""
    if type(value) is not np.ndarray or value.dtype.kind not in kinds:
        return False
    return len(value.shape) == len(shape) and all(
        wanted in {None, size} for wanted, size in zip(shape, value.shape, strict=True)
    )


def _tree(state: Value) -> None:
    fields = attributes_of(state)
    require(fields.keys() == {"max_depth", "node_count", "nodes", "values"}, ODD_STATE)
    count = fields["node_count"]
    require(type(count) is int and type(fields["max_depth"]) is int, ODD_STATE)
    require(_is_array(fields["nodes"], "V", count), ODD_STATE)
    fields["nodes"] = state["nodes"] = _with_missing(fields["nodes"])
    require(_is_array(fields["values"], "f", count, None, None), ODD_STATE)
    require(fields["nodes"].flags.c_contiguous and fields["values"].flags.c_contiguous, ODD_STATE)


def _with_missing(nodes: Any) -> Any:  # noqa: ANN401 - an array of records
    """Return nodes with the place of missing values, which releases before 1.3 did not have.

    Those releases refused missing values, so that any direction keeps what they answered.
    """
    from sklearn.tree._tree import NODE_DTYPE

    if nodes.dtype.names != tuple(NODE_DTYPE.names[:-1]):
        return nodes
    filled = np.zeros(nodes.shape, dtype=NODE_DTYPE)
    for name in nodes.dtype.names:
        filled[name] = nodes[name]
    return filled


def _nearest_tree(state: Value) -> None:
    require(type(state) is tuple and len(state) == 13, ODD_STATE)
    data, index, nodes, bounds, *numbers, distance, weights = state
    require(_is_array(data, "f", None, None) and _is_array(index, "i", len(data)), ODD_STATE)
    require(_is_array(nodes, "V", None) and _is_array(bounds, "f", None, None, None), ODD_STATE)
    require(all(type(number) in {int, float, bool} for number in numbers), ODD_STATE)
    require(all(abs(number) < 2**31 for number in numbers), ODD_STATE)
    # The distance must be one that was itself given its state.
    require(type(distance).__module__ == "sklearn.metrics._dist_metrics", ODD_STATE)
    require(weights is None or _is_array(weights, "f", len(data)), ODD_STATE)


def _nothing(state: Value) -> None:
    require(state == (), ODD_STATE)


def _distance(state: Value) -> None:
    require(type(state) is tuple and len(state) == 3, ODD_STATE)
    power, vector, matrix = state
    require(type(power) in {float, int}, ODD_STATE)
    require(_is_array(vector, "f", None) and _is_array(matrix, "f", None, None), ODD_STATE)


def _seed_sequence(state: Value) -> None:
    require(type(state) is tuple and len(state) == 5, ODD_STATE)
    entropy, children, pool, size, spawned = state
    whole = (int, np.uint64, type(None))
    is_entropy = type(entropy) in whole or (
        type(entropy) in {list, tuple} and all(type(each) is int for each in entropy)
    )
    require(is_entropy and type(children) is int and children >= 0, ODD_STATE)
    require(type(size) is int and 4 <= size <= 2**10 and _is_array(pool, "u", size), ODD_STATE)
    require(type(spawned) is tuple and all(type(each) is int for each in spawned), ODD_STATE)
    require(pool.dtype == np.uint32, ODD_STATE)


def _bit_generator(state: Value) -> None:
    if type(state) is tuple:
        require(len(state) == 2, ODD_STATE)
        seeds = type(state[1])
        require(seeds in {np.random.SeedSequence, type(None)}, ODD_STATE)
        state = state[0]
    fields = attributes_of(state)
    require(_GENERATOR >= fields.keys() >= {"bit_generator", "state"}, ODD_STATE)
    inner = attributes_of(fields["state"])
    for name, value in {**fields, **inner}.items():
        wanted = SIZES.get(name)
        if wanted is not None:
            require(_is_array(value, "u") or _is_array(value, "u", None), ODD_STATE)
            require(value.size in wanted, ODD_STATE)
        elif name == "bit_generator":
            require(type(value) is str, ODD_STATE)
        elif name == "state":
            is_inner = value is fields["state"] or _is_array(value, "u", 4)
            require(is_inner or type(value) is int, ODD_STATE)
        else:
            require(type(value) in {int, float}, ODD_STATE)
    # These are places in the arrays beside them, and read without a look.
    require(0 <= inner.get("pos", 0) <= 624, ODD_STATE)
    require(0 <= fields.get("buffer_pos", 0) <= 4, ODD_STATE)


_GENERATOR = {
    *("bit_generator", "state", "has_gauss", "gauss", "has_uint32", "uinteger"),
    *("buffer", "buffer_pos"),
}
#: Arrays of random states, by how many numbers each generator keeps in them.
SIZES = {"key": {624, 2}, "counter": {4}, "buffer": {4}}


def _table(state: Value) -> None:
    fields = attributes_of(state)
    require(fields.keys() <= {"_mgr", "_typ", "_metadata", "attrs", "_flags", "_name"}, ODD_STATE)
    managers = {"BlockManager", "SingleBlockManager"}
    require(type(fields.get("_mgr")).__name__ in managers, ODD_STATE)
    require(
        fields.get("_typ") in ("dataframe", "series") and is_key(fields.get("_name")), ODD_STATE
    )
    require(fields.get("_metadata") in ([], ["_name"]) and fields.get("attrs") == {}, ODD_STATE)
    flags = attributes_of(fields.get("_flags"))
    require(flags.keys() == {"allows_duplicate_labels"}, ODD_STATE)
    require(type(flags["allows_duplicate_labels"]) is bool, ODD_STATE)


def _column(state: Value) -> None:
    """Look at the only block of a column: where it says it lies, and how long it is."""
    require(type(state) is tuple and len(state) == 4 and type(state[3]) is dict, ODD_STATE)
    fields = attributes_of(state[3].get("0.14.1"))
    axes: Value = fields.get("axes")
    blocks: Value = fields.get("blocks")
    require(type(axes) is type(blocks) is list and len(axes) == len(blocks) == 1, ODD_STATE)
    block = attributes_of(blocks[0])
    require(block.keys() == {"values", "mgr_locs"}, ODD_STATE)
    _require_index(axes[0])
    values, place = block["values"], block["mgr_locs"]
    require((type(values) is np.ndarray and values.ndim == 1) or _is_text_array(values), ODD_STATE)
    require(type(place) is slice and place == slice(0, len(values), 1), ODD_STATE)
    require(len(values) == len(axes[0]), ODD_STATE)


def _require_index(value: Value) -> None:
    import pandas as pd

    require(type(value) in {pd.Index, pd.RangeIndex}, ODD_STATE)


def _is_text_array(value: Value) -> bool:
    return type(value).__name__ in {"ArrowStringArray", "Categorical", "StringArray"}


def _texts(state: Value) -> None:
    import pandas as pd
    import pyarrow as pa

    fields = attributes_of(state)
    require(fields.keys() - {"_readonly"} == {"_pa_array", "_dtype", "_cache"}, ODD_STATE)
    require(type(fields.get("_readonly", False)) is bool, ODD_STATE)
    arrays = (pa.StringArray, pa.LargeStringArray, pa.ChunkedArray)
    require(
        type(fields["_pa_array"]) in arrays and type(fields["_dtype"]) is pd.StringDtype, ODD_STATE
    )
    require(type(fields["_cache"]) is dict and not fields["_cache"], ODD_STATE)


def _categories(state: Value) -> None:
    fields = attributes_of(state)
    require(fields.keys() == {"categories", "ordered"}, ODD_STATE)
    require(type(fields["ordered"]) in {bool, type(None)}, ODD_STATE)
    if fields["categories"] is not None:
        _require_index(fields["categories"])


def _categorical(state: Value) -> None:
    import pandas as pd

    require(type(state) is tuple and 2 <= len(state) <= 3, ODD_STATE)
    dtype, codes = state[:2]
    require(type(dtype) is pd.CategoricalDtype and dtype.categories is not None, ODD_STATE)
    require((_is_array(codes, "i", None) and len(state) == 2) or state[2] == {}, ODD_STATE)
    is_known = (codes >= -1) & (codes < len(dtype.categories))
    require(is_known.all(), ODD_STATE)


def _python_texts(state: Value) -> None:
    """Look at texts that pandas keeps without pyarrow: an array of objects, each a text or none."""
    import pandas as pd

    require(type(state) is tuple and 2 <= len(state) <= 3, ODD_STATE)
    dtype, texts = state[:2]
    require(type(dtype) is pd.StringDtype and dtype.storage == "python", ODD_STATE)
    own = attributes_of(state[2]) if len(state) == 3 else {}
    require(_is_array(texts, "O", None) and own.keys() <= {"_readonly"}, ODD_STATE)
    require(type(own.get("_readonly", False)) is bool, ODD_STATE)
    require(all(type(text) is str or _is_missing(text) for text in texts), ODD_STATE)


def _is_missing(value: Value) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (type(value) is float and value != value)


CHECKS: dict[str, Callable[[Value], None]] = {
    "sklearn._loss._loss.CyHalfMultinomialLoss": _nothing,
    "numpy.random._mt19937.MT19937": _bit_generator,
    "numpy.random._pcg64.PCG64": _bit_generator,
    "numpy.random._pcg64.PCG64DXSM": _bit_generator,
    "numpy.random._philox.Philox": _bit_generator,
    "numpy.random._sfc64.SFC64": _bit_generator,
    "numpy.random._generator.Generator": _bit_generator,
    "numpy.random.mtrand.RandomState": _bit_generator,
    "numpy.random.bit_generator.SeedSequence": _seed_sequence,
    "pandas.DataFrame": _table,
    "pandas.Series": _table,
    "pandas.CategoricalDtype": _categories,
    "pandas.Categorical": _categorical,
    "pandas.arrays.ArrowStringArray": _texts,
    "pandas.arrays.StringArray": _python_texts,
    "pandas.core.internals.managers.SingleBlockManager": _column,
    "sklearn.tree._tree.Tree": _tree,
    **{
        f"sklearn.neighbors.{module}.{name}{end}": _nearest_tree
        for module, name in (("_kd_tree", "KDTree"), ("_ball_tree", "BallTree"))
        for end in ("", "32", "64")
    },
}
#: Compiled objects, and columns, that are only memory until they have their state.
MUST_BE_FILLED = frozenset(
    name for name in CHECKS if not name.startswith(("numpy.random._", "sklearn._loss._loss."))
)


def takes_state(made: Value) -> bool:
    """Return whether what a call made gets a state behind it; other things are whole."""
    kind = type(made)
    is_distance = kind.__module__ == "sklearn.metrics._dist_metrics"
    is_known = is_distance or f"{kind.__module__}.{kind.__qualname__}" in CHECKS
    return is_known or isinstance(made, (Draft, Distribution))


def is_unfilled(made: Value) -> bool:
    """Return whether an object waits for the state without which it must not be used."""
    kind = type(made)
    is_distance = kind.__module__ == "sklearn.metrics._dist_metrics"
    return is_distance or f"{kind.__module__}.{kind.__qualname__}" in MUST_BE_FILLED
