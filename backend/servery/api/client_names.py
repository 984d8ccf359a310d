"""Names that generators of clients can use, for models and for values.

A model may be called anything (``hours.per.week``, ``模型``); a type or a function may not. Names
that differ must not become alike either, however a generator treats case and separators.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import count

WORD = re.compile(r"[A-Za-z0-9]+")
#: What names of a model's components end with.
SUFFIXES = ("Inputs", "Instance", "Instances", "Prediction", "Predictions")


@dataclass(frozen=True, slots=True)
class ClientName:
    """A model's name as a part of others: ``type`` of ``IncomeInputs``, ``id`` of an operation."""

    type: str
    id: str


def client_names(models: Iterable[str], reserved: Collection[str] = ()) -> dict[str, ClientName]:
    """Return a name for each model; of those that would be alike, all but the first get a digest.

    Parameters
    ----------
    reserved
        Names of components that are of no model, which a model called ``class`` could repeat.

    Examples
    --------
    >>> client_names(["petrol.use", "petrol use"])["petrol.use"]
    ClientName(type='PetrolUse', id='petrol_use')
    """
    found: dict[str, ClientName] = {}
    taken: set[str] = set()
    for model in models:
        name = _plain(model)
        is_reserved = any(f"{name.type}{suffix}" in reserved for suffix in SUFFIXES)
        if not name.type or name.type.lower() in taken or is_reserved:
            digest = _digest(model)
            type_, id_ = name.type or "Model", name.id or "model"
            name = ClientName(f"{type_}{digest.capitalize()}", f"{id_}_{digest}")
        taken.add(name.type.lower())
        found[model] = name
    return found


def constant_names(values: Iterable[str]) -> list[str]:
    """Return a name for each value of an enumeration, all of them different.

    Examples
    --------
    >>> constant_names(["<=50K", ">50K", "Own child", "?"])
    ['VALUE_50K', 'VALUE_50K_2', 'OWN_CHILD', 'VALUE']
    """
    names: list[str] = []
    for value in values:
        name = "_".join(_words(value)).upper()
        name = name if name[:1].isalpha() else "_".join(filter(None, ["VALUE", name]))
        numbered = (f"{name}_{number}" for number in count(2))
        names.append(name if name not in names else next(x for x in numbered if x not in names))
    return names


def _plain(model: str) -> ClientName:
    words = _words(model)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return ClientName(f"Model{joined}" if joined[:1].isdigit() else joined, "_".join(words).lower())


def _digest(text: str) -> str:
    """Return a digest in letters, which no generator takes apart as it does letters and digits."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(6))


def _words(text: str) -> list[str]:
    """Return the words of a text in ASCII letters and digits; accents are dropped."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return WORD.findall(letters)
