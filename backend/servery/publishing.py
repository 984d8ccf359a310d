"""Publishing: a fitted estimator and its data become the next version folder of a model."""

import importlib.metadata
import io
import os
import platform
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from servery.artifact import sha256
from servery.card import described, read_card
from servery.errors import InvalidInputs, PublishingRefused
from servery.inspection import read_signature, read_takes
from servery.layout import CARD, JOBLIB, MANIFEST, version_names
from servery.manifest import (
    FORMAT,
    Artifact,
    Golden,
    Manifest,
    Metrics,
    RuntimeFacts,
    Training,
    write_manifest,
)
from servery.runtimes.sklearn import SklearnRuntime, to_table
from servery.signature import ClassificationOutput, Row, Scalar, Signature

#: Libraries whose version decides whether an artifact still answers the same.
LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "joblib", "xgboost-cpu", "simplemma")
GOLDEN_ROWS = 12


def publish(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: pd.DataFrame | None = None,
    y: "pd.Series[Any] | None" = None,
    *,
    name: str,
    root: Path,
    fitted_on: str,
    metrics: Metrics | None = None,
) -> Path:
    """Write the next version folder of a model, all of it or nothing.

    Parameters
    ----------
    X, y
        The rows that the estimator was fitted on: they give the signature its types and ranges.
        Column names are the names of the inputs; the name of ``y`` is that of the output. Without
        them, the signature holds what the fitted parts themselves know.
    fitted_on
        The day of the fit, YYYY-MM-DD.
    root
        The model repository; the version is written to ``root/name/<next number>``.
    metrics
        What was measured on rows that the fit did not see.

    Returns
    -------
    Path
        The new version folder.

    Raises
    ------
    PublishingRefused
        The estimator would not survive, or its card does not fit it.
    """
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    signature = read_signature(estimator, X, y)
    _require_fitting_card(folder, signature)
    artifact = _dump(estimator)
    version = str(int((version_names(folder) or ["0"])[-1]) + 1)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=version,
        signature=signature,
        metrics=metrics,
        training=Training(
            rows=None if X is None else len(X), fitted_on=fitted_on, libraries=_library_versions()
        ),
        runtime=RuntimeFacts(takes=read_takes(estimator)),
        artifacts=[Artifact(file=JOBLIB, sha256=sha256(artifact), size_bytes=len(artifact))],
        golden=_golden(estimator, signature, X),
    )
    return _write(folder / version, {JOBLIB: artifact, MANIFEST: write_manifest(manifest)})


def _require_fitting_card(folder: Path, signature: Signature) -> None:
    path = folder / CARD
    if not path.is_file():
        return
    card = read_card(path.read_text(encoding="utf-8"))
    worded = described(signature, card)
    try:
        worded.parse([example.inputs for example in card.examples])
    except InvalidInputs as error:
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
        raise PublishingRefused(f"An example of card.toml does not fit: {faults}") from error


def _dump(estimator: Any) -> bytes:  # noqa: ANN401
    """Return the estimator as joblib writes it, once it is known to come back the same."""
    buffer = io.BytesIO()
    try:
        joblib.dump(estimator, buffer, compress=("zlib", 6))
    except Exception as error:  # pickling may raise anything at all
        raise PublishingRefused(f"The estimator cannot be saved: {error}") from error
    data = buffer.getvalue()
    scripts = sorted(name for name in _pickled_names(estimator) if name.startswith("__main__"))
    if scripts:
        raise PublishingRefused(
            f"{', '.join(scripts)} is defined in a script, where no server finds it: move it into "
            "a module that can be imported."
        )
    return data


def _pickled_names(estimator: Any) -> set[str]:  # noqa: ANN401
    """Return the dotted names that the pickle of an estimator would import."""
    import pickle
    import pickletools

    names: set[str] = set()
    strings: list[str] = []
    for opcode, argument, _ in pickletools.genops(pickle.dumps(estimator, protocol=2)):
        if opcode.name == "GLOBAL":
            names.add(str(argument).replace(" ", "."))
        elif isinstance(argument, str):
            strings.append(argument)
    return names


def _library_versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for library in LIBRARIES:
        try:
            versions[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def _golden(
    estimator: Any,  # noqa: ANN401
    signature: Signature,
    X: pd.DataFrame | None,
) -> list[Golden]:
    """Record what the estimator itself answers, on rows spread over the training table.

    Without a table, the typical instance is asked, where every input has one.
    """
    takes = read_takes(estimator)
    if X is None:
        instances = _typical(signature)
        rows = signature.parse(instances).rows
        table = to_table(signature, rows, takes)
    else:
        positions = np.unique(np.linspace(0, len(X) - 1, GOLDEN_ROWS).astype(int))
        asked = X.iloc[positions]
        instances = [_plain_row(signature, row) for row in asked.to_dict("records")]
        rows = signature.parse(instances).rows
        table = asked if takes == "frame" else to_table(signature, rows, takes)
    if not instances:
        return []
    predicted = np.asarray(estimator.predict(table)).ravel().tolist()
    probabilities: list[list[float] | None] = [None] * len(instances)
    output = signature.output
    if isinstance(output, ClassificationOutput) and output.probabilities:
        probabilities = estimator.predict_proba(table).tolist()
    golden = [
        Golden(inputs=inputs, prediction=prediction, probabilities=row)
        for inputs, prediction, row in zip(instances, predicted, probabilities, strict=True)
    ]
    _require_same(SklearnRuntime(estimator, signature, takes), signature, rows, golden)
    return golden


def _typical(signature: Signature) -> list[dict[str, Scalar | None]]:
    typical = {item.name: item.typical for item in signature.inputs}
    known = all(item.typical is not None or item.missing_allowed for item in signature.inputs)
    return [typical] if known else []


def _plain_row(signature: Signature, row: dict[Any, Any]) -> dict[str, Scalar | None]:
    return {
        item.name: None if pd.isna(value := row[item.name]) else _plain(value)
        for item in signature.inputs
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell of a table
    """Return a cell as the JSON value that a caller would send for it."""
    if isinstance(value, pd.Timestamp):
        day = value == value.normalize()
        return value.date().isoformat() if day else value.isoformat()
    return value.item() if isinstance(value, np.generic) else value


def _require_same(
    runtime: SklearnRuntime, signature: Signature, rows: Sequence[Row], golden: Sequence[Golden]
) -> None:
    """Refuse an estimator that answers otherwise when asked as the server will ask it."""
    served = runtime.predict(rows)
    output = signature.output
    if isinstance(output, ClassificationOutput):
        answers: list[Any] = [output.classes[index].value for index in served.classes or ()]
    else:
        answers = list(served.values or ())
    for answer, expected in zip(answers, golden, strict=True):
        if answer != expected.prediction:
            raise PublishingRefused(
                f"Served, the estimator answers {answer!r} where it answered "
                f"{expected.prediction!r} before, for {expected.inputs}."
            )


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write a folder beside its place and move it there in one step."""
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in files.items():
            (draft / name).write_bytes(data)
        draft.chmod(0o755)
        os.rename(draft, folder)  # noqa: PTH104 - Path.rename would do the same
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return folder
