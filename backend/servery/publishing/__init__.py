"""Publishing: a fitted estimator and its data become the next version folder of a model.

``publish`` takes an estimator, ``files`` a file, of which a caged process finds out what is to be
known. Nothing is loaded here until it is asked for: a command that publishes a file needs none of
the libraries that made it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servery.publishing.preparing import publish

__all__ = ["publish"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name == "publish":
        from servery.publishing.preparing import publish

        return publish
    raise AttributeError(f"module 'servery.publishing' has no attribute {name!r}")
