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
from joblib.numpy_pickle import NumpyArrayWrapper
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
    "itemgetter": calling(operator.itemgetter, 0),
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
}
_ = NumpyArrayWrapper
