"""Writing a model file in a format that holds no code, and comparing what it answers."""

from pathlib import Path

import msgspec

from servery.artifact import Opening, open_estimator
from servery.artifact.orders import LoadOrder
from servery.compiling import Declined
from servery.compiling.proving import prove
from servery.errors import ArtifactRejected, PublishingRefused
from servery.inspection.outputs import require_predictor
from servery.layout import PLAN, model_name
from servery.manifest import write_manifest
from servery.publishing import Prepared, Saved, prepare
from servery.publishing.files import done_in_cage, read_model_file
from servery.publishing.plans import plan_file
from servery.runtimes.sklearn import SklearnRuntime

SKOPS = ".skops"


class ConvertOrder(msgspec.Struct, frozen=True):
    """What a caged process is told about converting a file; ``to`` is as `convert_file` has it."""

    load: LoadOrder
    name: str
    title: str
    to: str | None


class Converted(msgspec.Struct, frozen=True, tag=True):
    """A file in another format: its ending, its bytes, and on how many rows it was compared."""

    ending: str
    data: bytes
    rows: int


def convert_file(
    path: Path, opening: Opening, *, output: Path | None = None, to: str | None = None
) -> tuple[Path, int]:
    """Convert a model file, and return the path that was written and how many rows were compared.

    Parameters
    ----------
    output
        Where the result goes; beside the file by default.
    to
        ``plan`` or ``skops``; by default a plan, and skops for what no plan covers.

    Raises
    ------
    ArtifactRejected, PublishingRefused
        The file cannot be opened, has no such form, or something lies where the result should go.
    """
    data = read_model_file(path)
    load = LoadOrder.of(path.name, opening)
    order = ConvertOrder(load, model_name(path.stem), path.stem, to)
    converted = done_in_cage("convert", order, data, opening, opening.limits(), Converted)
    if converted.ending not in (PLAN, SKOPS):
        raise ArtifactRejected(f"{path.name} could not be converted.")
    written = output or path.with_suffix(converted.ending)
    try:
        with written.open("xb") as file:
            file.write(converted.data)
    except FileExistsError as error:
        raise PublishingRefused(f"{written} is there already; name another with -o.") from error
    except OSError as error:
        raise PublishingRefused(f"{written} cannot be written: {error.strerror}.") from error
    return written, converted.rows


def converted(order: ConvertOrder, data: bytes) -> Converted:
    """Convert a file; for a caged process.

    Raises
    ------
    ArtifactRejected, PublishingRefused
        The file cannot be opened, or has no such form.
    """
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
    import skops.io

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
