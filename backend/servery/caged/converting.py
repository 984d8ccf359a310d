"""Converting a file in a caged process: saved without code, and compared with what it was."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from servery.artifact.complaints import version_first
from servery.artifact.opening import open_estimator
from servery.cage.tasks import Result
from servery.caged.older import corrected_by, estimator_held_to, planned, questions, rows_of
from servery.caged.publishing import answered
from servery.compiling import Unsupported
from servery.compiling.verification import verify
from servery.errors import ArtifactRejected, PublishingRefused
from servery.inspection import inspect
from servery.inspection.bundles import predictor_of
from servery.layout import PLAN
from servery.manifest import write_manifest
from servery.publishing.converting import SKOPS, Converted, ConvertSpec, Outcome
from servery.publishing.older import Questions
from servery.publishing.options import PublishOptions
from servery.publishing.plans import plan_file
from servery.publishing.preparing import Confirmed, Rows, prepare
from servery.publishing.writing import Prepared, Saved
from servery.runtimes.sklearn import SklearnRuntime


def convert_file(spec: bytes, data: bytes) -> Result:
    """Write a file in a format that holds no code."""
    asked = msgspec.json.decode(spec, type=ConvertSpec)
    return answered(lambda: _outcome(asked, data))


def _outcome(spec: ConvertSpec, data: bytes) -> Outcome:
    made = _converted(spec, data)
    return Outcome(questions=made) if isinstance(made, Questions) else Outcome(converted=made)


def _converted(spec: ConvertSpec, data: bytes) -> Converted | Questions:
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    estimator = predictor_of(opened.estimator, compose=spec.compose).estimator
    if opened.unfaithful and opened.fitted_with is not None:
        return _converted_older(estimator, opened.fitted_with, spec, data)
    saved = Saved(spec.load.file, data, opened.fitted_with)
    options = PublishOptions(title=spec.title)
    prepared = prepare(estimator, Rows(), name=spec.name, options=options, saved=saved)
    facts = prepared.manifest.runtime
    if facts.name == "plan" and facts.verification is not None and spec.to != "skops":
        file = plan_file(write_manifest(prepared.manifest), prepared.compiled or b"")
        return Converted(PLAN, file, facts.verification.rows)
    if spec.to == "plan":
        raise PublishingRefused(f"{spec.load.file} has no plan: it holds {facts.unsupported}.")
    return _as_skops(estimator, prepared, spec)


def _converted_older(
    estimator: Any,  # noqa: ANN401
    version: str,
    spec: ConvertSpec,
    data: bytes,
) -> Converted | Questions:
    """Return what the release that saved a file is asked, or the form that its answers confirm."""
    with _of_version(spec.load.file, version):
        inspected = inspect(estimator)
    rows = rows_of(estimator, inspected.signature)
    if spec.answers is None:
        return questions(estimator, version, inspected)
    inspected = corrected_by(inspected, rows, spec.answers)
    plan_lacks = "skops was asked for"
    if spec.to != "skops":
        try:
            compiled, golden = planned(estimator, inspected, rows, spec.answers)
        except Unsupported as error:
            plan_lacks = str(error)
        else:
            saved = Saved(spec.load.file, data, version)
            options = PublishOptions(title=spec.title)
            confirmed = Confirmed(inspected, golden, compiled)
            prepared = prepare(
                estimator, Rows(), name=spec.name, options=options, saved=saved, confirmed=confirmed
            )
            file = plan_file(write_manifest(prepared.manifest), compiled.data or b"")
            rows_compared = compiled.facts.verification.rows if compiled.facts.verification else 0
            return Converted(PLAN, file, rows_compared)
    if spec.to == "plan":
        raise PublishingRefused(f"{spec.load.file} has no plan: {plan_lacks}.")
    with _of_version(spec.load.file, version):
        again, dumped = _through_skops(estimator, spec)
    try:
        compared = estimator_held_to(again, inspected, rows, spec.answers)
    except Unsupported as error:
        raise PublishingRefused(
            f"{spec.load.file} cannot be converted from scikit-learn {version}: this release gives "
            f"{error}. Refit the model with this release."
        ) from error
    return Converted(SKOPS, dumped, compared)


@contextmanager
def _of_version(file: str, version: str) -> Iterator[None]:
    """Name the version in what is refused: the reason is what that release left behind."""
    try:
        yield
    except (ArtifactRejected, PublishingRefused) as error:
        raise PublishingRefused(version_first(file, version, str(error), converts=True)) from error


def _as_skops(estimator: object, prepared: Prepared, spec: ConvertSpec) -> Converted:
    """Save by skops what opens again by the server's own list and answers the same."""
    file = spec.load.file
    again, data = _through_skops(estimator, spec)
    signature, facts = prepared.manifest.signature, prepared.manifest.runtime
    try:
        verification = verify(
            SklearnRuntime(estimator, signature, facts),
            SklearnRuntime(again, signature, facts),
            signature,
            (),
        )
    except Unsupported as error:
        raise PublishingRefused(
            f"{file} has no form without code: saved by skops it answers otherwise ({error})."
        ) from error
    return Converted(SKOPS, data, verification.rows)


def _through_skops(estimator: object, spec: ConvertSpec) -> tuple[Any, bytes]:
    """Return an estimator as it opens from a skops file, and the bytes of that."""
    file = spec.load.file
    if importlib.util.find_spec("skops") is None:
        raise PublishingRefused(
            f"{file} has no plan, and skops is not installed for the other format without code: "
            'pip install "servery[skops]".'
        )
    import skops.io

    try:
        data = skops.io.dumps(estimator)
    except Exception as error:  # skops raises anything at all on a part that it does not know
        raise PublishingRefused(f"{file} has no form without code: {error}.") from error
    return open_estimator(data, f"{file}{SKOPS}", spec.load.policy()).estimator, data
