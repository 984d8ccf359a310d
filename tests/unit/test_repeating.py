"""A file that was published before is published again without being inspected."""

from pathlib import Path

import joblib
import msgspec
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from servery.cli.model_files import publish_all
from servery.publishing.options import PublishOptions, Tables
from servery.publishing.repeating import Kept
from servery.repository import Repository
from servery.settings import Settings

X = pd.DataFrame({"size": [1.0, 2.0, 3.0], "age": [3.0, 1.0, 2.0]})


class Folder:
    """A model file and a cache; publishes the file to new repositories."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "price.joblib"
        self.cache = path / "cache"
        self.fit(2.0)

    def fit(self, slope: float) -> None:
        joblib.dump(LinearRegression().fit(X, slope * X["size"]), self.file)

    def published(self, tables: Tables = Tables(), *, may_repeat: bool = True) -> Path:  # noqa: B008
        root = self.path / f"models-{len(list(self.path.iterdir()))}"
        settings = Settings(cache=self.cache)
        publish_all([self.file], root, settings, PublishOptions(), tables, may_repeat=may_repeat)
        return root

    def kept(self) -> list[Path]:
        folder = self.cache / "published"
        return sorted(folder.iterdir()) if folder.is_dir() else []


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*")}


def test_a_file_is_inspected_once_and_again_when_anything_is_different(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Folder(tmp_path)
    first = folder.published()
    report = capsys.readouterr().out
    assert report.startswith("price version 1, read from the model")
    again = folder.published()
    assert capsys.readouterr().out == report
    assert contents(again) == contents(first)
    assert Repository(again).get("price").version == "1"

    [path] = folder.kept()
    assert path.stat().st_mode & 0o077 == 0
    kept = msgspec.msgpack.decode(path.read_bytes(), type=Kept)
    path.write_bytes(msgspec.msgpack.encode(msgspec.structs.replace(kept, report="As before.")))
    folder.published()
    assert capsys.readouterr().out == "As before.\n\n"

    folder.published(may_repeat=False)
    assert capsys.readouterr().out == report
    path.write_bytes(b"damaged")
    folder.published()
    assert capsys.readouterr().out == report
    folder.fit(3.0)
    changed = folder.published()
    assert len(folder.kept()) == 2
    assert contents(changed)["price/1/model.joblib"] == folder.file.read_bytes()


def test_nothing_is_kept_of_a_file_with_a_table(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    X.assign(price=X["size"]).to_csv(tmp_path / "train.csv", index=False)
    folder.published(Tables(data=str(tmp_path / "train.csv"), target=("price",)))
    assert folder.kept() == []
