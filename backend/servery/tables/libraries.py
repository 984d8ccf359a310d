"""Libraries that only some tables need, each brought by an extra of the package."""

import importlib.util

from servery.errors import TableUnreadable


def is_installed(library: str) -> bool:
    """Return whether a library can be imported."""
    return importlib.util.find_spec(library) is not None


def require_library(library: str, extra: str | None, what: str) -> None:
    """Refuse what needs a library that is not installed.

    Raises
    ------
    TableUnreadable
        Says of ``what``, the subject of a sentence, which extra to install.
    """
    if not is_installed(library):
        raise TableUnreadable(
            f"{what} needs a library that is not installed here: pip install 'servery[{extra}]'."
        )
