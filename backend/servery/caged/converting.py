"""Converting a file in a caged process: saved without code, and compared with what it was."""

import importlib.util

import msgspec

from servery.artifact import open_estimator
from servery.cage.tasks import Result
from servery.caged.publishing import answered
from servery.compiling import Unsupported
from servery.compiling.verification import verify
from servery.errors import PublishingRefused
from servery.inspection.bundles import predictor_of
from servery.layout import PLAN
from servery.manifest import write_manifest
from servery.publishing.converting import SKOPS, Converted, ConvertSpec
from servery.publishing.options import PublishOptions
from servery.publishing.plans import plan_file
from servery.publishing.preparing import Rows, prepare
from servery.publishing.writing import Prepared, Saved
from servery.runtimes.sklearn import SklearnRuntime


def convert_file(spec: bytes, data: bytes) -> Result:
    """Write a file in a format that holds no code."""
    asked = msgspec.json.decode(spec, type=ConvertSpec)
    return answered(lambda: _converted(asked, data))


def _converted(spec: ConvertSpec, data: bytes) -> Converted:
    opened = open_estimator(data, spec.load.file, spec.load.policy())
    estimator = predictor_of(opened.estimator, compose=spec.compose).estimator
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


def _as_skops(estimator: object, prepared: Prepared, spec: ConvertSpec) -> Converted:
    """Save by skops what opens again by the server's own list and answers the same."""
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
    again = open_estimator(data, f"{file}{SKOPS}", spec.load.policy()).estimator
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
