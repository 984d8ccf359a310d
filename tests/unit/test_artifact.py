"""Model files: the honest ones open and answer the same, the hostile ones run nothing."""

import collections
import datetime
import decimal
import fractions
import functools
import io
import operator
import pickle
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import loguniform, randint
from sklearn.cluster import KMeans
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from servery.artifact import LoadPolicy, Trust
from servery.artifact.formats import plain_stream
from servery.artifact.opening import open_estimator
from servery.artifact.reading import Reader
from servery.artifact.sandbox import SandboxedLoad
from servery.errors import ArtifactRejected
from servery.predict import predict
from servery.publishing import publish
from servery.publishing.files import publish_file
from servery.publishing.options import Tables
from servery.repository import Repository
from tests.conftest import PATIENCE_S, ROOT
from tests.shapes import SHAPES
from tests.unit.hostile import HOSTILE, ended, named, python, text
from tests.unit.rewired import REWIRED

#: Small, so that a bomb need not be large.
POLICY = LoadPolicy(memory_bytes=100_000_000)


def saved(model: object, **options: Any) -> bytes:  # noqa: ANN401
    sink = io.BytesIO()
    joblib.dump(model, sink, **options)
    return sink.getvalue()


def pickled(protocol: int) -> Callable[[object], bytes]:
    return lambda model: pickle.dumps(model, protocol=protocol)


def compressed(method: str) -> Callable[[object], bytes]:
    return lambda model: saved(model, compress=(method, 3))


FORMATS: dict[str, Callable[[object], bytes]] = {
    "joblib": saved,
    **{f"pickle {protocol}": pickled(protocol) for protocol in (2, 3, 4, 5)},
    **{method: compressed(method) for method in ("zlib", "gzip", "bz2", "xz", "lzma", "lz4")},
    "joblib protocol 2": lambda model: saved(model, protocol=2),
}


@pytest.mark.filterwarnings("ignore:X does not have valid feature names:UserWarning")
@pytest.mark.parametrize("name", SHAPES)
def test_an_honest_file_opens_and_answers_the_same(name: str) -> None:
    model, X = SHAPES[name].fitted()
    again = open_estimator(saved(model), "model.joblib", POLICY).estimator
    assert np.asarray(again.predict(X)).tolist() == np.asarray(model.predict(X)).tolist()


def test_boosting_of_three_classes_is_served_from_its_file(tmp_path: Path) -> None:
    model, X = SHAPES["boosting of three classes"].fitted()
    path = tmp_path / "boosting.joblib"
    path.write_bytes(saved(model))
    publish_file(path, name="m", root=tmp_path / "models", sandbox=SandboxedLoad(LoadPolicy()))
    served = Repository(tmp_path / "models").get("m")
    instances = [dict(zip(served.signature.names, row, strict=True)) for row in X.to_numpy()[:5]]
    answers = predict(served, served.signature.parse(instances))
    assert [answer.prediction for answer in answers] == model.predict(X)[:5].tolist()


@pytest.mark.parametrize("kind", [RandomForestRegressor, RandomForestClassifier])
def test_a_forest_fitted_with_all_cores_is_published(kind: Any, tmp_path: Path) -> None:  # noqa: ANN401
    X = np.random.default_rng(0).normal(size=(300, 4))
    y = np.log(np.abs(X[:, 0]) + 1) if kind is RandomForestRegressor else X[:, 0] > 0
    forest = kind(100, random_state=0, n_jobs=-1, min_samples_leaf=3).fit(X, y)
    rows, target = tmp_path / "rows.csv", pd.Series(y, name="target")
    pd.DataFrame(X, columns=[f"x{i}" for i in range(4)]).assign(target=target).to_csv(
        rows, index=False
    )
    path = tmp_path / "forest.joblib"
    path.write_bytes(saved(forest))
    tables = Tables(data=str(rows), target=("target",))
    sandbox, root = SandboxedLoad(LoadPolicy()), tmp_path / "models"
    for _ in range(5):  # the order of the threads is another each time
        publish_file(path, name="m", root=root, sandbox=sandbox, tables=tables)
    assert Repository(root).get("m").version == "5"


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "name", ["forest", "nearest rows", "tfidf", "xgboost", "by slice and mask"]
)
def test_every_format_opens(name: str, format_name: str) -> None:
    model, X = SHAPES[name].fitted()
    opened = open_estimator(FORMATS[format_name](model), "model.joblib", POLICY)
    assert np.asarray(opened.estimator.predict(X)).tolist() == model.predict(X).tolist()


def test_arrays_that_were_memory_mapped_open(tmp_path: Path) -> None:
    X = np.arange(12.0).reshape(6, 2)
    joblib.dump(LinearRegression().fit(X, X[:, 0]), tmp_path / "a.joblib")
    mapped = joblib.load(tmp_path / "a.joblib", mmap_mode="r")
    assert isinstance(mapped.coef_, np.memmap)
    again = open_estimator(saved(mapped), "model.joblib", POLICY).estimator
    assert again.predict(X).tolist() == mapped.predict(X).tolist()
    assert type(again.coef_) is np.ndarray


def of_skops(model: object) -> bytes:
    """Return a file of skops, which takes seconds to load: no process does so to collect tests."""
    import skops.io

    return bytes(skops.io.dumps(model))


@pytest.mark.parametrize("name", ["logistic", "forest", "histogram boosting", "tfidf"])
def test_a_file_of_skops_opens_by_its_own_audit(name: str) -> None:
    model, X = SHAPES[name].fitted()
    again = open_estimator(of_skops(model), "model.skops", POLICY).estimator
    assert again.predict(X).tolist() == model.predict(X).tolist()


def test_skops_names_what_is_not_trusted() -> None:
    data = of_skops(make_pipeline(_Own(), LinearRegression()))
    with pytest.raises(ArtifactRejected, match=r"_Own, which this server does not trust"):
        open_estimator(data, "model.skops", POLICY)


def test_an_archive_of_skops_is_unpacked_no_further_than_the_limit() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", bytes(2 * POLICY.memory_bytes))
    with pytest.raises(ArtifactRejected, match="unpacks to more than 100,000,000 bytes"):
        open_estimator(sink.getvalue(), "model.skops", POLICY)
    size = struct.pack("<I", 2 * POLICY.memory_bytes)
    lying = sink.getvalue().replace(size, struct.pack("<I", 1000))
    with pytest.raises(ArtifactRejected, match=r"^model\.skops (is|unpacks) .*\.$"):
        open_estimator(lying, "model.skops", POLICY)


@pytest.mark.parametrize("name", ["../outside.npy", "/etc/passwd", "a/b.npy", "no ending"])
def test_an_archive_of_skops_holds_plain_files_only(name: str) -> None:
    sink = io.BytesIO(of_skops(LinearRegression()))
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(name, b"")
    with pytest.raises(ArtifactRejected, match="other files than skops writes"):
        open_estimator(sink.getvalue(), "model.skops", POLICY)


def test_a_trusted_class_may_hold_a_class_of_the_list(tmp_path: Path, monkeypatch: Any) -> None:  # noqa: ANN401
    (tmp_path / "wrapping.py").write_text(
        "from sklearn.linear_model import LinearRegression\n"
        "class Wrapping(LinearRegression):\n    kind = None\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import wrapping  # type: ignore[import-not-found]

    model = wrapping.Wrapping().fit([[1.0], [2.0]], [1.0, 2.0])
    model.kind = LogisticRegression
    policy = LoadPolicy(trust=Trust(frozenset({"wrapping"})))
    assert open_estimator(saved(model), "m", policy).estimator.kind is LogisticRegression
    plain = LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])
    plain.kind = LogisticRegression
    with pytest.raises(ArtifactRejected, match="holds the name"):
        open_estimator(saved(plain), "m", policy)


class _Own(StandardScaler):  # type: ignore[misc] # scikit-learn has no types
    """A class of one's own, in a module that is not trusted."""


def test_there_are_enough_of_both() -> None:
    assert len(HOSTILE) >= 60
    assert len(SHAPES) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_runs_nothing_and_says_why(name: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    data = HOSTILE[name](canary)
    with pytest.raises(ArtifactRejected) as refused:
        open_estimator(data, "model.joblib", POLICY)
    assert not canary.exists()
    says = str(refused.value)
    assert says.startswith("model.joblib ")
    assert says.endswith(".")
    assert LinearRegression.predict.__module__ == "sklearn.linear_model._base"


@pytest.mark.parametrize("name", ["a frame over an array", "a partial of a class", "DUP"])
def test_a_hostile_file_is_not_published_either(name: str, tmp_path: Path) -> None:
    canary, path = tmp_path / "canary", tmp_path / "model.joblib"
    path.write_bytes(HOSTILE[name](canary))
    with pytest.raises(ArtifactRejected, match=r"^model\.joblib .*\.$"):
        publish_file(path, name="m", root=tmp_path / "models", sandbox=SandboxedLoad(LoadPolicy()))
    assert not canary.exists()
    assert not (tmp_path / "models" / "m").exists()


@pytest.mark.parametrize("name", REWIRED)
def test_honest_parts_wired_into_something_else_are_refused(name: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    with pytest.raises(ArtifactRejected, match=r"^model\.joblib .*\.$"):
        open_estimator(REWIRED[name](canary), "model.joblib", POLICY)
    assert not canary.exists()


VALUES: dict[str, object] = {
    "a column": pd.Series([1.0, 2.0], name="a"),
    "a column of texts": pd.Series(["a", None, "b"]),
    "a table": pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"], "c": [1, 2]}),
    "categories": pd.Categorical(["a", "b", "a"]),
    "an index of texts": pd.Index(["a", "b"], name="n"),
    "an index of numbers": pd.Index([1, 2]),
    "a range of rows": pd.RangeIndex(3),
    "a moment": pd.Timestamp("2020-01-01"),
    "a date": datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC),
    "a span": datetime.timedelta(days=1),
    "a fraction": fractions.Fraction(1, 3),
    "a decimal": decimal.Decimal("1.50"),
    "a complex number": 1 + 2j,
    "a range": range(1, 9, 2),
    "sets": [{1, 2}, frozenset({"a"})],
    "dictionaries": [collections.OrderedDict(a=1), collections.defaultdict(list, a=[1])],
    "a queue": collections.deque([1, 2], 5),
    "bytes": [b"", b"ab", bytearray(b"ab"), bytearray()],
    "numbers as keys": {1: "a", 2.5: "b", None: "c", (1, "a"): "d", np.int64(3): "e"},
    "arrays": [np.arange(6.0).reshape(2, 3, order="F"), np.array(5), np.empty((0, 3))],
    "arrays of the other byte order": np.arange(3, dtype=">i4"),
    "dates in an array": np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
    "a view of an array": np.arange(12.0).reshape(3, 4)[:, ::2],
    "texts in an array": np.array(["ab", "c"]),
    "objects in an array": np.array([["a", None], [1, 2.5]], dtype=object, order="F"),
    "a masked array": np.ma.MaskedArray([1.0, 2.0], mask=[True, False], fill_value=9.0),
    "a masked array of objects": np.ma.MaskedArray(np.array(["a", 1], dtype=object), [True, False]),
    "scalars": [np.float32(0.1), np.str_("ab"), np.bool_(True), np.datetime64("2020-01-01")],
    "types": [np.float64, float, np.dtype("f4"), np.dtype([("a", "f8"), ("b", "i4")])],
    "a sparse table": sparse.csr_matrix([[0.0, 1.0]]),
    "random numbers": [np.random.default_rng(0), np.random.RandomState(0)],
    "other random numbers": [
        np.random.Generator(kind(0))
        for kind in (np.random.Philox, np.random.SFC64, np.random.PCG64DXSM)
    ],
    "a function of numbers": functools.partial(np.clip, a_min=0.0, a_max=1.0),
    "a number of many digits": 2**200,
    "texts without pyarrow": pd.array(["a", None], dtype=pd.StringDtype("python", np.nan)),
    "an index of texts without pyarrow": pd.Index(
        pd.array(["a", "b"], dtype=pd.StringDtype("python", np.nan))
    ),
    "types of pandas": [pd.CategoricalDtype, pd.StringDtype],
    "methods of texts": [str.split, str.lower],
    "getters": [operator.itemgetter("a", 1), operator.attrgetter("values")],
    "a method of its rows": operator.methodcaller("astype", float),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_an_honest_estimator_may_hold_comes_back_as_it_was(name: str) -> None:
    model = LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])
    model.held_ = VALUES[name]
    for save in (*map(pickled, (2, 3, 4, 5)), saved):
        again = open_estimator(save(model), "model.joblib", POLICY).estimator.held_
        assert _written(again) == _written(VALUES[name])


def _written(value: Any) -> str:  # noqa: ANN401
    """Return what a value shows of itself, and how its arrays lie."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, np.ndarray):
        dtype = value.dtype.newbyteorder("=")
        return f"{type(value)} {dtype} {value.shape} {value.tolist()}"
    if isinstance(value, sparse.csr_matrix):
        return _written(value.toarray())
    if isinstance(value, (np.random.Generator, np.random.RandomState)):
        return _written([value.random()])
    return f"{type(value)} {value!r}"


def test_the_distributions_of_a_search_are_inert(tmp_path: Path) -> None:
    """scipy would execute a text of their state; nothing that predicts needs them."""
    canary = tmp_path / "canary"
    bare = named("scipy.stats._continuous_distns", "norm_gen") + b")\x81"
    state = b"}" + text("_parse_arg_template") + text(python(canary)) + b"sb"
    opened = open_estimator(ended(bare + state), "model.joblib", POLICY).estimator
    assert type(opened).__name__ == "Distribution"
    assert not canary.exists()
    X = np.random.default_rng(0).random((60, 3))
    grid = {"C": loguniform(1e-2, 1), "max_iter": randint(50, 90)}
    model = RandomizedSearchCV(LogisticRegression(), grid, n_iter=2).fit(X, X[:, 0] > 0.5)
    for protocol in (2, 5):
        data = pickle.dumps(model, protocol=protocol)
        again = open_estimator(data, "model.joblib", POLICY).estimator
        assert again.predict(X).tolist() == model.predict(X).tolist()


def test_everything_refused_is_named_with_the_flag_that_trusts_it() -> None:
    data = ended(named("mypkg.steps", "Scale") + named("mypkg.steps", "Log") + b"\x86")
    with pytest.raises(ArtifactRejected) as refused:
        open_estimator(data, "model.joblib", POLICY)
    assert "mypkg.steps.Log, mypkg.steps.Scale" in str(refused.value)
    assert "--trust mypkg.steps.Log --trust mypkg.steps.Scale" in str(refused.value)


def test_what_is_trusted_is_what_is_defined_there(tmp_path: Path, monkeypatch: Any) -> None:  # noqa: ANN401
    (tmp_path / "ownsteps.py").write_text(
        "from os import system\nfrom sklearn.preprocessing import StandardScaler\n"
        "class Scale(StandardScaler):\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import ownsteps  # type: ignore[import-not-found]

    model = make_pipeline(ownsteps.Scale(), LinearRegression()).fit([[1.0], [2.0]], [1.0, 2.0])
    with pytest.raises(ArtifactRejected, match=r"--trust ownsteps\.Scale"):
        open_estimator(saved(model), "model.joblib", POLICY)
    for trusted in ("ownsteps", "ownsteps.Scale"):
        policy = LoadPolicy(trust=Trust(frozenset({trusted})))
        assert open_estimator(saved(model), "model.joblib", policy).estimator.predict([[3.0]])
        canary = tmp_path / "canary"
        evil = named("ownsteps", "system") + b"(" + text(f"touch {canary}") + b"tR"
        with pytest.raises(ArtifactRejected, match=r"not trusted|does not trust"):
            open_estimator(ended(evil), "model.joblib", policy)
        assert not canary.exists()


OTHER_FILES = {
    "empty": (b"", "is empty"),
    "text": (b"hello there", "is text"),
    "json": (b'{"model": {}}', "is JSON"),
    "xgboost that is cut": (b'{"learner":{"attributes":{}', "begins as an XGBoost model"),
    "xgboost before 1.0": (b"binf" + bytes(100), "old binary format"),
    "lightgbm that is cut": (b"tree\nversion=v4\nnum_class=1\n", "begins as a LightGBM model"),
    "catboost that is cut": (b"CBM1" + bytes(100), "begins as a CatBoost model"),
    "catboost in json": (b'{\n "features_info":\n {"float_features": []', "save it as .cbm"),
    "zeros": (bytes(1000), "is not a model file"),
    "zeros, compressed": (zlib.compress(bytes(10**7)), "is not a model file"),
    "hdf5": (b"\x89HDF\r\n\x1a\n0000", "Keras"),
    "keras": (b"PK\x03\x04" + b"0" * 26 + b"config.json", "a Keras file"),
    "torch": (b"PK\x03\x04" + b"0" * 26 + b"archive/data.pkl", "a PyTorch file"),
    "zip": (b"PK\x03\x04" + b"0" * 40, "a ZIP archive"),
    "parquet": (b"PAR1000", "a Parquet table"),
    "numpy": (b"\x93NUMPY\x01\x00", "a NumPy array"),
    "picture": (b"\x89PNG\r\n", "a picture"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "noise": (bytes(range(200, 250)), "is not a model file"),
    "cut": (saved(LinearRegression(), compress=3)[:-9], "cut short"),
    "keras object": (ended(named("keras.src.models", "Sequential")), "a Keras model"),
    "torch object": (ended(named("torch.nn", "Linear")), "a PyTorch model"),
    "cloudpickle": (
        ended(named("cloudpickle.cloudpickle", "_make_function")),
        "saved by cloudpickle with code in it",
    ),
    "dill": (ended(named("dill._dill", "_create_function")), "saved by dill with code in it"),
    "dummies": (ended(named("pandas", "get_dummies")), "OneHotEncoder"),
    "script": (ended(named("__main__", "Own")), "defined in a script or notebook"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_another_file_is_named_for_what_it_is(name: str) -> None:
    data, says = OTHER_FILES[name]
    with pytest.raises(ArtifactRejected, match=says):
        open_estimator(data, "model.joblib", POLICY)


def test_first_bytes_decide_and_endings_do_not() -> None:
    for data in (saved(LinearRegression()), of_skops(LinearRegression())):
        for name in ("model.joblib", "model.skops", "model.sav", "MODEL.PKL", "model"):
            assert isinstance(open_estimator(data, name, POLICY).estimator, LinearRegression)


def test_the_version_of_the_fit_is_read_from_the_file() -> None:
    import sklearn

    model = make_pipeline(StandardScaler(), LinearRegression())
    _, stream = plain_stream(saved(model), "m", 10**9)
    assert Reader(stream, Trust()).read().fitted_with == sklearn.__version__


def test_a_first_opening_that_hangs_swells_or_crashes_is_reported(
    tmp_path: Path,
    monkeypatch: Any,  # noqa: ANN401
) -> None:
    (tmp_path / "unruly.py").write_text(
        "import os, signal, time\n"
        "def hang():\n    time.sleep(600)\n"
        "def spin():\n    while True: pass\n"
        "def swell():\n    return bytearray(8 << 30)\n"
        "def crash():\n    os.kill(os.getpid(), signal.SIGSEGV)\n"
        "def leave():\n    os._exit(3)\n"
        "def shout():\n    print('[]', flush=True); return 1\n"
    )
    monkeypatch.chdir(tmp_path)
    says = {
        **complaints(["hang", "spin"], timeout_s=2.0),
        **complaints(["swell", "crash", "leave", "shout", "honest"], timeout_s=PATIENCE_S),
    }
    assert "hang takes more than 2 s to open" in says["hang"]
    assert "spin takes more than 2 s to open" in says["spin"]
    assert "swell takes more than 3,221,225,472 bytes" in says["swell"]
    assert "crashes the process that opens it (SIGSEGV)" in says["crash"]
    assert "crashes the process that opens it" in says["leave"]
    assert not {"shout", "honest"} & set(says)


def complaints(names: list[str], timeout_s: float) -> dict[str, str]:
    """Load files of the module ``unruly`` and an honest one; return what is said against them.

    Those that end by themselves have as long as a busy machine needs.
    """
    trust = Trust(frozenset({"unruly"}))
    sandbox = SandboxedLoad(LoadPolicy(trust, timeout_s=timeout_s, memory_bytes=3 << 30))
    files = {
        name: saved(LinearRegression())
        if name == "honest"
        else ended(named("unruly", name) + b")R")
        for name in names
    }
    sandbox.prepare(list(files.items()))
    said = {}
    for name, data in files.items():
        try:
            sandbox.require(name, data)
        except ArtifactRejected as error:
            said[name] = str(error)
    return said


def test_what_opened_before_is_remembered_and_asks_no_process(tmp_path: Path) -> None:
    data = saved(LinearRegression())
    policy = LoadPolicy(records=tmp_path / "records")
    SandboxedLoad(policy).require("m", data)
    assert len(list((tmp_path / "records").iterdir())) == 1
    code = (
        "import sys, pathlib; from servery.artifact import LoadPolicy; "
        "from servery.artifact.sandbox import SandboxedLoad; "
        f"SandboxedLoad(LoadPolicy(records=pathlib.Path({str(tmp_path / 'records')!r})))"
        ".require('m', sys.stdin.buffer.read()); "
        "import resource; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], input=data, capture_output=True, check=True, cwd=ROOT
    )
    assert float(run.stdout) == 0.0


def test_a_folder_of_records_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    SandboxedLoad(LoadPolicy(records=tmp_path / "file" / "records")).require(
        "m", saved(LinearRegression())
    )


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "models"
    model = KMeans(2).fit([[1.0], [2.0]])  # groups have no compiled form
    folder = publish(model, name="m", root=root).folder
    outside = tmp_path / "outside.joblib"
    (folder / "model.joblib").rename(outside)
    (folder / "model.joblib").symlink_to(outside)
    [trouble] = Repository(root).failures
    assert "a link that leads out of the model repository" in str(trouble.error)
    (folder / "model.joblib").unlink()
    outside.rename(root / "beside.joblib")
    (folder / "model.joblib").symlink_to(root / "beside.joblib")
    assert Repository(root).get("m").version == "1"


def _as_of(version: str, data: bytes) -> bytes:
    """Return a file as another scikit-learn would have saved it: it writes its version."""
    import sklearn

    ours = sklearn.__version__.encode()
    assert len(version) == len(ours)
    return data.replace(ours, version.encode())


def _published_as_of(version: str, root: Path) -> Path:
    from servery.artifact import sha256
    from servery.manifest import read_manifest

    X = np.random.default_rng(0).normal(size=(40, 2))
    boosted = BaggingClassifier(n_estimators=5).fit(X, X[:, 0] > 0)  # has no compiled form
    folder = publish(boosted, X, X[:, 0] > 0, name="m", root=root).folder
    data = _as_of(version, saved(boosted))
    before = read_manifest((folder / "model.json").read_bytes()).artifacts[0].sha256
    manifest = (folder / "model.json").read_text().replace(before, sha256(data))
    size = f'"size_bytes": {(folder / "model.joblib").stat().st_size}'
    manifest = manifest.replace(size, f'"size_bytes": {len(data)}')
    (folder / "model.joblib").write_bytes(data)
    (folder / "model.json").write_text(manifest)
    return folder


def test_another_version_that_answers_as_recorded_is_served_with_a_note(tmp_path: Path) -> None:
    _published_as_of("1.0.2", tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [note] = Repository(tmp_path).get("m").notes
    assert note.startswith("Fitted with scikit-learn 1.0.2, served with")
    assert "12 recorded answers" in note


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("category_encoders.hashing HashingEncoder", "--trust category_encoders"),
        ("feature_engine.imputation.random_sample RandomSampleImputer", "--trust feature_engine"),
        ("skrub.table TableVectorizer", "Use the encoders and imputers of scikit-learn"),
    ],
)
def test_a_class_that_was_not_checked_is_named_with_what_to_do(name: str, remedy: str) -> None:
    module, _, kind = name.partition(" ")
    library = module.partition(".")[0]
    if library != "skrub":
        pytest.importorskip(library)
    # The opcodes of a pickle that holds one instance of the class.
    data = b"\x80\x02c" + f"{module}\n{kind}\n".encode() + b")\x81."
    with pytest.raises(ArtifactRejected, match=f"needs {library}.*{remedy}"):
        open_estimator(data, "model.joblib", POLICY)


def test_another_version_that_answers_otherwise_is_refused_with_the_line(tmp_path: Path) -> None:
    folder = _published_as_of("1.0.2", tmp_path)
    manifest = (folder / "model.json").read_text()
    (folder / "model.json").write_text(
        manifest.replace('"prediction": true', '"prediction": false')
    )
    [trouble] = Repository(tmp_path).failures
    assert "servery convert m/1/model.joblib" in str(trouble.error)


def test_a_bare_file_of_another_version_is_served_and_said_to_be_unproven(tmp_path: Path) -> None:
    X = [[1.0], [2.0]]
    path = tmp_path / "old.joblib"
    path.write_bytes(_as_of("1.0.2", saved(LinearRegression().fit(X, [1.0, 2.0]))))
    sandbox = SandboxedLoad(LoadPolicy())
    publish_file(path, name="m", root=tmp_path / "models", sandbox=sandbox)
    served = Repository(tmp_path / "models").get("m")
    assert "answers were not compared" in served.notes[-1]
    assert served.manifest.training.libraries["scikit-learn"] == "1.0.2"


def test_the_same_release_is_no_remark(tmp_path: Path) -> None:
    import sklearn

    release = ".".join(sklearn.__version__.split(".")[:2])
    _published_as_of(f"{release}.9", tmp_path)
    assert Repository(tmp_path).get("m").notes == []
