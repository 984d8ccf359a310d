"""Which requests of protocols a model answers, by their path alone: that decides their lane."""

import pytest

from servery.api.protocols import PROTOCOLS, address_of


@pytest.mark.parametrize(
    ("path", "model", "version"),
    [
        ("/v1/models/income:predict", "income", None),
        ("/v1/models/a:b:predict", "a:b", None),
        ("/v1/models/income/versions/2:classify", "income", "2"),
        ("/v2/models/income/infer", "income", None),
        ("/v2/models/income/versions/2/infer", "income", "2"),
        ("/mlflow/income/invocations", "income", None),
        ("/endpoints/income/invocations", "income", None),
        ("/invocations", None, None),
        ("/hf/income", "income", None),
        ("/vetiver/income/predict", "income", None),
        ("/csv/income", "income", None),
        ("/bigquery/income", "income", None),
        ("/snowflake/income/details", "income", None),
    ],
)
def test_a_path_names_the_model_that_answers(
    path: str, model: str | None, version: str | None
) -> None:
    address = address_of(path)
    assert address is not None
    found = address.asks.fullmatch(path)
    assert found is not None
    assert (found.groupdict().get("model"), found.groupdict().get("version")) == (model, version)


@pytest.mark.parametrize("path", ["/v2/health/live", "/v2/repository/index", "/ping", "/v1/models"])
def test_other_paths_ask_no_model(path: str) -> None:
    address = address_of(path)
    assert address is not None
    assert address.asks.fullmatch(path) is None


@pytest.mark.parametrize("path", ["/", "/api/v1/models", "/livez", "/v22", "/assets/v2/a.js", ""])
def test_our_own_paths_are_of_no_protocol(path: str) -> None:
    assert address_of(path) is None


@pytest.mark.parametrize("path", ["/v1/models/a:explain", "/csv/a"])
def test_what_takes_longer_says_so(path: str) -> None:
    address = address_of(path)
    assert address is not None
    found = address.asks.fullmatch(path)
    assert found is not None
    assert found["slow"] is not None


def test_no_two_protocols_have_the_same_root() -> None:
    roots = [root for address in PROTOCOLS for root in address.roots]
    assert len(roots) == len(set(roots))
    assert not {"api", "assets", "docs", "livez", "readyz", "openapi.json"} & set(roots)
