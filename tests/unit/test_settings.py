from dataclasses import fields

import pytest

from servery.errors import BadSettings
from servery.settings import TABLE, Settings


def test_the_defaults_need_no_variable() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings().host == "127.0.0.1"


def test_every_setting_has_its_row_and_its_sentence() -> None:
    assert [row.field for row in TABLE] == [field.name for field in fields(Settings)]
    assert all(row.sentence.endswith(".") for row in TABLE)


def test_all_bad_values_are_reported_together() -> None:
    environ = {"PORT": "http", "WEB_CONCURRENCY": "0", "SERVERY_CORS_ORIGINS": "*"}
    with pytest.raises(BadSettings) as refused:
        Settings.from_env(environ)
    assert [name for name in environ if name in str(refused.value)] == list(environ)


def test_an_unknown_variable_is_named_with_the_nearest() -> None:
    with pytest.raises(BadSettings, match="Did you mean 'SERVERY_MODELS'"):
        Settings.from_env({"SERVERY_MODEL": "x"})


def test_the_cage_is_used_as_it_is_or_required_whole() -> None:
    assert Settings.from_env({}).cage == "auto"
    assert Settings.from_env({"SERVERY_CAGE": "require"}).cage == "require"
    with pytest.raises(BadSettings, match=r"SERVERY_CAGE is 'off': expected auto or require\."):
        Settings.from_env({"SERVERY_CAGE": "off"})


@pytest.mark.parametrize(
    "origin", ["*", "null", "example.org", "https://*.example.org", "https://a.org/path", "ftp://a"]
)
def test_only_exact_origins_are_taken(origin: str) -> None:
    with pytest.raises(BadSettings):
        Settings.from_env({"SERVERY_CORS_ORIGINS": origin})
