"""Downloads: a file of a job as an attachment, or the part of it that a Range asks for."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from flask import Response, request, send_file

from servery.api.resources.batches.capacity import Batches, acquired
from servery.errors import JobNotFound


def download(batches: Batches, path: Path, media: str, name: str) -> Response:
    """Send a file to be kept, never to be shown.

    Raises
    ------
    JobNotFound
        The file is gone.
    TooBusy
        Too many downloads are in progress.
    """
    release = acquired(batches.transfers, "downloads")
    try:
        file = DownloadedFile(path, release)
    except FileNotFoundError as error:
        release()
        raise JobNotFound("The files of this batch job were deleted.") from error
    try:
        size = os.fstat(file.fileno()).st_size  # its name may be gone by now
        response = send_file(file, media, as_attachment=True, download_name=name, etag=False)
        response.set_etag(hashlib.sha256("/".join(path.parts[-2:]).encode()).hexdigest())
        response.content_length = size
        response.headers["Cache-Control"] = "private, no-cache"
        wanted = request.range
        environ = dict(request.environ)
        if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
            # A Range that is not understood is ignored (RFC 9110, 14.2).
            environ.pop("HTTP_RANGE", None)
        response.make_conditional(environ, accept_ranges=True, complete_length=size)
        if request.method == "HEAD":
            file.close()
    except BaseException:
        file.close()
        raise
    return response


class DownloadedFile(io.FileIO):
    """A file that calls ``release`` when it is closed, which is when the download ends."""

    def __init__(self, path: Path, release: Callable[[], None]) -> None:
        super().__init__(path, "rb")
        self._release: Callable[[], None] | None = release

    def close(self) -> None:
        """Close it; a second call does nothing."""
        super().close()
        release, self._release = self._release, None
        if release is not None:
            release()
