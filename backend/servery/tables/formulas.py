"""Cells that a spreadsheet would take for a formula, and run."""

from servery.inputs.number import DECIMAL_COMMA, NUMBER

STARTS = frozenset("=+-@\t\r")


def is_formula(cell: object) -> bool:
    """Return whether a text starts like a formula and is not a number.

    References
    ----------
    OWASP, "CSV Injection".
    """
    if type(cell) is not str or not cell or cell[0] not in STARTS:
        return False
    bare = cell.strip(" ")
    return not (NUMBER.fullmatch(bare) or DECIMAL_COMMA.fullmatch(bare))


def meant(cell: str) -> str:
    """Undo `neutral`, so that a result can be corrected and read again."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell[1:]) else cell


def neutral(cell: str) -> str:
    """Return a text that a spreadsheet shows as it is: an apostrophe goes before a formula."""
    return f"'{cell}" if is_formula(cell) else cell
