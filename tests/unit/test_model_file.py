"""Model files that somebody names: known by their first bytes, and never held as a whole."""

import os
import resource
import time
from pathlib import Path

import pytest

from servery.artifact import digest_of, sha256
from servery.cli.progress import progress
from servery.errors import ArtifactRejected
from servery.publishing.model_file import opened_model_file
from tests.conftest import PATIENCE_S

GIGABYTES = 3 << 30


def refused(path: Path, most_bytes: int = 4 << 30) -> str:
    with pytest.raises(ArtifactRejected) as error, opened_model_file(path, most_bytes):
        pass
    return str(error.value)


def of_zeros(path: Path, head: bytes = b"") -> Path:
    """Make a file that is large and takes no room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(GIGABYTES)
    return path


def test_gigabytes_of_zeros_are_refused_by_their_first_bytes(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "is not a model file" in refused(of_zeros(tmp_path / "zeros.joblib"))
    large = of_zeros(tmp_path / "large.joblib", b"\x80\x04")
    assert "expected at most 1,000 bytes, found 3,221,225,472" in refused(large, 1000)
    with opened_model_file(large, 4 << 30) as file:
        assert file.size_bytes == GIGABYTES
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (after - before) * 1024 < GIGABYTES / 10


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.joblib")
    assert "is not a file" in refused(tmp_path / "pipe.joblib")
    assert "is not a file" in refused(tmp_path)
    assert "cannot be read: No such file" in refused(tmp_path / "nothing.joblib")


def test_the_digest_of_an_open_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    data = os.urandom(10_000_000)
    (tmp_path / "file").write_bytes(data)
    with (tmp_path / "file").open("rb") as file:
        assert digest_of(file.fileno()) == digest_of(data) == (sha256(data), len(data))


def test_there_is_a_word_on_what_takes_long(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "large.joblib"
    file.write_bytes(bytes(2_500_000))
    said, deadline = "", time.monotonic() + PATIENCE_S
    with progress(file, every_s=0.01):
        while said.count("working") < 2 and time.monotonic() < deadline:
            said += capsys.readouterr().err
    assert said.startswith("large.joblib (2.5 MB): working, 0 s")
