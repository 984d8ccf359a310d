"""The options of a batch: declared once, and taken alike by every way in."""

import inspect

import click
import pandas as pd
import pytest
from click.testing import CliRunner

import servery
from servery.api.resources.batches.facts import JobFacts
from servery.api.resources.batches.job_options import FIELDS, asked_options
from servery.batch.options import (
    BATCH_OPTIONS,
    COMMAND_OPTIONS,
    MOST_NAMED,
    BatchOptions,
    CommandOptions,
    Decision,
    declared,
)
from servery.cli import main
from servery.cli.batch_options import with_batch_options
from servery.errors import InvalidJobOptions
from servery.jobs.records import JobOptions
from tests.conftest import ROOT


def test_every_way_in_offers_the_options_that_are_declared() -> None:
    command = {option for each in main.commands["score"].params for option in each.opts}
    assert command >= {f"--{name}" for name in COMMAND_OPTIONS}
    assert set(FIELDS) >= BATCH_OPTIONS.keys()
    for struct in (JobOptions, JobFacts):
        assert set(struct.__struct_encode_fields__) >= BATCH_OPTIONS.keys()
    keywords = inspect.signature(servery.score).parameters
    assert keywords.keys() >= {option.attribute for option in declared(Decision).values()}
    assert all(
        option.help in " ".join(str(servery.score.__doc__).split())
        for option in (*declared(Decision).values(),)
    )


def test_the_command_takes_names_in_a_list_and_one_by_one() -> None:
    taken: list[CommandOptions] = []

    @click.command()
    @with_batch_options
    def command(chosen: CommandOptions) -> None:
        taken.append(chosen)

    texts = ["--keep", 'id,"a, b"', "--keep", "c", "--target", "d,e", "--class", "Dog", "--raw"]
    for arguments in (texts, ["--only", "--threshold", "0.25"], []):
        assert CliRunner().invoke(command, arguments).exit_code == 0
    first, second, third = taken
    assert first == CommandOptions(
        keep=("id", "a, b", "c"), target=("d,e",), class_="Dog", raw=True
    )
    assert second == CommandOptions(keep=(), threshold=0.25)
    assert third == CommandOptions()
    for arguments, words in (
        (["--only", "--keep", "id"], "Use either --keep or --only."),
        (["--threshold", "1.5"], "1.5 is not in the range 0"),
    ):
        refused = CliRunner().invoke(command, arguments)
        assert refused.exit_code == 2
        assert words in refused.output


def test_the_fields_of_an_upload_are_taken_or_all_refused_at_once() -> None:
    fields = [("keep", "a"), ("keep", "a"), ("keep", "b"), ("threshold", "1"), ("class", "1")]
    options = BatchOptions(**asked_options([*fields, ("target", ""), ("sheet", "x")]))
    assert options == BatchOptions(keep=("a", "b"), threshold=1.0, class_="1")
    assert BatchOptions(**asked_options([])) == BatchOptions()
    many = [("target", f"c{number}") for number in range(MOST_NAMED + 1)]
    with pytest.raises(InvalidJobOptions) as refused:
        asked_options([*many, ("threshold", "high")])
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("#/threshold", "not-a-threshold"),
        ("#/target", "not-a-list"),
    ]
    assert [fault.detail for fault in refused.value.faults] == [
        "Expected a number from 0 to 1, found 'high'.",
        "Expected a list of at most 100 names of columns, found 101.",
    ]


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("threshold", [0, 0.5, 1, None], [True, -0.1, 1.5, "0.5", 10**400, float("nan")]),
        ("class", ["Dog", 1, 2.5, True, None], [["Dog"], {}]),
        ("target", [[], ["a"], None], ["a", [1], ["a"] * 101]),
        ("keep", [[], ["a"], None], ["a", [None]]),
    ],
)
def test_members_are_taken_exactly_or_refused(
    name: str, taken: list[object], refused: list[object]
) -> None:
    option = BATCH_OPTIONS[name]
    for value in taken:
        parsed = option.parse(value)
        wanted = option.default if value is None else value
        assert parsed == (tuple(wanted) if isinstance(wanted, list) else wanted)
    for value in refused:
        with pytest.raises(ValueError, match=r"Expected|out of range"):
            option.parse(value)


def test_a_misspelled_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="treshold"):
        servery.score("species", pd.DataFrame(), models=ROOT / "models", treshold=0.5)
