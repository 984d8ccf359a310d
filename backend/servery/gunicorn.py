"""How gunicorn runs Servery; the one place for it, used by the Procfile, Docker and the command.

Threads answer what waits on the network, processes use the cores. The app is loaded once before
the workers fork, so that they share its models.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a checkout that is not installed

from servery.api.logs import LOGGING
from servery.settings import Settings

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

_settings = Settings.from_env()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
preload_app = True
graceful_timeout = _settings.graceful_timeout_s
timeout = 60
keepalive = 75
# A worker tells the master that it lives through this folder; on a disk it could block.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
accesslog = None  # the application writes its own line for each request
logconfig_dict = LOGGING
control_socket_disable = True


def post_worker_init(worker: "Worker") -> None:
    """Ask each model once in the new process: what loads at the first question is then there.

    Not before the fork: some libraries start threads then, which a fork does not carry over.
    """
    from servery.app import warm_up, watch

    warm_up(worker.wsgi)
    watch(worker.wsgi)


def when_ready(server: "Arbiter") -> None:
    """Print the address, once it can be opened."""
    for listener in server.LISTENERS:
        print(f"Servery is at {listener}", flush=True)
