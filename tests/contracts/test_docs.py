"""The documents say what the code does."""

import csv
import json
import re
from pathlib import Path
from typing import get_args

import click
import pytest

from servery.api.problems import FRAMEWORK, PROBLEMS
from servery.api.resources.batches import events, job_options, routes, uploads
from servery.api.resources.batches.facts import JobFacts
from servery.app import create_app
from servery.batch import summary
from servery.cli import main
from servery.cli.reading_options import OptionValue, TableFormat
from servery.inputs.moment_texts import Order
from servery.jobs import detection, files, results, working
from servery.jobs.states import Status
from servery.settings import TABLE, Settings
from servery.tables import parquet
from servery.tables.excel import reader as excel
from servery.tables.reading import GIB, MIB, READING_OPTIONS, Limits
from servery.tables.registry import FORMATS
from tests.conftest import ROOT, Server, run
from tests.contracts.test_rooms import LINES

README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
BATCH = (ROOT / "docs" / "batch.md").read_text()
SCALING = (ROOT / "docs" / "scaling.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
PACKAGE = ROOT / "backend" / "servery"
ENDINGS = [end for each in FORMATS.values() for end in (*each.endings, *each.read_endings)]
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.variable)
def test_every_setting_stands_in_the_readme(row: object) -> None:
    variable, sentence = getattr(row, "variable", ""), getattr(row, "sentence", "")
    assert re.search(rf"^\| `{variable}` \| .* \| {re.escape(sentence)} \|$", README, re.M)


def test_the_defaults_in_the_readme_are_those_of_the_code() -> None:
    for row in TABLE:
        default = getattr(Settings(), row.field)
        if isinstance(default, (int, str)):
            assert f"| `{row.variable}` | `{default}` |" in README


def test_the_routes_of_the_app_are_those_of_the_document() -> None:
    app = create_app(Settings(models=ROOT / "models"))
    served = {
        (
            method,
            rule.rule.replace("<name>", "{model}")
            .replace("<id_>", "{id}")
            .replace("<file>", "{file}"),
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert served == set(re.findall(r"^\| (GET|POST|PATCH|DELETE) \| `([^`]+)` \|", API, re.M))


def test_every_problem_stands_in_the_document() -> None:
    rows = [(row.status, row.slug) for row in PROBLEMS.values()]
    rows += [(status, slug) for status, (slug, _, _) in FRAMEWORK.items()]
    for status, slug in rows:
        assert re.search(rf"^\| {status} \| .*`{slug}`", API, re.M), slug


def test_every_code_stands_in_the_document() -> None:
    rooms = (
        *("inputs/number.py", "inputs/boolean.py", "inputs/category.py", "inputs/text.py"),
        *("inputs/moment.py", "signature/parsing.py", "api/http/bodies.py"),
        *(
            "api/resources/explanations.py",
            "api/resources/batches/job_options.py",
            "explaining/figures.py",
            "predict.py",
        ),
    )
    sources = [PACKAGE / room for room in rooms]
    code = r'"([a-z]+(?:-[a-z]+)+|missing|blank)"'
    codes = {found for path in sources for found in re.findall(code, path.read_text())}
    codes -= set(get_args(Order))  # words of a notation, not codes
    assert len(codes) >= 15
    assert [code for code in sorted(codes) if f"`{code}`" not in API] == []


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_the_answer_in_the_readme_is_the_true_one(server: Server) -> None:
    [command] = [block for block in blocks(README, "sh") if block.startswith("curl")]
    asked = re.search(r"-d '(.*)'", command)
    assert asked
    answer = server.predict("species", json.loads(asked[1])).json()
    [shown] = [json.loads(block) for block in blocks(README, "json")]
    assert answer | {"request_id": ""} == shown | {"request_id": ""}


def test_the_answer_in_the_contract_is_the_true_one(server: Server) -> None:
    asked, shown = (json.loads(block) for block in blocks(API, "json"))
    answer = server.predict("bikes", asked).json()
    assert answer["prediction"] == pytest.approx(shown["prediction"])
    assert answer | {"request_id": "", "prediction": 0} == shown | {
        "request_id": "",
        "prediction": 0,
    }


def test_every_room_stands_in_the_architecture() -> None:
    modules = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")]
    rooms = {Path(path.parts[0]).stem for path in modules if path.parts[0][0] != "_"}
    assert [room for room in sorted(rooms) if f"`{room}`" not in ARCHITECTURE] == []


def test_the_layers_of_the_architecture_are_those_of_the_code() -> None:
    shown: dict[str, set[str]] = {}
    for layer, room in re.findall(r"^\| (\d+) \| `(\w+)` \|", ARCHITECTURE, re.M):
        shown.setdefault(layer, set()).add(room)
    layers = [{room for room in rooms if room[0] != "_"} for rooms in LINES]
    assert list(shown.values()) == [rooms for rooms in layers if rooms]


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_the_commands_of_the_documents_exist(text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"make ([a-z]+)(?=`|\n|  )", text)) <= targets


def test_the_hooks_before_a_commit_run_tools_of_the_checkout() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    checks = (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    entries = re.findall(r"entry: (.*)", hooks)
    assert len(entries) == 6
    for entry in entries:
        tool = re.search(
            r"\.venv/bin/(ruff [a-z]+|mypy)|node_modules/\S+\.cjs|node_modules/\S+", entry
        )
        assert tool is not None
        assert (tool[1] or tool[0]) in checks


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def options(command: click.Command) -> set[str]:
    return {word for parameter in command.params for word in parameter.opts if word[:2] == "--"}


def test_every_command_and_option_of_the_documents_exists() -> None:
    known = set().union(*map(options, main.commands.values()), {"--help"})
    for text in (README, BATCH, SCALING):
        assert set(re.findall(r"^servery ([a-z]+)", text, re.M)) <= set(main.commands)
        spans = "\n".join(re.findall(r"`[^`\n]+`|^servery .*$", text, re.M))
        assert set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", spans)) - known == set()


def test_every_option_of_scoring_stands_in_its_document() -> None:
    told = set(re.findall(r"(?<![\w-])--?[a-z]+(?:-[a-z]+)*", f"{BATCH}\n{SCALING}"))
    given = [{*parameter.opts} for parameter in main.commands["score"].params]
    assert [
        opts for opts in given if any(each[0] == "-" for each in opts) and not opts & told
    ] == []


def test_the_table_of_the_guide_comes_back_as_it_shows(tmp_path: Path) -> None:
    given, *shown = blocks(BATCH, "csv")
    (tmp_path / "pets.csv").write_text(given)
    words = blocks(BATCH, "sh")[0].split()
    done = run(*words[1:], "--models", ROOT / "models", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == blocks(BATCH, "text")[0]
    for name, expected in zip(("scored.csv", "rejected.csv"), shown, strict=True):
        found = list(csv.reader((tmp_path / name).read_text().splitlines()))
        rows = list(csv.reader(expected.splitlines()))
        places = [at for at, column in enumerate(rows[0]) if column.startswith("probability")]
        for row, other in zip(found[1:], rows[1:], strict=True):
            figures, others = ([float(each[at] or -1) for at in places] for each in (row, other))
            assert figures == pytest.approx(others)
            for at in places:
                row[at] = other[at]
        assert found == rows


def test_tables_are_of_the_same_formats_wherever_they_are_named() -> None:
    chosen = {each.name: each.type for each in main.commands["score"].params}
    for name in ("read_as", "write_as"):
        kind = chosen[name]
        assert isinstance(kind, TableFormat)
        assert set(kind.choices) == set(FORMATS)
    for name in READING_OPTIONS:
        assert isinstance(chosen[name], OptionValue)
    for command in ("publish", "serve"):
        own = {each.name for each in main.commands[command].params}
        assert {"read_as", *READING_OPTIONS} <= own


def test_the_bounds_of_the_guide_are_those_of_the_code() -> None:
    limits = Limits()
    guide = unwrapped(BATCH)
    for said in (
        f"more than {limits.row_bytes // MIB} MiB",
        f"more than {limits.unpacked_bytes // GIB} GiB",
        f"at most {parquet.GROUP_BYTES // GIB} GiB",
        f"about {limits.chunk_bytes // MIB} MiB of text or {limits.chunk_rows:,} rows",
        f"holds {excel.CELL_CHARACTERS:,} characters",
        f"holds {excel.SHEET_ROWS:,} rows and {excel.SHEET_COLUMNS:,} columns",
        f"first {WORDS[summary.MOST_LINES]} lines",
        f"{WORDS[results.LARGER]} times as large",
        f"{files.RESERVE_BYTES // MIB} MiB is left free",
        f"every {WORDS[int(working.PAUSE_S)]} seconds",
        f"crashes {WORDS[working.MOST_ATTEMPTS]} workers",
    ):
        assert said in guide, said
    assert [each for each in ENDINGS if f"`{each}`" not in BATCH] == []


def test_what_is_said_of_batches_is_what_the_routes_do() -> None:
    section = unwrapped(API.split("## Batches\n")[1].split("\n## ")[0])
    named = {
        *job_options.OPTIONS,
        *FORMATS,
        *JobFacts.__struct_encode_fields__,
        *get_args(Status),
        *(uploads.media_types().keys() - {"application/ndjson", "application/jsonl"}),
        uploads.MULTIPART,
    } - {FORMATS["xlsx"].media_type}
    assert [each for each in sorted(named) if f"`{each}`" not in section] == []
    for said in (
        f"at most {routes.MOST_WAIT_S:.0f} seconds",
        f"after {events.STREAM_S:.0f} seconds",
        f"first {detection.PREVIEW_ROWS} rows",
        f"the first {detection.MOST_COLUMNS:,}",
    ):
        assert said in section, said


def test_the_figures_of_scaling_are_those_that_were_measured() -> None:
    measured = (ROOT / "bench" / "BATCH.md").read_text().splitlines()
    figures = [line for line in SCALING.splitlines() if re.search(r"\| [\d,]{7,} \|", line)]
    assert len(figures) == 6
    assert [line for line in figures if line not in measured] == []
