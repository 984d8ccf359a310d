"""The model card: what people read about a model, written by hand in ``card.toml``.

A model folder or a text in, a `Card` out; and `described`, which lays a card's words over a
signature. This room does not know what the model computes.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from servery.errors import CardUnreadable, nearest
from servery.guarded import FileMissing, FileRefused, is_plain_name, read_file
from servery.inputs import Input, Scalar
from servery.layout import CARD, MOST_BYTES
from servery.signature import (
    Band,
    ClassificationOutput,
    ClusteringOutput,
    MultiOutput,
    OutlierOutput,
    Output,
    RegressionOutput,
    Signature,
)
from servery.signature.outputs import Tone


class CardTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of the tables of a card: a word that is not known is refused, never ignored."""


class DataWords(CardTable, frozen=True, kw_only=True):
    """Where the training data come from."""

    description: str
    source: str | None = None
    licence: str | None = None


class BandWords(CardTable, frozen=True, kw_only=True):
    """What a card says of predictions ``below`` a number."""

    label: str
    below: float | None = None
    tone: Tone = "neutral"
    picture: str | None = None
    message: str | None = None


class OutputWords(CardTable, frozen=True, kw_only=True):
    """What a card says of the output as a whole.

    ``minimum`` and ``maximum`` are what a quantity cannot go beyond: intervals end there.
    """

    label: str | None = None
    unit: str | None = None
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    bands: list[BandWords] = []


class OutcomeWords(CardTable, frozen=True, kw_only=True):
    """What a card says of one class."""

    label: str | None = None
    tone: Tone | None = None
    picture: str | None = None
    message: str | None = None


class Example(CardTable, frozen=True, kw_only=True):
    """A titled question to start from."""

    title: str
    inputs: dict[str, Scalar | None]


class Card(CardTable, frozen=True, kw_only=True):
    """Everything that ``card.toml`` may hold; all of it is optional.

    ``version`` pins the version that is served; without it, the highest is. ``groups`` names the
    inputs by whose values errors are compared. What may be said of an input depends on its type.
    """

    version: str | None = None
    title: str | None = None
    summary: str = ""
    picture: str | None = None
    description: str = ""
    intended_use: list[str] = []
    not_for: list[str] = []
    limitations: list[str] = []
    data: DataWords | None = None
    inputs: dict[str, dict[str, object]] = {}
    output: OutputWords = OutputWords()
    outputs: dict[str, OutputWords] = {}
    groups: list[str] = []
    outcomes: dict[str, OutcomeWords] = {}
    examples: list[Example] = []

    @property
    def pictures(self) -> list[str]:
        """File names of every picture that the card mentions."""
        outcomes = [words.picture for words in self.outcomes.values()]
        bands = [band.picture for band in self.output.bands]
        return [name for name in (self.picture, *outcomes, *bands) if name]


#: A key with more dots than this is refused: TOML's own reader takes quadratic time for it.
MOST_DOTS = 200


def card_of(folder: Path) -> Card | None:
    """Return the card of a model folder; None where there is none.

    Raises
    ------
    CardUnreadable
        The file may not be read, or says something wrong.
    """
    text = card_text(folder)
    return None if text is None else read_card(text)


def card_text(folder: Path) -> str | None:
    """Return the text of a card, which may be wrong; None where there is none.

    Raises
    ------
    CardUnreadable
        The file may not be read, or is not text.
    """
    try:
        return read_file(folder.parent, [folder.name, CARD], MOST_BYTES[CARD]).decode()
    except FileMissing:
        return None
    except FileRefused as error:
        raise CardUnreadable(str(error)) from error
    except UnicodeDecodeError as error:
        raise CardUnreadable(f"card.toml is not UTF-8: {error}") from error


def read_card(text: str) -> Card:
    """Read the text of a ``card.toml``.

    Raises
    ------
    CardUnreadable
        Says which line or which entry is wrong.
    """
    _require_shallow(text)
    try:
        card = msgspec.toml.decode(text, type=Card)
    except msgspec.DecodeError as error:  # ValidationError, which names the entry, is one
        raise CardUnreadable(f"card.toml: {error}") from error
    except RecursionError as error:
        raise CardUnreadable("card.toml is nested too deeply.") from error
    for picture in card.pictures:
        if not is_plain_name(picture) or not picture.endswith(".svg"):
            raise CardUnreadable(
                f"card.toml: expected the name of an SVG file in pictures/, found {picture!r}."
            )
    return card


def _require_shallow(text: str) -> None:
    """Refuse keys of very many parts before anything reads them."""
    for line in text.splitlines():
        *keys, value = line.split("=")
        if value.lstrip().startswith("["):  # the name of a table
            keys.append(value)
        if any(key.count(".") > MOST_DOTS for key in keys):
            raise CardUnreadable(f"card.toml: expected keys of at most {MOST_DOTS} parts.")


def described(signature: Signature, card: Card) -> Signature:
    """Return the signature with the labels, units, limits and outcomes of the card.

    Raises
    ------
    CardUnreadable
        The card names an input, a category or a class that the signature does not have, or an
        example of the card would be refused.
    """
    _require_known("inputs", card.inputs, signature.names)
    _require_known("groups", card.groups, signature.names)
    inputs = tuple(
        _described_input(item, card.inputs.get(item.name, {})) for item in signature.inputs
    )
    try:
        output = _described_output(signature.output, card)
        return msgspec.structs.replace(signature, inputs=inputs, output=output)
    except ValueError as error:
        raise CardUnreadable(f"card.toml: {error}") from error


def readable(name: str) -> str:
    """Make a label of a name: ``hours.per.week`` becomes "Hours per week"."""
    spaced = re.sub(r"[._\s]+", " ", name).strip() or name
    return spaced[0].upper() + spaced[1:]


def _described_input(item: Input, words: Mapping[str, object]) -> Input:
    try:
        return item.described({"label": item.label or readable(item.name), **words})
    except ValueError as error:
        raise CardUnreadable(f"card.toml: inputs.{item.name}: {error}") from error


def _described_output(output: Output, card: Card) -> Output:
    label = card.output.label or output.label
    if isinstance(output, MultiOutput):
        return msgspec.structs.replace(output, label=label, outputs=_described_parts(output, card))
    if card.outputs:
        raise CardUnreadable("card.toml: the model has one output; use [output], not [outputs].")
    if not isinstance(output, RegressionOutput):
        return _described_classes(output, card, label)
    return _described_quantity(output, card, label)


def _described_parts(output: MultiOutput, card: Card) -> tuple[object, ...]:
    if card.outcomes or card.output.bands or card.output.unit is not None:
        raise CardUnreadable("card.toml: the model has several outputs; use [outputs.<name>].")
    _require_known("outputs", card.outputs, [part.name for part in output.outputs])
    return tuple(
        _described_output(part, Card(output=card.outputs.get(part.name, OutputWords())))
        for part in output.outputs
    )


def _described_quantity(output: RegressionOutput, card: Card, label: str) -> Output:
    if card.outcomes:
        raise CardUnreadable("card.toml: [outcomes] is for classes; use [[output.bands]].")
    words = card.output
    bands = tuple(Band(**msgspec.structs.asdict(band)) for band in words.bands)
    _require_ascending(bands)
    return msgspec.structs.replace(
        output,
        label=label,
        unit=words.unit if words.unit is not None else output.unit,
        decimals=words.decimals if words.decimals is not None else output.decimals,
        minimum=words.minimum if words.minimum is not None else output.minimum,
        maximum=words.maximum if words.maximum is not None else output.maximum,
        bands=bands,
    )


def _described_classes(
    output: ClassificationOutput | ClusteringOutput | OutlierOutput, card: Card, label: str
) -> Output:
    if card.output.bands or card.output.unit is not None:
        raise CardUnreadable("card.toml: bands and unit are for numbers; use [outcomes].")
    by_text = {str(outcome.value): outcome for outcome in output.classes}
    _require_known("outcomes", card.outcomes, by_text)
    classes = tuple(
        msgspec.structs.replace(
            outcome,
            label=words.label or outcome.label,
            tone=outcome.tone if words.tone is None else words.tone,
            picture=words.picture,
            message=words.message or outcome.message,
        )
        for text, outcome in by_text.items()
        for words in [card.outcomes.get(text, OutcomeWords())]
    )
    return msgspec.structs.replace(output, label=label, classes=classes)


def _require_ascending(bands: tuple[Band, ...]) -> None:
    ends = [band.below for band in bands]
    inner = [end for end in ends[:-1] if end is not None]
    if bands and (ends[-1] is not None or len(inner) < len(bands) - 1 or inner != sorted(inner)):
        raise CardUnreadable(
            "card.toml: expected bands that ascend by `below`, the last one without it."
        )


def _require_known(
    table: str, names: Iterable[str], known: Iterable[str] | Mapping[str, object]
) -> None:
    known = list(known)
    for name in names:
        if name not in known:
            raise CardUnreadable(
                f"card.toml: {table} names {name!r}, which the model does not have."
                f"{nearest(name, known)}"
            )
