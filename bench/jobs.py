"""Measure batch jobs: from upload to download against the command line, and beside predictions.

All in one run and in turns, on a server with its worker as `servery serve` starts both.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import requests

from bench.batch import HERE, measured, score, write_table
from bench.load import require_wrk, run
from bench.rows import bodies, instances
from bench.servers import ROOT, end_group, free_port
from servery.repository import Repository

ROWS = 2_000_000
CLIENTS = 4
LOAD_S = 4
CSV = {"Content-Type": "text/csv"}


def main() -> None:
    """Measure, hold the results against each other, and write JOBS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Folder of the training data, for real rows.")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="servery-bench-") as folder:
        work = Path(folder)
        table = work / "people.csv"
        write_table(table, ROWS, options.data)
        asked = work / "bodies.txt"
        model = Repository(ROOT / "models", only="income").get("income")
        asked.write_text("\n".join(bodies(instances(model, options.data))), encoding="utf-8")
        by_command, by_http = [], []
        calm, beside = [], []
        with serving(work) as url:
            for _ in range(options.rounds):
                by_command.append(measured([*score(table, 1), "-o", str(work / "a.csv")]).seconds)
                by_http.append(over_http(url, table, work / "b.csv"))
                if (work / "a.csv").read_bytes() != (work / "b.csv").read_bytes():
                    raise SystemExit("The server gave another result than the command.")
                calm.append(p99_ms(url, asked))
                beside.append(beside_a_job(url, table, asked))
    lines = text(by_command, by_http, calm, beside)
    (HERE / "JOBS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Start a server with its worker, and wait until both answer."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("servery")), "serve", str(ROOT / "models")]
    environ = {**os.environ, "PORT": str(port), "SERVERY_JOBS": str(folder / "jobs")}
    with (folder / "log").open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, env=environ, stdout=sink, stderr=sink, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    small = b"age,workclass,education,marital.status,race,sex,hours.per.week\n"
    small += b"39,Private,Bachelors,Divorced,White,Male,40\n"
    try:
        for _ in range(300):
            try:
                if requests.get(f"{url}/readyz", timeout=5).ok:
                    break
            except requests.ConnectionError:
                time.sleep(0.1)
        ended(url, posted(url, small))
        yield url
    finally:
        end_group(process)


def posted(url: str, data: object) -> str:
    """Upload a table, and return the address of its job."""
    address = f"{url}/api/v1/models/income/batches"
    answer = requests.post(address, data=data, headers=CSV, timeout=600)  # type: ignore[arg-type]
    answer.raise_for_status()
    return url + answer.headers["Location"]


def ended(url: str, job: str) -> None:
    """Wait until a job is done."""
    while (status := requests.get(job, timeout=30).json()["status"]) != "done":
        if status not in {"queued", "running"}:
            raise SystemExit(f"{url}: a job is {status}")
        time.sleep(0.05)


def over_http(url: str, table: Path, result: Path) -> float:
    """Return the seconds from the first byte up to the last byte down."""
    began = time.perf_counter()
    with table.open("rb") as file:
        job = posted(url, file)
    ended(url, job)
    with requests.get(f"{job}/result", stream=True, timeout=600) as answer, result.open("wb") as to:
        for piece in answer.iter_content(1 << 20):
            to.write(piece)
    seconds = time.perf_counter() - began
    requests.delete(job, timeout=30).raise_for_status()
    return seconds


def p99_ms(url: str, asked: Path) -> float:
    """Return the p99 of single predictions."""
    return run(f"{url}/api/v1/models/income/predictions", asked, CLIENTS, LOAD_S).p99_ms


def beside_a_job(url: str, table: Path, asked: Path) -> float:
    """Return the p99 of single predictions while jobs are worked on all the time."""
    stop = threading.Event()
    jobs: list[str] = []

    def keep_busy() -> None:
        while not stop.is_set():
            with table.open("rb") as file:
                jobs.append(posted(url, file))
            while not stop.is_set() and requests.get(jobs[-1], timeout=30).json()["status"] in {
                "queued",
                "running",
            }:
                time.sleep(0.2)

    busy = threading.Thread(target=keep_busy)
    busy.start()
    while not jobs:  # the upload is not what is measured
        time.sleep(0.05)
    seen = p99_ms(url, asked)
    stop.set()
    busy.join()
    for job in jobs:
        requests.delete(job, timeout=30)
    return seen


def text(
    by_command: list[float], by_http: list[float], calm: list[float], beside: list[float]
) -> list[str]:
    """Return JOBS.md."""
    rates = [one / other for one, other in zip(by_command, by_http, strict=True)]
    slower = [one / other for one, other in zip(beside, calm, strict=True)]
    command_s, http_s = statistics.median(by_command), statistics.median(by_http)
    return [
        "# Batch jobs",
        "",
        "Written by `python -m bench.jobs`, which `make bench` runs: income, "
        f"{ROWS:,} real rows repeated, CSV to",
        "CSV, a server with its worker on the same machine; medians of "
        f"{len(rates)} rounds, in turns.",
        "",
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| | s | rows/s | of the command's rate |",
        "| --- | --- | --- | --- |",
        f"| `servery score`, one process | {command_s:.2f} | {ROWS / command_s:,.0f} | 1.00 |",
        f"| upload, job, download | {http_s:.2f} | {ROWS / http_s:,.0f} "
        f"| **{statistics.median(rates):.2f}** |",
        "",
        f"| single predictions, {CLIENTS} clients | p99 ms | times |",
        "| --- | --- | --- |",
        f"| alone | {statistics.median(calm):.2f} | 1.00 |",
        f"| beside a job | {statistics.median(beside):.2f} | **{statistics.median(slower):.2f}** |",
    ]


if __name__ == "__main__":
    main()
