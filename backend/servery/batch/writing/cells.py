"""Single cells as text and as JSON, and the count of those that would run as formulas."""

from datetime import date, datetime

import msgspec
import numpy as np

from servery.batch.parsing.formulas import is_formula
from servery.batch.scoring import Scored


def plain_text(value: object) -> str:
    """Return a cell of any type as text."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json_bytes(value).decode()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, tuple):
        return "; ".join(map(_listed, value))
    return str(value)


#: Decimals keep their digits; what JSON has no type for, such as moments of pandas, is a text.
json_bytes = msgspec.json.Encoder(enc_hook=plain_text, decimal_format="number").encode


def _listed(value: object) -> str:
    """Return one of several values, in quotes where it could be taken for more than one."""
    text = plain_text(value)
    is_plain = text and text == text.strip() and not {";", '"'} & set(text)
    return text if is_plain else '"{}"'.format(text.replace('"', '""'))


def count_neutralised(scored: Scored) -> None:
    """Count the answers that are made harmless: classes may be called as formulas are."""
    for column in scored.answers:
        if column.codes is not None:
            texts = map(plain_text, column.values)  # a set of classes is one as well
            found = [code for code, text in enumerate(texts) if is_formula(text)]
            if found:
                scored.summary.neutralised += int(np.isin(column.codes, found).sum())
