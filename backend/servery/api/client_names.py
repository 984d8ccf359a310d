"""Names for models that generators of clients can use: as parts of types and of functions.

A model may be called anything (``hours.per.week``, ``模型``); a type or a function may not. Names
that differ must not become alike either, however a generator treats case and separators.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
            digest = hashlib.sha256(model.encode()).hexdigest()[:8]
            name = ClientName(f"{name.type or 'Model'}X{digest}", f"{name.id or 'model'}_x{digest}")
        taken.add(name.type.lower())
        found[model] = name
    return found


def _plain(model: str) -> ClientName:
    letters = unicodedata.normalize("NFKD", model).encode("ascii", "ignore").decode()
    words = WORD.findall(letters)
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return ClientName(f"Model{joined}" if joined[:1].isdigit() else joined, "_".join(words).lower())
