"""The process that keeps caged ones: `servery.cage.client` starts it, nobody else does."""

import logging.config
from importlib import import_module

from servery.cage.keeper import main
from servery.cage.tasks import Result, Task
from servery.logs import LOGGING


def _task(module: str, function: str) -> Task:
    """Return a task of a module, which is imported when it is first asked for.

    Forks have it from the start: importing what reads model files takes longer than reading most
    of them. Checking a plan needs none of that, nor the scikit-learn that it loads.
    """

    def run(spec: bytes, data: bytes) -> Result:
        result = getattr(import_module(module), function)(spec, data)
        assert isinstance(result, Result)  # noqa: S101 - the names below are those of tasks
        return result

    def preload() -> None:
        import_module(module)

    return Task(preload, run)


TASKS = {
    "open": _task("servery.caged.opening", "open_file"),
    "publish": _task("servery.caged.publishing", "publish_file"),
    "convert": _task("servery.caged.converting", "convert_file"),
    "check": _task("servery.caged.checking", "check_compiled"),
    "serve": _task("servery.caged.serving", "serve"),
}

if __name__ == "__main__":
    logging.config.dictConfig(LOGGING)
    main(TASKS)
