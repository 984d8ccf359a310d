"""What changes in a repository is noticed, in a bounded time per look."""

import os
from pathlib import Path

import pytest

from servery.watching import Lookout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("wine", "bikes"):
        (tmp_path / name / "1").mkdir(parents=True)
        (tmp_path / name / "card.toml").write_text("title = 'A'")
        (tmp_path / name / "1" / "model.json").write_text("{}")
    return tmp_path


def settled(root: Path) -> Lookout:
    """Return a lookout that has seen everything, and treats every file as old."""
    lookout = Lookout(root, look_s=10, settled_s=-3600)
    assert lookout.changed() == {"wine", "bikes"}
    assert lookout.changed() == set()
    return lookout


def test_what_was_looked_at_before_is_not_reported(root: Path) -> None:
    lookout = Lookout(root, look_s=0, settled_s=-3600)
    lookout.look_at_all()
    assert lookout.changed() == set()
    (root / "wine" / "card.toml").write_text("title = 'B'")
    assert lookout.changed() | lookout.changed() == {"wine"}


def test_a_new_and_a_removed_model_are_noticed(root: Path) -> None:
    lookout = settled(root)
    (root / "new").mkdir()
    (root / "wine" / "1" / "model.json").unlink()
    assert lookout.changed() == {"new", "wine"}
    (root / "new" / "card.toml").write_text("title = 'New'")
    assert lookout.changed() == {"new"}
    (root / "bikes").rename(root / "bicycles")
    assert lookout.changed() == {"bikes", "bicycles"}
    assert lookout.changed() == set()


def test_a_version_that_is_copied_piece_by_piece_is_noticed_when_it_is_whole(root: Path) -> None:
    lookout = settled(root)
    (root / "wine" / "2").mkdir()
    assert lookout.changed() == {"wine"}
    (root / "wine" / "2" / "model.joblib").write_bytes(b"...")
    assert lookout.changed() == set()
    (root / "wine" / "2" / "model.json").write_text("{}")
    assert lookout.changed() == {"wine"}
    (root / "wine" / "2" / "model.json.dsse").write_text("{}")
    assert lookout.changed() == {"wine"}


def test_a_card_of_the_same_size_and_time_is_noticed(root: Path) -> None:
    lookout = settled(root)
    card = root / "wine" / "card.toml"
    facts = card.stat()
    card.write_text("title = 'B'")
    os.utime(card, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert lookout.changed() == {"wine"}


def test_what_a_link_leads_to_is_noticed(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("cards") / "card.toml"
    elsewhere.write_text("title = 'A'")
    card = root / "wine" / "card.toml"
    card.unlink()
    card.symlink_to(elsewhere)
    lookout = settled(root)
    elsewhere.write_text("title = 'Another'")
    assert lookout.changed() == {"wine"}


def test_recent_changes_are_reported_again(root: Path) -> None:
    lookout = Lookout(root, look_s=10, settled_s=3600)
    for _ in range(3):
        assert lookout.changed() == {"wine", "bikes"}


def test_a_short_look_continues_where_the_last_one_ended(root: Path) -> None:
    lookout = Lookout(root, look_s=0, settled_s=-3600)
    lookout.changed()  # all names are new
    seen = [lookout.changed() for _ in range(4)]
    assert set().union(*seen) <= {"wine", "bikes"}
    (root / "wine" / "card.toml").write_text("title = 'C'")
    (root / "bikes" / "card.toml").write_text("title = 'C'")
    assert sorted(map(sorted, (lookout.changed(), lookout.changed()))) == [["bikes"], ["wine"]]


def test_a_repository_that_goes_and_comes_back_is_noticed(root: Path) -> None:
    lookout = settled(root)
    away = root.with_name("away")
    root.rename(away)
    assert lookout.changed() == {"wine", "bikes"}
    assert lookout.changed() == set()
    away.rename(root)
    assert lookout.changed() == {"wine", "bikes"}
