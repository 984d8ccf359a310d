"""A model without a plan is computed in the cage: what it does costs its own callers alone."""

import io
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from requests import Response
from sklearn.neighbors import KNeighborsRegressor

from servery.artifact import LoadPolicy
from servery.predict import predict
from servery.publishing import publish
from servery.repository import Repository
from servery.served import ServedModel
from tests import misdeeds
from tests.api.problem import assert_problem
from tests.conftest import (
    PATIENCE_S,
    ROOT,
    Server,
    below,
    command_of,
    eventually,
    output_of,
    run,
    running,
)
from tests.misdeeds import Misdeed

X = np.column_stack([np.zeros(40), np.arange(40.0)])
TRUST: dict[str, Any] = {"PYTHONPATH": str(ROOT), "SERVERY_TRUST": "tests.misdeeds"}


def published(folder: Path, name: str = "rogue", **parameters: Any) -> Path:  # noqa: ANN401
    """Publish a misbehaving model as its author would, beside an honest one."""
    root = folder / "models"
    root.mkdir(exist_ok=True)
    if not (root / "species").exists():
        shutil.copytree(ROOT / "models" / "species", root / "species")
    file = folder / f"{name}.joblib"
    joblib.dump(Misdeed(**parameters).fit(X, X[:, 1]), file)
    output_of("publish", file, "--models", root, "--trust", "tests.misdeeds", environ=TRUST)
    return root


def ask(server: Server, deed: int, name: str = "rogue") -> Response:
    return server.predict(name, {"inputs": {"x0": deed, "x1": 3.0}})


def species_answers(server: Server) -> bool:
    answer = server.predict("species", {"inputs": {"height": 90, "weight": 50}})
    return answer.status_code == 200


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository of the misbehaving model, and a secret that it may not read."""
    folder = tmp_path_factory.mktemp("rogue")
    (folder / "secret").write_text("x" * 41)
    published(folder, canary=str(folder / "canary"), secret=str(folder / "secret"))
    return folder


@contextmanager
def serving(root: Path, log: Path) -> Iterator[Server]:
    environ: dict[str, Any] = {
        **TRUST,
        "SERVERY_MODELS": str(root),
        "SERVERY_PREDICT_TIMEOUT_S": "3",
    }
    with running(log, **environ) as server:
        yield server


@pytest.fixture
def rogue(place: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(place / "models", tmp_path / "log") as server:
        assert ask(server, misdeeds.HONEST).json()["prediction"] == 3.0
        yield server


#: What sets a model aside at once, and a word of the reason.
FORBIDDEN = {
    misdeeds.WRITE: "open for writing",
    misdeeds.CONNECT: "socket",
    misdeeds.EXEC: "fork",
    misdeeds.FORK: "fork",
    misdeeds.KILL: "kill",
    misdeeds.SWALLOW: "open for writing",
}
#: What sets it aside once it has ended its process often enough.
DEADLY = (misdeeds.CRASH, misdeeds.EXIT)


@pytest.fixture(scope="module")
def rogues(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a model for each deed: the others are there when one is set aside."""
    folder = tmp_path_factory.mktemp("rogues")
    root = folder / "models"
    shutil.copytree(place / "models" / "species", root / "species")
    for deed in (*FORBIDDEN, *DEADLY):
        shutil.copytree(place / "models" / "rogue", root / named(deed))
    with serving(root, folder / "log") as server:
        yield server


def named(deed: int) -> str:
    return f"rogue-{deed}"


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_what_no_model_may_do_is_named_and_sets_it_aside(
    rogues: Server, place: Path, deed: int
) -> None:
    name = named(deed)
    assert ask(rogues, misdeeds.HONEST, name).json()["prediction"] == 3.0
    assert_problem(ask(rogues, deed, name), 503, "model-set-aside")
    assert not (place / "canary").exists()
    assert "set aside" in state_of(rogues, name)
    assert FORBIDDEN[deed] in state_of(rogues, name)
    assert species_answers(rogues)


def state_of(server: Server, name: str) -> str:
    """Return what readiness says of a model and its versions."""
    said = ready(server)
    return " ".join(said[each] for each in said if each.partition("@")[0] == name)


def ready(server: Server) -> dict[str, str]:
    return server.get("/readyz").json()["models"]  # type: ignore[no-any-return]


def test_no_process_gets_an_answer_for_another(tmp_path: Path) -> None:
    """A model is asked before the web workers are forked, and by all of them at once after that."""
    rows = np.arange(4000.0).reshape(-1, 1)
    near = KNeighborsRegressor(1).fit(pd.DataFrame(rows, columns=["x"]), rows.ravel())
    publish(near, pd.DataFrame(rows, columns=["x"]), name="near", root=tmp_path)
    model = Repository(tmp_path, LoadPolicy()).get("near")
    assert model.runtime.is_caged
    assert answer_of(model, 1.0) == 1.0
    processes = []
    for first in range(0, 4000, 1000):
        processes.append(os.fork())
        if processes[-1] == 0:
            try:
                wrong = (answer_of(model, first + more) != first + more for more in range(300))
                os._exit(any(wrong))
            finally:
                os._exit(2)
    ended = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
    assert ended == [0] * 4


def answer_of(model: ServedModel, value: float) -> object:
    [prediction] = predict(model, model.signature.parse([{"x": value}]))
    return prediction.prediction


def test_a_secret_is_not_read(rogue: Server) -> None:
    assert_problem(ask(rogue, misdeeds.READ), 422, "invalid-inputs")
    assert ask(rogue, misdeeds.HONEST).json()["prediction"] == 3.0


def test_what_is_granted_by_name_is_read(place: Path, tmp_path: Path) -> None:
    environ: dict[str, Any] = {
        **TRUST,
        "SERVERY_MODELS": str(place / "models"),
        "SERVERY_ALLOW_READ": str(place / "secret"),
    }
    with running(tmp_path / "log", **environ) as server:
        assert ask(server, misdeeds.READ).json()["prediction"] == 41.0


def test_memory_and_threads_are_bounded(rogue: Server) -> None:
    for deed in (misdeeds.SWELL, misdeeds.THREADS):
        assert ask(rogue, deed).status_code in {422, 500, 503, 504}
        assert species_answers(rogue)


def test_a_model_that_hangs_is_ended_and_starts_again(rogue: Server) -> None:
    assert_problem(ask(rogue, misdeeds.HANG), 504, "model-timed-out")
    assert species_answers(rogue)
    answer = eventually(lambda: _answered(rogue))
    assert answer["prediction"] == 3.0


def _answered(server: Server) -> Any:  # noqa: ANN401
    answer = ask(server, misdeeds.HONEST)
    return answer.json() if answer.status_code == 200 else None


@pytest.mark.parametrize("deed", DEADLY)
def test_a_model_that_dies_again_and_again_is_set_aside(rogues: Server, deed: int) -> None:
    name = named(deed)
    assert ask(rogues, misdeeds.HONEST, name).json()["prediction"] == 3.0
    statuses = []
    while "model-set-aside" not in statuses:
        problem = ask(rogues, deed, name).json()
        statuses.append(problem["type"].rpartition(":")[2])
        assert len(statuses) < 20, statuses
        assert species_answers(rogues)
    assert set(statuses) <= {"model-restarting", "model-set-aside"}
    assert "set aside" in state_of(rogues, name)


def test_the_version_before_answers_for_one_that_was_set_aside(place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "models", tmp_path / "models")
    root = published(tmp_path, canary=str(tmp_path / "canary"))
    with running(tmp_path / "log", SERVERY_MODELS=str(root), **TRUST) as server:
        assert ask(server, misdeeds.HONEST).json()["version"] == "2"
        ask(server, misdeeds.WRITE)
        answer = eventually(lambda: _of_version(server, "1"))
        assert answer["prediction"] == 3.0
        assert eventually(lambda: "rogue@2" in ready(server))  # each worker notices by itself


def _of_version(server: Server, version: str) -> Any:  # noqa: ANN401
    answer = ask(server, misdeeds.HONEST).json()
    return answer if answer.get("version") == version else None


def test_other_models_answer_while_one_hangs(rogue: Server) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(12) as pool:
        hanging = [pool.submit(ask, rogue, misdeeds.HANG) for _ in range(12)]
        asked = 0
        while not all(each.done() for each in hanging):
            assert species_answers(rogue)
            assert rogue.get("/livez").status_code == 200
            asked += 1
    assert asked > 0
    assert {each.result().status_code for each in hanging} <= {503, 504}


def test_a_keeper_that_is_killed_costs_a_moment(rogue: Server) -> None:
    [keeper] = keepers(rogue)
    os.kill(keeper, signal.SIGKILL)
    assert eventually(lambda: _answered(rogue))["prediction"] == 3.0


def keepers(server: Server) -> list[int]:
    """Return the keepers that a server has started."""
    return [child for child in below(server) if "servery.servers.cage_keeper" in command_of(child)]


@pytest.mark.parametrize("deed", [misdeeds.WRITE, misdeeds.CONNECT, misdeeds.FORK, misdeeds.CRASH])
def test_a_file_that_misbehaves_when_it_is_opened_is_refused(tmp_path: Path, deed: int) -> None:
    canary = tmp_path / "canary"
    file = tmp_path / "rogue.joblib"
    sink = io.BytesIO()
    joblib.dump(Misdeed(canary=str(canary), deed_at_load=deed).fit(X, X[:, 1]), sink)
    file.write_bytes(sink.getvalue())
    done = run("check", file, "--trust", "tests.misdeeds", environ=TRUST)
    assert done.returncode == 1
    expected = "crashes the process" if deed == misdeeds.CRASH else "attempts what no model may do"
    assert expected in done.stderr
    assert not canary.exists()


def test_the_processes_of_a_server_end_with_it(rogue: Server) -> None:
    held = keepers(rogue)
    assert held
    rogue.stop()
    deadline = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{each}").exists() for each in held):
        assert time.monotonic() < deadline, "a keeper outlives its server"
        time.sleep(0.05)
