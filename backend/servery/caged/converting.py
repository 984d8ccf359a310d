"""Converting a file in a caged process: saved without code, and compared with what it was."""

import msgspec
import skops.io

from servery.artifact import open_estimator
from servery.cage.tasks import Result
from servery.caged.publishing import answered
from servery.compiling import Declined
from servery.compiling.proving import prove
from servery.errors import PublishingRefused
from servery.inspection.outputs import require_predictor
from servery.layout import PLAN
from servery.manifest import write_manifest
from servery.publishing.converting import SKOPS, Converted, ConvertOrder
from servery.publishing.plans import plan_file
from servery.publishing.preparing import prepare
from servery.publishing.writing import Prepared, Saved
from servery.runtimes.sklearn import SklearnRuntime


def convert_file(order: bytes, data: bytes) -> Result:
    """Write a file in a format that holds no code."""
    asked = msgspec.json.decode(order, type=ConvertOrder)
    return answered(lambda: _converted(asked, data))


def _converted(order: ConvertOrder, data: bytes) -> Converted:
    opened = open_estimator(data, order.load.file, order.load.opening())
    require_predictor(opened.estimator)
    saved = Saved(order.load.file, data, opened.fitted_with)
    prepared = prepare(opened.estimator, name=order.name, title=order.title, saved=saved)
    facts = prepared.manifest.runtime
    if facts.name == "plan" and facts.proof is not None and order.to != "skops":
        file = plan_file(write_manifest(prepared.manifest), prepared.compiled or b"")
        return Converted(PLAN, file, facts.proof.rows)
    if order.to == "plan":
        raise PublishingRefused(f"{order.load.file} has no plan: it holds {facts.declined}.")
    return _as_skops(opened.estimator, prepared, order)


def _as_skops(estimator: object, prepared: Prepared, order: ConvertOrder) -> Converted:
    """Save by skops what opens again by the server's own list and answers the same."""
    file = order.load.file
    try:
        data = skops.io.dumps(estimator)
    except Exception as error:  # skops raises anything at all on a part that it does not know
        raise PublishingRefused(f"{file} has no form without code: {error}.") from error
    again = open_estimator(data, f"{file}{SKOPS}", order.load.opening()).estimator
    signature, facts = prepared.manifest.signature, prepared.manifest.runtime
    try:
        proof = prove(
            SklearnRuntime(estimator, signature, facts),
            SklearnRuntime(again, signature, facts),
            signature,
            (),
        )
    except Declined as error:
        raise PublishingRefused(
            f"{file} has no form without code: saved by skops it answers otherwise ({error})."
        ) from error
    return Converted(SKOPS, data, proof.rows)
