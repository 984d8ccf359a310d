"""Options of a query or a form: each is known, and none is left without effect."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from flask import request

from servery.api import current_services
from servery.errors import Fault, Faults, InvalidInputs, nearest, quoted
from servery.served import ServedModel
from servery.signature.parsing import token

QUERY = "#/query"
#: Options that a message lists.
MOST_NAMED = 20


def refuse_unknown(
    pairs: Iterable[tuple[str, str]],
    known: Collection[str],
    several: Collection[str] = (),
    *,
    at: str = QUERY,
    error: type[InvalidInputs] = InvalidInputs,
    advice: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Refuse options that are not known, and those given twice that are not among ``several``.

    Parameters
    ----------
    at
        Where they stand, as a pointer.
    advice
        What is said besides of an unknown option of this name.

    Raises
    ------
    InvalidInputs
        Or the given kind of it; it names each of them.
    """
    seen: set[str] = set()
    faults = Faults()
    for name, _ in pairs:
        if name not in known:
            faults.add(partial(_unknown, name, known, at, advice.get(name, "")))
        elif name in seen and name not in several:
            detail = f"Expected {quoted(name)} once, found it twice."
            faults.add(partial(Fault, None, f"{at}/{token(name)}", "option-twice", detail))
        seen.add(name)
    faults.raise_any(error)


def asked_model(name: str, also: Collection[str] = ()) -> ServedModel:
    """Return the model that this request names, in the version of its query.

    Parameters
    ----------
    also
        Options that the query may have besides.

    Raises
    ------
    InvalidInputs
        The query has any other option.
    ModelNotFound, VersionNotFound, ModelUnusable
        There is none, or it cannot be served.
    """
    refuse_unknown(request.args.items(multi=True), ["version", *also])
    return current_services().repository.get(name, request.args.get("version"))


def _unknown(name: str, known: Collection[str], at: str, advice: str) -> Fault:
    takes = f"one of {', '.join(list(known)[:MOST_NAMED])}" if known else "no options"
    detail = f"Expected {takes}, found {quoted(name)}.{nearest(name, known)}{advice}"
    return Fault(None, at, "unknown-option", detail)
