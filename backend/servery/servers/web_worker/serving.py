"""Ask the app for one request and begin to send its answer: in the loop, or in any thread."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from gunicorn.http import wsgi
from gunicorn.http.body import LengthReader

from servery.api import problems
from servery.api.http.middleware import CROSS_ORIGIN, CrossOrigin, RequestMiddleware
from servery.errors import ServeryError
from servery.lanes import LANE, STREAM, EventSource
from servery.servers.web_worker.answers import Answer, FilePieces
from servery.servers.web_worker.connection import Connection, Exchange

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

log = logging.getLogger("servery.web_worker")


def environ_of(request: Any, connection: Connection, cfg: Any) -> "WSGIEnvironment":  # noqa: ANN401
    """Return the environ of a request, as gunicorn makes it."""
    request._expected_100_continue = False  # gunicorn would write to the socket for it
    _, environ = wsgi.create(
        request, None, connection.address, connection.server, cfg, response_class=_no_response
    )
    for key in ("gunicorn.socket", "wsgi.early_hints", "SERVER_SOFTWARE"):
        del environ[key]
    environ["wsgi.multithread"] = True
    environ["wsgi.file_wrapper"] = FilePieces
    found: WSGIEnvironment = environ
    return found


def _no_response(*_: object) -> None:
    """Stand where gunicorn makes its own response."""


class Serving:
    """The app, and what answers where the app cannot be asked.

    Parameters
    ----------
    app
        Of WSGI.
    has_room
        Whether one more event stream can be taken from the app.
    """

    def __init__(self, app: "WSGIApplication", has_room: Callable[[], bool]) -> None:
        self._app = app
        cross_origin: CrossOrigin = getattr(app, CROSS_ORIGIN, lambda _origin: ())
        self._problem = RequestMiddleware(problems.refuse, cross_origin)
        self._has_room = has_room

    def answer(self, connection: Connection) -> None:
        """Ask the app, and begin to send what it answers."""
        exchange = connection.exchange
        environ = exchange.environ
        environ[LANE] = exchange.lane
        answer = exchange.answer = _new_answer(exchange.request)
        environ[STREAM] = partial(self._leave_stream, answer)
        try:
            body = self._app(environ, answer.start)
            answer.keeps = answer.keeps and _is_consumed(connection, exchange)
            answer.take(body)
        except Exception:  # the app may raise anything
            log.exception("the app failed")
            self.refuse(connection, 500)
            return
        _begin(connection, answer)

    def refuse(self, connection: Connection, reason: ServeryError | int) -> None:
        """Begin to send a problem, without the app.

        The connection is kept if the next request would be found on it.
        """
        exchange = connection.exchange
        unparsed = {"REQUEST_METHOD": "-", "PATH_INFO": ""}
        answer = exchange.answer = _new_answer(exchange.request)
        answer.keeps = answer.keeps and exchange.has_all
        environ = {**unparsed, **exchange.environ, problems.REASON: reason}
        answer.take(self._problem(environ, answer.start))
        _begin(connection, answer)

    def _leave_stream(self, answer: Answer, source: EventSource) -> bool:
        if not self._has_room():
            return False
        answer.source = source
        return True


def _new_answer(request: Any) -> Answer:  # noqa: ANN401
    if request is None:
        return Answer("GET", (1, 1), keeps=False)
    return Answer(request.method, request.version, keeps=not request.should_close())


def _begin(connection: Connection, answer: Answer) -> None:
    connection.queue(answer.pieces)
    answer.pieces = []
    connection.flush()


def _is_consumed(connection: Connection, exchange: Exchange) -> bool:
    """Return whether the body was read to its end, and put back what was read beyond it."""
    if exchange.has_all:
        return True
    body = exchange.request.body
    reader = body.reader
    is_at_end = reader.length == 0 if isinstance(reader, LengthReader) else reader.parser is None
    if body.failed or not is_at_end:
        return False
    connection.received[:0] = exchange.request.unreader.take_buffered()
    return True
