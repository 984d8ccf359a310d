"""Tables and results on the web and in object storage, named on the command line."""

import contextlib
import functools
import gzip
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from servery.cli import main
from tests.conftest import ROOT

PETS = "height,weight,note\n90.20,47.4,a\n76.4,35.4,b\n"


def score(*words: str | Path) -> Result:
    given = ["score", "species", *map(str, words), "--models", str(ROOT / "models")]
    return CliRunner().invoke(main, given, catch_exceptions=False)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Say nothing."""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("web")
    (folder / "pets of 2024.csv.gz").write_bytes(gzip.compress(PETS.encode()))
    frame = pd.DataFrame({"height": [90.2, 76.4], "weight": [47.4, 35.4]})
    frame.to_parquet(folder / "pets.parquet")
    frame.to_excel(folder / "pets.xlsx")
    (folder / "pets.jsonl").write_text('{"height": 90.2}\n{"height": 76.4, "weight": 35.4}\n')
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def bucket() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    yield files
    with contextlib.suppress(FileNotFoundError):
        files.rm("/bucket", recursive=True)


@pytest.mark.parametrize(
    "name", ["pets%20of%202024.csv.gz?token=hidden", "pets.parquet", "pets.xlsx"]
)
def test_a_table_on_the_web_is_scored(web: str, tmp_path: Path, name: str) -> None:
    done = score(f"{web}/{name}", "-o", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    assert "hidden" not in done.output
    assert pd.read_csv(tmp_path / "out.csv")["prediction"].tolist() == ["Dog", "Cat"]


def test_what_is_not_on_the_web_is_named_without_secrets(web: str, tmp_path: Path) -> None:
    done = score(f"{web}/none.csv?token=hidden")
    assert (done.exit_code, done.output) == (1, f"Error: There is no table at {web}/none.csv.\n")
    done = score(
        f"{web.replace('http://', 'http://me:hidden@')}/pets.jsonl", "-o", f"{tmp_path}/o/"
    )
    assert (done.exit_code, "hidden" in done.output) == (0, False)
    assert (tmp_path / "o" / "pets.jsonl").exists()
    done = score("http://127.0.0.1:1/a.csv")
    assert (done.exit_code, "http://127.0.0.1:1/a.csv cannot be read" in done.output) == (1, True)
    done = score(f"{web}/pets.parquet", "-o", f"{web}/out.csv")
    assert (done.exit_code, "Results cannot be written to" in done.output) == (2, True)


def test_tables_of_a_bucket_are_scored_into_a_bucket(bucket: Any, tmp_path: Path) -> None:  # noqa: ANN401
    for year in (2023, 2024):
        bucket.pipe(f"/bucket/pets/year={year}/p.csv", PETS.encode())
    done = score("memory://bucket/pets/*/p.csv", "-o", "memory://bucket/all.csv.gz", "--json")
    assert done.exit_code == 0, done.output
    lines = gzip.decompress(bucket.cat("/bucket/all.csv.gz")).decode().splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("height,weight,note,year,prediction")
    assert lines[4].startswith("76.4,35.4,b,2024,Cat")
    assert '"result":"memory://bucket/all.csv.gz"' in done.output

    done = score("memory://bucket/pets/year=2024", "-o", f"{tmp_path}/new/")
    assert (tmp_path / "new" / "p.csv").exists()


def test_a_place_that_cannot_be_reached_is_refused(bucket: Any) -> None:  # noqa: ANN401
    bucket.pipe("/bucket/p.csv", b"height,weight\n90,x\n")
    for words, reason in (
        (["memory://bucket/none/*.csv"], "There is no table at"),
        (["nonsense://bucket/p.csv"], "cannot be reached from here"),
        (["memory://bucket/p.csv", "-o", "memory://bucket/out/"], "needs a file extension"),
        (
            ["memory://bucket/p.csv", "-o", "memory://bucket/out.parquet", "--skip-done"],
            "--skip-done",
        ),
    ):
        done = score(*words)
        assert done.exit_code in (1, 2), done.output
        assert reason in done.output
    assert bucket.ls("/bucket", detail=False) == ["/bucket/p.csv"]
