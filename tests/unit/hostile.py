"""Files that try to run something when they are opened, by every route that a pickle offers.

Each would make the canary: a file that the test then looks for.
"""

import bz2
import copyreg
import functools
import gzip
import io
import lzma
import operator
import os
import pickle
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

Make = Callable[[Path], bytes]
PROTO = b"\x80\x04"


class Call:
    """Pickles as a call, made when it is opened."""

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:  # noqa: ANN401
        self.call = (function, args)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def touching(canary: Path) -> str:
    return f"touch {canary}"


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def named(module: str, name: str) -> bytes:
    return text(module) + text(name) + b"\x93"


def old(module: str, name: str) -> bytes:
    return b"c" + f"{module}\n{name}\n".encode()


def call(callee: bytes, *args: bytes) -> bytes:
    return callee + b"(" + b"".join(args) + b"t" + b"R"


def ended(body: bytes) -> bytes:
    return PROTO + body + b"."


def system(canary: Path) -> bytes:
    return call(named("os", "system"), text(touching(canary)))


def calling(function: Callable[..., Any], *args: Any) -> Make:  # noqa: ANN401
    """A file that calls a function of the list that follows, in the plainest way."""
    return lambda _: pickle.dumps(Call(function, *args))


def on_canary(function: Callable[..., Any], *rest: Any) -> Make:  # noqa: ANN401
    """A file that calls a function on the canary's path."""
    return lambda canary: pickle.dumps(Call(function, str(canary), *rest))


def with_command(function: Callable[..., Any]) -> Make:
    return lambda canary: pickle.dumps(Call(function, touching(canary)))


def python(canary: Path) -> str:
    return f"open({str(canary)!r}, 'w').close()"


def with_python(function: Callable[..., Any]) -> Make:
    return lambda canary: pickle.dumps(Call(function, python(canary)))


def estimator_with(value: Any, **extra: Any) -> bytes:  # noqa: ANN401
    model = LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])
    model.coef_ = value
    for name, other in extra.items():
        setattr(model, name, other)
    sink = io.BytesIO()
    joblib.dump(model, sink)
    return sink.getvalue()


def objects(canary: Path) -> "np.ndarray[Any, Any]":
    array = np.empty(1, dtype=object)
    array[0] = Call(os.system, touching(canary))
    return array


def in_object_array(canary: Path) -> bytes:
    return estimator_with(objects(canary))


def plain_object_array(canary: Path) -> bytes:
    return pickle.dumps(objects(canary))


def instance_of_2(canary: Path) -> bytes:
    return ended(b"(" + text(touching(canary)) + b"ios\nsystem\n")


def obj_opcode(canary: Path) -> bytes:
    return ended(b"(" + named("os", "system") + text(touching(canary)) + b"o")


def new_object(canary: Path) -> bytes:
    return ended(named("subprocess", "Popen") + b"(" + text(touching(canary)) + b"t\x81")


def new_object_ex(canary: Path) -> bytes:
    return ended(named("subprocess", "Popen") + b"(" + text(touching(canary)) + b"t}\x92")


def build_on_a_class(_: Path) -> bytes:
    """Replace a method of a class that every model of this process shares."""
    kind = named("sklearn.linear_model._base", "LinearRegression")
    state = b"(N}" + text("predict") + named("numpy", "sum") + b"st"
    return ended(kind + state + b"b")


def setstate_planted(canary: Path) -> bytes:
    """Give an object a method as an attribute, then have it called with a command."""
    bare = named("sklearn.linear_model._base", "LinearRegression") + b")\x81"
    plant = b"}" + text("__setstate__") + named("os", "system") + b"sb"
    return ended(bare + plant + text(touching(canary)) + b"b")


def setstate_of_what_is_allowed(_: Path) -> bytes:
    bare = named("sklearn.linear_model._base", "LinearRegression") + b")\x81"
    plant = b"}" + text("__setstate__") + named("numpy", "memmap") + b"sb"
    return ended(bare + plant + text("/etc/hostname") + b"b")


def append_planted(_: Path) -> bytes:
    bare = named("sklearn.linear_model._base", "LinearRegression") + b")\x81"
    plant = b"}" + text("append") + named("xgboost.core", "Booster") + b"sb"
    return ended(bare + plant + text("/etc/hostname") + b"a")


def class_swapped(_: Path) -> bytes:
    bare = named("sklearn.linear_model._base", "LinearRegression") + b")\x81"
    swap = b"(N}" + text("__class__") + named("sklearn.linear_model._ridge", "Ridge") + b"st"
    return ended(bare + swap + b"b")


def called_result(canary: Path) -> bytes:
    """Call what a call made: a partial of something harmful, opened and run."""
    partial = call(named("functools", "partial"), named("os", "system"))
    return ended(call(partial, text(touching(canary))))


def partial_called(_: Path) -> bytes:
    partial = call(named("functools", "partial"), named("numpy", "log1p"))
    return ended(call(partial, b"K\x01"))


def generator_constructor(_: Path) -> bytes:
    """numpy calls the second argument with the first."""
    ctor = named("numpy.random._pickle", "__generator_ctor")
    return ended(call(ctor, text("/etc/hostname"), named("xgboost.core", "Booster")))


def bit_generator_constructor(_: Path) -> bytes:
    ctor = named("numpy.random._pickle", "__bit_generator_ctor")
    return ended(call(ctor, named("sklearn.svm._classes", "SVC")))


def reconstructor(_: Path) -> bytes:
    """copyreg calls __init__ of the base with the state."""
    base = named("xgboost.core", "Booster")
    rebuild = named("copyreg", "_reconstructor")
    return ended(call(rebuild, base, base, text("/etc/hostname")))


def hidden_names(canary: Path) -> bytes:
    """Make the name of a module at run time, so that no text in the file has it."""
    encode = call(named("_codecs", "encode"), text("os"), text("latin1"))
    return ended(call(encode + text("system") + b"\x93", text(touching(canary))))


def codec(_: Path) -> bytes:
    return ended(call(named("_codecs", "encode"), text("x"), text("rot13")))


def memo_trick(canary: Path) -> bytes:
    """Put a harmless name into the memo, overwrite it, and call what is there."""
    first = named("numpy", "log1p") + b"q\x000"
    second = named("os", "system") + b"q\x000"
    return ended(first + second + b"h\x00(" + text(touching(canary)) + b"tR")


def dead_code(canary: Path) -> bytes:
    """Run, throw the result away, and leave an honest model on the stack."""
    return ended(system(canary) + b"0" + pickle.dumps(LinearRegression(), 4)[11:-1])


def behind_the_end(canary: Path) -> bytes:
    return pickle.dumps(LinearRegression()) + ended(system(canary))


def extension(code: bytes) -> Make:
    def make(canary: Path) -> bytes:
        del canary
        return ended(code + b"(" + text("x") + b"tR")

    return make


def registered_extension(canary: Path) -> bytes:
    copyreg.add_extension("os", "system", 0x7F)
    try:
        return PROTO + b"\x82\x7f(" + text(touching(canary)) + b"tR."
    finally:
        copyreg.remove_extension("os", "system", 0x7F)


def persistent_id(canary: Path) -> bytes:
    return ended(text(touching(canary)) + b"Q")


def persistent_id_of_1(_: Path) -> bytes:
    return ended(b"Pos.system\n")


def wrapper(dtype: bytes, shape: bytes) -> bytes:
    """A wrapper of joblib, with a type and a shape of one's own."""
    state = b"}(" + text("dtype") + dtype + text("shape") + shape + text("order") + text("C")
    state += text("subclass") + named("numpy", "ndarray") + text("allow_mmap") + b"\x89"
    state += text("numpy_array_alignment_bytes") + b"N" + b"u"
    return named("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81" + state + b"b"


def float64() -> bytes:
    return call(named("numpy", "dtype"), text("f8"), b"\x89", b"\x88")


def object_dtype() -> bytes:
    return call(named("numpy", "dtype"), text("O8"), b"\x89", b"\x88")


def nested_pickle(canary: Path) -> bytes:
    return ended(wrapper(object_dtype(), b"(K\x01t") + ended(system(canary)))


def nested_wrapper(canary: Path) -> bytes:
    inner = wrapper(object_dtype(), b"(K\x01t") + ended(system(canary))
    return ended(wrapper(object_dtype(), b"(K\x01t") + ended(inner))


def negative_shape(_: Path) -> bytes:
    return ended(wrapper(float64(), b"(J\xff\xff\xff\xfft"))


def huge_shape(_: Path) -> bytes:
    return ended(wrapper(float64(), b"(\x8a\x08" + struct.pack("<q", 2**62) + b"t"))


def no_shape(_: Path) -> bytes:
    return ended(wrapper(float64(), text("abc")))


def no_dtype(_: Path) -> bytes:
    return ended(wrapper(text("f8"), b"(K\x01t"))


def old_wrapper(_: Path) -> bytes:
    bare = named("joblib.numpy_pickle_compat", "NDArrayWrapper") + b")\x81"
    return ended(bare + b"}" + text("filename") + text("/etc/passwd") + b"sb")


def code_in_a_bytecode_skip(canary: Path) -> bytes:
    """Hide opcodes where an array's bytes should be, for a reader that does not step over them."""
    body = wrapper(float64(), b"(K\x00t") + b"0" + system(canary)
    return ended(body)


def long_length(_: Path) -> bytes:
    return PROTO + b"\x8b" + struct.pack("<i", 2**31 - 1) + b"\x01."


def long_bytes(_: Path) -> bytes:
    return PROTO + b"\x8e" + struct.pack("<Q", 2**62) + b"x."


def unfinished(_: Path) -> bytes:
    return pickle.dumps(make_pipeline(LinearRegression()))[:-7]


def tower(_: Path) -> bytes:
    """Tuples of tuples that take for ever to hash, as the key of a dictionary."""
    body = b")" + b"".join(b"q\x00h\x00\x86" for _ in range(200))
    return ended(b"}" + body + b"Ns")


def opcode_of_nothing(_: Path) -> bytes:
    return PROTO + b"\xff."


def empty_stack(_: Path) -> bytes:
    return PROTO + b"R."


def bomb(compress: Callable[[bytes], bytes]) -> Make:
    return lambda _: compress(bytes(200_000_000))


def twice(_: Path) -> bytes:
    return zlib.compress(zlib.compress(pickle.dumps(LinearRegression())))


def compressed_call(canary: Path) -> bytes:
    return zlib.compress(ended(system(canary)))


def bound_method(canary: Path) -> bytes:
    return pickle.dumps(Call(getattr, Path(canary), "touch"))


def dotted(module: str, name: str) -> Make:
    return lambda canary: ended(call(named(module, name), text(touching(canary))))


def transformer_of(canary: Path) -> bytes:
    del canary
    return pickle.dumps(FunctionTransformer(os.system))


def set_of_calls(canary: Path) -> bytes:
    return ended(b"\x8f(" + system(canary) + b"\x90")


def key_of_a_dictionary(canary: Path) -> bytes:
    return ended(b"}" + system(canary) + b"Ns")


def deep_in_a_list(canary: Path) -> bytes:
    return ended(b"]" * 5 + system(canary) + b"a" * 5)


def by_name_of_python_2(canary: Path) -> bytes:
    return b"\x80\x02" + call(old("__builtin__", "eval"), text(python(canary))) + b"."


def protocol_0(canary: Path) -> bytes:
    return f"cos\nsystem\n(S'{touching(canary)}'\ntR.".encode()


def framed(body: bytes) -> bytes:
    return b"\x95" + struct.pack("<Q", len(body)) + body


def frame_over_an_array(canary: Path) -> bytes:
    """The array's bytes lie inside of the frame, or behind it: two readers would differ."""
    record = wrapper(dtype("f8"), b"(K\x01t")
    return PROTO + framed(record + b"0" + system(canary)) + bytes(8) + b"."


def frame_of(body: bytes, size: int) -> bytes:
    return PROTO + b"\x95" + struct.pack("<Q", size) + body


def with_state(*entries: bytes) -> bytes:
    """An estimator that is given entries of a state: names and values in turn."""
    bare = named("sklearn.linear_model._base", "LinearRegression") + b")\x81"
    return ended(bare + b"}(" + b"".join(entries) + b"ub")


def kept(value: bytes) -> Make:
    """An estimator that holds something in one of its attributes."""
    return lambda _: with_state(text("extra_"), value)


def number(value: int) -> bytes:
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def dtype(spelt: str, order: str = "<") -> bytes:
    """A type of arrays as numpy saves it."""
    state = b"(K\x03" + text(order) + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    return call(named("numpy", "dtype"), text(spelt), b"\x89", b"\x88") + state


def empty_array() -> bytes:
    kind = named("numpy", "ndarray")
    return call(named("numpy._core.multiarray", "_reconstruct"), kind, b"K\x00\x85", b"C\x01b")


def array_of_objects(items: bytes, count: int) -> bytes:
    state = b"(K\x01" + number(count) + b"\x85" + dtype("O8", "|") + b"\x89](" + items + b"etb"
    return empty_array() + state


def python_texts() -> bytes:
    """Texts that pandas keeps without pyarrow, before they get a state."""
    kind = named("pandas.arrays", "StringArray")
    make = named("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked")
    return call(make, kind, number(82904607), b"N")


def string_type() -> bytes:
    missing = b"G" + struct.pack(">d", float("nan"))
    return call(named("pandas", "StringDtype"), text("python"), missing)


def nested_arrays(_: Path) -> bytes:
    array = array_of_objects(b"N", 1)
    for _level in range(4):
        array = array_of_objects(array, 1)
    return with_state(text("extra_"), array)


def deep_from_outside(_: Path) -> bytes:
    """Lists in lists, each filled after it was put into the one around it."""
    body = b"]\x94"
    for place in range(5000):
        body += b"h\x00" if place == 0 else b"j" + struct.pack("<I", place)
        body += b"]\x94a"
    return with_state(text("extra_"), b"(" + body + b"t")


def swelling_text(_: Path) -> bytes:
    """A text of the memo that is made bytes again and again."""
    encode = named("_codecs", "encode") + b"\x94"
    body = encode + text("x" * 100_000) + b"\x94"
    again = b"h\x00h\x01" + text("latin1") + b"\x86R"
    return with_state(text("extra_"), b"(" + body + again * 1000 + b"t")


def beyond_the_numbers(_: Path) -> bytes:
    """A generator that reads its next number from far behind its numbers."""
    state: dict[str, Any] = dict(np.random.RandomState(0).__reduce__()[2])
    state["state"] = {**state["state"], "pos": 2**31 - 1}
    made = Stated(*np.random.RandomState(0).__reduce__()[:2], state)
    return estimator_with(made)


class Stated:
    """Pickles as an object that is made by a call, with a state of choice."""

    def __init__(self, *reduced: object) -> None:
        self.reduced = reduced

    def __reduce__(self) -> Any:  # noqa: ANN401
        return self.reduced


def text_of_numpy() -> bytes:
    """`__setstate__` as a scalar of numpy, which is a text too."""
    raw = "__setstate__".encode("utf-32-le")
    scalar = named("numpy._core.multiarray", "scalar")
    return call(scalar, dtype("U12"), b"C" + bytes([len(raw)]) + raw)


LOG = named("numpy", "log")
SVC = named("sklearn.svm._classes", "SVC")
LLOYD = named("sklearn.cluster._kmeans", "_kmeans_single_lloyd")
PARTIAL = named("functools", "partial")


def partial_of(function: bytes, state: bytes) -> bytes:
    return call(PARTIAL, function) + b"(" + function + state + b"tb"


ONE_READER: dict[str, Make] = {
    "a frame over an array": frame_over_an_array,
    "a frame that is longer than the file": lambda _: frame_of(b"N.", 10),
    "a frame that ends in an opcode": lambda _: frame_of(text("abcdef") + b".", 7),
    "a frame in a frame": lambda _: PROTO + framed(framed(b"N") + b"."),
    "a frame that goes on behind the end": lambda _: frame_of(b"N.N", 3),
    "a second protocol": lambda _: PROTO + PROTO + b"N.",
    "DUP": lambda _: ended(b"N20"),
    "POP": lambda _: ended(b"NN0"),
    "two objects at the end": lambda _: ended(b"NN"),
    "an open mark at the end": lambda _: ended(b"N(N"),
    "a letter for a type": lambda _: ended(wrapper(dtype("d"), b"K\x01\x85") + bytes(8)),
    "a type without a state": lambda _: ended(wrapper(float64(), b"K\x01\x85") + bytes(8)),
    "a type of nothing": kept(call(named("numpy", "dtype"), text("V0"), b"\x89", b"\x88")),
    "a record of objects": lambda _: pickle.dumps(Stated(np.dtype, ([("a", "O")], False, True))),
    "an array made bare": kept(named("numpy", "ndarray") + b"K\x09\x85\x85\x81"),
    "an array that is never filled": kept(empty_array()),
    "an array that is filled twice": kept(array_of_objects(b"N", 1) + b"(K\x01K\x01\x85tb"),
    "a text as an array's memory": kept(
        call(
            named("numpy._core.numeric", "_frombuffer"), text("abcdefgh"), dtype("f8"), b"K\x01\x85"
        )
    ),
    "bytes as objects": kept(
        call(
            named("numpy._core.numeric", "_frombuffer"),
            *(b"C\x08" + bytes(8), dtype("O8", "|"), b"K\x01\x85", text("C")),
        )
    ),
    "arrays in arrays in arrays": nested_arrays,
    "lists in lists": kept(b"]" * 300_000 + b"a" * 299_999),
    "lists in lists from outside": deep_from_outside,
    "a text made bytes a thousand times": swelling_text,
    "bytes of a size": kept(call(named("builtins", "bytes"), number(3 << 30))),
    "bytes of a size in an array": kept(call(named("builtins", "bytearray"), number(3 << 30))),
    "a fraction of a billion digits": kept(
        call(named("fractions", "Fraction"), text("1e999999999"))
    ),
    "a decimal of a billion digits": kept(call(named("decimal", "Decimal"), text("1e999999999"))),
    "a range without end": kept(
        call(named("builtins", "range"), b"K\x00", number(2**62), b"K\x01")
    ),
    "keys that collide": lambda _: ended(
        b"}(" + b"".join(number(k * (2**61 - 1)) + b"N" for k in range(1, 20_000)) + b"u"
    ),
    "a dictionary that calls a class": kept(call(named("collections", "defaultdict"), SVC)),
    "a partial of a class": kept(partial_of(SVC, b")}N")),
    "a partial that leaves numbers out": kept(partial_of(LOG, b")}" + text("where") + b"\x89sN")),
    "an index with a state": kept(
        call(
            named("pandas.core.indexes.base", "_new_Index"),
            named("pandas", "Index"),
            b"}(" + text("data") + array_of_objects(b"N", 1) + text("name") + b"Nu",
        )
        + b"}"
        + text("_data")
        + b"Nsb"
    ),
    "a partial of an allocator": kept(partial_of(named("numpy", "identity"), b")}N")),
    "a partial with an object": kept(partial_of(LOG, named("joblib", "load") + b"\x85}N")),
    "a partial with a model": kept(partial_of(LOG, SVC + b")\x81\x85}N")),
    "a class as a value": kept(SVC),
    "a text of pandas that is a number": kept(
        python_texts() + b"(" + string_type() + array_of_objects(number(1), 1) + b"tb"
    ),
    "a text of pandas with another state": kept(
        python_texts()
        + b"("
        + string_type()
        + array_of_objects(text("a"), 1)
        + b"}"
        + text("_ndarray")
        + b"Nstb"
    ),
    "a text of pandas that is never filled": kept(python_texts()),
    "a function in another place": lambda _: with_state(text("func"), LLOYD),
    "a method by a scalar of numpy": lambda _: with_state(text_of_numpy(), LOG),
    "a state given twice": lambda _: with_state(text("a"), b"N")[:-1] + b"}b.",
    "an entry of an estimator": lambda _: ended(SVC + b")\x81" + text("a") + b"Ns"),
    "a neighbour tree without a state": kept(
        call(
            named("sklearn.neighbors._kd_tree", "newObj"),
            named("sklearn.neighbors._kd_tree", "KDTree"),
        )
    ),
    "a distance by a function": kept(
        call(
            named("sklearn.metrics._dist_metrics", "newObj"),
            named("sklearn.metrics._dist_metrics", "PyFuncDistance64"),
        )
    ),
    "random numbers from beyond": beyond_the_numbers,
    "another class as a compiled loss": kept(
        call(
            named("sklearn._loss._loss", "__pyx_unpickle_CyHalfMultinomialLoss"),
            *(SVC, number(238750788), b")"),
        )
    ),
}

HOSTILE: dict[str, Make] = {
    "os.system": lambda canary: ended(system(canary)),
    "os.system by protocol 2": lambda canary: (
        b"\x80\x02" + call(old("os", "system"), text(touching(canary))) + b"."
    ),
    "posix.system": lambda canary: ended(call(named("posix", "system"), text(touching(canary)))),
    "protocol 0": protocol_0,
    "python 2": by_name_of_python_2,
    "eval": with_python(eval),
    "exec": with_python(exec),
    "compile": calling(compile, "1", "x", "eval"),
    "__import__": calling(__import__, "this"),
    "getattr": bound_method,
    "open": on_canary(open, "w"),
    "os.mkdir": on_canary(os.mkdir),
    "os.popen": with_command(os.popen),
    "attrgetter": calling(operator.attrgetter, "__class__"),
    "methodcaller": calling(operator.methodcaller, "touch"),
    "attrgetter of a path": calling(operator.attrgetter, "values.__class__"),
    "attrgetter of several": calling(operator.attrgetter, "values", "__class__"),
    "methodcaller that writes": on_canary(operator.methodcaller, "to_csv"),
    "methodcaller that evaluates": lambda canary: pickle.dumps(
        Call(operator.methodcaller, "eval", python(canary))
    ),
    "methodcaller of a type of texts": calling(operator.methodcaller, "astype", str),
    "methodcaller with a function": calling(operator.methodcaller, "fillna", os.system),
    "itemgetter of a function": calling(operator.itemgetter, os.system),
    "a method of str beyond the list": calling(getattr, str, "format"),
    "a method of another type": calling(getattr, dict, "update"),
    "a method of a text": calling(getattr, "text", "format"),
    "a method of str by a dotted name": calling(getattr, str, "lower.__call__"),
    "dill's code": lambda canary: ended(
        call(named("dill._dill", "_create_code"), text(python(canary)))
    ),
    "dill's array by another function": lambda canary: ended(
        call(
            named("dill._dill", "_create_array"),
            named("os", "system"),
            text(touching(canary)) + b"\x85",
            b"N",
        )
    ),
    "dill's type of a class": lambda _: ended(
        call(named("dill._dill", "_load_type"), text("type"))
    ),
    "cloudpickle's import": lambda _: ended(
        call(named("cloudpickle.cloudpickle", "subimport"), text("os"))
    ),
    "functools.reduce": calling(functools.reduce, os.system, ["x"]),
    "partial of os.system": called_result,
    "partial that is called": partial_called,
    "INST": instance_of_2,
    "OBJ": obj_opcode,
    "NEWOBJ": new_object,
    "NEWOBJ_EX": new_object_ex,
    "BUILD on a class": build_on_a_class,
    "BUILD that plants __setstate__": setstate_planted,
    "BUILD that plants an allowed __setstate__": setstate_of_what_is_allowed,
    "APPEND that calls": append_planted,
    "BUILD that swaps the class": class_swapped,
    "numpy's generator constructor": generator_constructor,
    "numpy's bit generator constructor": bit_generator_constructor,
    "copyreg._reconstructor": reconstructor,
    "names made at run time": hidden_names,
    "another codec": codec,
    "memo overwritten": memo_trick,
    "dead code before a model": dead_code,
    "a second pickle behind the end": behind_the_end,
    "EXT1": extension(b"\x82\x01"),
    "EXT2": extension(b"\x83\x01\x00"),
    "EXT4": extension(b"\x84\x01\x00\x00\x00"),
    "a registered extension": registered_extension,
    "BINPERSID": persistent_id,
    "PERSID": persistent_id_of_1,
    "an array of objects": in_object_array,
    "a plain array of objects": plain_object_array,
    "a nested pickle": nested_pickle,
    "a nested wrapper": nested_wrapper,
    "opcodes behind an empty array": code_in_a_bytecode_skip,
    "a negative shape": negative_shape,
    "a huge shape": huge_shape,
    "a shape that is text": no_shape,
    "a type that is text": no_dtype,
    "the old wrapper that opens files": old_wrapper,
    "numpy.load": on_canary(np.load),
    "numpy.memmap": on_canary(np.memmap, "uint8", "w+", 0, (1,)),
    "numpy.fromfile": on_canary(np.fromfile),
    "numpy's ufunc by name": dotted("numpy._core", "_ufunc_reconstruct"),
    "joblib.load": on_canary(joblib.load),
    "joblib.Memory": on_canary(joblib.Memory),
    "pandas.read_pickle": on_canary(pd.read_pickle),
    "pandas.eval": with_python(pd.eval),
    "pandas.read_csv": on_canary(pd.read_csv),
    "scipy.io": dotted("scipy.io", "loadmat"),
    "a booster that reads a file": dotted("xgboost.core", "Booster"),
    "a constructor of an estimator": dotted("sklearn.svm._classes", "SVC"),
    "a dotted name": dotted("sklearn.base", "warnings.sys.modules.__getitem__"),
    "a dotted module": dotted("numpy", "f2py.os.system"),
    "a name that a module only imports": dotted("sklearn.base", "warnings"),
    "scikit-learn's tests": dotted("sklearn.tests.test_base", "MyEstimator"),
    "a private function": dotted(
        "sklearn.utils._testing", "assert_run_python_script_without_output"
    ),
    "a transformer of os.system": transformer_of,
    "in a set": set_of_calls,
    "as a key": key_of_a_dictionary,
    "deep in lists": deep_in_a_list,
    "a tower of tuples": tower,
    "a long number of gigantic length": long_length,
    "bytes of gigantic length": long_bytes,
    "unfinished": unfinished,
    "an opcode of nothing": opcode_of_nothing,
    "an empty stack": empty_stack,
    "compressed": compressed_call,
    "compressed twice": twice,
    "a bomb of zlib": bomb(zlib.compress),
    "a bomb of gzip": bomb(gzip.compress),
    "a bomb of bz2": bomb(bz2.compress),
    "a bomb of xz": bomb(functools.partial(lzma.compress, preset=0)),
    **ONE_READER,
}
