"""Sections of a file: together they are the file, whatever stands where it is cut."""

import csv
import io
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from servery.batch.cluster.sections import Scan, Section, scan, sections_of
from servery.batch.storage import Source, sources_of
from servery.errors import TableEmpty, TableUnreadable
from servery.tables.reading import Reading

CELLS = st.text(alphabet='aé",;\n ', max_size=12)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=60)


def here(source: Source, blocks: Sequence[tuple[int, int]], delimiter: str) -> list[Scan]:
    return [scan(source, start, end, delimiter) for start, end in blocks]


def cut(
    path: Path, part_bytes: int, reading: Reading | None = None, known: Sequence[str] = ()
) -> list[Section]:
    source, reading = Source(f"file://{path}"), reading or Reading()
    with source.table(reading, known) as table:
        return sections_of(source, table, reading, part_bytes, here)


def rows_of(section: Section) -> list[tuple[object, ...]]:
    """Return the rows of a section, each with the line that it begins on."""
    rows: list[tuple[object, ...]] = []
    is_part = section.end is not None  # the header may be alone in it
    with section.table() as table, suppress(TableEmpty) if is_part else nullcontext():
        for chunk in table.chunks():
            block = table.layout.block(chunk)
            cells = [column.cells() for column in block.columns]
            rows += zip(block.lines.tolist(), *cells, strict=True)
    return rows


def all_rows(sections: Sequence[Section]) -> list[tuple[object, ...]]:
    return [row for section in sections for row in rows_of(section)]


@given(
    rows=ROWS,
    part_bytes=st.integers(20, 400),
    mark=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_sections_of_a_text_are_the_text(
    tmp_path: Path, rows: list[tuple[str, str]], part_bytes: int, line_end: str, *, mark: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second\nname"), *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
    reading = Reading(delimiter=",", quote='"')
    sections = cut(path, part_bytes, reading)
    assert all_rows(sections) == rows_of(Section(Source(f"file://{path}"), reading))
    if path.stat().st_size > 6 * part_bytes and max(len(a + b) for a, b in rows) < 5:
        assert len(sections) > 1


def test_blank_lines_before_between_and_after_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n" * 500 + "a,b\n" + "\n" * 900 + "1,2\n" + "\n" * 800)
    sections = cut(path, 100)
    assert len(sections) > 5
    assert all_rows(sections) == [(1402, "1", "2")]


def test_a_line_that_says_the_delimiter_is_before_the_first_section(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sep=;\na;b\n" + "".join(f"{n};x,y\n" for n in range(60)), encoding="utf-8")
    sections = cut(path, 40)
    assert len(sections) > 5
    assert all_rows(sections) == [(n + 3, str(n), "x,y") for n in range(60)]


def test_another_encoding_is_read_in_every_section(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a;b\n" + "Köln;é\n".encode("cp1252") * 300)
    sections = cut(path, 200, Reading(encoding="cp1252"))
    assert len(sections) > 5
    assert {row[1:] for row in all_rows(sections)} == {("Köln", "é")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_section_is_read_as_the_look_at_its_file_was(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("age;mass,town;note\n1;2,3;x\n", encoding=encoding)
    [section] = cut(path, 1_000, known=["age", "note"])
    assert rows_of(section) == [(2, "1", "2,3", "x")]


@pytest.mark.parametrize("text", ['a,b\nx"y,1\n' + '"p\nq",2\n' * 300, "a,b\n" + "é,1\n" * 300])
def test_what_cannot_be_told_from_its_middle_is_one_section(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode("utf-16") if "é" in text else text.encode())
    [section] = cut(path, 200)
    assert len(rows_of(section)) > 299


def test_row_groups_are_sections(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"a": range(1000)}), path, row_group_size=100)
    sections = cut(path, 3000)
    assert 2 < len(sections) < 10
    assert all_rows(sections) == [(at + 1, at) for at in range(1000)]


def test_names_patterns_and_folders_are_found(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "_c.csv", "d.md"):
        (tmp_path / name).write_text("a\n1\n")
    both = [Source(f"file://{tmp_path}/{name}") for name in ("a.csv", "b.csv")]
    assert sources_of([str(tmp_path)]) == both
    assert sources_of([f"file://{tmp_path}/[ab].csv"]) == both
    assert sources_of([str(tmp_path / "b.csv")]) == both[1:]
    for absent in ("no.csv", "*.parquet"):
        with pytest.raises(TableUnreadable, match="no table at"):
            sources_of([str(tmp_path / absent)])
