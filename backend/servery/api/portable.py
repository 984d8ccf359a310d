"""JSON Schema as generators of clients understand it: what is valid stays the same.

Few of them know ``prefixItems``, ``anyOf`` with a ``discriminator``, ``enum`` without a type or
with values of several types, or values that make no names of constants (``<=50K`` beside ``>50K``).
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

from servery.api.client_names import constant_names

Schema: TypeAlias = dict[str, Any]

OF_ONE = ("items", "additionalProperties", "not")
OF_LIST = ("anyOf", "oneOf", "allOf")
#: Types with a portable ``enum``; values of other types are listed one by one.
ENUM_TYPES = {str: "string", int: "integer"}


def portable(schema: Schema) -> Schema:
    """Return a schema that accepts the same, and that generators understand."""
    schema = dict(schema)
    if "discriminator" in schema and "anyOf" in schema:  # a tag names one kind alone
        schema["oneOf"] = schema.pop("anyOf")
    for name in OF_ONE:
        if isinstance(schema.get(name), dict):
            schema[name] = portable(schema[name])
    for name in OF_LIST:
        if name in schema:
            schema[name] = [portable(each) for each in schema[name]]
    if "properties" in schema:
        schema["properties"] = {name: portable(each) for name, each in schema["properties"].items()}
    if "prefixItems" in schema:
        schema |= {"items": _item(schema.pop("prefixItems"))}
    return _with_enum(schema) if "enum" in schema else schema


def _item(items: Sequence[Schema]) -> Schema:
    """Return what each item of a tuple may be; its length stands in ``minItems``."""
    distinct = [portable(each) for place, each in enumerate(items) if each not in items[:place]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def _with_enum(schema: Schema) -> Schema:
    """Say of which type the values of an ``enum`` are, those of each type by themselves."""
    values = schema.pop("enum")
    schema.pop("type", None)
    choices = [
        _enum(word, [each for each in values if type(each) is kind])
        for kind, word in ENUM_TYPES.items()
    ]
    choices += [{"const": each} for each in values if type(each) not in (*ENUM_TYPES, type(None))]
    choices += [{"type": "null"}] * (None in values)
    choices = [each for each in choices if each]
    return schema | (choices[0] if len(choices) == 1 else {"anyOf": choices})


def _enum(word: str, values: Sequence[Any]) -> Schema:
    if not values:
        return {}
    enum: Schema = {"type": word, "enum": list(values)}
    if word == "string":
        names = constant_names(values)
        if names != [value.upper() for value in values]:  # what generators make themselves
            enum["x-enum-varnames"] = names
    return enum
