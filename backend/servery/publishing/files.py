"""Publishing from files: a saved estimator, the table that it was fitted on, rows it never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from servery.artifact import open_estimator
from servery.artifact.rehearsal import Rehearsal
from servery.errors import ArtifactRejected, TableUnreadable, nearest
from servery.inspection import text_columns
from servery.inspection.outputs import require_predictor
from servery.layout import MODEL_FILES
from servery.publishing import Published, Saved, publish
from servery.sureness import COVERAGE
from servery.tables import read_table


@dataclass(frozen=True, slots=True)
class Sources:
    """Tables beside a model file.

    ``target`` names the columns that the model predicts, ``cv`` is a number of folds to measure on
    where there are no test rows, ``coverage`` the share that intervals and sets should hold.
    """

    data: Path | None = None
    target: Sequence[str] = ()
    test: Path | None = None
    cv: int | None = None
    coverage: float | None = None


def publish_file(
    path: Path,
    *,
    name: str,
    root: Path,
    rehearsal: Rehearsal,
    title: str | None = None,
    sources: Sources | None = None,
    sign: Path | None = None,
) -> Published:
    """Publish a model file as it is, byte for byte.

    Parameters
    ----------
    rehearsal
        Opens the file in another process before it is opened here.
    sign
        A file with an Ed25519 private key, which signs the version.

    Raises
    ------
    ArtifactRejected, PublishingRefused, TableUnreadable
        Says what is wrong with the file or its tables, and what to do.
    """
    data = read_model_file(path)
    sources = sources or Sources()
    rehearsal.require(path.name, data)
    opened = open_estimator(data, path.name, rehearsal.opening)
    estimator = opened.estimator
    require_predictor(estimator)
    X, y = _table(sources.data, estimator, sources.target, must=False)
    X_test, y_test = _table(sources.test, estimator, sources.target, must=True)
    saved = Saved(f"model{path.suffix}", data, opened.fitted_with)
    return publish(
        estimator,
        X,
        y,
        name=name,
        title=title,
        X_test=X_test,
        y_test=y_test,
        cv=sources.cv,
        coverage=sources.coverage or COVERAGE,
        root=root,
        sign=sign,
        saved=saved,
        rehearsal=rehearsal,
    )


def read_model_file(path: Path) -> bytes:
    """Return the bytes of a model file.

    Raises
    ------
    ArtifactRejected
        It is not there, or not named as a model file is.
    """
    if path.suffix not in MODEL_FILES:
        raise ArtifactRejected(
            f"{path.name} does not end as a model file does: expected one of "
            f"{', '.join(MODEL_FILES)}. Save the fitted estimator with joblib.dump(estimator, "
            '"model.joblib").'
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtifactRejected(f"{path.name} cannot be read: {error.strerror}.") from error


def _table(
    path: Path | None,
    estimator: Any,  # noqa: ANN401
    target: Sequence[str],
    *,
    must: bool,
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Read a table and take the target out of it; test rows must have theirs."""
    if path is None:
        return None, None
    texts = text_columns(estimator)
    classes = getattr(estimator, "classes_", ())
    if len(target) == 1 and all(isinstance(value, str) for value in classes):
        texts[target[0]] = set(classes)
    table = read_table(path, texts)
    if must and not target:
        raise TableUnreadable(f"{path.name} holds test rows: name their target with --target.")
    lacking = [name for name in target if name not in table.columns]
    if lacking:
        raise TableUnreadable(
            f"{path.name} has no column {lacking[0]!r}.{nearest(lacking[0], table.columns)}"
        )
    inputs = table.drop(columns=list(target))
    return inputs, table[list(target)] if target else None
