"""Servery turns fitted scikit-learn models into a web app and a JSON API.

For notebooks and scripts: `servery.publish` and `servery.score`. They are imported on first use, so
that the commands and the server start quickly.
"""

from servery.version import __version__

TYPE_CHECKING = False  # importing typing would cost a third of the smallest process
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
