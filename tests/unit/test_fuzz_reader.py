"""Some hundred changed files, by a seed: each is refused, or opens, and nothing else happens."""

from pathlib import Path

from tests.fuzz_reader import fuzz


def test_a_changed_file_is_refused_or_opens_and_reaches_for_nothing(tmp_path: Path) -> None:
    totals, bad = fuzz(600, 1, tmp_path / "canary")
    assert [how for how, _ in bad] == []
    assert totals["refused"] > 0
    assert totals["opened"] > 0
    assert not (tmp_path / "canary").exists()
