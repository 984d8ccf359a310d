"""Measure whole tables: income, CSV to CSV, against pandas and the estimator, in turns.

Everything is a process of its own, from its start to its end, with all that it loads. Beside it a
cluster is measured on the same rows, a scheduler and two workers on this machine, CSV to Parquet.
"""

import argparse
import compileall
import contextlib
import hashlib
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent
ROWS = 2_000_000
REST_S = 1.0
FEW = ROWS // 10
MODEL = ROOT / "models" / "income" / "1" / "model.joblib"

#: What people write: read, predict_proba, write.
PANDAS = """
import sys
import joblib
import pandas as pd
model, table, result = sys.argv[1:]
estimator = joblib.load(model)
frame = pd.read_csv(table, keep_default_na=False)
probabilities = estimator.predict_proba(frame[list(estimator.feature_names_in_)])
frame["prediction"] = estimator.classes_[probabilities.argmax(axis=1)]
for place, name in enumerate(estimator.classes_):
    frame[f"probability_{name}"] = probabilities[:, place]
frame.to_csv(result, index=False)
"""


#: What a cluster writes has to hold the same rows as what one process does.
ALIKE = """
import sys
from pyarrow import dataset
one, parts = (dataset.dataset(path).to_batches(batch_size=50_000) for path in sys.argv[1:])
def rows(batches):
    for batch in batches:
        yield from batch.to_pylist()
sys.exit(any(a != b for a, b in zip(rows(one), rows(parts), strict=True)))
"""
TENTH = "one process, a tenth of the rows"
TO_PARQUET, CLUSTER = "one process, to Parquet", "cluster of two workers, to Parquet"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of the clock and of the processors, and the most memory held.

    A child counts with its parent; the workers of a cluster are none.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


def main() -> None:
    """Measure, check the results against each other, and write BATCH.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Folder with adult.csv, the rows to repeat.")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "backend", quiet=1)  # as after a first run, or an installation
    with tempfile.TemporaryDirectory(prefix="servery-bench-") as folder:
        work = Path(folder)
        tables = {rows: work / f"{rows}.csv" for rows in (FEW, ROWS)}
        for rows, path in tables.items():
            write_table(path, rows, options.data)
        runs = of_processes(work, tables, options.rounds)
        with cluster(work) as workers:  # not before: even idle it takes some of the processors
            runs |= of_cluster(work, tables[ROWS], workers, options.rounds)
    (HERE / "BATCH.md").write_text(text(runs, options.rounds), encoding="utf-8")


def of_processes(work: Path, tables: dict[int, Path], rounds: int) -> dict[str, list[Run]]:
    """Run what is done by processes of this machine in turns, and check the results."""
    csv = work / "result.csv"
    commands = {
        "pandas": [sys.executable, "-c", PANDAS, str(MODEL), str(tables[ROWS]), str(csv)],
        "one process": [*score(tables[ROWS], 1), "-o", str(csv)],
        "two processes": [*score(tables[ROWS], 2), "-o", str(csv)],
        TENTH: [*score(tables[FEW], 1), "-o", str(csv)],
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    digests: dict[str, str] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(measured(command))
            with csv.open("rb") as file:  # a piece at a time: children inherit our peak
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            csv.unlink()
    if digests["one process"] != digests["two processes"]:
        raise SystemExit("Two processes gave another result than one.")
    return runs


def of_cluster(work: Path, table: Path, workers: "Workers", rounds: int) -> dict[str, list[Run]]:
    """Run one process and a cluster in turns, and check the results against each other."""
    parquet, parts = work / "result.parquet", work / "parts"
    runs: dict[str, list[Run]] = {TO_PARQUET: [], CLUSTER: []}
    for _ in range(rounds):
        runs[TO_PARQUET].append(measured([*score(table, 1), "-o", str(parquet)]))
        shutil.rmtree(parts, ignore_errors=True)
        before = workers.cpu_seconds()
        run = measured([*score(table, 1), "-o", str(parts), "--cluster", workers.address])
        spent = run.cpu_seconds + workers.cpu_seconds() - before
        runs[CLUSTER].append(Run(run.seconds, spent, max(run.peak_mib, workers.peak_mib())))
    measured([sys.executable, "-c", ALIKE, str(parquet), str(parts)])
    return runs


@dataclass(frozen=True, slots=True)
class Workers:
    """The address of a scheduler, and the processes of its workers."""

    address: str
    pids: Sequence[int]

    def cpu_seconds(self) -> float:
        """Return what the workers spent so far."""
        cells = [
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.pids
        ]
        return sum(int(each[11]) + int(each[12]) for each in cells) / os.sysconf("SC_CLK_TCK")

    def peak_mib(self) -> float:
        """Return the most memory that one of them held."""
        lines = [
            line
            for pid in self.pids
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM:")
        ]
        return max(int(line.split()[1]) for line in lines) / 1024


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Workers]:
    """Start a scheduler and two workers of one thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    worker = ["worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]]
    commands += [[*worker, "--no-dashboard", "--local-directory", str(folder)]] * 2
    started = [
        subprocess.Popen([*dask, *each], stderr=subprocess.DEVNULL)  # noqa: S603 - our own words
        for each in commands
    ]
    try:
        yield Workers(address, [process.pid for process in started[1:]])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def score(table: Path, processes: int) -> list[str]:
    """Return the command that scores a table."""
    command = [str(Path(sys.executable).with_name("servery")), "score", "income", str(table)]
    return [*command, "--models", str(ROOT / "models"), "--processes", str(processes), "--quiet"]


def write_table(path: Path, rows: int, data: Path | None) -> None:
    """Repeat real rows; without them, rows of the recorded ones."""
    source = data / "adult.csv" if data else None
    if source is not None:
        header, *lines = source.read_text(encoding="utf-8").splitlines()
    else:
        header, *lines = recorded()
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        left = rows
        while left > 0:
            file.write("\n".join(lines[:left]) + "\n")
            left -= len(lines)


def recorded() -> list[str]:
    """Return a CSV file of the rows that publishing recorded, with ages that differ."""
    from servery.repository import Repository

    golden = Repository(ROOT / "models", only="income").get("income").manifest.golden
    names = list(golden[0].inputs)
    lines = [",".join(names)]
    for age in range(17, 91):
        for each in golden:
            cells = {**each.inputs, "age": age}
            lines.append(",".join("" if cells[n] is None else str(cells[n]) for n in names))
    return lines


def measured(command: Sequence[str]) -> Run:
    """Run a command to its end, after what others wrote and deleted is done with by the system."""
    os.sync()
    time.sleep(REST_S)
    start = time.perf_counter()
    process = os.posix_spawn(command[0], list(command), dict(os.environ))
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}.")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def text(runs: dict[str, list[Run]], rounds: int) -> str:
    """Return BATCH.md."""
    lines = [
        "# Whole tables",
        "",
        "Written by `python -m bench.batch`, which `make bench` runs. Income, real rows repeated,",
        "CSV to CSV where nothing else is said; whole processes with all that they load, in turns,",
        f"medians of {rounds} rounds; a ratio is one of the same round, and its spread is that of",
        "all. The workers of the cluster were there before, of one thread each on these cores; its",
        "one process is that to Parquet.",
        "Where other work shares the machine, seconds of the processors are the steadier figure.",
        "",
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| | rows | s | CPU s | rows/s | times pandas | times one process | peak MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, each in runs.items():
        seconds = statistics.median(run.seconds for run in each)
        spent = statistics.median(run.cpu_seconds for run in each)
        peak = max(run.peak_mib for run in each)
        rows = FEW if name == TENTH else ROWS
        one = runs[TO_PARQUET if name == CLUSTER else "one process"]
        times = ratio(runs["pandas"], each) if rows == ROWS else ""
        ours = ratio(one, each) if name in ("one process", "two processes", CLUSTER) else ""
        lines.append(
            f"| {name} | {rows:,} | {seconds:.2f} | {spent:.2f} | {rows / seconds:,.0f} | {times} "
            f"| {ours} | {peak:,.0f} |"
        )
    return "\n".join([*lines, ""])


def ratio(base: Sequence[Run], runs: Sequence[Run]) -> str:
    """Return how many times as fast as others some runs are, round by round, and the spread."""
    times = [one.seconds / run.seconds for one, run in zip(base, runs, strict=True)]
    spread = "" if base is runs else f" ({min(times):.2f} to {max(times):.2f})"
    return f"{statistics.median(times):.2f}{spread}"


if __name__ == "__main__":
    main()
