"""Libraries that only some formats and packings of tables need, and that may be absent."""

import importlib.util

from servery.errors import TableUnreadable


class NeedsLibrary:
    """Something that may need a library, which an extra of the package brings."""

    __slots__ = ()

    library: str | None
    extra: str | None

    @property
    def is_installed(self) -> bool:
        """Return whether the library that it needs is there."""
        return self.library is None or importlib.util.find_spec(self.library) is not None

    def require(self, what: str) -> None:
        """Refuse it where its library is not installed.

        Raises
        ------
        TableUnreadable
            Says of ``what``, the subject of a sentence, which extra to install.
        """
        if self.library is not None:
            require_library(self.library, self.extra, what)


def require_library(library: str, extra: str | None, what: str) -> None:
    """Refuse what needs a library that is not installed.

    Raises
    ------
    TableUnreadable
        Says of ``what``, the subject of a sentence, which extra to install.
    """
    if importlib.util.find_spec(library) is None:
        raise TableUnreadable(
            f"{what} needs a library that is not installed here: pip install 'servery[{extra}]'."
        )
