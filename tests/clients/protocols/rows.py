"""The rows that every client asks about."""

ADULT = {
    "age": 39,
    "workclass": "State-gov",
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
UNKNOWN = {**ADULT, "workclass": "Självständig"}
WITHOUT = {**ADULT, "workclass": None}
RARE = {**ADULT, "age": 52, "education": "Doctorate", "marital.status": "Married-civ-spouse"}
#: What the shipped model says of them.
ROWS = [ADULT, UNKNOWN, WITHOUT, RARE]
ANSWERS = ["<=50K", "<=50K", "<=50K", ">50K"]
MANY = 250


def check(found: object, expected: object = None) -> None:
    """End with an error if an answer is another one."""
    expected = ANSWERS if expected is None else expected
    if found != expected:
        raise SystemExit(f"expected {expected}, found {found}")


def check_refusal(words: str, found: str) -> None:
    """End with an error if a refusal does not say what is wrong."""
    if words not in found:
        raise SystemExit(f"expected {words!r} in the refusal, found {found!r}")
