"""How gunicorn runs Servery; the one place for it, used by the Procfile, Docker and the command.

Threads answer what waits on the network, processes use the cores; one calculation uses one
thread. The app is loaded once before the workers fork, so that they share its models.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # a checkout that is not installed

from servery.settings import Settings

_settings = Settings.from_env()
# Read by OpenMP when scikit-learn and the boosters are loaded, so it must stand before that.
os.environ["OMP_NUM_THREADS"] = str(_settings.compute_threads)

from servery.garbage import collect_rarely  # noqa: E402 - see above
from servery.logs import LOGGING  # noqa: E402
from servery.servers.web_worker import FairWorker  # noqa: E402

collect_rarely()  # from here on, as loading makes many objects and no garbage

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

_host = _settings.host.removeprefix("[").removesuffix("]")
bind = f"[{_host}]:{_settings.port}" if ":" in _host else f"{_host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = FairWorker
preload_app = _settings.loads_before_fork
graceful_timeout = _settings.graceful_timeout_s
timeout = 60
keepalive = 75
# A worker's heartbeat to the master goes through this folder; on a disk it could block.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
accesslog = None  # the application writes its own line for each request
logconfig_dict = LOGGING
control_socket_disable = True


def pre_fork(server: "Arbiter", worker: "Worker") -> None:  # noqa: ARG001 - gunicorn's own names
    """Let what is loaded stay shared with the worker."""
    collect_rarely()


def post_worker_init(worker: "Worker") -> None:
    """Begin to answer in the new process."""
    from servery.app import start_worker

    start_worker(worker.wsgi)


def child_exit(server: "Arbiter", worker: "Worker") -> None:  # noqa: ARG001 - gunicorn's own names
    """Count the connections of a worker that has ended no longer."""
    FairWorker.shares.leave(worker.age)


def when_ready(server: "Arbiter") -> None:
    """Print the address and a first request, before the workers fork."""
    from servery.app import greeting, prepare_to_fork

    if preload_app:
        prepare_to_fork(server.app.wsgi())
    for listener in server.LISTENERS:
        print(greeting(server.app.wsgi(), str(listener)), flush=True)
