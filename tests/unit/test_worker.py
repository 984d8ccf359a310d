"""The web worker's own ways."""

import subprocess
import sys

from tests.conftest import PATIENCE_S

QUIT = """
from concurrent.futures import ThreadPoolExecutor
from signal import SIGQUIT, raise_signal, signal
from gunicorn.config import Config
from servery.worker import FairWorker

worker = object.__new__(FairWorker)
worker.cfg, worker.tpool = Config(), ThreadPoolExecutor(1)
signal(SIGQUIT, worker.handle_quit)
with worker.tpool._shutdown_lock:  # as while a connection is given to a thread
    raise_signal(SIGQUIT)
raise SystemExit("still there")
"""


def test_a_worker_ends_in_the_middle_of_anything() -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUIT],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
