"""How a worker of batch jobs runs; `servery worker` starts it again where it dies."""

import logging.config
import os
import signal
import sys

from servery.errors import BadSettings
from servery.settings import Settings


def main() -> None:
    """Work until a signal to stop, or until the process that started it is gone."""
    settings = Settings.from_env()
    # Read by OpenMP when scikit-learn and the boosters are loaded, so it must stand before that.
    os.environ["OMP_NUM_THREADS"] = str(settings.compute_threads)
    os.nice(settings.job_nice)
    from servery.jobs.working import JobWorker
    from servery.logs import LOGGING

    logging.config.dictConfig(LOGGING)
    try:
        worker = JobWorker(settings)
    except BadSettings as error:
        logging.getLogger("servery.jobs").error("no batch job can be taken: %s", error)
        sys.exit(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    parent = os.getppid()
    worker.run(lambda: os.getppid() == parent, until_idle="--until-idle" in sys.argv[1:])


if __name__ == "__main__":
    main()
