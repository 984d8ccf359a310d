"""Servery turns fitted scikit-learn models into a web app and a JSON API.

For notebooks and scripts: `servery.publish`, `servery.score`, and `servery.connect` of the package
servery-client. They are imported on first use, so that the commands and the server start quickly.
"""

from servery.version import __version__

TYPE_CHECKING = False  # importing typing would cost a third of the smallest process
if TYPE_CHECKING:
    from servery.batch.frames import score
    from servery.publishing.notebook import publish
    from servery_client import connect as connect
    from servery_client import connect_async as connect_async

__all__ = ["__version__", "publish", "score"]


def __getattr__(name: str) -> object:
    if name == "publish":
        from servery.publishing.notebook import publish

        return publish
    if name == "score":
        from servery.batch.frames import score

        return score
    if name in ("connect", "connect_async"):
        return _of_client(name)
    raise AttributeError(f"module 'servery' has no attribute {name!r}")


def _of_client(name: str) -> object:
    """Return a function of the package servery-client, which is installed by itself."""
    try:
        import servery_client
    except ModuleNotFoundError as error:
        raise ImportError(
            f"servery.{name} needs the package servery-client: pip install servery-client."
        ) from error
    return getattr(servery_client, name)
