"""Models of older scikit-learn releases: what they are asked there, and holding a form to that.

The answers of the release that saved a file are the only evidence of what it means. A caged
process of this release makes the questions; a caged program of that release answers them.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from servery.artifact import LoadPolicy
from servery.cage.program import Program, ProgramFailed, run_program
from servery.errors import PublishingRefused
from servery.publishing.environments import make_environment

#: How long the other release may take over all rows.
TIMEOUT_S = 300.0
SCRIPT = Path(__file__).with_name("answering.py")


class Questions(msgspec.Struct, frozen=True, tag=True):
    """What a file is asked in the release that saved it; ``question`` is JSON."""

    version: str
    question: bytes


class OlderAnswers(msgspec.Struct, frozen=True):
    """What the release that saved a file answered.

    Attributes
    ----------
    answers
        For each row, what each method answers: one value for each output. None where it refused.
    """

    version: str
    answers: Sequence[Mapping[str, Sequence[Any]] | None]


@dataclass(frozen=True, slots=True)
class RecordedEstimator:
    """Stands for an estimator of another release, by its answers to the rows that it answered."""

    answers: Sequence[Mapping[str, Sequence[Any]]]

    def predict(self, _: object) -> Any:  # noqa: ANN401 - an array
        """Return the predictions."""
        return np.asarray([row["predict"][0] for row in self.answers])

    def predict_proba(self, _: object) -> Any:  # noqa: ANN401
        """Return the probabilities: an array, or a list of one for each output."""
        outputs = len(self.answers[0]["predict_proba"])
        arrays = [
            np.asarray([row["predict_proba"][place] for row in self.answers])
            for place in range(outputs)
        ]
        return arrays[0] if outputs == 1 else arrays

    def decision_function(self, _: object) -> Any:  # noqa: ANN401
        """Return the scores."""
        return np.asarray([row["decision_function"][0] for row in self.answers])


def ask_older(
    questions: Questions,
    data: bytes,
    policy: LoadPolicy,
    python: Path | None,
    say: Callable[[str], None],
    file: str,
) -> OlderAnswers:
    """Have the release that saved a file answer, in a cage.

    Parameters
    ----------
    python
        The Python of an environment with that release; one is made where there is none.
    say
        Gets a sentence about what takes a while.
    file
        The name of the file, for messages.

    Raises
    ------
    PublishingRefused
        There is no such environment, or the file cannot be opened there.
    """
    with tempfile.TemporaryDirectory(prefix="servery-old-") as folder:
        if python is None:
            say(f"Installing scikit-learn {questions.version} in an environment of its own.")
            python = make_environment(questions.version, Path(folder) / "environment", file)
        return _asked(questions, data, policy, python)


def _asked(questions: Questions, data: bytes, policy: LoadPolicy, python: Path) -> OlderAnswers:
    size = len(questions.question).to_bytes(8, "big")
    program = Program(
        command=[str(python), "-I", "-B", "-c", SCRIPT.read_text(encoding="utf-8")],
        read=_folders_of(python),
        memory_bytes=policy.memory_bytes,
        timeout_s=TIMEOUT_S,
    )
    try:
        said = json.loads(run_program(program, size + questions.question + data))
        answers = msgspec.convert(said, OlderAnswers)
    except ProgramFailed as error:
        raise PublishingRefused(
            f"scikit-learn {questions.version} could not answer for the file: it {error}."
        ) from error
    except (ValueError, msgspec.ValidationError) as error:
        raise PublishingRefused(
            f"The answers of scikit-learn {questions.version} could not be read."
        ) from error
    if answers.version != questions.version:
        raise PublishingRefused(
            f"{python} has scikit-learn {answers.version}, and the file was saved by "
            f"{questions.version}. Install that version there."
        )
    return answers


def _folders_of(python: Path) -> tuple[Path, ...]:
    """Return the folders that a Python and its packages lie in.

    Raises
    ------
    PublishingRefused
        It does not start.
    """
    code = "import sys; print(sys.prefix); print(sys.base_prefix)"
    try:
        done = subprocess.run(  # noqa: S603 - the Python is the user's choice
            [python, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PublishingRefused(f"{python} does not start: name a Python with --python.") from error
    return tuple(Path(line) for line in dict.fromkeys(done.stdout.splitlines()))
