"""Refusing an estimator that was not put together by fitting."""


class TamperedEstimator(Exception):
    """An estimator that no fit produced; the text is the end of a sentence."""


def require_fitted(is_so: object, what: str) -> None:
    """Refuse a part unless it is as a fit leaves it."""
    if not is_so:
        raise TamperedEstimator(f"has {what} that no fit makes")
