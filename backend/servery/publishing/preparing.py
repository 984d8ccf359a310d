"""Finding out all that a version folder says of a fitted estimator, and publishing one at hand."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib

from servery.artifact import LoadPolicy
from servery.artifact.sandbox import SandboxedLoad
from servery.card import card_text, described, read_card
from servery.compiling import compile_proven
from servery.errors import ArtifactRejected, InvalidInputs, PublishingRefused
from servery.inspection import inspect
from servery.layout import (
    JOBLIB,
    require_model_name,
)
from servery.libraries import library_version, library_versions
from servery.manifest import FORMAT, Manifest, Training
from servery.publishing.background import background
from servery.publishing.card_template import card_template
from servery.publishing.golden import record
from servery.publishing.held_out import (
    Measured,
    cross_validated_predictions,
    held_out_predictions,
    measured,
)
from servery.publishing.rows import as_table, as_target, fitting_rows
from servery.publishing.writing import (
    Prepared,
    Published,
    Saved,
    artifacts_of,
    titled,
    write,
)
from servery.signature import Signature
from servery.signing import SigningKey
from servery.sureness import COVERAGE, learn_usual

#: A version has no number before it is written.
UNNUMBERED = "0"
#: What is usual shows on so many rows; more would only take longer.
ENOUGH_TO_LEARN = 20_000


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
    sandbox: SandboxedLoad | None = None,
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
        How the test rows were held out, as a sentence.
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
    sandbox
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
    _require_survival(saved, sandbox or SandboxedLoad(LoadPolicy()))
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
        predictions = held_out_predictions(
            estimator, inspected, as_table(X_test), as_target(y_test), detail
        )
        found = measured(predictions, worded, groups, coverage)
    elif cv is not None:
        predictions = cross_validated_predictions(estimator, inspected, y, cv)
        found = measured(predictions, worded, groups, coverage)
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
        artifacts=artifacts_of(saved, compiled.facts.name, compiled.data),
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
        manifest, compiled.data, card_template(title or titled(name), inspected.signature, examples)
    )


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


def _require_survival(saved: Saved, sandbox: SandboxedLoad) -> None:
    """Refuse a file that another process cannot open: no server could."""
    try:
        sandbox.require(saved.file, saved.data)
    except ArtifactRejected as error:
        raise PublishingRefused(f"No server could open this: {error}") from error


def _library_versions(fitted_with: str | None) -> dict[str, str]:
    return library_versions() | ({"scikit-learn": fitted_with} if fitted_with else {})
