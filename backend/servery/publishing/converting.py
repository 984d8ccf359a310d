"""Writing a model file in a format that holds no code, and comparing what it answers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from servery.artifact import LoadPolicy
from servery.artifact.specs import LoadSpec
from servery.errors import ArtifactRejected, PublishingRefused
from servery.layout import PLAN, file_title, model_name
from servery.publishing.files import done_in_cage
from servery.publishing.model_file import opened_model_file
from servery.publishing.older import OlderAnswers, Questions, ask_older

SKOPS = ".skops"


class ConvertSpec(msgspec.Struct, frozen=True):
    """How a file is converted; ``to`` and ``compose`` are those of `convert_file`."""

    load: LoadSpec
    name: str
    title: str
    to: str | None
    compose: bool
    answers: OlderAnswers | None = None


class Converted(msgspec.Struct, frozen=True, tag=True):
    """A file in another format: its ending, its bytes, and on how many rows it was compared."""

    ending: str
    data: bytes
    rows: int


class Outcome(msgspec.Struct, frozen=True, tag=True):
    """What came of a conversion: the file, or what the release that saved it is asked first."""

    converted: Converted | None = None
    questions: Questions | None = None


def convert_file(
    path: Path,
    policy: LoadPolicy,
    *,
    output: Path | None = None,
    to: str | None = None,
    compose: bool = False,
    python: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
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
    python
        The Python of an environment with the scikit-learn that saved the file; by default, one is
        made if that release has to be asked.
    say
        Gets a sentence about what takes a while.

    Raises
    ------
    ArtifactRejected, PublishingRefused
        The file cannot be opened, has no such form, or something lies where the result should go.
    """
    title = file_title(path)
    load = LoadSpec.of(path.name, replace(policy, converts=True))
    spec = ConvertSpec(load, model_name(title), title, to, compose)
    with opened_model_file(path, policy.memory_bytes) as file:
        if file.is_plan:
            raise PublishingRefused(f"{path.name} is already a plan. There is nothing to convert.")
        limits = policy.limits()
        outcome = done_in_cage("convert", spec, file.descriptor, policy, limits, Outcome)
        if outcome.questions is not None:
            answers = ask_older(outcome.questions, file.read(), policy, python, say, path.name)
            spec = msgspec.structs.replace(spec, answers=answers)
            outcome = done_in_cage("convert", spec, file.descriptor, policy, limits, Outcome)
    converted = outcome.converted
    if converted is None:
        raise ArtifactRejected(f"{path.name} could not be converted.")
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
