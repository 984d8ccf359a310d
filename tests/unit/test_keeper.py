"""The parent of caged processes: what it has set aside stays so, whatever it is asked later."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import joblib
import msgspec
import numpy as np
import pytest

from servery.artifact import LoadPolicy, Trust
from servery.artifact.sandbox import SandboxedLoad
from servery.cage.messages import Block, pair, receive, send
from servery.cage.requests import Answer, CageLimits, Done, Failed, Run
from servery.cage.status import CageState
from servery.errors import ModelSetAside
from servery.predict import predict
from servery.publishing.files import publish_file
from servery.repository import Repository
from servery.served import ServedModel
from tests import misdeeds
from tests.misdeeds import Misdeed

X = np.column_stack([np.zeros(40), np.arange(40.0)])
POLICY = LoadPolicy(trust=Trust(frozenset({"tests.misdeeds"})), processes=2)


@pytest.fixture
def rogue(tmp_path: Path) -> Iterator[ServedModel]:
    file = tmp_path / "rogue.joblib"
    sink = io.BytesIO()
    joblib.dump(Misdeed(canary=str(tmp_path / "canary")).fit(X, X[:, 1]), sink)
    file.write_bytes(sink.getvalue())
    root = tmp_path / "models"
    publish_file(file, name="rogue", root=root, sandbox=SandboxedLoad(POLICY))
    yield Repository(root, POLICY).get("rogue")
    assert not (tmp_path / "canary").exists()


def ask(model: ServedModel, deed: int) -> None:
    predict(model, model.signature.parse([{"x0": float(deed), "x1": 3.0}]))


def test_a_request_for_more_processes_leaves_a_model_set_aside(
    rogue: ServedModel,
) -> None:
    ask(rogue, misdeeds.HONEST)
    with pytest.raises(ModelSetAside, match="open for writing"):
        ask(rogue, misdeeds.WRITE)
    lease = rogue.runtime._lease  # type: ignore[attr-defined]
    POLICY.cages.more(lease.key)
    # The keeper takes one request after the other, and a model that it opens takes as long as this.
    for number in range(3):
        sandbox = SandboxedLoad(POLICY)
        sandbox.require("m.joblib", _file(number))
        assert lease.page.state is CageState.SET_ASIDE
    with pytest.raises(ModelSetAside, match="open for writing"):
        ask(rogue, misdeeds.HONEST)


def test_a_process_that_was_just_opened_leaves_a_model_set_aside(
    rogue: ServedModel,
) -> None:
    lease = rogue.runtime._lease  # type: ignore[attr-defined]
    POLICY.cages.more(lease.key)  # it opens while the other process misbehaves
    with pytest.raises(ModelSetAside, match="open for writing"):
        ask(rogue, misdeeds.WRITE)
    for number in range(3):
        SandboxedLoad(POLICY).require("m.joblib", _file(10 + number))
        assert lease.page.state is CageState.SET_ASIDE


def _file(number: int) -> bytes:
    """Return a file that is not known yet."""
    sink = io.BytesIO()
    joblib.dump(Misdeed(secret=str(number)).fit(X, X[:, 1]), sink)
    return sink.getvalue()


KEEPER = """
import sys
from servery.cage.keeper import main
from servery.cage.tasks import Result, Task

def fail():
    import a_module_that_there_is_not

main({"bad": Task(fail, None), "good": Task(lambda: None, lambda spec, data: Result(data[::-1]))})
"""


def test_a_task_that_cannot_be_loaded_ends_no_other() -> None:
    ours, theirs = pair()
    limits = CageLimits(timeout_s=60, memory_bytes=1 << 30)
    command = [sys.executable, "-c", KEEPER, str(theirs.fileno())]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL) as keeper:
        theirs.close()
        failed, _ = _run(ours, Run("bad", limits, 0))
        assert isinstance(failed, Failed)
        assert failed.what.startswith("ModuleNotFoundError")
        done, result = _run(ours, Run("good", limits, 0))
        assert done == Done(3)
        assert result == b"cba"
        ours.close()
        assert keeper.wait() == 0


def _run(control: socket.socket, request: Run) -> tuple[Answer, bytes]:
    """Ask a keeper for a task on three bytes."""
    lease, its_lease = pair()
    spec, data = Block.holding(b""), Block.holding(b"abc")
    with lease, its_lease:
        descriptors = [its_lease.fileno(), spec.descriptor, data.descriptor]
        send(control, request, descriptors)
        its_lease.close()
        decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
        answer, received = receive(lease, decoder)
    result = Block(received[0]).read(3) if received else b""
    for descriptor in [*received, spec.descriptor, data.descriptor]:
        os.close(descriptor)
    return answer, result


@pytest.mark.parametrize(
    ("task", "expected"), [("check", []), ("open", ["servery.artifact.reading", "sklearn"])]
)
def test_a_keeper_loads_scikit_learn_only_to_open_model_files(
    task: str, expected: list[str]
) -> None:
    script = (
        "import sys\n"
        "from servery.servers.cage_keeper import TASKS\n"
        f"TASKS[{task!r}].preload()\n"
        "print(*(each for each in ('servery.artifact.reading', 'sklearn') if each in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == expected
