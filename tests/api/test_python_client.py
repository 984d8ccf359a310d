"""The Python client against a real server: the same answers as the API, on both of its sides."""

import asyncio
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pandas as pd
import pytest
import requests

import servery
import servery_client
from servery.jobs.files import Files
from servery.tables.registry import FORMATS
from servery_client import (
    ClientError,
    InvalidInputs,
    JobFailed,
    NotFound,
    Prediction,
    Progress,
    Unreachable,
    batches,
    connect,
    connect_async,
)
from servery_client.flows import PIECE_BYTES, Reply
from servery_client.questions import AT_ONCE
from servery_client.uploads import Upload
from tests.conftest import PATIENCE_S, ROOT, Server, eventually, free_port, running
from tests.conftest import servery as servery_command

DOG = {"height": 88, "weight": 46}
BIKES = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}
PETS = "name,height,weight\nRex,88,46\nTom,80,38\nBlob,tall,40\n"


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("client") / "jobs"


@pytest.fixture(scope="module")
def server(jobs: Path) -> Iterator[Server]:
    """Yield a server with a job worker beside it."""
    command = servery_command("serve", ROOT / "models")
    given = {"SERVERY_JOBS": str(jobs), "SERVERY_EXPLAIN_BUDGET_MS": "60000"}
    with running(jobs.parent / "log", None, command, **given) as started:
        eventually(Files(jobs).has_worker)
        yield started


def uploads(jobs: Path) -> list[Path]:
    return list(jobs.glob("*/upload"))


@pytest.fixture
def client(server: Server) -> Iterator[servery_client.Client]:
    with connect(server.url, timeout_s=PATIENCE_S) as found:
        yield found


def test_it_is_part_of_servery_where_both_are_installed() -> None:
    assert servery.connect is connect
    assert servery.connect_async is connect_async


def test_models_are_listed(client: servery_client.Client, server: Server) -> None:
    listed = server.get("/api/v1/models").json()["models"]
    assert [each.name for each in client.models()] == [each["name"] for each in listed]
    assert client["bikes@1"].facts()["signature"]["output"]["unit"] == "bikes"


def test_one_instance_is_predicted_as_the_api_does(
    client: servery_client.Client, server: Server
) -> None:
    answer = client["species"].predict(DOG)
    expected = server.predict("species", {"inputs": DOG}).json()
    assert dict(answer.raw) | {"request_id": ""} == expected | {"request_id": ""}
    assert answer.prediction == "Dog"
    assert answer.probabilities == {
        each["class"]: each["probability"] for each in expected["probabilities"]
    }
    assert answer.prediction_set is not None
    assert list(answer.prediction_set.classes) == expected["prediction_set"]["classes"]
    number = client["bikes"].predict(BIKES)
    assert number.interval is not None
    assert number.interval.low < number.prediction < number.interval.high
    assert number.unit == "bikes"


def test_warnings_are_a_part_of_the_answer(client: servery_client.Client) -> None:
    [warned] = client["species"].predict({"height": 90, "weight": 50}).warnings
    assert (warned.input, warned.code) == ("weight", "outside-training-range")


def test_many_instances_are_predicted_in_their_order(client: servery_client.Client) -> None:
    heights = [60 + number % 40 for number in range(AT_ONCE + 10)]
    answers = client["species"].predict([{"height": each, "weight": 40} for each in heights])
    assert len(answers) == len(heights)
    assert answers[5] == client["species"].predict([{"height": 65, "weight": 40}])[0]
    assert answers[AT_ONCE + 5].raw == answers[5 + AT_ONCE % 40].raw


def test_the_faults_of_all_parts_are_named_with_their_rows(client: servery_client.Client) -> None:
    instances: list[dict[str, Any]] = [DOG] * (AT_ONCE + 10)
    instances[3] = {"height": "tall", "weight": 46, "wieght": 4}
    instances[AT_ONCE + 4] = {"weight": None, "height": 88}
    with pytest.raises(InvalidInputs) as refused:
        client["species"].predict(instances)
    found = {(each.row, each.input, each.code) for each in refused.value.faults}
    assert found == {
        (3, "height", "not-a-number"),
        (3, "wieght", "unknown-input"),
        (AT_ONCE + 4, "weight", "missing"),
    }
    last = next(each for each in refused.value.faults if each.code == "missing")
    assert last.pointer == f"#/instances/{AT_ONCE + 4}/weight"
    assert "row 3, height: Expected a number" in str(refused.value)


def test_a_frame_comes_back_as_a_frame(client: servery_client.Client) -> None:
    frame = pd.DataFrame({"height": [88, 80], "weight": [46.0, 90]}, index=["Rex", "Tom"])
    found = client["species"].predict(frame)
    assert list(found.index) == ["Rex", "Tom"]
    assert list(found.columns) == [
        "prediction",
        "label",
        "prediction_set",
        "reliability",
        "reliability_rows",
        "probability_Cat",
        "probability_Dog",
        "warnings",
    ]
    assert found["prediction"].tolist() == ["Dog", "Dog"]
    assert "Seen in training" in found["warnings"]["Tom"]


def test_missing_cells_of_a_frame_are_missing_values(client: servery_client.Client) -> None:
    income = client["income"]
    example = income.facts()["examples"][0]["inputs"]
    frame = pd.DataFrame([example, example | {"workclass": None}])
    found = income.predict(frame)
    for row, workclass in enumerate([example["workclass"], None]):
        expected = income.predict(example | {"workclass": workclass})
        assert expected.probabilities is not None
        assert found["probability_>50K"][row] == expected.probabilities[">50K"]
    frame["workclass"] = pd.Series(["Astronaut", float("nan")])
    assert "workclass" in income.predict(frame)["warnings"][0]


def test_it_explains_and_says_what_would_change_the_answer(client: servery_client.Client) -> None:
    explanation = client["species"].explain(DOG, output="Dog")
    total = explanation.base + sum(each.contribution for each in explanation.contributions)
    assert total == pytest.approx(explanation.prediction)
    first = client["bikes"].counterfactuals(BIKES, target={"max": 4000})[0]
    changed = BIKES | {each.input: each.to for each in first.changes}
    assert client["bikes"].predict(changed).prediction == first.prediction
    assert float(first.prediction) <= 4000


def test_a_file_is_scored_with_progress(client: servery_client.Client, tmp_path: Path) -> None:
    table = tmp_path / "pets.csv"
    table.write_text(PETS)
    seen: list[Progress] = []
    scored = client["species"].score(table, tmp_path / "scored.csv", progress=seen.append)
    assert (scored.rows, scored.bad_rows) == (3, 1)
    lines = scored.path.read_text().splitlines()
    assert lines[0].startswith("name,height,weight,prediction,")
    assert lines[1].startswith("Rex,88,46,Dog,")
    assert seen[-1] == Progress("done", 3, 3, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pets.csv", "scored.csv"]


def test_columns_are_chosen_and_outcomes_compared(
    client: servery_client.Client, tmp_path: Path
) -> None:
    table = tmp_path / "pets.csv"
    table.write_text("tall;weight;kind\n88;46;Dog\n80;38;Cat\n")
    scored = client["species"].score(
        table,
        tmp_path / "scored.jsonl",
        columns={"height": "tall"},
        delimiter=";",
        target="kind",
        to="jsonl",
    )
    assert '"prediction":"Dog"' in scored.path.read_text().replace(" ", "")
    assert scored.evaluation is not None


def test_a_table_that_needs_a_decision_is_named_and_deleted(
    client: servery_client.Client, tmp_path: Path
) -> None:
    table = tmp_path / "pets.csv"
    table.write_text("a,b\n1,2\n")
    with pytest.raises(JobFailed) as failed:
        client["species"].score(table, tmp_path / "scored.csv")
    assert failed.value.code == "unmatched-columns"
    assert [path.name for path in tmp_path.iterdir()] == ["pets.csv"]
    with pytest.raises(InvalidInputs, match="Did you mean 'delimiter'"):
        client["species"].score(table, tmp_path / "scored.csv", delimeter=";")


def test_no_job_is_left_on_the_server(
    client: servery_client.Client, jobs: Path, tmp_path: Path
) -> None:
    table = tmp_path / "pets.csv"
    table.write_text(PETS)
    left: list[list[Path]] = []

    def stop(_: Progress) -> None:
        left.append(uploads(jobs))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client["species"].score(table, tmp_path / "scored.csv", progress=stop)
    assert len(left[0]) == 1
    assert uploads(jobs) == []
    assert not (tmp_path / "scored.csv").exists()


class Held(ThreadingHTTPServer):
    """A proxy that passes an upload on, and keeps its answer until it may go."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Holding)
        self.behind = behind
        self.is_uploaded = threading.Event()
        self.may_go = threading.Event()


class Holding(BaseHTTPRequestHandler):
    server: Held
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._pass_on(body)

    def do_DELETE(self) -> None:
        self._pass_on(None)

    def _pass_on(self, body: bytes | None) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        answer = requests.request(
            self.command,
            self.server.behind + self.path,
            data=body,
            headers=headers,
            timeout=PATIENCE_S,
        )
        if body is not None:
            self.server.is_uploaded.set()
            self.server.may_go.wait(PATIENCE_S)
        self.send_response(answer.status_code)
        if answer.status_code != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def held(server: Server) -> Iterator[Held]:
    """Yield a proxy before the server."""
    with Held(server.url) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()


#: Scores a table, and says so when Ctrl-C stops it.
STOPPED = """
import sys
import servery_client
address, table, into = sys.argv[1:]
with servery_client.connect(address) as client:
    try:
        client["species"].score(table, into)
    except KeyboardInterrupt:
        print("stopped")
"""


def test_ctrl_c_leaves_no_job_while_the_answer_to_the_upload_is_awaited(
    held: Held, jobs: Path, tmp_path: Path
) -> None:
    table = tmp_path / "pets.csv"
    table.write_text(PETS)
    address = f"http://127.0.0.1:{held.server_port}"
    command = [sys.executable, "-c", STOPPED, address, str(table), str(tmp_path / "scored.csv")]
    environ = os.environ | {"PYTHONPATH": str(ROOT / "client")}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert held.is_uploaded.wait(PATIENCE_S)
        assert len(uploads(jobs)) == 1
        process.send_signal(signal.SIGINT)
        held.may_go.set()
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert said == "stopped\n"
    assert uploads(jobs) == []


@pytest.mark.parametrize(
    ("backend", "is_native"), [("asyncio", False), ("asyncio", True), ("trio", False)]
)
def test_a_cancelled_task_leaves_no_job_while_the_answer_to_the_upload_is_awaited(
    held: Held, jobs: Path, tmp_path: Path, backend: str, *, is_native: bool
) -> None:
    table = tmp_path / "pets.csv"
    table.write_text(PETS)

    async def score() -> None:
        async with connect_async(f"http://127.0.0.1:{held.server_port}") as client:
            await client["species"].score(table, tmp_path / "scored.csv")

    async def cancel() -> None:
        if is_native:
            task = asyncio.create_task(score())
            await anyio.to_thread.run_sync(held.is_uploaded.wait)
            task.cancel()
            held.may_go.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            return
        async with anyio.create_task_group() as group:
            group.start_soon(score)
            await anyio.to_thread.run_sync(held.is_uploaded.wait)
            assert len(uploads(jobs)) == 1
            group.cancel_scope.cancel()
            held.may_go.set()

    anyio.run(cancel, backend=backend)
    assert uploads(jobs) == []
    assert not (tmp_path / "scored.csv").exists()


def test_an_upload_breaks_off_before_its_last_piece(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_bytes(b"0" * (2 * PIECE_BYTES))
    upload = Upload(table)
    pieces: list[bytes] = []

    def send(body: Iterator[bytes]) -> Reply:
        for piece in body:
            pieces.append(piece)
            assert upload.is_stopped()
        return Reply(200, {}, b"")

    upload.ask(send)
    assert [len(each) for each in pieces] == [PIECE_BYTES]
    assert upload.reply is None


def test_a_progress_of_asyncio_is_awaited(server: Server, tmp_path: Path) -> None:
    (tmp_path / "pets.csv").write_text(PETS)
    seen: list[str] = []

    async def told(job: Progress) -> None:
        await asyncio.sleep(0)
        seen.append(job.status)

    async def ask() -> None:
        async with connect_async(server.url) as client:
            species = client["species"]
            await species.score(tmp_path / "pets.csv", tmp_path / "scored.csv", progress=told)

    asyncio.run(ask())
    assert seen[-1] == "done"


def test_the_place_of_the_result_is_checked_before_the_upload(
    client: servery_client.Client, tmp_path: Path
) -> None:
    (tmp_path / "pets.csv").write_text(PETS)
    for place, reason in (("nodir/o.csv", "no folder .*nodir"), ("o.csv.gz", "Unknown format")):
        with pytest.raises(ClientError, match=reason):
            client["missing"].score(tmp_path / "pets.csv", tmp_path / place)


def test_the_ending_of_the_result_gives_its_format(
    client: servery_client.Client, tmp_path: Path
) -> None:
    assert {name: each.endings for name, each in FORMATS.items()} == batches.FORMATS
    (tmp_path / "pets.csv").write_text(PETS)
    scored = client["species"].score(tmp_path / "pets.csv", tmp_path / "o.parquet")
    assert pd.read_parquet(scored.path)["prediction"].tolist()[0] == "Dog"
    plain = client["species"].score(tmp_path / "pets.csv", tmp_path / "o.parquet", to="csv")
    assert plain.path.read_text().startswith("name,height")


def test_a_job_that_nobody_scores_is_given_up_in_time(tmp_path: Path) -> None:
    (tmp_path / "pets.csv").write_text(PETS)
    kept = str(tmp_path / "jobs")
    with (
        running(tmp_path / "log", SERVERY_JOBS=kept) as server,
        connect(server.url) as client,
    ):
        with pytest.raises(JobFailed, match=r"still queued after 0\.3 s.*job worker") as failed:
            client["species"].score(tmp_path / "pets.csv", tmp_path / "o.csv", timeout_s=0.3)
        assert failed.value.code == "timeout"
        assert uploads(tmp_path / "jobs") == []


def test_a_model_that_is_not_there_is_named(client: servery_client.Client) -> None:
    with pytest.raises(NotFound, match=r"specis.*species") as refused:
        client["specis"].predict(DOG)
    assert refused.value.code == "model-not-found"
    assert refused.value.request_id


def test_inputs_of_other_kinds_are_refused_before_they_are_sent(
    client: servery_client.Client,
) -> None:
    with pytest.raises(TypeError, match="found int"):
        client["species"].predict(3)
    with pytest.raises(TypeError, match="found int"):
        client[5]  # type: ignore[index] # as is everything here
    frame = pd.DataFrame([DOG])
    for ask in (client["species"].explain, client["species"].counterfactuals):
        with pytest.raises(TypeError, match=r"^Expected a dict of inputs, found DataFrame\.$"):
            ask(frame, **({} if ask.__name__ == "explain" else {"target": "Cat"}))
    with pytest.raises(ClientError, match="not the address of a server"):
        connect("models.example.org")


@pytest.mark.parametrize(
    ("value", "code", "detail"),
    [
        (float("nan"), "not-finite", "found nan. Pass None for a missing value"),
        (float("inf"), "not-finite", "found inf"),
        (np.float32("-inf"), "not-finite", "finite number"),
        ("a\ud800", "not-a-text", "surrogate"),
        (np.array([1, 2]), "not-json", "found ndarray"),
    ],
)
def test_what_json_cannot_hold_is_named_with_its_row_and_input(
    client: servery_client.Client, value: object, code: str, detail: str
) -> None:
    with pytest.raises(InvalidInputs, match=f"height: .*{detail}") as refused:
        client["species"].predict({"height": value, "weight": 3})
    [fault] = refused.value.faults
    assert (fault.row, fault.input, fault.pointer) == (None, "height", "#/inputs/height")
    row = AT_ONCE + 4
    instances = [DOG] * row + [{"height": value, "weight": 3}]
    with pytest.raises(InvalidInputs, match=f"row {row}, height: ") as refused:
        client["species"].predict(instances)
    [fault] = refused.value.faults
    assert (fault.row, fault.input, fault.code) == (row, "height", code)
    assert fault.pointer == f"#/instances/{row}/height"


def test_a_time_that_is_missing_is_sent_as_missing(client: servery_client.Client) -> None:
    for missing in (pd.NaT, np.datetime64("NaT")):
        with pytest.raises(InvalidInputs, match="Expected a value") as refused:
            client["species"].predict({"height": missing, "weight": 3})
        assert [each.input for each in refused.value.faults] == ["height"]


def test_a_cell_that_json_cannot_hold_is_named(client: servery_client.Client) -> None:
    frame = pd.DataFrame({"height": [88, float("inf")], "weight": [46, 3]})
    with pytest.raises(InvalidInputs, match="row 1, height: Expected a finite number, found inf"):
        client["species"].predict(frame)


def test_two_columns_of_one_name_are_refused(client: servery_client.Client) -> None:
    frame = pd.DataFrame([[88, 46, 1]], columns=["height", "weight", "height"])
    with pytest.raises(InvalidInputs, match="height: Expected one column") as refused:
        client["species"].predict(frame)
    assert [each.input for each in refused.value.faults] == ["height"]


@pytest.mark.parametrize("model", ["species", "bikes", "income"])
def test_an_empty_frame_comes_back_with_the_columns_of_a_full_one(
    client: servery_client.Client, model: str
) -> None:
    example = client[model].facts()["examples"][0]["inputs"]
    full = pd.DataFrame([example]).set_index(pd.Index(["Rex"], name="who"))
    found = client[model].predict(full.iloc[:0])
    assert list(found.columns) == list(client[model].predict(full).columns)
    assert len(found) == 0
    assert found.index.name == "who"


def test_a_server_that_is_away_is_unreachable() -> None:
    with connect(f"http://127.0.0.1:{free_port()}", tries=2) as client, pytest.raises(Unreachable):
        client.models()


def test_the_asynchronous_twin_has_the_same_answers(
    client: servery_client.Client, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "pets.csv").write_text(PETS)

    async def ask() -> tuple[list[Any], Prediction, float, str]:
        async with connect_async(server.url, timeout_s=PATIENCE_S) as twin:
            species = twin["species"]
            models, answer, why, changes = await asyncio.gather(
                twin.models(),
                species.predict(DOG),
                species.explain(DOG),
                twin["bikes"].counterfactuals(BIKES, target={"max": 4000}),
            )
            assert changes == client["bikes"].counterfactuals(BIKES, target={"max": 4000})
            scored = await species.score(tmp_path / "pets.csv", tmp_path / "scored.csv")
            return models, answer, why.prediction, scored.path.read_text()

    models, answer, why, result = asyncio.run(ask())
    assert models == client.models()
    assert answer.probabilities == client["species"].predict(DOG).probabilities
    assert why == client["species"].explain(DOG).prediction
    client["species"].score(tmp_path / "pets.csv", tmp_path / "again.csv")
    assert result == (tmp_path / "again.csv").read_text()


def test_every_method_has_its_asynchronous_twin() -> None:
    pairs = [
        (servery_client.Client, servery_client.AsyncClient),
        (servery_client.Model, servery_client.AsyncModel),
    ]
    for one, other in pairs:
        names = {name for name in vars(one) if not name.startswith("_")}
        assert names == {name for name in vars(other) if not name.startswith("_")}


class Busy(ThreadingHTTPServer):
    """A proxy that answers some statuses of its own before it passes requests on."""

    def __init__(self, behind: str, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.behind = behind
        self.statuses = list(statuses)


class Passing(BaseHTTPRequestHandler):
    server: Busy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.statuses:
            self.send_response(self.server.statuses.pop(0))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind = self.headers["Content-Type"]
        address = self.server.behind + self.path
        answer = requests.post(
            address, data=body, headers={"Content-Type": kind}, timeout=PATIENCE_S
        )
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_words: object) -> None:
        pass


def test_a_busy_server_is_asked_again(server: Server) -> None:
    with Busy(server.url, 503, 429, 503) as busy:
        threading.Thread(target=busy.serve_forever, daemon=True).start()
        with connect(f"http://127.0.0.1:{busy.server_port}") as client:
            assert client["species"].predict(DOG).prediction == "Dog"
        assert busy.statuses == []
        busy.shutdown()


def test_days_of_a_frame_are_sent_as_the_model_takes_them(tmp_path: Path) -> None:
    models = str(ROOT / "tests" / "fixtures" / "published")
    with (
        running(tmp_path / "log", SERVERY_MODELS=models) as server,
        connect(server.url) as client,
    ):
        visits = client["visits"]
        asked = visits.facts()["signature"]["inputs"]
        inputs = {each["name"]: each["type"] for each in asked}
        given = {each["name"]: each["typical"] for each in asked} | {"remark": "On time again."}
        frame = pd.DataFrame([given])
        for name, kind in inputs.items():
            if kind in ("date", "datetime"):
                frame[name] = pd.to_datetime(frame[name])
        assert {"date", "datetime"} <= set(inputs.values())
        found = visits.predict(frame)
        assert found["prediction"].tolist() == [visits.predict(given).prediction]


#: Imports the wheel alone, beside httpx: what of the server or of its libraries it would import
#: is an error.
ALONE = """
import sys
wheel, address = sys.argv[1:]
sys.path.insert(0, wheel)
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"servery", "pandas", "numpy", "sklearn", "msgspec", "flask"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import servery_client
assert servery_client.__file__.startswith(wheel)
with servery_client.connect(address) as client:
    print(client["species"].predict({"height": 88, "weight": 46}).prediction)
"""


def test_the_wheel_works_alone(server: Server, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT / "client", check=True, capture_output=True, timeout=PATIENCE_S)
    [wheel] = tmp_path.glob("servery_client-*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        [metadata] = [name for name in names if name.endswith("/METADATA")]
        needed = [
            line
            for line in files.read(metadata).decode().splitlines()
            if line.startswith("Requires-Dist")
        ]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"servery_client"}
    assert "servery_client/py.typed" in names
    assert needed == ["Requires-Dist: anyio>=4", "Requires-Dist: httpx>=0.27"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, str(wheel), server.url],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout == "Dog\n", done.stderr


def test_the_examples_of_the_guide_run(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pets.csv").write_text(PETS)
    monkeypatch.chdir(tmp_path)
    guide = (ROOT / "docs" / "python-client.md").read_text()
    examples = re.findall(r"^```python\n(.*?)^```$", guide, re.M | re.S)
    names: dict[str, Any] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for each in examples:
            exec(each.replace("http://127.0.0.1:8000", server.url), names)  # noqa: S102
    names["client"].close()
    assert said.getvalue().startswith("Dog 0.99")
    assert "[(0, 'height', 'not-a-number')]" in said.getvalue()
    assert "done 3\n3 1\n" in said.getvalue()
    methods = {name for name in vars(servery_client.Model) if not name.startswith("_")}
    assert [name for name in methods if f"`model.{name}(" not in guide] == []
    errors = [
        name
        for name in servery_client.__all__
        if isinstance(kind := getattr(servery_client, name), type) and issubclass(kind, ClientError)
    ]
    assert [name for name in errors if f"`{name}`" not in guide] == []
