"""The process that keeps caged ones: `servery.cage.client` starts it, nobody else does."""

import logging.config
from collections.abc import Sequence
from importlib import import_module

from servery.cage.keeper import main
from servery.cage.tasks import Result, Task
from servery.logs import LOGGING

#: What reads model files. Forks that read one have it from the start: importing it takes longer
#: than reading most files. Checking a plan needs none of it, nor the scikit-learn that it loads.
READING = ("servery.artifact.reading", "servery.artifact.integrity")


def _task(module: str, function: str, needs: Sequence[str] = ()) -> Task:
    """Return a task of a module, which is imported with its needs when it is first asked for."""

    def run(spec: bytes, data: bytes) -> Result:
        result = getattr(import_module(module), function)(spec, data)
        assert isinstance(result, Result)  # noqa: S101 - the names below are those of tasks
        return result

    def preload() -> None:
        for each in (module, *needs):
            import_module(each)

    return Task(preload, run)


TASKS = {
    "open": _task("servery.caged.opening", "open_file", READING),
    "publish": _task("servery.caged.publishing", "publish_file", READING),
    "convert": _task("servery.caged.converting", "convert_file", READING),
    "check": _task("servery.caged.checking", "check_compiled"),
    "serve": _task("servery.caged.serving", "serve", READING),
}

if __name__ == "__main__":
    logging.config.dictConfig(LOGGING)
    main(TASKS)
