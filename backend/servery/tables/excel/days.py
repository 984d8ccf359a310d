"""Days of Excel: numbers of days since the end of 1899, or the start of 1904."""

from typing import Any

#: Excel has a 29 February 1900, which did not exist.
NO_DAY = 60


def day_of(number: float, epoch: Any, *, is_duration: bool) -> Any:  # noqa: ANN401 - of openpyxl
    """Return the day or the duration that a cell shows; the number if there is none."""
    from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

    is_no_day = number < 0 or (epoch == WINDOWS_EPOCH and NO_DAY <= number < NO_DAY + 1)
    if is_no_day and not is_duration:
        return number
    try:
        return from_excel(number, epoch, timedelta=is_duration)
    except (OverflowError, ValueError):
        return number
