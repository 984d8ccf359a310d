"""Servery turns fitted scikit-learn models into a browser app and a JSON API.

This is what notebooks and scripts import: `servery.publish` and `servery.score`. It loads nothing
until it is asked, so that the commands and the server start at once.
"""

from servery.version import __version__

TYPE_CHECKING = False  # that of typing, which is a third of what the smallest process holds
if TYPE_CHECKING:
    from servery.batch.frames import score
    from servery.publishing.notebook import publish

__all__ = ["__version__", "publish", "score"]


def __getattr__(name: str) -> object:
    if name == "publish":
        from servery.publishing.notebook import publish

        return publish
    if name == "score":
        from servery.batch.frames import score

        return score
    raise AttributeError(f"module 'servery' has no attribute {name!r}")
