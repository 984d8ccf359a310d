"""The web worker: how it ends, and what its parts promise."""

import subprocess
import sys
import threading

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from hypothesis import given
from hypothesis import strategies as st

from servery.servers.web_worker.answers import WHOLE_BYTES, Answer
from servery.servers.web_worker.backlog import Backlog
from servery.servers.web_worker.framing import BodyTooLarge, ChunkScanner, parse_head
from servery.servers.web_worker.pace import BYTES_PER_S, GRACE_S, PAUSE_S, Pace
from servery.servers.web_worker.pool import Pool
from servery.servers.web_worker.shares import Shares
from tests.conftest import PATIENCE_S

QUIT = """
from concurrent.futures import ThreadPoolExecutor
from signal import SIGQUIT, raise_signal, signal
from gunicorn.config import Config
from servery.servers.web_worker import FairWorker

worker = object.__new__(FairWorker)
worker.cfg, worker.tpool = Config(), ThreadPoolExecutor(1)
signal(SIGQUIT, worker.handle_quit)
with worker.tpool._shutdown_lock:  # as while a connection is given to a thread
    raise_signal(SIGQUIT)
raise SystemExit("still there")
"""


def test_a_worker_ends_in_the_middle_of_anything() -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUIT],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECES = [b"5", b"\r\n", b"hello", b"0", b"a", b";x=y", b" ", b"\n", b"X: 1", b"-", b"00", b"F"]


def chunks(*bodies: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in bodies) + b"0\r\n\r\n"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join), st.integers(0, 40))
def test_a_chunked_body_ends_where_the_parser_ends_it(noise: bytes, cut: int) -> None:
    sent = bytearray(chunks(b"hello", b"you")[:cut] + noise + chunks(b"x"))
    try:
        end = ChunkScanner(1000).find_end(sent)
    except (ParseException, BodyTooLarge):
        return  # refused, and the connection closed
    if end is None:
        return
    request = parse_head(Config(), CHUNKED, ("127.0.0.1", 1), 1)
    request.unreader.feed(bytes(sent[:end]) + b"NEXT")
    try:
        request.body.read()
    except ParseException:  # the app refuses it then, and the connection closes
        return
    assert request.unreader.take_buffered() == b"NEXT"


def test_a_chunked_body_is_found_piece_by_piece() -> None:
    scanner, sent = ChunkScanner(1000), chunks(b"hello", b"you")
    found = [scanner.find_end(bytearray(sent[:size])) for size in range(len(sent) + 1)]
    assert found == [None] * len(sent) + [len(sent)]


def test_chunks_that_announce_too_much_are_refused_before_they_come() -> None:
    with pytest.raises(BodyTooLarge):
        ChunkScanner(1000).find_end(bytearray(b"ffffffff\r\n"))


def test_a_pace_grows_with_what_comes_and_never_allows_a_long_pause() -> None:
    pace = Pace()
    begun = pace.due - GRACE_S
    pace.count(int(BYTES_PER_S))
    assert pace.due - begun == pytest.approx(GRACE_S + 1)
    pace.count(10**9)
    assert pace.due - begun == pytest.approx(PAUSE_S, abs=1)


def test_a_backlog_is_too_long_when_its_last_would_wait_for_more_than_a_second() -> None:
    backlog = Backlog(threads=2, burst=64)
    assert not backlog.is_too_long(0.0, 10_000)
    for _ in range(200):
        backlog.answered(0.02)
    assert not backlog.is_too_long(2.0, 90)
    assert backlog.is_too_long(2.0, 120)
    assert not backlog.is_too_long(2.0, 63)


def test_a_backlog_that_does_not_move_is_too_long() -> None:
    backlog = Backlog(threads=1, burst=64)
    backlog.entered(0.0)
    assert not backlog.is_too_long(0.5, 64)
    assert backlog.is_too_long(1.5, 64)
    backlog.left(2.0, 0)
    assert not backlog.is_too_long(9.0, 64)


def test_a_pool_starts_a_thread_for_each_up_to_its_most() -> None:
    entered, leave = threading.Semaphore(0), threading.Event()

    def hold(_: int) -> None:
        entered.release()
        leave.wait(PATIENCE_S)

    pool = Pool("test", hold, 3, burst=None)
    assert [pool.submit(number) for number in range(4)] == [True, True, True, False]
    for _ in range(3):
        assert entered.acquire(timeout=PATIENCE_S)
    assert not pool.submit(4)
    leave.set()


def answered(headers: list[tuple[str, str]], *body: bytes, method: str = "GET") -> Answer:
    answer = Answer(method, (1, 1), keeps=True)
    answer.start("200 OK", headers)
    answer.take(iter(body))
    return answer


def test_an_answer_of_unknown_length_gets_one() -> None:
    head, *body = answered([], b"ab", b"cd").pieces
    assert b"Content-Length: 4\r\n" in head
    assert body == [b"ab", b"cd"]


def test_a_long_answer_is_left_to_be_read_as_it_is_sent() -> None:
    piece = bytes(WHOLE_BYTES)
    answer = answered([], piece, piece, piece, piece)
    assert b"Transfer-Encoding: chunked\r\n" in answer.pieces[0]
    assert answer.rest is not None
    assert list(answer.rest) == [piece]


def test_a_body_that_is_shorter_than_announced_ends_the_connection() -> None:
    assert not answered([("Content-Length", "5")], b"abc").keeps


def test_a_body_is_never_longer_than_announced() -> None:
    assert answered([("Content-Length", "2")], b"abc").pieces[1:] == [b"ab"]


def test_a_head_is_answered_without_a_body() -> None:
    [head] = answered([("Content-Length", "3")], b"abc", method="HEAD").pieces
    assert b"Content-Length: 3\r\n" in head


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb"])
def test_a_header_cannot_begin_another_one(value: str) -> None:
    with pytest.raises(ValueError, match="not valid"):
        answered([("X-Name", value)], b"")


def test_a_worker_with_more_connections_than_another_is_ahead() -> None:
    shares = Shares()
    shares.set(1, 3)
    assert not shares.is_ahead(1)
    shares.set(2, 2)
    assert shares.is_ahead(1)
    assert not shares.is_ahead(2)
    shares.leave(2)
    assert not shares.is_ahead(1)
