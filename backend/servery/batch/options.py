"""What a caller chooses about the result of a batch, each option declared once.

An option is a field of a struct here. The struct says where it is offered: `Decision` in
`servery.score` and everywhere else, `BatchOptions` in the API and on the command line,
`CommandOptions` on the command line alone. All of them take its type, its words and its limits
from there; so do the OpenAPI document and the stored options of a job.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeAlias, get_args

import msgspec

from servery.inputs import Scalar
from servery.inputs.number import number_of

#: Columns that one option may name.
MOST_NAMED = 100
ColumnNames: TypeAlias = Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_NAMED)]
Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1)]
NAMES = f"a list of at most {MOST_NAMED:,} names of columns"


@dataclass(frozen=True, slots=True)
class BatchOption:
    """How one option is offered.

    Attributes
    ----------
    help
        What it does, for the command line, the OpenAPI document and `servery.score`.
    values
        What a value is, as a part of a sentence.
    code
        The code of the fault if a value is something else.
    metavar
        What the command line calls a value.
    splits
        Whether one text on the command line may name several columns, such as ``id,name``.
    attribute, type, default
        Those of its field.
    """

    help: str
    values: str = "true or false"
    code: str = "not-a-boolean"
    metavar: str | None = None
    splits: bool = False
    attribute: str = ""
    type: Any = bool
    default: Any = None

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a value, but for null."""
        schema = msgspec.json.schema(self.type)
        one_of = [each for each in schema.get("anyOf", [schema]) if each["type"] != "null"]
        if len(one_of) == 1:
            return dict(one_of[0])
        return {"type": [each["type"] for each in one_of if each["type"] != "integer"]}

    @property
    def nullable_schema(self) -> dict[str, Any]:
        """The JSON Schema of a value, or of null for the default."""
        kind = self.schema["type"]
        if isinstance(kind, list):
            return {"type": [*kind, "null"]}
        return {"anyOf": [self.schema, {"type": "null"}]}

    @property
    def text_schema(self) -> dict[str, Any]:
        """The JSON Schema of a value as the field of a form."""
        return {"type": "string"} if "string" in self.schema["type"] else self.schema

    @property
    def takes_several(self) -> bool:
        """Whether it may be given several times."""
        return bool(self.schema["type"] == "array")

    def parse(self, value: object) -> Any:  # noqa: ANN401 - each option has its own type
        """Take a JSON value.

        Raises
        ------
        ValueError
            It is not one of the option.
        """
        return self.default if value is None else msgspec.convert(value, self.type)

    def parse_texts(self, texts: Sequence[str]) -> Any:  # noqa: ANN401
        """Take the fields of a form, or of a query; empty ones count as not given.

        Raises
        ------
        ValueError
            They are not a value of the option.
        """
        given = [text for text in texts if text]
        if not given:
            return self.default
        kind = self.text_schema["type"]
        if kind == "array":
            return self.parse(list(dict.fromkeys(given)))
        if kind == "boolean":
            return self.parse({"true": True, "false": False}.get(given[-1], given[-1]))
        return self.parse(given[-1] if kind == "string" else number_of(given[-1]))


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller chose in place of the card; None for what stays as it is there."""

    threshold: Annotated[
        Share | None,
        BatchOption(
            "Predict the positive class if its probability is at least this, instead of using the "
            "threshold of the card. For models with two classes.",
            values="a number from 0 to 1",
            code="not-a-threshold",
        ),
    ] = None
    class_: Annotated[
        Scalar | None,
        BatchOption(
            "Report only the probability of this class. If there are two classes, it is also the "
            "positive class.",
            values="a class of the model",
            code="unknown-class",
            metavar="CLASS",
        ),
    ] = msgspec.field(name="class", default=None)

    @property
    def is_as_on_card(self) -> bool:
        """Whether the caller chose nothing."""
        return self.threshold is None and self.class_ is None


class BatchOptions(Decision, frozen=True, kw_only=True):
    """What the caller chose about the result of a table."""

    target: Annotated[
        ColumnNames,
        BatchOption(
            "The column with the true outcomes, with which the predictions are compared. One for "
            "each output.",
            values=NAMES,
            code="not-a-list",
            metavar="COLUMN",
        ),
    ] = ()
    keep: Annotated[
        ColumnNames | None,
        BatchOption(
            "The columns of the table that the result has. Default: all of them.",
            values=NAMES,
            code="not-a-list",
            metavar="COLUMN,...",
            splits=True,
        ),
    ] = None


class CommandOptions(BatchOptions, frozen=True, kw_only=True):
    """What the caller of the command chose about the result of a table."""

    raw: Annotated[
        bool, BatchOption("Write cells that a spreadsheet would run without an apostrophe.")
    ] = False
    explain: Annotated[
        bool,
        BatchOption(
            "Add the contribution of each input to each prediction, and the largest as text; slow."
        ),
    ] = False


def declared(struct: type[msgspec.Struct]) -> dict[str, BatchOption]:
    """Return the options of a struct by their public names, in order."""
    return {
        each.encode_name: replace(
            next(part for part in get_args(each.type) if isinstance(part, BatchOption)),
            attribute=each.name,
            type=each.type,
            default=each.default,
        )
        for each in msgspec.structs.fields(struct)
    }


#: The options that an upload, a job and the command have, and those of the command.
BATCH_OPTIONS = declared(BatchOptions)
COMMAND_OPTIONS = declared(CommandOptions)


def chosen(options: BatchOptions) -> Mapping[str, Any]:
    """Return the options of a batch, by the attributes of their fields."""
    return {each.attribute: getattr(options, each.attribute) for each in BATCH_OPTIONS.values()}
