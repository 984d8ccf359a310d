"""Shared by every ``train.py`` of a model folder: the command line and the publishing step."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from servery.publishing import publish
from servery.tables.frames import read_frame
from servery.tables.reading import Reading


@dataclass(frozen=True, slots=True)
class Options:
    """The data file or folder, and the model repository."""

    data: Path
    root: Path

    def read(
        self, name: str, reading: Reading | None = None, texts: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Read the data file of that name; ``--data`` may name the file or its folder.

        The file is read as `servery score` reads it; ``texts`` names the columns that are texts.
        """
        path = self.data / name if self.data.is_dir() else self.data.with_name(name)
        return read_frame(path, reading, dict.fromkeys(texts, ()))


def read_options(description: str) -> Options:
    """Read ``--data PATH`` and ``--root PATH`` from the command line."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="the data file, or its folder")
    parser.add_argument("--root", type=Path, default=Path("models"), help="the model repository")
    given = parser.parse_args()
    return Options(data=given.data, root=given.root)


def publish_version(
    options: Options,
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: pd.DataFrame,
    y: pd.Series,
    *,
    name: str,
    **held_out: Any,  # noqa: ANN401
) -> None:
    """Publish the fitted estimator and print the report.

    ``held_out`` is ``X_test`` and ``y_test``, or ``cv``; see `publishing.publish`.
    """
    publish(estimator, X, y, name=name, root=options.root, **held_out)
