"""What a notebook calls: publish an estimator, and read what came of it."""

from pathlib import Path
from typing import Any

from servery.manifest import Metrics
from servery.publishing import Published
from servery.publishing import publish as publish_version
from servery.publishing.report import report


def publish(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: Any = None,  # noqa: ANN401 - DataFrame, array or texts
    y: Any = None,  # noqa: ANN401 - Series, DataFrame, array or list
    *,
    name: str,
    title: str | None = None,
    X_test: Any = None,  # noqa: ANN401
    y_test: Any = None,  # noqa: ANN401
    metrics: Metrics | None = None,
    root: str | Path = "models",
) -> Published:
    """Publish the next version of a model, and print what was inferred and what to improve.

    See `servery.publishing.publish` for the parameters. A server that runs on the same folder
    takes the version over within two seconds.

    Raises
    ------
    PublishingRefused
        The estimator would not survive, or its card or its data do not fit it.
    """
    published = publish_version(
        estimator,
        X,
        y,
        name=name,
        title=title,
        X_test=X_test,
        y_test=y_test,
        metrics=metrics,
        root=Path(root),
    )
    print(report(published))
    return published
