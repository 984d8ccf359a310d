"""Plans that no compiler wrote: each is refused before anything is computed from it."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import CategoricalNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import SVC

from servery.compiling import compile_plan
from servery.errors import CompiledUnreadable
from servery.inspection import inspect
from servery.manifest import read_manifest
from servery.patterns import is_linear
from servery.runtimes.plan import Plan, PlanRuntime, arrays
from servery.runtimes.plan.step import FORMER_NAMES
from servery.signature import Signature
from tests.conftest import ROOT

Tree: TypeAlias = Any
Arrays: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Tree, Arrays], None]
FITTED = {"vectors": SVC(), "codes": CategoricalNB()}
SHIPPED = ("bikes", "income", "petrol", "questions", "species")


def folder_of(model: str) -> Path:
    return ROOT / "models" / model / "1"


@cache
def published(model: str) -> tuple[bytes, Signature]:
    """Return the plan and the signature of a shipped model, or of one with zeros and ones."""
    if model == "one-hot":
        X = pd.DataFrame({"age": [30, 40, 50, 60] * 5, "town": ["Ulm", "Bonn"] * 10})
        columns = make_column_transformer(("passthrough", ["age"]), (OneHotEncoder(), ["town"]))
        fitted = make_pipeline(columns, LogisticRegression()).fit(X, X["age"] > 40)
        signature = inspect(fitted, X).signature
        return compile_plan(fitted, signature).save(), signature
    if model in FITTED:
        X = pd.DataFrame({"size": np.arange(30) % 7, "floor": np.arange(30) % 4})
        fitted = FITTED[model].fit(X, np.arange(30) % 3)
        signature = inspect(fitted, X).signature
        return compile_plan(fitted, signature).save(), signature
    folder = folder_of(model)
    manifest = read_manifest((folder / "model.json").read_bytes())
    return (folder / "plan.npz").read_bytes(), manifest.signature


def opened(model: str, data: bytes) -> PlanRuntime:
    """Open a plan as a server does."""
    return PlanRuntime(Plan.load(data), published(model)[1])


def edited(model: str, change: Change) -> bytes:
    """Return the plan of a model with something else in it."""
    with np.load(io.BytesIO(published(model)[0])) as archive:
        held = dict(archive)
    tree = json.loads(held.pop("tree").tobytes())
    change(tree, held)
    held["tree"] = np.frombuffer(json.dumps(tree).encode(), dtype=np.uint8)
    sink = io.BytesIO()
    np.savez_compressed(sink, **held)
    return sink.getvalue()


def steps(value: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else []:
        yield from steps(each)


def step(tree: Tree, kind: str) -> Any:  # noqa: ANN401
    return next(each for each in steps(tree) if each.get("step") == kind)


def setting(kind: str, **fields: Any) -> Change:  # noqa: ANN401
    """Return a change of plain fields of a step."""

    def change(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
        step(tree, kind).update(fields)

    return change


def replacing(kind: str, field: str, make: Callable[[Any], Any]) -> Change:
    """Return a change of one array of a step."""

    def change(tree: Tree, held: Arrays) -> None:
        name = step(tree, kind)[field]["array"]
        held[name] = make(held[name])

    return change


def with_first(value: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    def change(array: Any) -> Any:  # noqa: ANN401
        array = array.copy()
        array.ravel()[0] = value
        return array

    return change


def circle(tree: Tree, held: Arrays) -> None:
    trees = step(tree, "Trees")
    left, right = held[trees["left"]["array"]], held[trees["right"]["array"]]
    left[0], right[0], left[1], right[1] = 1, 1, 0, 0


def two_ways_to_one_node(tree: Tree, held: Arrays) -> None:
    trees = step(tree, "Trees")
    held[trees["left"]["array"]][0] = held[trees["right"]["array"]][0]


def into_another_tree(tree: Tree, held: Arrays) -> None:
    trees = step(tree, "Trees")
    held[trees["right"]["array"]][0] = held[trees["roots"]["array"]][1]


def shared_array(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
    trees = step(tree, "Trees")
    trees["left"] = trees["right"]


def left_over(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
    held["a99"] = np.zeros(3)


def nested(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
    for _ in range(300):
        tree["plan"]["predictor"] = {
            "step": "Rescaled",
            "inner": tree["plan"]["predictor"],
            "scale": 1.0,
            "shift": 0.0,
        }


def first_operation(*operation: Any) -> Change:  # noqa: ANN401
    def change(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
        step(tree, "RawColumns")["operations"][0] = [list(operation)]

    return change


def multiplied_words(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
    cells = next(
        each
        for each in steps(tree)
        if each.get("step") == "RawColumns" and False in each["numbers"]
    )
    cells["operations"][cells["numbers"].index(False)] = [["multiply", 10**9]]


def first_of(kind: str, field: str, value: Any) -> Change:  # noqa: ANN401
    def change(tree: Tree, held: Arrays) -> None:  # noqa: ARG001
        step(tree, kind)[field][0] = value

    return change


def many_classes(tree: Tree, held: Arrays) -> None:
    held.clear()
    tree["plan"]["predictor"] = {"step": "Constant", "figures": [0.5] * 100_000}


HOSTILE: dict[str, tuple[str, Change, str]] = {
    "a circle": ("petrol", circle, "lead back"),
    "a circle of one": ("petrol", replacing("Trees", "left", with_first(0)), "lead"),
    "two ways to one node": ("petrol", two_ways_to_one_node, "two ways"),
    "a way into another tree": ("petrol", into_another_tree, "into each other"),
    "a huge depth": ("petrol", setting("Trees", depth=10**12), "depths"),
    "too little depth": ("petrol", setting("Trees", depth=1), "another depth"),
    "too much depth": ("petrol", setting("Trees", depth=4000), "another depth"),
    "a depth that is a text": ("petrol", setting("Trees", depth="4"), "depths"),
    "a feature beyond": ("petrol", replacing("Trees", "feature", with_first(10**6)), "features"),
    "a negative feature": ("petrol", replacing("Trees", "feature", with_first(-1)), "features"),
    "a child beyond": ("petrol", replacing("Trees", "left", with_first(10**9)), "ways to nodes"),
    "a negative child": ("petrol", replacing("Trees", "right", with_first(-1)), "ways to nodes"),
    "a root beyond": ("petrol", replacing("Trees", "roots", with_first(10**9)), "roots"),
    "no trees": ("petrol", replacing("Trees", "roots", lambda each: each[:0]), "trees"),
    "a threshold of NaN": (
        "petrol",
        replacing("Trees", "threshold", with_first(np.nan)),
        "not num",
    ),
    "a leaf of infinity": (
        "petrol",
        replacing("Trees", "values", with_first(np.inf)),
        "not finite",
    ),
    "too few thresholds": ("petrol", replacing("Trees", "threshold", lambda a: a[:-1]), "wrong"),
    "leaves of another shape": ("petrol", replacing("Trees", "values", lambda a: a[:, 0]), "wrong"),
    "features that are floats": (
        "petrol",
        replacing("Trees", "feature", lambda array: array.astype(float)),
        "another type",
    ),
    "thresholds that are complex": (
        "petrol",
        replacing("Trees", "threshold", lambda array: array.astype(complex)),
        "something else than numbers",
    ),
    "thresholds that are texts": (
        "petrol",
        replacing("Trees", "threshold", lambda array: array.astype(str)),
        "something else than numbers",
    ),
    "thresholds that are objects": (
        "petrol",
        replacing("Trees", "threshold", lambda array: array.astype(object)),
        "something else than numbers",
    ),
    "thresholds with names": (
        "petrol",
        replacing("Trees", "threshold", lambda array: array.view([("a", "<f8")])),
        "something else than numbers",
    ),
    "four dimensions": (
        "petrol",
        replacing("Trees", "values", lambda array: array[:, :, None, None]),
        "dimensions",
    ),
    "a division by nothing": ("petrol", setting("Trees", divide=0), "division by zero"),
    "a flag that is a number": ("petrol", setting("Trees", single=1), "flag"),
    "an array for two fields": ("petrol", shared_array, "cannot be read"),
    "an array for no field": ("petrol", left_over, "belong to no step"),
    "steps in steps": ("petrol", nested, "nested too deeply"),
    "an unknown step": ("petrol", setting("Trees", step="Nothing"), "cannot be read"),
    "an unknown member": ("petrol", setting("Trees", extra=1), "cannot be read"),
    "a plan in a plan": (
        "bikes",
        setting("Exponential", inner={"step": "CalibrationCurve"}),
        "scores|figures",
    ),
    "an input beyond": ("one-hot", first_of("RawColumns", "places", 99), "places of inputs"),
    "a negative input": ("one-hot", first_of("RawColumns", "places", -1), "places of inputs"),
    "an input that is a text": (
        "one-hot",
        first_of("RawColumns", "places", "0"),
        "places of inputs",
    ),
    "an unknown operation": ("one-hot", first_operation("system", "ls"), "unknown operation"),
    "an operation without numbers": ("one-hot", first_operation("multiply"), "unknown operation"),
    "a division by zero": ("one-hot", first_operation("divide", 0), "division by zero"),
    "a text times a billion": ("one-hot", multiplied_words, "arithmetic on texts"),
    "a huge width": ("one-hot", first_of("OneHot", "widths", 10**9), "widths"),
    "a width without categories": ("one-hot", first_of("OneHot", "widths", 10**6), "more features"),
    "categories that are lists": (
        "one-hot",
        first_of("OneHot", "categories", [[]]),
        "not plain values|wrong number",
    ),
    "an unknown category beyond": ("one-hot", first_of("OneHot", "unknown", 10**6), "places of"),
    "weights for other features": (
        "one-hot",
        replacing("Linear", "weights", lambda array: array[:-1]),
        "wrong number of weights",
    ),
    "an intercept that is a text": ("one-hot", setting("Linear", intercept=["0"]), "intercepts"),
    "a steepness without end": ("one-hot", setting("Sigmoid", tie=7), "classes"),
    "a hundred thousand classes": ("one-hot", many_classes, "classes"),
    "another kind of answer": ("one-hot", setting("Plan", gives="value"), "quantities|answer"),
    "a threshold that is a text": ("questions", setting("Plan", threshold="0.5"), "a threshold"),
    "variances of nothing": (
        "species",
        replacing("Gaussian", "variance", with_first(0)),
        "variances",
    ),
    "a kernel of no name": ("vectors", setting("Kernel", shape=["rbf"]), "unknown kernel"),
    "a gamma without end": ("vectors", setting("Kernel", gamma="1e999"), "a gamma"),
    "vectors of nothing": (
        "vectors",
        replacing("Kernel", "vectors", lambda array: array[:0]),
        "no vectors",
    ),
    "vectors of other features": (
        "vectors",
        replacing("Kernel", "vectors", lambda array: array[:, :1].copy()),
        "wrong number of vectors",
    ),
    "a degree of a million": ("vectors", setting("Kernel", degree=10**6), "degrees"),
    "votes of many classes": ("vectors", setting("PairVotes", classes=10**6), "classes"),
    "votes of other pairs": ("vectors", setting("PairVotes", classes=4), "number of pairs"),
    "shares of no feature": ("codes", setting("Frequencies", log_shares=[]), "number of shares"),
    "shares that are texts": (
        "codes",
        setting("Frequencies", log_shares=["0", "0"]),
        "something else than an array",
    ),
    "a token pattern that is slow": ("questions", setting("Words", tokenize="(a+)+$"), "slow"),
    "a token pattern that is none": ("questions", setting("Words", tokenize="("), "slow"),
    "terms of a million words": ("questions", setting("Words", longest=10**6), "lengths of terms"),
    "terms that are numbers": ("questions", setting("Words", stop_words=[1]), "stop words"),
    "a text beyond": ("questions", setting("Words", place=5), "places of inputs"),
    "an unknown preparation": ("questions", setting("Words", prepare="os.system"), "preparation"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_plan_is_refused_with_the_reason(name: str) -> None:
    model, change, says = HOSTILE[name]
    with pytest.raises(CompiledUnreadable, match=says):
        opened(model, edited(model, change))


@pytest.mark.parametrize("model", SHIPPED)
def test_a_plan_that_was_only_packed_again_is_served(model: str) -> None:
    data = edited(model, lambda _tree, _held: None)
    manifest = read_manifest((folder_of(model) / "model.json").read_bytes())
    rows = manifest.signature.parse([each.inputs for each in manifest.golden]).rows
    assert opened(model, data).predict(rows)


@pytest.mark.parametrize("model", SHIPPED)
def test_a_plan_is_refused_for_the_signature_of_another_model(model: str) -> None:
    data = (folder_of(model) / "plan.npz").read_bytes()
    refused = 0
    for other in {*SHIPPED} - {model}:
        try:
            opened(other, data)
        except CompiledUnreadable:
            refused += 1
    assert refused >= 2  # a plan may fit another model by chance


def archive_of(entries: list[tuple[str, bytes]]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return sink.getvalue()


def header(shape: tuple[int, ...], kind: str = "<f8") -> bytes:
    sink = io.BytesIO()
    facts = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(sink, facts)
    return sink.getvalue()


def tree_of(text: str) -> bytes:
    sink = io.BytesIO()
    np.lib.format.write_array(sink, np.frombuffer(text.encode(), dtype=np.uint8))
    return sink.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([("a0.npy", header((10**13,)))], "unpacks to more"),
        ([("a0.npy", header((2**31,)))], "unpacks to more"),
        ([("a0.npy", header((2**26,)))], "another size than it says"),
        ([("a0.npy", header((0, 10**18)))], "cannot be read|no step"),
        ([("a0.npy", header((2,)) + bytes(1 << 20))], "another size than it says"),
        ([("a0.npy", header((-1,)))], "odd shape"),
        ([("a0.npy", header((1,), "|O") + b"\x80\x04N.")], "something else than numbers"),
        ([("a0.npy", header((1,), ">f8") + bytes(8))], "something else than numbers"),
        ([("a0.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535)], "cannot be read"),
        ([("a0.npy", header((1,)) + bytes(8)), ("a0.npy", header((1,)) + bytes(8))], "odd name"),
        ([("../a0.npy", b"")], "odd name"),
        ([("model.pkl", b"\x80\x04N.")], "odd name"),
        ([("tree.npy", tree_of("{}"))], "cannot be read"),
        ([("tree.npy", tree_of("[" * 100_000))], "cannot be read"),
        ([("tree.npy", tree_of('{"format":1,"plan":' + "[" * 900 + "]" * 900 + "}"))], "nested"),
        ([("tree.npy", tree_of('{"format":1,"plan":7}'))], "something else than a plan"),
        ([("tree.npy", tree_of('{"format":1,"plan":{"array":"a7"}}'))], "cannot be read"),
        ([("tree.npy", tree_of('{"format":1e400,"plan":7}'))], "cannot be read|Another Servery"),
        ([], "cannot be read"),
    ],
)
def test_an_archive_is_not_believed(entries: list[tuple[str, bytes]], says: str) -> None:
    with pytest.raises(CompiledUnreadable, match=says):
        Plan.load(archive_of(entries))


def test_bytes_that_unpack_to_very_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MOST_BYTES", 1 << 20)
    entry = header((1 << 16,)) + bytes(8 << 16)
    with pytest.raises(CompiledUnreadable, match="unpacks to more"):
        Plan.load(archive_of([(f"a{number}.npy", entry) for number in range(5)]))


@pytest.mark.parametrize("length", [0, 10, 100, -40, -1])
def test_a_plan_that_is_cut_is_refused(length: int) -> None:
    with pytest.raises(CompiledUnreadable, match="publish the version again"):
        Plan.load((folder_of("bikes") / "plan.npz").read_bytes()[:length])


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"(?u)\b\w\w+\b", r"\w+", r"\S+", r"[^\s]+", r"\b\w+\b", r"(?i)[a-z]+", r"\b[a-z]{3,}\b"),
        *(r"\d\d", r"[A-Za-zÀ-ÿ]+", r".", r"\w\w+\b", r"#\w+", r"(?a)\b\w+\b"),
    ],
)
def test_patterns_of_single_characters_are_linear(pattern: str) -> None:
    assert is_linear(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(a+)+$",
            "(a|a)*b",
            "a*a*b",
            r"\w+\s+\w+",
            "a+b",
            "(",
            "",
            r"\b",
            r"(\w+)",
            "ab|c",
            "a*",
        ),
        *("a+$", r"a+\b", r"[ab]+\b", r"\w+?", r"(?=a)a+", r"(a)\1", r"\w{1,9}", r"\w{99,}"),
        *("a" * 501, r"\b[^a]+\b", r"(?a)\bé+\b", "(" * 400, r"\w++", r"(?>a+)"),
    ],
)
def test_all_other_patterns_are_not_served_in_the_web_process(pattern: str) -> None:
    assert not is_linear(pattern)


@pytest.mark.parametrize("model", SHIPPED)
def test_a_plan_with_older_names_of_steps_is_read_and_saved_under_the_new_ones(model: str) -> None:
    data = edited(model, lambda tree, held: None)  # noqa: ARG005
    plan = Plan.load(data)
    with np.load(io.BytesIO(plan.save())) as archive:
        saved = json.loads(archive["tree"].tobytes())
    names = {each["step"] for each in steps(saved) if "step" in each}
    assert names == {type(part).__name__ for part in plan.walk()}
    assert not names & FORMER_NAMES.keys()
