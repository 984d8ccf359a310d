"""Memory of `servery serve` by process, its first answer, and how soon a sleeping worker wakes.

The five models are asked once each; then nobody asks anything, and the proportional set sizes (PSS)
are read. Prints the tables of docs/speed.md.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.rows import bodies
from bench.servers import ROOT, end_group, free_port, pss_mib, tree
from servery.repository import Repository

MODELS = ROOT / "models"
#: What is started late, or ends early, has done so by then.
SETTLE_S = 2.0
START_S = 60.0
JSON, CSV = {"Content-Type": "application/json"}, {"Content-Type": "text/csv"}
TABLE = "height,weight\n90,40\n25,4\n"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="starts; medians are printed")
    given = parser.parse_args()
    asked = {
        f"/api/v1/models/{model.name}/predictions": bodies([dict(model.example)])[0].encode()
        for model in Repository(MODELS)
    }
    firsts, asleep, awake = [], [], []
    sizes: dict[str, list[float]] = defaultdict(list)
    for _ in range(given.rounds):
        with serving() as (process, url):
            firsts.append(first_answer_s(url, asked))
            time.sleep(SETTLE_S)
            for name, size in memory_mib(process.pid).items():
                sizes[name].append(size)
            asleep.append(inspected_s(url))
            awake.append(inspected_s(url))
    print("\n".join(text(firsts, sizes, asleep, awake)))


@contextmanager
def serving() -> "Iterator[tuple[subprocess.Popen[bytes], str]]":
    """Start `servery serve models` with an empty folder of jobs; it has not answered yet."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("servery")), "serve", str(MODELS)]
    with tempfile.TemporaryDirectory(prefix="servery-bench-") as folder:
        environ = {**os.environ, "PORT": str(port), "SERVERY_JOBS": f"{folder}/jobs"}
        with Path(folder, "log").open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603 - our own words
                command, env=environ, stdout=sink, stderr=sink, start_new_session=True
            )
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            end_group(process)


def first_answer_s(url: str, asked: dict[str, bytes]) -> float:
    """Return when the first model answered, of the start; ask all of them."""
    began = time.perf_counter()
    first = None
    for path, body in asked.items():
        while True:
            try:
                answer = requests.post(url + path, data=body, headers=JSON, timeout=START_S)
                break
            except requests.ConnectionError:
                if time.perf_counter() > began + START_S:
                    raise
                time.sleep(0.005)
        answer.raise_for_status()
        first = first or time.perf_counter() - began
    return first or 0.0


def memory_mib(pid: int) -> dict[str, float]:
    """Return the memory of the server's processes by what they do."""
    sizes: dict[str, float] = defaultdict(float)
    for each in tree(pid):
        sizes[part(each, is_first=each == pid)] += pss_mib(each)
    return sizes


def part(pid: int, *, is_first: bool) -> str:
    """Return what a process of the server is."""
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    if "gunicorn" in words:
        return "gunicorn's master" if is_first else "web workers"
    return next((word for word in words if word.startswith("servery.")), " ".join(words))


def inspected_s(url: str) -> float:
    """Return the seconds from an upload to the first scored rows of its preview."""
    began = time.perf_counter()
    address = f"{url}/api/v1/models/species/batches"
    answer = requests.post(address, data=TABLE, headers=CSV, timeout=START_S)
    answer.raise_for_status()
    job = url + answer.headers["Location"]
    while answer.json()["preview"] is None:
        time.sleep(0.01)
        answer = requests.get(job, timeout=START_S)
    return time.perf_counter() - began


def text(
    firsts: list[float], sizes: dict[str, list[float]], asleep: list[float], awake: list[float]
) -> list[str]:
    """Return the tables."""
    middles = {name: statistics.median(each) for name, each in sizes.items()}
    totals = [sum(each) for each in zip(*sizes.values(), strict=True)]
    return [
        "| process | MiB |",
        "| --- | --- |",
        *(f"| {name} | {size:.0f} |" for name, size in middles.items()),
        f"| all | **{statistics.median(totals):.0f}** |",
        "",
        "| | s |",
        "| --- | --- |",
        f"| first answer after the start | {statistics.median(firsts):.2f} |",
        f"| first rows of a table scored, job worker asleep | {statistics.median(asleep):.2f} |",
        f"| first rows of a table scored, job worker awake | {statistics.median(awake):.2f} |",
    ]


if __name__ == "__main__":
    main()
