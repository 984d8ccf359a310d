"""Publishing a file in a caged process: opened, inspected, compiled, verified and measured."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from servery.artifact import open_estimator
from servery.cage.tasks import Result
from servery.errors import ServeryError, TableUnreadable, nearest
from servery.inspection import text_columns
from servery.inspection.outputs import require_predictor
from servery.manifest import write_manifest
from servery.publishing.files import LONGEST_REFUSAL, REFUSALS, PublishSpec, Ready, Refused
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Saved
from servery.tables.frames import read_table


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


def _prepared(spec: PublishSpec, data: bytes) -> Ready:
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    estimator = opened.estimator
    require_predictor(estimator)
    tables = spec.tables
    X, y = _table(tables.data, estimator, tables.target, must=False)
    X_test, y_test = _table(tables.test, estimator, tables.target, must=True)
    prepared = prepare(
        estimator,
        Rows(X, y, X_test, y_test),
        name=spec.name,
        options=spec.options,
        saved=Saved(spec.saved_as, data, opened.fitted_with),
        card=spec.card,
    )
    manifest = write_manifest(prepared.manifest)
    return Ready(manifest, prepared.compiled, prepared.card, opened.fitted_with)


def _table(
    name: str | None,
    estimator: Any,  # noqa: ANN401
    target: Sequence[str],
    *,
    must: bool,
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Read a table and take the target out of it; test rows must have theirs."""
    if name is None:
        return None, None
    path = Path(name)
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
