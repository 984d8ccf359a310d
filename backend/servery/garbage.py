"""When Python looks for circles of garbage: rarely, in processes that answer requests."""

import gc

#: The collector looks for circles after so many new objects.
NEW_OBJECTS = 100_000


def collect_rarely() -> None:
    """Leave what is loaded alone, and collect only after many new objects.

    The collector would copy the shared pages of forked processes just to look at them. A request
    for many rows makes many objects at once and hardly a circle, so that looking for circles after
    each few hundred takes most of its time.
    """
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 50)
