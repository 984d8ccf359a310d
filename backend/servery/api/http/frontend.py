"""Serves the built front end in front of the API, and says which pages may show it in a frame."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whitenoise import WhiteNoise

from servery.api.http.middleware import CORP, CSP, CSP_OF_PAGES, UNFRAMED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.headers import Headers

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The page of the models, and the script that shows it on pages of other origins.
FRAMED = "/"
SCRIPT = "/embed.js"


def with_frontend(
    api: "WSGIApplication", folder: Path, frame_origins: Sequence[str]
) -> "WSGIApplication":
    """Serve the built front end in front of the API, if there is one.

    Files under ``assets/`` have a digest in their name and never change; compressed copies of them
    are sent to clients that accept them. All others may be edited while they are served, and
    clients must revalidate them.

    Parameters
    ----------
    frame_origins
        Origins whose pages may show a model in a frame.
    """
    if not folder.is_dir():
        return api
    serving = partial(
        WhiteNoise,
        api,
        root=str(folder),
        index_file=True,
        max_age=0,
        immutable_file_test=r"/assets/",
        add_headers_function=partial(_add_headers, frame_origins),
        allow_all_origins=False,
    )
    files, pages = serving(), serving(autorefresh=True)
    edited = {url for url in files.files if not url.startswith("/assets/")}

    def serve(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        answering: WSGIApplication = files
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            answering = api  # so that 405 and 404 are problems
        elif environ["PATH_INFO"] in edited:
            answering = pages
        return answering(environ, start_response)

    return serve


def _add_headers(frame_origins: Sequence[str], headers: "Headers", _path: str, url: str) -> None:
    policy = CSP_OF_PAGES
    if frame_origins and url == FRAMED:
        policy = policy.replace(UNFRAMED, f"frame-ancestors {' '.join(frame_origins)}")
    headers.setdefault(CSP, policy)
    if url == SCRIPT:
        headers[CORP] = "cross-origin"
        # A page that names a digest of the script has to fetch it by CORS.
        headers["Access-Control-Allow-Origin"] = "*"
