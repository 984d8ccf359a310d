"""Which regular expressions are safe in a process that answers others: those in linear time.

Python's ``re`` holds the interpreter while it searches, and some patterns take exponential time.
Accepted is what can be shown to be linear by looking at it: single characters one after the other,
of which only the last may be repeated, perhaps between word boundaries.
"""

import re
from re import _constants as ops  # type: ignore[attr-defined] # both are private; the tests hold
from re import _parser as parser  # type: ignore[attr-defined] # them to every accepted kind
from typing import Any

LONGEST_PATTERN = 500
#: Characters that a match must have: each place of a text may be tried for so many.
MOST_REQUIRED = 32
_SINGLE = (ops.LITERAL, ops.NOT_LITERAL, ops.IN, ops.ANY)
_BOUNDARY = (ops.AT, ops.AT_BOUNDARY)
_WORD = (ops.CATEGORY, ops.CATEGORY_WORD)


def is_linear(pattern: str) -> bool:
    """Return whether finding all matches of a pattern takes time in proportion to the text."""
    if len(pattern) > LONGEST_PATTERN:
        return False
    try:
        parsed = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    items = list(parsed)
    starts_at_boundary = items[:1] == [_BOUNDARY]
    items = items[1:] if starts_at_boundary else items
    ends_at_boundary = items[-1:] == [_BOUNDARY]
    items = items[:-1] if ends_at_boundary else items
    required, repeated = _required(items)
    if not items or required is None or not 1 <= required <= MOST_REQUIRED:
        return False
    is_ascii = bool(parsed.state.flags & re.ASCII)
    if not ends_at_boundary:
        return True
    # A repeat that stops within a word gives back one character after the other; so it must start
    # at most once in each word, or take the whole rest of the word.
    if not all(_is_word(item, is_ascii=is_ascii) for item in _singles(items)):
        return False
    return starts_at_boundary or not repeated or _singles(items)[-1] == (ops.IN, [_WORD])


def _required(items: list[Any]) -> tuple[int | None, bool]:
    """Return how many characters a match has at least, and whether the last one is repeated.

    None stands for a pattern of another kind.
    """
    if not items:
        return None, False
    *first, (last, detail) = items
    if any(kind not in _SINGLE for kind, _ in first):
        return None, False
    if last in _SINGLE:
        return len(items), False
    if last is not ops.MAX_REPEAT:
        return None, False
    least, most, inner = detail
    if most is not ops.MAXREPEAT or len(inner) != 1 or inner[0][0] not in _SINGLE:
        return None, False
    return len(first) + int(least), True


def _singles(items: list[Any]) -> list[Any]:
    """Return the items with the repeated one for its repeat."""
    return [detail[2][0] if kind is ops.MAX_REPEAT else (kind, detail) for kind, detail in items]


def _is_word(item: Any, *, is_ascii: bool) -> bool:  # noqa: ANN401 - of the private parser
    kind, detail = item
    if kind is ops.LITERAL:
        return _is_word_character(detail, is_ascii=is_ascii)
    return kind is ops.IN and all(_is_word_member(each, is_ascii=is_ascii) for each in detail)


def _is_word_member(member: Any, *, is_ascii: bool) -> bool:  # noqa: ANN401
    kind, detail = member
    if kind is ops.CATEGORY:
        return detail in (ops.CATEGORY_WORD, ops.CATEGORY_DIGIT)
    if kind is ops.LITERAL:
        return _is_word_character(detail, is_ascii=is_ascii)
    if kind is ops.RANGE and detail[1] < 0x250:  # Latin; further ones are rare in patterns
        return all(
            _is_word_character(code, is_ascii=is_ascii) for code in range(detail[0], detail[1] + 1)
        )
    return False


def _is_word_character(code: int, *, is_ascii: bool) -> bool:
    character = chr(code)
    return (character.isalnum() or character == "_") and (not is_ascii or character.isascii())
