"""Single cells as text and as JSON."""

from datetime import date, datetime

import msgspec


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


def spelled(cell: float) -> str:
    """Return a number, or true or false, as a spreadsheet shows it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return repr(cell).removesuffix(".0")
