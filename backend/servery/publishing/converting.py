"""Writing a model file in a format that holds no code, and comparing what it answers."""

from pathlib import Path

import msgspec

from servery.artifact import LoadPolicy
from servery.artifact.specs import LoadSpec
from servery.errors import ArtifactRejected, PublishingRefused
from servery.layout import PLAN, file_title, model_name
from servery.publishing.files import done_in_cage
from servery.publishing.model_file import opened_model_file

SKOPS = ".skops"


class ConvertSpec(msgspec.Struct, frozen=True):
    """How a file is converted; ``to`` and ``compose`` are those of `convert_file`."""

    load: LoadSpec
    name: str
    title: str
    to: str | None
    compose: bool


class Converted(msgspec.Struct, frozen=True, tag=True):
    """A file in another format: its ending, its bytes, and on how many rows it was compared."""

    ending: str
    data: bytes
    rows: int


def convert_file(
    path: Path,
    policy: LoadPolicy,
    *,
    output: Path | None = None,
    to: str | None = None,
    compose: bool = False,
) -> tuple[Path, int]:
    """Convert a model file, and return the path that was written and how many rows were compared.

    Parameters
    ----------
    output
        Where the result goes; beside the file by default.
    to
        ``plan`` or ``skops``; by default a plan, and skops for what no plan covers.
    compose
        Whether parts in a dictionary or a tuple are put together to one pipeline.

    Raises
    ------
    ArtifactRejected, PublishingRefused
        The file cannot be opened, has no such form, or something lies where the result should go.
    """
    load, title = LoadSpec.of(path.name, policy), file_title(path)
    spec = ConvertSpec(load, model_name(title), title, to, compose)
    with opened_model_file(path, policy.memory_bytes) as file:
        if file.is_plan:
            raise PublishingRefused(f"{path.name} is already a plan. There is nothing to convert.")
        limits = policy.limits()
        converted = done_in_cage("convert", spec, file.descriptor, policy, limits, Converted)
    if converted.ending not in (PLAN, SKOPS):
        raise ArtifactRejected(f"{path.name} could not be converted.")
    written = output or path.with_name(title + converted.ending)
    try:
        with written.open("xb") as file:
            file.write(converted.data)
    except FileExistsError as error:
        raise PublishingRefused(f"{written} is there already; name another with -o.") from error
    except OSError as error:
        raise PublishingRefused(f"{written} cannot be written: {error.strerror}.") from error
    return written, converted.rows
