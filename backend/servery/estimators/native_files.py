"""Files of other libraries that hold a model as data: recognised by their first bytes.

A pickle says how to build an object; these formats say only what a model computes. The library
reads them, in a caged process like every other file, and an estimator stands for the model.
"""

from collections.abc import Callable
from dataclasses import dataclass

from servery.estimators.registry import Part


class NativeFileRefused(Exception):
    """A model that no estimator can stand for; the text is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class NativeFormat:
    """What is known of one format.

    Attributes
    ----------
    what
        What the files hold, for messages: ``an XGBoost model``.
    module, package
        What is imported to read them, and what is installed for that.
    ending
        That of the file in a version folder.
    recognises
        Returns whether the first bytes of a file are those of the format.
    numbers_classes
        Whether a classifier answers with numbers from 0, and no longer with what it was fitted on.
    read
        Returns a fitted estimator for the bytes of a file. It may raise anything.
    """

    what: str
    module: str
    package: str
    ending: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Part]
    numbers_classes: bool = False


#: The formats, by the name of each.
NATIVE_FORMATS: dict[str, NativeFormat] = {}


def register_format(name: str, native: NativeFormat) -> None:
    """Add a format.

    Raises
    ------
    ValueError
        There is one of this name.
    """
    if name in NATIVE_FORMATS:
        raise ValueError(f"{name} is registered already")
    NATIVE_FORMATS[name] = native


def native_format_of(head: bytes) -> str | None:
    """Return the name of the format that a file begins as, if it is one of these."""
    return next((name for name, each in NATIVE_FORMATS.items() if each.recognises(head)), None)
