"""Publishing: a fitted estimator and its data become the next version folder of a model.

``notebook`` publishes an estimator, ``files`` a file, which a caged process inspects. Nothing is
loaded here until it is asked for: a command that publishes a file needs none of the libraries that
made it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servery.publishing.notebook import publish

__all__ = ["publish"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name == "publish":
        from servery.publishing.notebook import publish

        return publish
    raise AttributeError(f"module 'servery.publishing' has no attribute {name!r}")
