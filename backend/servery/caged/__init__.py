"""What caged processes do: open, publish, check and serve a stranger's files.

Each task takes an order and the bytes of the file, and hands back msgspec data. The other side of
each, which asks for it, stands in the room that needs it: `artifact`, `publishing`, `repository`.
"""

from contextlib import AbstractContextManager

from joblib import parallel_config


def one_after_another() -> AbstractContextManager[object]:
    """Have joblib do its work in this thread, whatever ``n_jobs`` an estimator was fitted with.

    Its pools of threads need semaphores of the system, and its processes a fork: neither is to be
    had in a cage. The cores are used by several processes for each model.
    """
    return parallel_config("sequential")  # type: ignore[no-any-return] # joblib has no types
