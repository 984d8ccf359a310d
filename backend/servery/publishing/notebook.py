"""`servery.publish`: publishes an estimator from a notebook or script."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from servery.artifact import LoadPolicy, Trust
from servery.artifact.sandbox import SandboxedLoad
from servery.card import card_text
from servery.errors import ArtifactRejected, PublishingRefused
from servery.inspection.bundles import predictor_of
from servery.inspection.class_names import with_class_names
from servery.layout import JOBLIB, require_model_name
from servery.publishing.options import PublishOptions
from servery.publishing.preparing import Rows, prepare
from servery.publishing.report import report
from servery.publishing.writing import Published, Saved, dumped, write
from servery.settings import Settings
from servery.signing import SigningKey


def publish(
    estimator: Any,  # noqa: ANN401 - any fitted scikit-learn estimator
    X: Any = None,  # noqa: ANN401 - DataFrame, array or texts
    y: Any = None,  # noqa: ANN401 - Series, DataFrame, array or list
    *,
    name: str,
    X_test: Any = None,  # noqa: ANN401
    y_test: Any = None,  # noqa: ANN401
    root: str | Path = "models",
    sign: str | Path | None = None,
    trust: Collection[str] = (),
    sandbox: SandboxedLoad | None = None,
    **options: Any,  # noqa: ANN401 - the fields of PublishOptions
) -> Published:
    """Write the next version folder of a model, all of it or nothing, and print a report.

    The report says what was inferred and what to improve. A server that runs on the same folder
    takes the version over within two seconds.

    Parameters
    ----------
    X, y
        The rows that the estimator was fitted on: they give the signature its types and ranges.
        Column names are the names of the inputs; the name of ``y`` is that of the output. Without
        them, the signature holds what the fitted parts themselves know.
    name
        The name of the model: letters, digits, ``-``, ``_`` and ``.``; it is the folder and the
        address.
    X_test, y_test
        Rows that the fit did not see: the model and its uncertainty are measured on them.
    root
        The model repository; the version is written to ``root/name/<next number>``.
    sign
        A file with an Ed25519 private key, which signs the version.
    trust
        Modules of your own that the estimator is made of, such as ``mypkg.transformers``; the
        server must trust them too.
    sandbox
        Checks that a server can open the file; by default as a server would with the settings of
        this process, such as ``SERVERY_TRUST``, and ``trust``.
    **options
        ``title``, ``cv``, ``coverage``, ``classes``, ``detail`` and ``fitted_on``, as
        `PublishOptions` describes them. ``cv=5`` measures by five folds of ``X`` where there are no
        test rows.

    Raises
    ------
    PublishingRefused
        The estimator cannot be saved and opened again, or its card or its data do not fit it.

    Examples
    --------
    >>> servery.publish(model, X_train, y_train, name="wine", cv=5)  # doctest: +SKIP
    """
    given = PublishOptions(**options)
    require_model_name(name)
    key = None if sign is None else SigningKey.read(Path(sign))
    root = Path(root)
    estimator = predictor_of(estimator, compose=given.compose).estimator
    if given.classes:
        estimator = with_class_names(estimator, given.classes)
    data = dumped(estimator)
    saved = Saved(JOBLIB, data)
    _require_survival(data, sandbox or SandboxedLoad(_policy(trust)))
    rows = Rows(X, y, X_test, y_test)
    card = card_text(root / name)
    prepared = prepare(estimator, rows, name=name, options=given, saved=saved, card=card)
    if prepared.recalibrated is not None:
        saved = Saved(JOBLIB, dumped(prepared.recalibrated))
    published = write(prepared, saved, root, name, key)
    print(report(published))
    return published


def _policy(trust: Collection[str]) -> LoadPolicy:
    """Return how a server with the settings of this process would open a file."""
    policy = LoadPolicy.from_settings(Settings.from_env())
    return replace(policy, trust=Trust(policy.trust.names | frozenset(trust)))


def _require_survival(data: bytes, sandbox: SandboxedLoad) -> None:
    """Refuse a file that another process cannot open: no server could."""
    try:
        sandbox.require(JOBLIB, data)
    except ArtifactRejected as error:
        raise PublishingRefused(f"No server could open this: {error}") from error
