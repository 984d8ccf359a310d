"""How granian runs Servery, as ``servery serve --server granian``: the same app, a faster server.

The app is loaded once before the workers fork, as under gunicorn. But there are no lanes: a client
that sends its body slowly occupies a thread, and a few such clients occupy all of them, so that
`/livez` does not answer. So gunicorn stays the default.
"""

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

from servery.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

ENDING = (signal.SIGTERM, signal.SIGINT)


def main() -> None:
    """Serve until a signal says otherwise."""
    settings = Settings.from_env()
    # Read by OpenMP when scikit-learn and the boosters are loaded, so it must stand before that.
    os.environ["OMP_NUM_THREADS"] = str(settings.compute_threads)
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from servery.app import create_app, greeting, prepare_to_fork, start_worker
    from servery.garbage import collect_rarely
    from servery.logs import LOGGING

    collect_rarely()  # from here on, as loading makes many objects and no garbage
    app = create_app(settings)
    if settings.loads_before_fork:
        prepare_to_fork(app)
    print(greeting(app, f"http://{settings.host}:{settings.port}"), flush=True)
    multiprocessing.set_start_method("fork")
    # At first, a worker has the signal handlers of its parent, which would lose a signal to stop,
    # and the server would wait for the worker until the timeout. So signals are blocked until
    # `load`.
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ENDING),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING),
    )
    server = Granian(
        "servery.app:create_app",
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
    collect_rarely()  # what is loaded stays shared with the workers

    def load() -> "Flask":
        """Return the app of one worker."""
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        worker_app = app if settings.loads_before_fork else create_app(settings)
        start_worker(worker_app)
        return worker_app

    server.serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main()
