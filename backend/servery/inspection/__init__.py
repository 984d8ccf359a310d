"""Reading a signature out of a fitted estimator, sharpened by sample data where there are some.

An estimator in, a `Signature` out. ``structure`` reads what the fitted parts know of their
columns; ``columns`` reads the table itself. Nothing is written or served here.
"""

from typing import Any

import pandas as pd

from servery.inspection.columns import read_input, read_output
from servery.inspection.structure import read_structure
from servery.manifest import Takes
from servery.signature import Signature


def read_signature(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: pd.DataFrame | None = None,
    y: pd.Series | None = None,
) -> Signature:
    """Read the signature of a fitted estimator.

    Parameters
    ----------
    X
        Training rows, one column per input, in the order of the fit. Without them, types and
        categories are those that the fitted parts hold, and ranges are not known.
    y
        The target of each row: it tells the output's name and range.

    Raises
    ------
    PublishingRefused
        A column or the estimator is of a kind that cannot be served.
    """
    inputs = (
        read_structure(estimator).inputs
        if X is None
        else tuple(read_input(estimator, X, str(name)) for name in X.columns)
    )
    return Signature(inputs=inputs, output=read_output(estimator, y))


def read_takes(estimator: Any) -> Takes:  # noqa: ANN401
    """Return how the estimator takes its rows: as a table with names, an array, or texts."""
    return read_structure(estimator).takes


__all__ = ["read_signature", "read_takes"]
