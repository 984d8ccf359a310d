"""The first card of a model: labels made from names, and places for better texts."""

from collections.abc import Sequence
from operator import attrgetter

import tomlkit
from tomlkit.items import Table

from servery.inputs import Input
from servery.manifest import Golden
from servery.signature import ClassOutput, Output, RegressionOutput, Signature

EXAMPLES = 3
MISSING = attrgetter("missing")
HEAD = """What people read about this model, in your own words. Everything is optional.
A running server picks up changes at once; `servery check` reports mistakes."""


def card_template(title: str, signature: Signature, examples: Sequence[Golden]) -> str:
    """Return the text of a first ``card.toml``.

    Parameters
    ----------
    examples
        Rows of the training table; remove those that must not be public by hand.
    """
    card = tomlkit.document()
    for line in HEAD.splitlines():
        card.add(tomlkit.comment(line))
    card["title"] = title
    card["summary"] = ""
    card["description"] = ""
    card.add(tomlkit.comment('intended_use = ["What it is for."]'))
    card.add(tomlkit.comment('not_for = ["What it must not be used for."]'))
    card.add(tomlkit.comment('limitations = ["Where it makes more errors."]'))
    inputs = tomlkit.table(is_super_table=True)
    for item in signature.inputs:
        inputs[item.name] = _input(item)
    card["inputs"] = inputs
    _output(card, signature.output)
    if examples:
        card["examples"] = _examples(examples)
    return tomlkit.dumps(card)


def _input(item: Input) -> Table:
    table = tomlkit.table()
    table["label"] = item.label
    for hint in item.card_hints:
        table.add(tomlkit.comment(hint))
    return table


def _output(card: tomlkit.TOMLDocument, output: Output) -> None:
    table = tomlkit.table()
    table["label"] = output.label
    if isinstance(output, RegressionOutput):
        table.add(tomlkit.comment('unit = "…"'))
    card["output"] = table
    if isinstance(output, ClassOutput):
        outcomes = tomlkit.table(is_super_table=True)
        for outcome in output.classes:
            words = tomlkit.table()
            words["label"] = outcome.label
            outcomes[str(outcome.value)] = words
        card["outcomes"] = outcomes


def _examples(golden: Sequence[Golden]) -> tomlkit.items.AoT:
    """Return rows with different answers, so that the page shows more than one outcome."""
    complete_first = sorted(golden, key=MISSING)
    by_answer = {str(each.prediction): each for each in reversed(complete_first)}
    chosen = list(by_answer.values())[:: max(1, len(by_answer) // EXAMPLES)][:EXAMPLES]
    chosen.sort(key=MISSING)
    examples = tomlkit.aot()
    for number, each in enumerate(chosen, 1):
        example = tomlkit.table()
        example["title"] = f"Example {number}"
        inputs = tomlkit.table()
        for name, value in each.inputs.items():
            if value is not None:  # TOML has no null
                inputs[name] = value
        example["inputs"] = inputs
        examples.append(example)
    return examples
