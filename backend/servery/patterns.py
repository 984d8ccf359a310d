"""Decides which regular expressions are safe in a process that serves requests.

Python's ``re`` blocks the interpreter while it searches, and some patterns take exponential time.
Token patterns must be linear: a sequence of single characters of which only the last may repeat,
optionally between word boundaries. Patterns that texts are expected to match may also have groups
and alternatives, within a number of steps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from re import _constants as ops  # type: ignore[attr-defined] # both are private; the tests hold
from re import _parser as parser  # type: ignore[attr-defined] # them to every accepted kind
from typing import Any

LONGEST_PATTERN = 500
#: Characters of a text that are searched, if a pattern takes many steps per character.
LOOKED_AT = 1_000
#: Limit for one search in that many characters: a tenth of a second.
MOST_STEPS = 5_000_000
#: In which the whole of a text is searched; more are tried with its beginning only.
MOST_WAYS = 100
#: More of them are counted as if there was no end.
MOST_REPEATS = 64
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


def most_characters(pattern: str) -> int | None:
    """Return how much of a text a pattern can be searched for in a moment.

    None is any length. Repeats are counted: one that does not end the pattern is tried at each
    length, and a pattern that may begin anywhere is tried at each place of the text.

    Raises
    ------
    ValueError
        It is not a regular expression, or one that may take too long.
    """
    try:
        parsed = parser.parse(pattern)
        may_start_again = bool(parsed.state.flags & re.MULTILINE)
        effort = _effort(list(parsed), is_at_start=False, is_last=True)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a regular expression: {error}") from error
    degree = effort.degree + may_start_again
    if effort.ways * LOOKED_AT**degree > MOST_STEPS:
        raise ValueError("may take too long for some texts; use fewer repeats and alternatives")
    return None if degree <= 1 and effort.ways <= MOST_WAYS else LOOKED_AT


@dataclass(frozen=True, slots=True)
class _Effort:
    """How often a part is tried: in so many ways, each for a power of the length of the text."""

    ways: int
    degree: int


def _effort(items: Sequence[Any], *, is_at_start: bool, is_last: bool) -> _Effort:
    ways, loops, starts_anywhere = 1, 0, not is_at_start
    for number, (kind, detail) in enumerate(items):
        ends_all = is_last and number == len(items) - 1
        if kind is ops.AT:
            if detail in (ops.AT_BEGINNING, ops.AT_BEGINNING_STRING) and number == 0:
                starts_anywhere = False
        elif kind in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            part = _repeat_effort(detail, ends_all=ends_all)
            ways, loops = ways * part.ways, loops + part.degree
        elif kind in (ops.SUBPATTERN, ops.BRANCH):
            is_whole = len(items) == 1  # else where it starts is counted here
            parts = [
                _effort(list(each), is_at_start=is_at_start or not is_whole, is_last=ends_all)
                for each in (detail[1] if kind is ops.BRANCH else [detail[3]])
            ]
            ways *= sum(part.ways for part in parts)
            loops += max(part.degree for part in parts)
            starts_anywhere = starts_anywhere and not is_whole
        elif kind not in _SINGLE:
            raise ValueError("has parts other than characters, groups, alternatives and repeats")
        if ways > MOST_STEPS:
            break
    return _Effort(ways, loops + starts_anywhere)


def _repeat_effort(detail: Any, *, ends_all: bool) -> _Effort:  # noqa: ANN401 - private parser
    _, most, inner = detail
    is_single = len(inner) == 1 and inner[0][0] in _SINGLE
    if most is ops.MAXREPEAT or most > MOST_REPEATS:
        if not is_single:
            raise ValueError("repeats a group without end; repeat single characters")
        return _Effort(1, 0 if ends_all else 1)
    part = _Effort(1, 0) if is_single else _effort(list(inner), is_at_start=True, is_last=False)
    if part.degree:
        raise ValueError("repeats what is repeated; repeat single characters")
    return _Effort(sum(part.ways**times for times in range(int(most) + 1)), 0)


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
