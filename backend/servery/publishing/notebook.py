"""What a notebook calls: publish an estimator, and read the report."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from servery.artifact import LoadPolicy
from servery.artifact.sandbox import SandboxedLoad
from servery.publishing.preparing import publish as publish_version
from servery.publishing.report import report
from servery.publishing.writing import Published
from servery.settings import Settings
from servery.sureness import COVERAGE


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
    root: str | Path = "models",
    sign: str | Path | None = None,
    trust: Collection[str] = (),
) -> Published:
    """Publish the next version of a model, and print what was inferred and what to improve.

    See `servery.publishing.publish` for the parameters. A server that runs on the same folder
    takes the version over within two seconds.

    Parameters
    ----------
    trust
        Modules of your own that the estimator is made of, such as ``mypkg.transformers``; the
        server must trust them too.

    Raises
    ------
    PublishingRefused
        The estimator would not survive, or its card or its data do not fit it.
    """
    settings = Settings.from_env()
    policy = LoadPolicy.from_settings(replace(settings, trust=(*settings.trust, *trust)))
    published = publish_version(
        estimator,
        X,
        y,
        name=name,
        title=title,
        X_test=X_test,
        y_test=y_test,
        cv=cv,
        detail=detail,
        coverage=coverage,
        root=Path(root),
        sign=None if sign is None else Path(sign),
        sandbox=SandboxedLoad(policy),
    )
    print(report(published))
    return published
