"""Names that every agent host takes, for tools and for inputs: one bad name hides all tools."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import count

LONGEST = 64
SAFE = re.compile(rf"[a-zA-Z0-9_.-]{{1,{LONGEST}}}")
UNSAFE = re.compile(r"[^a-zA-Z0-9_.-]+")


def tool_name(kind: str, model: str) -> str:
    """Return the name of a tool; where the model's own does not do, with a digest of it.

    Examples
    --------
    >>> tool_name("predict", "income")
    'predict_income'
    >>> tool_name("predict", "模型")
    'predict_c98e118e0a'
    """
    name = f"{kind}_{model}"
    if SAFE.fullmatch(name):
        return name
    digest = hashlib.sha256(model.encode()).hexdigest()[:10]
    words = [kind, _plain(model)[: LONGEST - len(kind) - len(digest) - 2], digest]
    return "_".join(filter(None, words))


def aliases(names: Iterable[str], reserved: Iterable[str] = ()) -> Mapping[str, str]:
    """Return an alias for each name, all of them different; a name that does is its own.

    Examples
    --------
    >>> aliases(["hours.per.week", "1st Flr SF", "Température (°C)", "target"], ["target"])
    {'hours.per.week': 'hours.per.week', '1st Flr SF': '1st_Flr_SF',
     'Température (°C)': 'Temperature_C', 'target': 'target_2'}
    """
    names = list(names)
    taken = set(reserved)
    kept = {name for name in names if SAFE.fullmatch(name) and name not in taken}
    taken |= kept
    found: dict[str, str] = {}
    for name in names:
        found[name] = name if name in kept else _free(_plain(name) or "input", taken)
        taken.add(found[name])
    return found


def _free(word: str, taken: set[str]) -> str:
    word = word[:LONGEST]
    numbered = (f"{word[: LONGEST - 7]}_{number}" for number in count(2))
    return word if word not in taken else next(each for each in numbered if each not in taken)


def _plain(name: str) -> str:
    """Return a name in the characters that are allowed; accents are dropped."""
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return UNSAFE.sub("_", plain).strip("_")
