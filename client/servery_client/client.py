"""The client: `connect`, the models of the server, and what one model can be asked."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

import httpx

from servery_client import batches, questions
from servery_client.answers import Counterfactual, Explanation, Json, ModelSummary, Prediction
from servery_client.batches import Progress, Scored
from servery_client.flows import Call, Flow, Pause, Reply, Request, Step
from servery_client.retries import Retries
from servery_client.transport import base_of, replied, sent
from servery_client.uploads import uploaded

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def connect(
    address: str,
    *,
    timeout_s: float = 60.0,
    tries: int = 6,
    headers: Mapping[str, str] | None = None,
    http: httpx.Client | None = None,
) -> "Client":
    """Return a client of the server at an address. It sends nothing yet.

    Parameters
    ----------
    address
        Where the page of the server is, such as ``https://models.example.org``.
    timeout_s
        How long to wait for each answer.
    tries
        How often a request is sent if the server is busy or cannot be reached.
    headers
        Headers of each request, such as those that a proxy asks for.
    http
        A client of httpx to use, with its own certificates or proxies. You close it yourself.
    """
    return Client(base_of(address), timeout_s, Retries(tries), headers or {}, http)


class Client:
    """The models of a server: ``client["income"]`` is one, ``client["income@1"]`` a version."""

    def __init__(
        self,
        base: str,
        timeout_s: float,
        retries: Retries,
        headers: Mapping[str, str],
        http: httpx.Client | None,
    ) -> None:
        self._base = base
        self._timeout_s = timeout_s
        self._headers = headers
        self._is_own = http is None
        self._http = http or httpx.Client()
        self._retries = retries

    def models(self) -> list[ModelSummary]:
        """Return all models that the server can answer for."""
        return self._run(questions.list_models(self._retries))

    def __getitem__(self, name: str) -> "Model":
        """Return a model by its name, without asking the server whether there is one."""
        questions.require_name(name)
        return Model(name, self._run, self._retries)

    def close(self) -> None:
        """Close all connections, but not those of a client of httpx that was given."""
        if self._is_own:
            self._http.close()

    def __enter__(self) -> Self:
        """Return the client, which closes at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _run(self, flow: Flow[T]) -> T:
        """Do what a flow yields, until it returns."""
        try:
            step = next(flow)
            while True:
                # An error goes to the flow, which cleans up and raises it again.
                try:
                    done = self._do(step)
                except BaseException as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(done)
        except StopIteration as end:
            value: T = end.value
            return value

    def _do(self, step: Step) -> Reply | None:
        if isinstance(step, Pause):
            time.sleep(step.seconds)
            return None
        if isinstance(step, Call):
            step.function(step.value)
            return None
        if isinstance(step.content, Path):
            return uploaded(step.content, lambda pieces: self._send(step, pieces))
        return self._send(step, step.content)

    def _send(self, request: Request, content: Any) -> Reply:  # noqa: ANN401 - as httpx takes it
        asked = sent(request, self._base, self._timeout_s, self._headers)
        with self._http.stream(**asked, content=content) as response:
            if request.into is None or not response.is_success:
                return replied(response, response.read())
            with request.into.open("wb") as file:
                for piece in response.iter_bytes():
                    file.write(piece)
            return replied(response, b"")


class Model:
    """One model of a server."""

    def __init__(self, name: str, run: Callable[[Flow[Any]], Any], retries: Retries) -> None:
        self.name = name
        self._run = run
        self._retries = retries

    def __repr__(self) -> str:
        """Return the name of the model."""
        return f"Model({self.name!r})"

    def facts(self) -> Json:
        """Return the card, the signature, the metrics and the examples of the model, as JSON."""
        facts: Json = self._run(questions.show_model(self.name, self._retries))
        return facts

    @overload
    def predict(self, inputs: Mapping[str, Any]) -> Prediction: ...
    @overload
    def predict(self, inputs: Sequence[Mapping[str, Any]]) -> list[Prediction]: ...
    @overload
    def predict(self, inputs: "pd.DataFrame") -> "pd.DataFrame": ...
    def predict(self, inputs: Any) -> Any:
        """Predict one instance, or many.

        Parameters
        ----------
        inputs
            A dict of inputs, a list of such dicts, or a data frame with one column per input.

        Returns
        -------
        Prediction, list of Prediction, or pandas.DataFrame
            In the order of the instances. A frame has the index of ``inputs`` and the columns of a
            scored table.

        Raises
        ------
        InvalidInputs
            Names every fault, with its row.
        """
        return self._run(questions.predict(self.name, inputs, self._retries))

    def explain(self, inputs: Mapping[str, Any], *, output: Any = None) -> Explanation:  # noqa: ANN401
        """Return how much each input moved the prediction.

        Parameters
        ----------
        output
            The class whose probability is explained, or the name of one of several outputs.
        """
        flow = questions.explain(self.name, inputs, output, self._retries)
        explanation: Explanation = self._run(flow)
        return explanation

    def counterfactuals(
        self,
        inputs: Mapping[str, Any],
        *,
        target: Any,  # noqa: ANN401
    ) -> list[Counterfactual]:
        """Return the smallest changes that lead to another outcome, the smallest first.

        Parameters
        ----------
        target
            A class, or a range of numbers such as ``{"min": 5000, "max": None}``.
        """
        flow = questions.counterfactuals(self.name, inputs, target, self._retries)
        found: list[Counterfactual] = self._run(flow)
        return found

    def score(
        self,
        table: str | Path,
        into: str | Path,
        *,
        columns: Mapping[str, str | None] | None = None,
        progress: Callable[[Progress], object] | None = None,
        timeout_s: float | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Scored:
        """Score the table in a file on the server, as a batch job.

        Parameters
        ----------
        into
            The file of the result. It is replaced once the result is complete. The ending of its
            name gives the format, if ``to`` does not.
        columns
            The columns of inputs that have other names in the table.
        progress
            Is called with the `Progress`, at least once.
        timeout_s
            How long the job may take once the table is uploaded. None waits as long as it takes,
            also for a job worker.
        options
            The options of an upload, such as ``to="parquet"``, ``delimiter=";"`` or
            ``target="income"``; ``class_`` stands for ``class``.

        Raises
        ------
        ClientError
            The result cannot be written to that place; nothing was sent.
        JobFailed
            The table cannot be scored as it is, or not in time; names the option to set, if that
            helps.
        InvalidInputs
            An option is not valid.
        """
        flow = batches.score(
            self.name, table, into, columns, progress, timeout_s, options, self._retries
        )
        scored: Scored = self._run(flow)
        return scored
