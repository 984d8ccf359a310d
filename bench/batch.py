"""Measure whole tables: income, CSV to CSV, against pandas and the estimator, in turns.

Everything is a process of its own, from its start to its end, with all that it loads.
"""

import argparse
import hashlib
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent
ROWS = 2_000_000
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


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of the clock, and the most memory that it or a child of it held."""

    seconds: float
    peak_mib: float


def main() -> None:
    """Measure, check the results against each other, and write BATCH.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="Folder with adult.csv, the rows to repeat.")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="servery-bench-") as folder:
        work = Path(folder)
        tables = {rows: work / f"{rows}.csv" for rows in (FEW, ROWS)}
        for rows, path in tables.items():
            write_table(path, rows, options.data)
        commands = {
            "pandas": [sys.executable, "-c", PANDAS, str(MODEL), str(tables[ROWS])],
            "one process": score(tables[ROWS], 1),
            "two processes": score(tables[ROWS], 2),
            "one process, a tenth of the rows": score(tables[FEW], 1),
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        digests: dict[str, str] = {}
        for _ in range(options.rounds):
            for name, command in commands.items():
                result = work / "result.csv"
                given = [str(result)] if name == "pandas" else ["-o", str(result)]
                runs[name].append(measured([*command, *given]))
                with result.open("rb") as file:  # a piece at a time: children inherit our peak
                    digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
                result.unlink()
        if digests["one process"] != digests["two processes"]:
            raise SystemExit("Two processes gave another result than one.")
    (HERE / "BATCH.md").write_text(text(runs, options.rounds), encoding="utf-8")


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
    """Run a command to its end."""
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, dict(os.environ))
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}.")
    return Run(seconds, usage.ru_maxrss / 1024)


def text(runs: dict[str, list[Run]], rounds: int) -> str:
    """Return BATCH.md."""
    floor = statistics.median(run.seconds for run in runs["pandas"])
    one = statistics.median(run.seconds for run in runs["one process"])
    lines = [
        "# Whole tables",
        "",
        "Written by `python -m bench.batch`, which `make bench` runs. Income, real rows repeated,",
        "CSV to CSV; whole processes with all that they load, in turns, the median of "
        f"{rounds} rounds.",
        "",
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| | rows | s | rows/s | times pandas | times one process | peak MiB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, each in runs.items():
        seconds = statistics.median(run.seconds for run in each)
        peak = max(run.peak_mib for run in each)
        rows = FEW if "tenth" in name else ROWS
        whole = rows == ROWS
        times = f"{floor / seconds:.2f}" if whole else ""
        ours = f"{one / seconds:.2f}" if whole and name != "pandas" else ""
        lines.append(
            f"| {name} | {rows:,} | {seconds:.2f} | {rows / seconds:,.0f} | {times} | {ours} "
            f"| {peak:,.0f} |"
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
