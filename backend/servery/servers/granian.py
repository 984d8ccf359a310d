"""How granian runs Servery, as ``servery serve --server granian``: the same app, a faster server.

Each worker loads the app itself, so that nothing is shared between them; gunicorn stays the
default for that.
"""

import os
import signal
from typing import TYPE_CHECKING

from servery.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> "Flask":
    """Return the app of one worker, warm and watching its models."""
    # Until it answers, a worker has the handlers of its parent, which would lose a signal to end:
    # all would wait for it until the time for that is over.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    from servery.app import create_app as create
    from servery.app import warm_up, watch
    from servery.garbage import collect_rarely

    app = create()
    warm_up(app)
    collect_rarely()
    watch(app)
    return app


def main() -> None:
    """Serve until a signal says otherwise."""
    settings = Settings.from_env()
    # Read by OpenMP when scikit-learn and the boosters are loaded, so it must stand before that.
    os.environ["OMP_NUM_THREADS"] = str(settings.compute_threads)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from servery.app import create_app as create
    from servery.app import greeting
    from servery.logs import LOGGING

    server = Granian(
        "servery.servers.granian:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=settings.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.graceful_timeout_s,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
    )
    print(greeting(create(settings), f"http://{settings.host}:{settings.port}"), flush=True)
    server.serve()


if __name__ == "__main__":
    main()
