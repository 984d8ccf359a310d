"""Publishing a file in a caged process: opened, inspected, compiled, verified and measured."""

import mimetypes
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
from sklearn.base import is_classifier

from servery.artifact.opening import Opened, open_estimator
from servery.artifact.releases import unfaithful
from servery.cage.tasks import Result
from servery.errors import (
    ArtifactRejected,
    PublishingRefused,
    ServeryError,
    TableUnreadable,
    nearest,
)
from servery.evaluation.naming import listed
from servery.evaluation.splitting import NAMED
from servery.inputs.category import LONGEST_WHOLE, WHOLE
from servery.inspection import columns_of, text_columns
from servery.inspection.bundles import predictor_of
from servery.inspection.class_names import with_class_names
from servery.manifest import write_manifest
from servery.publishing.files import LONGEST_REFUSAL, REFUSALS, PublishSpec, Ready, Refused
from servery.publishing.options import Tables
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved, dumped
from servery.tables.frames import read_frame

# openpyxl has the system's list read, which a caged process may not: it is read before the fork.
mimetypes.init()


def publish_file(spec: bytes, data: bytes) -> Result:
    """Find out what a version folder says of a file."""
    asked = msgspec.json.decode(spec, type=PublishSpec)
    return answered(lambda: _prepared(asked, data))


def answered(do: Callable[[], msgspec.Struct]) -> Result:
    """Do something with a file, and put an error into the answer.

    Raises
    ------
    MemoryError
        The file takes more than there is.
    """
    try:
        answer = do()
    except ServeryError as error:
        if isinstance(error.__cause__, MemoryError):
            raise error.__cause__ from error
        named = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in REFUSALS)
        answer = Refused(named, str(error)[:LONGEST_REFUSAL])
    return Result(msgspec.msgpack.encode(answer))


def require_faithful(opened: Opened, file: str) -> None:
    """Refuse a file of another release that may answer otherwise here: nothing can be compared.

    Raises
    ------
    ArtifactRejected
        Names the version, the parts and what to do.
    """
    if opened.unfaithful and opened.fitted_with is not None:
        raise ArtifactRejected(unfaithful(file, opened.fitted_with, opened.unfaithful))


def _prepared(spec: PublishSpec, data: bytes) -> Ready:
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    require_faithful(opened, spec.load.file)
    if spec.options.cv is not None and not opened.can_refit:
        raise PublishingRefused(
            f"{spec.load.file} does not hold how its model was fitted, so that --cv cannot fit it "
            "again. Measure it with --test."
        )
    predictor = predictor_of(opened.estimator, compose=spec.options.compose)
    estimator, names = predictor.estimator, spec.options.classes
    if names:
        estimator = with_class_names(estimator, names)
    composed = dumped(estimator) if predictor.composition or names else None
    if spec.tables.test and not spec.tables.target:
        name = Path(spec.tables.test).name
        raise TableUnreadable(f"{name} holds test rows: name their target with --target.")
    tables = _TableReader(estimator, spec.tables, spec.options.cv)
    X, y = tables.read(spec.tables.data)
    X_test, y_test = tables.read(spec.tables.test, like=X)
    prepared = prepare(
        estimator,
        Rows(X, y, X_test, y_test),
        name=spec.name,
        options=spec.options,
        saved=Saved(spec.saved_as, data, opened.fitted_with),
        card=spec.card,
    )
    if prepared.recalibrated is not None:
        composed = dumped(prepared.recalibrated)
    notes = []
    if predictor.composition is not None:
        notes.append(f"Composed of the parts of {spec.load.file}: {predictor.composition}.")
    if opened.numbers_classes and not names and is_classifier(estimator):
        shown = listed(estimator.classes_.tolist(), most=8)
        notes.append(
            f"The file numbers its classes: {shown}. If they have names, give them in this order: "
            "--classes NAME,NAME."
        )
    manifest = msgspec.structs.replace(prepared.manifest, notes=[*notes, *prepared.manifest.notes])
    written = write_manifest(manifest)
    return Ready(written, prepared.compiled, prepared.card, opened.fitted_with, composed)


class _TableReader:
    """Reads tables as an estimator takes them, and takes the target out of them."""

    def __init__(
        self,
        estimator: Any,  # noqa: ANN401
        tables: Tables,
        cv: Any,  # noqa: ANN401 - see `PublishOptions`
    ) -> None:
        self._reading = tables.reading
        self._target = list(tables.target)
        self._texts: dict[str, Collection[str]] = {**text_columns(estimator)}
        classes = [*getattr(estimator, "classes_", ())]
        if len(self._target) == 1 and classes and all(isinstance(each, str) for each in classes):
            self._texts[self._target[0]] = set(classes)
        # A header is read without the blanks around its names; the estimator may know them with.
        columns = columns_of(estimator)
        self._words = {
            column.name
            for column in columns
            if column.kind == "words" and not column.is_categorical
        }
        self._names = {column.name.strip(): column.name for column in columns}
        self._names |= {name.strip(): name for name in self._target}
        kind, _, column = str(cv).partition(":")
        self._needed = [*self._names, *([column] if kind in NAMED else [])]

    def read(
        self, name: str | None, *, like: pd.DataFrame | None = None
    ) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
        """Return the inputs and the target of each row, if a table is named.

        Parameters
        ----------
        like
            The rows of the fit: a column of texts there is one here.

        Raises
        ------
        TableUnreadable
            The target is not in the table.
        """
        if name is None:
            return None, None
        path = Path(name)
        texts = {**_texts_of(like), **self._texts}
        frame = read_frame(path, self._reading, texts, needed=self._needed, by_line=True)
        frame = _with_whole_numbers(frame.rename(columns=self._names), self._words)
        lacking = [each for each in self._target if each not in frame.columns]
        if lacking:
            raise TableUnreadable(
                f"{path.name} has no column {lacking[0]!r}.{nearest(lacking[0], frame.columns)}"
            )
        inputs = frame.drop(columns=self._target)
        return inputs, frame[self._target] if self._target else None


def _with_whole_numbers(frame: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    """Return a frame with columns of whole numbers instead of texts that say the same.

    Parameters
    ----------
    names
        Columns of categories that no part lists. They were read as texts: ``01234`` stays one.
    """
    read = {
        name: frame[name].astype("int64")
        for name in names
        if name in frame.columns and frame[name].map(_is_whole_number).all()
    }
    return frame.assign(**read) if read else frame


def _is_whole_number(cell: object) -> bool:
    """Return whether a cell is a text that is written as a number would be."""
    is_short = isinstance(cell, str) and 0 < len(cell) <= LONGEST_WHOLE
    return is_short and WHOLE.fullmatch(str(cell)) is not None


def _texts_of(frame: pd.DataFrame | None) -> dict[str, Collection[str]]:
    """Return the columns of a frame that hold texts, each with all of them."""
    if frame is None:
        return {}
    columns = frame.select_dtypes(include="str")
    return {name: set(columns[name].dropna()) for name in columns}
