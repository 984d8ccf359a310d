"""Measure everything in one run, in turns, and write RESULTS.md and a plot.

Ratios are what counts: machines differ, and their noise falls on all alike when they take turns.
"""

import argparse
import contextlib
import json
import math
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import requests

from bench import pages, report
from bench.load import Load, require_wrk, run
from bench.rows import bodies, instances
from bench.servers import COMMANDS, ROOT, Server, started
from servery.artifact import LoadPolicy, read_artifact
from servery.artifact.opening import open_estimator
from servery.explaining import capabilities
from servery.repository import Repository
from servery.runtimes.answers import plain_answers
from servery.runtimes.sklearn import SklearnRuntime
from servery.served import ServedModel

CLIENTS = (1, 16)
CHECKED = 25
MANY = 10_000
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to load: a label, a server, an address and the model that its bodies are for."""

    label: str
    server: str
    path: str
    model: str


@dataclass(slots=True)
class Measured:
    """All that one run saw; ``loads`` by case and number of clients, in the order of the rounds."""

    rounds: int
    seconds: float
    loads: dict[tuple[str, int], list[Load]] = field(default_factory=dict)
    memory_mib: dict[str, float] = field(default_factory=dict)
    first_answer_s: dict[str, list[float]] = field(default_factory=dict)
    many: dict[str, float] = field(default_factory=dict)
    explaining: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    alone_us: dict[str, float] = field(default_factory=dict)
    memory_after_mib: dict[str, float] = field(default_factory=dict)
    pages: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def predictions(name: str) -> str:
    """Return the address of a model's predictions."""
    return f"/api/v1/models/{name}/predictions"


def cases(models: list[str]) -> list[Case]:
    """Return what is compared; the floors come first."""
    ours = [Case(f"Servery, {name}", "servery", predictions(name), name) for name in models]
    return [
        Case("bare WSGI callable", "bare", "/", "income"),
        Case(report.FLOOR, "flask", "/", "income"),
        *ours,
        Case("Servery under granian, income", "granian", predictions("income"), "income"),
        Case("tutorial, income", "tutorial", "/", "income"),
        Case("FastAPI, income", "fastapi", "/", "income"),
        Case("FastAPI, empty endpoint", "fastapi", "/empty", "income"),
    ]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for real rows")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of load, for each measurement")
    given = parser.parse_args()
    require_wrk()
    pages.install()
    repository = Repository(ROOT / "models")
    rows = {model.name: instances(model, given.data) for model in repository}
    measured = Measured(given.rounds, given.seconds)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = {}
        for name, asked in rows.items():
            files[name] = folder / f"{name}.txt"
            files[name].write_text("\n".join(bodies(asked)), encoding="utf-8")
        measure_starts(measured, rows, folder)
        running = {
            name: stack.enter_context(
                started(name, _path(name), bodies(rows["income"])[0], folder / f"{name}.log")
            )
            for name in COMMANDS
        }
        for model in repository:
            check(model, running["servery"], rows[model.name])
        measured.memory_mib = {name: server.memory_mib() for name, server in running.items()}
        compared = cases(sorted(rows))
        for turn in range(given.rounds):
            for clients in CLIENTS:
                for case in compared:
                    address = running[case.server].url + case.path
                    seen = run(address, files[case.model], clients, given.seconds)
                    measured.loads.setdefault((case.label, clients), []).append(seen)
                    print(
                        f"{turn + 1}/{given.rounds}  {clients:2} clients  {case.label:32}"
                        f"{seen.per_second:10,.0f}/s  p99 {seen.p99_ms:7.2f} ms",
                        flush=True,
                    )
        for _ in range(given.rounds):
            measure_explaining(measured, running["servery"], repository, rows, folder)
        measure_many(measured, running["servery"], rows["income"])
        measured.memory_after_mib = {name: each.memory_mib() for name, each in running.items()}
        measured.pages = pages.measure(running["servery"], folder)
    measure_alone(measured, repository, rows)
    report.write(measured, [case.label for case in compared])


def _path(name: str) -> str:
    return predictions("income") if name in {"servery", "granian"} else "/"


def measure_starts(measured: Measured, rows: dict[str, Any], folder: Path) -> None:
    """Start each server alone, a few times, and note when it first answered."""
    body = bodies(rows["income"])[0]
    for _ in range(measured.rounds):
        for name in COMMANDS:
            with started(name, _path(name), body, folder / "start.log") as server:
                measured.first_answer_s.setdefault(name, []).append(server.first_answer_s)


def check(model: ServedModel, server: Server, rows: list[dict[str, Any]]) -> None:
    """Hold a server's answers to the estimator's own, before anything is timed."""
    artifact = model.manifest.artifacts[0]
    data = read_artifact(ROOT / "models" / model.name / model.version, artifact)
    estimator = open_estimator(data, artifact.file, LoadPolicy()).estimator
    runtime = SklearnRuntime(estimator, model.signature, model.manifest.runtime)
    asked = rows[:CHECKED]
    truth = plain_answers(
        model.signature.output, runtime.predict(model.signature.parse(asked).rows)
    )
    for row, (value, probabilities) in zip(asked, truth, strict=True):
        answer = requests.post(
            server.url + predictions(model.name), json={"inputs": row}, timeout=30
        ).json()
        same = answer["prediction"] == value or (
            isinstance(value, float) and math.isclose(answer["prediction"], value, rel_tol=1e-6)
        )
        sure = sorted(each["probability"] for each in answer.get("probabilities") or ())
        expected = sorted(probabilities or ())
        close = all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(sure, expected, strict=True))
        if not (same and close):
            raise RuntimeError(f"{model.name} answers {answer} for {row}, expected {value}")


def measure_explaining(
    measured: Measured,
    server: Server,
    repository: Repository,
    rows: dict[str, list[dict[str, Any]]],
    folder: Path,
) -> None:
    """Ask why and what if of each model, one client, in turns with single predictions of it."""
    for model in repository:
        asked = rows[model.name][:200]
        names = model.signature.names
        questions = {
            "predictions": bodies(asked),
            "explanations": bodies(asked),
            "curves": [
                json.dumps({"inputs": row, "input": names[number % len(names)]})
                for number, row in enumerate(asked)
            ],
        }
        offered = {"predictions", *capabilities(model)}
        for resource, lines in questions.items():
            if resource in offered:
                file = folder / f"{model.name}-{resource}.txt"
                file.write_text("\n".join(lines), encoding="utf-8")
                address = f"{server.url}/api/v1/models/{model.name}/{resource}"
                seen = run(address, file, 1, measured.seconds)
                measured.explaining.setdefault((model.name, resource), []).append(seen.p50_ms)
                print(f"{model.name:10} {resource:14} p50 {seen.p50_ms:7.2f} ms", flush=True)


def measure_many(measured: Measured, server: Server, rows: list[dict[str, Any]]) -> None:
    """Ask for many rows in one request, and read the same body by JSON readers alone."""
    asked = (rows * (MANY // len(rows) + 1))[:MANY]
    body = json.dumps({"instances": asked}).encode()
    address = server.url + predictions("income")
    times: dict[str, list[float]] = {"Servery, over HTTP": [], "json.loads": [], "msgspec": []}
    with requests.Session() as session:
        for _ in range(3 + 3 * measured.rounds):
            before = time.perf_counter()
            answer = session.post(address, data=body, headers=JSON, timeout=60)
            times["Servery, over HTTP"].append(time.perf_counter() - before)
            answer.raise_for_status()
            for name, read in (("json.loads", json.loads), ("msgspec", msgspec.json.decode)):
                before = time.perf_counter()
                read(body)
                times[name].append(time.perf_counter() - before)
    measured.many = {name: MANY / statistics.median(each[3:]) for name, each in times.items()}


def measure_alone(measured: Measured, repository: Repository, rows: dict[str, Any]) -> None:
    """Call each runtime in this process, one row at a time."""
    for model in repository:
        parsed = [model.signature.parse([row]).rows for row in rows[model.name][:200]]
        predict = model.runtime.predict
        times = []
        for _ in range(25):
            before = time.perf_counter()
            for each in parsed:
                predict(each)
            times.append((time.perf_counter() - before) / len(parsed))
        measured.alone_us[model.name] = statistics.median(times[5:]) * 1e6


if __name__ == "__main__":
    main()
