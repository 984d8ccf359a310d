"""Some hundred changed plans, by a seed: each is refused or answers, and no process dies of it."""

from tests.fuzz_plan import fuzz


def test_a_changed_plan_ends_no_process() -> None:
    totals, bad = fuzz(250, 1)
    assert bad == []
    assert sum(totals.values()) == 250
    assert totals["refused"] > 0
    assert totals["answered"] > 0
