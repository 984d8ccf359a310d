"""A Dask cluster for tests: a scheduler and workers, each a process of its own on this machine."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from distributed import Client

from tests.conftest import PATIENCE_S, RECORDS, free_port

QUIET = {
    "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error",
    "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "1h",
    "OMP_NUM_THREADS": "1",
}


class Cluster:
    """A running scheduler, and the workers that were started for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._started: list[subprocess.Popen[bytes]] = []
        port = self.address.rsplit(":", 1)[-1]
        self._start("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")

    def add_worker(self) -> "subprocess.Popen[bytes]":
        """Start a worker of one thread and bounded memory, which nobody starts again."""
        worker = self._start(
            *("worker", self.address, "--host", "127.0.0.1", "--no-dashboard", "--no-nanny"),
            *("--nthreads", "1", "--memory-limit", "700MiB"),
            *("--local-directory", str(self.folder), "--death-timeout", str(PATIENCE_S)),
        )
        self.workers.append(worker)
        return worker

    def await_workers(self) -> None:
        """Wait until all workers that were started are there."""
        with Client(self.address, timeout=PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE_S)

    def stop(self) -> None:
        """End what was started, the workers first."""
        for process in reversed(self._started):
            process.kill()
            process.wait()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / "cluster.log").open("ab")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                env={**os.environ, **RECORDS, **QUIET},
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process


@contextlib.contextmanager
def cluster_of(folder: Path, workers: int) -> Iterator[Cluster]:
    """Start a cluster, and stop it by its processes' ids."""
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        cluster.await_workers()
        yield cluster
    finally:
        cluster.stop()
