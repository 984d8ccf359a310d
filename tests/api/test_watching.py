"""A running server notices what is published, broken, pinned and taken away, and never falters."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor

from servery.publishing import publish
from tests.conftest import (
    Server,
    each_worker_says,
    eventually,
    run_here,
    running,
    web_workers,
)

X = pd.DataFrame({"size": [1.0, 2.0, 3.0]})


def publish_constant(root: Path, value: float, name: str = "constant") -> Path:
    model = DummyRegressor(strategy="constant", constant=value).fit(X, [1.0, 2.0, 3.0])
    return publish(model, X, name=name, root=root).folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    publish_constant(models, 1.0)
    return models


@pytest.fixture
def watching(root: Path, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "log", SERVERY_MODELS=str(root), WEB_CONCURRENCY="2") as server:
        yield server


def ask(server: Server, model: str = "constant") -> float:
    response = server.predict(model, {"inputs": {"size": 2.0}})
    assert response.status_code == 200, response.text
    return float(response.json()["prediction"])


def await_steady(server: Server, is_so: Callable[[], bool]) -> None:
    """Wait until something holds whichever worker is asked."""
    eventually(lambda: each_worker_says(server, is_so))


def test_a_new_version_takes_over_in_every_worker_without_a_failed_request(
    watching: Server, root: Path
) -> None:
    answers: list[float] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            answers.append(ask(watching))

    asking = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in asking:
        thread.start()
    eventually(lambda: len(answers) > 0)
    publish_constant(root, 2.0)
    await_steady(watching, lambda: ask(watching) == 2.0)
    stop.set()
    for thread in asking:
        thread.join()
    assert set(answers) == {1.0, 2.0}
    assert watching.predict("constant@1", {"inputs": {"size": 2}}).json()["prediction"] == 1.0


def test_a_new_model_is_served_and_one_taken_away_is_not(watching: Server, root: Path) -> None:
    publish_constant(root, 7.0, "seven")
    await_steady(watching, lambda: watching.get("/api/v1/models/seven").status_code == 200)
    shutil.rmtree(root / "seven")
    await_steady(watching, lambda: watching.get("/api/v1/models/seven").status_code == 404)
    assert ask(watching) == 1.0


def test_a_broken_version_is_reported_and_the_old_one_goes_on(watching: Server, root: Path) -> None:
    folder = publish_constant(root, 2.0)
    (folder / "model.json").write_text('{"format": 1}')
    await_steady(watching, lambda: bool(watching.get("/api/v1/models").json()["broken"]))
    [broken] = watching.get("/api/v1/models").json()["broken"]
    assert (broken["name"], broken["version"]) == ("constant", "2")
    assert "model.json" in broken["detail"]
    ready = watching.get("/readyz").json()["models"]
    assert ready["constant"] == "ready"
    assert "model.json" in ready["constant@2"]
    assert "constant@2 cannot be served" in watching.log.read_text()
    assert ask(watching) == 1.0


def test_a_card_that_is_broken_on_the_way_leaves_the_model_as_it_was(
    watching: Server, root: Path
) -> None:
    card = root / "constant" / "card.toml"
    words = card.read_text()
    card.write_text("title = ")
    await_steady(watching, lambda: bool(watching.get("/api/v1/models").json()["broken"]))
    assert ask(watching) == 1.0
    card.write_text(words.replace('title = "Constant"', 'title = "Steady"'))
    await_steady(
        watching,
        lambda: (
            watching.get("/api/v1/models/constant").json()["title"] == "Steady"
            and not watching.get("/api/v1/models").json()["broken"]
        ),
    )


def test_one_command_rolls_back_and_forth(watching: Server, root: Path) -> None:
    publish_constant(root, 2.0)
    await_steady(watching, lambda: ask(watching) == 2.0)

    def rollback(*words: str) -> str:
        done = run_here("rollback", *words, "--models", root)
        return done.stdout + done.stderr

    assert "version 1 is served from now on" in rollback("constant")
    await_steady(watching, lambda: ask(watching) == 1.0)
    assert "has no version" in rollback("constant")
    assert "version 2 is served from now on" in rollback("constant", "--newest")
    await_steady(watching, lambda: ask(watching) == 2.0)
    assert "version 1" in rollback("constant@1")
    assert "no version '9'" in rollback("constant@9")
    assert "Did you mean 'constant'" in rollback("konstant")


def test_a_killed_worker_comes_back_with_what_is_served_now(watching: Server, root: Path) -> None:
    publish_constant(root, 2.0)
    await_steady(watching, lambda: ask(watching) == 2.0)
    killed = web_workers(watching)
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    eventually(lambda: len(new := web_workers(watching)) == 2 and not {*new} & {*killed})
    await_steady(watching, lambda: ask(watching) == 2.0)
