"""The options of a batch as keywords of a function, with their types and words."""

import inspect
import textwrap
from collections.abc import Callable
from typing import ParamSpec, TypeVar, get_type_hints

from servery.batch.options import BatchOption, Decision, declared

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
#: What a docstring has after its parameters.
RETURNS = "\n    Returns\n"


def with_keywords(function: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Have ``help`` and notebooks show the fields of a `Decision` as keywords of a function."""
    options = declared(Decision).values()
    types = get_type_hints(Decision)
    signature = inspect.signature(function)
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    keywords = [
        inspect.Parameter(
            option.attribute,
            inspect.Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=types[option.attribute],
        )
        for option in options
    ]
    function.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*own, *keywords]
    )
    before, returns, after = (function.__doc__ or "").partition(RETURNS)
    function.__doc__ = f"{before.rstrip()}\n{''.join(map(_described, options))}{returns}{after}"
    return function


def _described(option: BatchOption) -> str:
    text = textwrap.indent(textwrap.fill(option.help, 84), " " * 8)
    return f"    {option.attribute}\n{text}\n"
