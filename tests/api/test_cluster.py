"""Scoring by a Dask cluster: a scheduler and workers in processes of their own."""

import contextlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import fsspec
import pyarrow as pa
import pytest
from distributed import Client, get_worker
from pyarrow import parquet

from servery.batch.cluster import score
from servery.batch.cluster.workers import Opener, files_of
from servery.batch.explained import RowExplainer
from servery.batch.options import CommandOptions
from servery.batch.pipeline import open_batch, run
from servery.batch.summary import Summary, as_json, merged
from servery.errors import ColumnsUnmatched, ServeryError, TableEmpty, TableRagged
from servery.repository import Repository
from servery.served import ServedModel
from servery.tables.databases.addresses import connected, url_of
from servery.tables.databases.storing import StoredTable
from servery.tables.delimited.error_rows import ErrorRows
from tests.clusters import Cluster, cluster_of
from tests.conftest import PATIENCE_S, ROOT, eventually, servery
from tests.databases import postgres

MODELS = ROOT / "models"
PART_BYTES = 12_000


@pytest.fixture(scope="module")
def species() -> ServedModel:
    return Repository(MODELS, only="species").get("species")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_of(tmp_path_factory.mktemp("cluster"), workers=2) as cluster:
        yield cluster


def text_of(rows: int) -> str:
    """Return a table with line ends, quotes and rows that do not fit in it."""
    lines = ["name,height,weight"]
    for at in range(rows):
        weight = "heavy" if at % 700 == 3 else 3 + at % 40
        lines.append(f'"no. {at},\nnicknamed ""x""",{20 + at % 70}.5,{weight}')
    return "\n".join(lines) + "\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text_of(4_000))
    return path


def plain(model: ServedModel, path: Path) -> tuple[Any, list[str], Summary]:
    """Score a table without a cluster: the result, the rows that do not fit, the summary."""
    file, bad = io.BytesIO(), io.BytesIO()
    batch = open_batch(model, path)
    work = batch.chunk_scorer("parquet")
    errors = ErrorRows(bad, batch.table.layout.header)
    with work.sink(file) as sink:
        summary = run(batch, work, sink, errors=errors)
    errors.close()
    batch.close()
    return parquet.read_table(file), bad.getvalue().decode().split("\r\n"), summary


def read(folder: Path) -> Any:  # noqa: ANN401 - a table of Arrow
    """Return the result as those read it who know nothing of us: a folder of Parquet files."""
    return parquet.read_table(folder)


def mended(folder: Path) -> list[str]:
    header, lines = "", []
    for path in sorted((folder / "_errors").iterdir()):
        header, *more = path.read_bytes().decode().split("\r\n")
        lines += more[:-1]
    return [header, *lines, ""]


def test_a_cluster_gives_what_one_process_gives(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scored"
    told = score(cluster.address, species, [str(people)], str(out), part_bytes=PART_BYTES)
    table, bad, summary = plain(species, people)
    assert len(list(out.glob("part-*.parquet"))) > 8
    assert read(out).equals(table)
    assert mended(out) == bad
    assert merged(told.values()) == summary
    shown = json.loads((out / "_summary.json").read_text())
    assert shown.pop("parts") == len(list(out.glob("part-*.parquet")))
    assert shown == json.loads(json.dumps(as_json(summary)))
    assert sorted(each.name for each in out.iterdir() if each.name[0] == "_") == [
        "_errors",
        "_summary.json",
    ]


def test_folders_of_values_are_columns_and_empty_parts_are_skipped(
    cluster: Cluster, species: ServedModel, tmp_path: Path
) -> None:
    for year, rows in (("2023", 3), ("2024", 2), ("2025", 0)):
        folder = tmp_path / "pets" / f"year={year}" / "city=K%C3%B6ln"
        folder.mkdir(parents=True)
        (folder / "part.csv").write_text(text_of(rows))
        (folder / "part.parquet").touch()
    (tmp_path / "pets" / "other").mkdir()
    told = score(cluster.address, species, [str(tmp_path / "pets")], str(tmp_path / "scored"))
    assert [summary.rows for summary in told.values()] == [3, 0, 2, 0, 0, 0]
    found = read(tmp_path / "scored")
    assert found["year"].to_pylist() == ["2023"] * 3 + ["2024"] * 2
    assert set(found["city"].to_pylist()) == {"Köln"}


def test_a_lost_worker_costs_its_sections_and_not_the_result(
    species: ServedModel, tmp_path: Path
) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "scored"
    path.write_text(text_of(20_000))
    ends: list[tuple[int, int]] = []
    with cluster_of(tmp_path, workers=2) as cluster:
        victim = cluster.workers[0]

        def kill_midway(done: int, total: int, _rows: int) -> None:
            ends.append((done, total))
            if done > total // 4 and victim.poll() is None:
                victim.kill()
                victim.wait()

        score(
            *(cluster.address, species, [str(path)], str(out)),
            part_bytes=PART_BYTES,
            progress=kill_midway,
        )
        assert (victim.poll(), cluster.workers[1].poll()) == (-9, None)
    parts = len(list(out.glob("part-*.parquet")))
    assert ends == [(done + 1, parts) for done in range(parts)]  # each was counted once
    table, bad, _ = plain(species, path)
    assert read(out).equals(table)
    assert mended(out) == bad
    assert not (out / "_temporary").exists()


def test_the_command_scores_a_folder_by_a_cluster(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    data, out = tmp_path / "data", tmp_path / "scored"
    data.mkdir()
    table, _, _ = plain(species, people)
    own = table.select(["name", "height", "weight"])
    good = own.slice(0, 3)
    for at in (1, 2):
        parquet.write_table(good, data / f"{at}.parquet")
    command = [*servery("score"), "species", str(data), "-o", str(out), "--models", str(MODELS)]
    environ = {**os.environ, "SERVERY_CLUSTER": cluster.address}
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "6 rows scored" in done.stderr
    expected = table.slice(0, 3)
    assert read(out).equals(pa.concat_tables([expected, expected]))
    again = [*command, "--cluster", cluster.address]
    done = subprocess.run(again, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, "exists already" in done.stderr) == (1, True)


def test_options_of_the_result_mean_the_same_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    """Sections of 8 MiB: the outcomes of the second one begin with a long run that is unknown."""
    data, note = tmp_path / "data", "x" * 4_000
    data.mkdir()
    for name, rows in (("large", 4_200), ("small", 300)):
        lines = [
            f"{at},{60 + at % 30},{30 + at % 20},{'' if 2_000 < at < 2_600 else 'Cat'},{note}"
            for at in range(rows)
        ]
        (data / f"{name}.csv").write_text("\n".join(["id,height,weight,animal,note", *lines]))
    options = ["--target", "animal", "--keep", "id", "--threshold", "0.9", "--json"]

    def told(*more: str) -> dict[str, Any]:
        command = [*servery("score"), "species", str(data), "--models", str(MODELS), *options]
        done = subprocess.run(
            [*command, *more], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    by_cluster = ["--cluster", cluster.address, "-o", str(tmp_path / "scored")]
    one = told("-o", str(tmp_path / "one.parquet"))
    several = told(*by_cluster)
    assert [table.pop("table").rsplit("/", 1)[-1] for table in several["tables"]] == [
        "large.csv",
        "small.csv",
    ]
    for found in (one, several):
        for table in found["tables"]:
            del table["result"]
            table.pop("table", None)
    assert several == one
    assert several["evaluation"]["outputs"][0]["blank"] == 599
    assert read(tmp_path / "scored").equals(read(tmp_path / "one.parquet"))
    assert len(list((tmp_path / "scored").glob("part-*"))) == 4
    again = told(*by_cluster, "--skip-done", "--quiet")
    assert [table["skipped"] for table in again["tables"]] == [True]


def test_a_result_of_a_cluster_is_stored_in_a_database(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    own = plain(species, people)[0].select(["name", "height", "weight"])
    at = pa.array([datetime(2024, 5, 1, tzinfo=UTC)] * len(own))
    fee = pa.array([None, Decimal("1.50")] * (len(own) // 2))
    parquet.write_table(
        own.append_column("at", at).append_column("fee", fee),
        tmp_path / "people.parquet",
        row_group_size=500,
    )
    with postgres() as database:
        for source, address in (
            (people, f"sqlite:///{tmp_path}/scored.db"),
            (tmp_path / "people.parquet", database.uri),
        ):
            common = [*servery("score"), "species", str(source), "--models", str(MODELS)]
            stored = ["--into", f"{address}::by_cluster", "--json"]
            by_cluster = [*common, *stored, "--cluster", cluster.address]
            folder = tmp_path / f"folder-{source.suffix[1:]}"
            for command, code in (
                ([*common, "--into", f"{address}::alone"], 0),
                (by_cluster, 2),
                ([*by_cluster, "-o", str(folder), "--skip-done"], 2),
                ([*by_cluster, "-o", str(folder)], 0),
                ([*by_cluster, "-o", str(tmp_path / "again")], 1),
            ):
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
                )
                assert done.returncode == code, done.stderr
            assert "There is a table by_cluster in" in done.stderr
            assert not list((tmp_path / "again").glob("**/*.parquet"))
            assert len(read(folder)) == len(own)
            with connected(url_of(address)) as connection:
                alone, several = (
                    connection.exec_driver_sql(f"select * from {table}").all()  # noqa: S608
                    for table in ("alone", "by_cluster")
                )
            assert several == alone
            assert len(several) == len(own)


def test_the_folder_of_a_cluster_stays_when_its_rows_cannot_be_stored(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    out, file = tmp_path / "scored", tmp_path / "scored.db"
    into = StoredTable(f"sqlite:///{file}", "scored")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("create table other (a)")
        database.execute("begin immediate")  # which lets others read, but not write
        with pytest.raises(ServeryError, match=r"is locked.* The folder .* has all of it\."):
            score(cluster.address, species, [str(people)], str(out), into=into)
        database.execute("rollback")
        assert database.execute("select name from sqlite_schema").fetchall() == [("other",)]
    assert read(out).equals(plain(species, people)[0])


def test_each_prediction_can_be_explained_on_a_cluster(
    cluster: Cluster, species: ServedModel, tmp_path: Path
) -> None:
    path, out = tmp_path / "pets.csv", tmp_path / "scored"
    path.write_text("height,weight\n90,40\n80,39\n")
    score(cluster.address, species, [str(path)], str(out), options=CommandOptions(explain=True))
    batch = open_batch(species, path)
    file, work = io.BytesIO(), batch.chunk_scorer("parquet", explainer=RowExplainer(species))
    with work.sink(file) as sink:
        run(batch, work, sink)
    batch.close()
    assert read(out).equals(parquet.read_table(file))


def test_row_groups_are_scored_apart(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "people.parquet", tmp_path / "scored"
    table, _, _ = plain(species, people)
    own = table.select(["name", "height", "weight"])
    parquet.write_table(own, source, row_group_size=500)
    told = score(cluster.address, species, [str(source)], str(out), part_bytes=PART_BYTES)
    expected, bad, summary = plain(species, source)
    assert len(list(out.glob("part-*.parquet"))) == 8
    assert read(out).equals(expected)
    assert (mended(out), merged(told.values())) == (bad, summary)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (text_of(900) + "one,2\n" * 2_000, TableRagged),
        ("name,height,weight\n" + "\n" * 30_000, TableEmpty),
        ("name,height\n1,2\n", ColumnsUnmatched),
    ],
)
def test_after_an_error_nothing_is_there(
    cluster: Cluster, species: ServedModel, tmp_path: Path, text: str, error: type[ServeryError]
) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "scored"
    path.write_text(text)
    with pytest.raises(error) as raised:
        score(cluster.address, species, [str(path)], str(out), part_bytes=PART_BYTES)
    if error is TableRagged:
        assert "rows of people.csv do not fit its header" in str(raised.value)
    assert list(out.iterdir()) == []


def test_a_folder_that_is_gone_does_not_hide_what_was_wrong(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    out = tmp_path / "scored"

    def stumble(*_: int) -> None:
        shutil.rmtree(out)
        raise ServeryError("What was wrong.")

    with pytest.raises(ServeryError, match="What was wrong"):
        score(cluster.address, species, [str(people)], str(out), progress=stumble)


def test_what_no_storage_has_is_told_by_its_address(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "scored")
    for address in ("nowhere://bucket/people.csv", "memory://people.csv"):
        with pytest.raises(ServeryError, match=address):
            score(cluster.address, species, [address], out)
    with pytest.raises(ServeryError, match="nowhere://bucket/scored"):
        score(cluster.address, species, [str(people)], "nowhere://bucket/scored")


def test_a_worker_is_let_go_when_its_section_has_stopped(
    cluster: Cluster, species: ServedModel, tmp_path: Path
) -> None:
    begun, stopped = tmp_path / "begun", tmp_path / "stopped"

    def go_on_for_long(opener: Opener) -> None:
        for _ in range(100 * PATIENCE_S):
            opener.go_on()
            time.sleep(0.01)

    def section() -> None:
        opener = cast("Opener", get_worker().plugins["opener"])
        with opener.lent():
            begun.touch()
            with pytest.raises(ServeryError, match="not wanted any more"):
                go_on_for_long(opener)
            time.sleep(0.2)  # as long as the rest of its chunk may take
            stopped.touch()
        with pytest.raises(ServeryError, match="not wanted any more"), opener.lent():
            pass

    with Client(cluster.address, set_as_default=False) as client:
        client.register_plugin(Opener("opener", files_of(species), species, ()))
        came_to = client.submit(section, pure=False)
        eventually(begun.exists)
        client.unregister_worker_plugin("opener")
        assert stopped.exists()
        came_to.result(timeout=PATIENCE_S)


def test_tables_of_other_columns_do_not_mix(
    cluster: Cluster, species: ServedModel, people: Path, tmp_path: Path
) -> None:
    other = tmp_path / "zoo.csv"
    other.write_text("height,weight\n90,40\n")
    with pytest.raises(ColumnsUnmatched, match="other columns than"):
        score(cluster.address, species, [str(people), str(other)], str(tmp_path / "scored"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "scheduler", "tcp://127.0.0.1"])
def test_where_there_is_no_scheduler_it_says_so(
    address: str,
    species: ServedModel,
    people: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("servery.batch.cluster.CONNECT_S", 1)
    with pytest.raises(ServeryError, match="There is no Dask scheduler"):
        score(address, species, [str(people)], str(tmp_path / "scored"))


def test_object_storage_does_as_well(species: ServedModel, people: Path) -> None:
    from distributed import LocalCluster

    files = fsspec.filesystem("memory")  # of one process, so that the workers are threads of it
    files.pipe_file("/bucket/in/people.csv", people.read_bytes())
    with LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        processes=False,
        dashboard_address="127.0.0.1:0",
        memory_limit=None,
    ) as local:
        address = local.scheduler_address
        told = score(
            address, species, ["memory://bucket/in/*.csv"], "memory://bucket/out", part_bytes=60_000
        )
    table, _, summary = plain(species, people)
    names = sorted(files.glob("/bucket/out/*.parquet"))
    assert len(names) > 1
    parts = [parquet.read_table(io.BytesIO(files.cat_file(name))) for name in names]
    assert pa.concat_tables(parts).equals(table)
    assert merged(told.values()) == summary
    assert files.find("/bucket/out/_temporary") == []
