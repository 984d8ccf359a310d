"""Publishing: a fitted estimator and its data become the next version folder of a model."""

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib
import msgspec

from servery.artifact import Opening, sha256
from servery.artifact.rehearsal import Rehearsal
from servery.card import card_text, described, read_card, readable
from servery.compiling import compile_proven
from servery.errors import ArtifactRejected, InvalidInputs, PublishingRefused
from servery.guarded import FileRefused, add_folder, make_folder, replace_file
from servery.inspection import inspect
from servery.layout import (
    CARD,
    COMPILED,
    ENVELOPE,
    JOBLIB,
    MANIFEST,
    require_model_name,
    version_names,
)
from servery.libraries import library_version, library_versions
from servery.manifest import FORMAT, Artifact, Manifest, Training, write_manifest
from servery.publishing.background import background
from servery.publishing.drafting import draft_card
from servery.publishing.golden import record
from servery.publishing.rows import as_table, as_target, fitting_rows
from servery.publishing.unseen import Measured, judge_by_folds, judge_of, measured
from servery.signature import Signature
from servery.signing import SigningKey
from servery.sureness import COVERAGE, learn_usual

#: A version has no number before it is written.
UNNUMBERED = "0"
#: What is usual shows on so many rows; more would only take longer.
ENOUGH_TO_LEARN = 20_000


@dataclass(frozen=True, slots=True)
class Published:
    """A version folder that was written, and what stands in it.

    Attributes
    ----------
    card_written
        Whether a first ``card.toml`` was written beside it, to be edited.
    """

    folder: Path
    manifest: Manifest
    card_written: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """An estimator as a file of its own: the name it gets in the version folder, its bytes.

    ``fitted_with`` is the version of scikit-learn that saved it, where that is not ours.
    """

    file: str
    data: bytes
    fitted_with: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a version folder says of an estimator, before it is written.

    Attributes
    ----------
    manifest
        With the version and the files that `write` gives it.
    compiled
        The compiled form; None where the estimator itself is served.
    card
        The text of a first card; None where the model has one.
    """

    manifest: Manifest
    compiled: bytes | None
    card: str | None


def publish(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: Any = None,  # noqa: ANN401 - DataFrame, array or texts
    y: Any = None,  # noqa: ANN401 - Series, DataFrame, array or list
    *,
    name: str,
    title: str | None = None,
    X_test: Any = None,  # noqa: ANN401
    y_test: Any = None,  # noqa: ANN401
    cv: Any = None,  # noqa: ANN401 - a number of folds, or a splitter of scikit-learn
    detail: str | None = None,
    coverage: float = COVERAGE,
    fitted_on: str | None = None,
    root: Path = Path("models"),
    sign: Path | None = None,
    saved: Saved | None = None,
    rehearsal: Rehearsal | None = None,
) -> Published:
    """Write the next version folder of a model, all of it or nothing.

    Parameters
    ----------
    X, y
        The rows that the estimator was fitted on: they give the signature its types and ranges.
        Column names are the names of the inputs; the name of ``y`` is that of the output. Without
        them, the signature holds what the fitted parts themselves know.
    name
        Of the model: letters, digits, ``-``, ``_`` and ``.``; it is the folder and the address.
    title
        What people call the model; made from the name where none is given. A card that is there
        already keeps its own.
    X_test, y_test
        Rows that the fit did not see: what the model is worth is measured on them, and how sure
        its answers are.
    cv
        Measures by folds of ``X`` instead: the estimator is fitted again for each. A number of
        folds, or a splitter such as ``LeaveOneOut()``.
    detail
        How the test rows were kept unseen, as a sentence.
    coverage
        The share of true outcomes that intervals and prediction sets are made to hold, from 0.5
        to 0.99.
    fitted_on
        The day of the fit, YYYY-MM-DD; today where none is given.
    root
        The model repository; the version is written to ``root/name/<next number>``.
    sign
        A file with an Ed25519 private key, which signs the version.
    saved
        The estimator's own file, published byte for byte; saved by joblib where none is given.
    rehearsal
        Opens the file in another process, as a server will; with the usual limits where none is
        given.

    Raises
    ------
    PublishingRefused
        The estimator would not survive, or its card or its data do not fit it.
    """
    require_model_name(name)
    key = None if sign is None else SigningKey.read(sign)
    saved = saved or Saved(JOBLIB, _dump(estimator))
    _require_survival(saved, rehearsal or Rehearsal(Opening()))
    prepared = prepare(
        estimator,
        X,
        y,
        name=name,
        title=title,
        card=card_text(root / name),
        X_test=X_test,
        y_test=y_test,
        cv=cv,
        detail=detail,
        coverage=coverage,
        fitted_on=fitted_on,
        saved=saved,
    )
    return write(prepared, saved, root, name, key)


def prepare(
    estimator: Any,  # noqa: ANN401
    X: Any = None,  # noqa: ANN401
    y: Any = None,  # noqa: ANN401
    *,
    name: str,
    saved: Saved,
    title: str | None = None,
    card: str | None = None,
    X_test: Any = None,  # noqa: ANN401
    y_test: Any = None,  # noqa: ANN401
    cv: Any = None,  # noqa: ANN401
    detail: str | None = None,
    coverage: float = COVERAGE,
    fitted_on: str | None = None,
) -> Prepared:
    """Find out all that a version folder says of an estimator; nothing is written.

    Parameters
    ----------
    card
        The text of the card that is there; None where there is none yet.

    Raises
    ------
    PublishingRefused
        As `publish` does, which has the other parameters.
    """
    if not 0.5 <= coverage <= 0.99:
        raise PublishingRefused(f"Expected a coverage from 0.5 to 0.99, found {coverage}.")
    X, y = as_table(X), as_target(y)
    inspected = inspect(estimator, X, y)
    worded, groups = _fitting_card(card, inspected.signature)
    golden = record(estimator, inspected)
    found = Measured()
    if X_test is not None:
        judge = judge_of(estimator, inspected, as_table(X_test), as_target(y_test), detail)
        found = measured(judge, worded, groups, coverage)
    elif cv is not None:
        judge = judge_by_folds(estimator, inspected, y, cv)
        found = measured(judge, worded, groups, coverage)
    rows = fitting_rows(inspected.signature, inspected.X)
    compiled = compile_proven(estimator, inspected.signature, inspected.facts, rows)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        version=UNNUMBERED,
        signature=inspected.signature,
        metrics=found.metrics,
        training=Training(
            rows=None if X is None else len(X),
            fitted_on=fitted_on or datetime.now(UTC).date().isoformat(),
            libraries=_library_versions(saved.fitted_with),
            recorded_with=library_version("scikit-learn") if saved.fitted_with else None,
        ),
        runtime=compiled.facts,
        artifacts=_artifacts(saved, compiled.facts.name, compiled.data),
        golden=golden,
        notes=list(inspected.notes),
        intervals=found.intervals,
        sets=found.sets,
        usual=learn_usual(
            inspected.signature.inputs,
            fitting_rows(inspected.signature, inspected.X, most=ENOUGH_TO_LEARN),
        ),
        evaluation=found.evaluation,
        background=background(estimator, inspected, rows),
    )
    if card is not None:
        return Prepared(manifest, compiled.data, None)
    examples = [] if inspected.X is None else golden
    return Prepared(
        manifest, compiled.data, draft_card(title or titled(name), inspected.signature, examples)
    )


def titled(name: str) -> str:
    """Return what people call a model that has only its name."""
    return readable(name.replace("-", " "))


def write(
    prepared: Prepared, saved: Saved, root: Path, name: str, key: SigningKey | None = None
) -> Published:
    """Write the next version folder of a model, and its first card where it has none.

    Parameters
    ----------
    key
        Signs the version.

    Raises
    ------
    PublishingRefused
        Another process published the same version, or the folder cannot be written.
    """
    folder = root / name
    _make_folder(root, name)
    manifest = msgspec.structs.replace(
        prepared.manifest,
        name=name,
        version=str(int((version_names(folder) or ["0"])[-1]) + 1),
        artifacts=_artifacts(saved, prepared.manifest.runtime.name, prepared.compiled),
    )
    contents = [saved.data, *([] if prepared.compiled is None else [prepared.compiled])]
    files = {each.file: data for each, data in zip(manifest.artifacts, contents, strict=True)}
    files[MANIFEST] = write_manifest(manifest)
    if key is not None:
        files[ENVELOPE] = key.envelope(name, manifest.version, files[MANIFEST])
    _write(root, [name, manifest.version], files)
    return Published(folder / manifest.version, manifest, _write_card(root, name, prepared.card))


def _write(root: Path, names: list[str], files: dict[str, bytes]) -> None:
    try:
        add_folder(root, names, files)
    except FileExistsError as error:
        raise PublishingRefused(
            f"Version {names[-1]} was published by another process in the meantime; publish again."
        ) from error
    except FileRefused as error:
        raise PublishingRefused(f"The version cannot be written: {error}") from error


def _make_folder(root: Path, name: str) -> None:
    try:
        make_folder(root, name)
    except FileRefused as error:
        raise PublishingRefused(f"The model cannot be written: {error}") from error


def _write_card(root: Path, name: str, text: str | None) -> bool:
    if text is None or os.path.lexists(root / name / CARD):
        return False
    replace_file(root, [name, CARD], text.encode())
    return True


def _artifacts(saved: Saved, runtime: str, compiled: bytes | None) -> list[Artifact]:
    """Return the entries of the files of a version: the estimator's, and its compiled form."""
    files = {saved.file: saved.data}
    if compiled is not None:
        files[COMPILED[runtime]] = compiled
    return [
        Artifact(file=file, sha256=sha256(data), size_bytes=len(data))
        for file, data in files.items()
    ]


def _fitting_card(text: str | None, signature: Signature) -> tuple[Signature, list[str]]:
    """Return the signature with the words of the card that is there, and the groups it names."""
    if text is None:
        return signature, []
    card = read_card(text)
    worded = described(signature, card)
    try:
        worded.parse([example.inputs for example in card.examples])
    except InvalidInputs as error:
        faults = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in error.faults)
        raise PublishingRefused(f"An example of card.toml does not fit: {faults}") from error
    return worded, card.groups


def _dump(estimator: Any) -> bytes:  # noqa: ANN401
    """Return the estimator as joblib writes it."""
    buffer = io.BytesIO()
    try:
        joblib.dump(estimator, buffer, compress=("zlib", 6))
    except Exception as error:  # pickling may raise anything at all
        raise PublishingRefused(
            f"The estimator cannot be saved: {error}. A lambda or a function inside another must "
            "become a function of a module that can be imported."
        ) from error
    return buffer.getvalue()


def _require_survival(saved: Saved, rehearsal: Rehearsal) -> None:
    """Refuse a file that another process cannot open: no server could."""
    try:
        rehearsal.require(saved.file, saved.data)
    except ArtifactRejected as error:
        raise PublishingRefused(f"No server could open this: {error}") from error


def _library_versions(fitted_with: str | None) -> dict[str, str]:
    return library_versions() | ({"scikit-learn": fitted_with} if fitted_with else {})
