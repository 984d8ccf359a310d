"""Makes garbage collection rare in processes that answer requests."""

import gc

#: Number of new objects after which the collector runs.
NEW_OBJECTS = 100_000


def collect_rarely() -> None:
    """Exclude loaded objects from collection, and collect only after many new ones.

    By visiting objects, the collector would copy the shared pages of forked processes. A request
    for many rows creates many objects and hardly a cycle, so collecting after every few hundred
    would take most of its time.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 50)
