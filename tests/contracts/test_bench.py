"""What the README says of speed is what bench/RESULTS.md holds."""

import re

import pytest

from tests.conftest import ROOT

RESULTS = (ROOT / "bench" / "RESULTS.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODELS = ["bikes", "income", "petrol", "questions", "species"]


def rates(clients: str) -> dict[str, tuple[float, float]]:
    """Return the ratio to the floor and the requests per second of each row of a table."""
    table = RESULTS.split(f"## {clients}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| \*\*([\d.]+)\*\* \| .*? \| ([\d,]+) \|", table, re.M)
    return {name: (float(ratio), float(rate.replace(",", ""))) for name, ratio, rate in rows}


@pytest.mark.parametrize("clients", ["1 client", "16 clients"])
def test_the_ratios_of_the_readme_were_measured(clients: str) -> None:
    seen = rates(clients)
    ours = [seen[f"Servery, {name}"][0] for name in MODELS]
    said = re.search(r"([\d.]+) to ([\d.]+) of the empty Flask endpoint", README)
    assert said is not None
    assert float(said[1]) <= min(ours)
    assert max(ours) <= float(said[2]) + 0.05
    times = re.search(r"more\s+than (\d+) times the requests per second", README)
    assert times is not None
    for other in ("tutorial, income", "FastAPI, income"):
        assert seen["Servery, income"][1] > int(times[1]) * seen[other][1]
    assert seen["Servery under granian, income"][1] > seen["FastAPI, empty endpoint"][1]
