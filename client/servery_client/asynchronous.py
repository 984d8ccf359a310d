"""The asynchronous twin of `client`: the same flows, driven by asyncio or Trio."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

import anyio
import httpx

from servery_client import batches, questions
from servery_client.answers import Counterfactual, Explanation, Json, ModelSummary, Prediction
from servery_client.batches import Progress, Scored
from servery_client.flows import Call, Flow, Pause, Reply, Request, Step
from servery_client.retries import Retries
from servery_client.transport import base_of, replied, sent
from servery_client.uploads import uploaded_async

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def connect_async(
    address: str,
    *,
    timeout_s: float = 60.0,
    tries: int = 6,
    headers: Mapping[str, str] | None = None,
    http: httpx.AsyncClient | None = None,
) -> "AsyncClient":
    """Return an asynchronous client of the server at an address; see `connect`."""
    return AsyncClient(base_of(address), timeout_s, Retries(tries), headers or {}, http)


class AsyncClient:
    """The models of a server, as `Client` has them."""

    def __init__(
        self,
        base: str,
        timeout_s: float,
        retries: Retries,
        headers: Mapping[str, str],
        http: httpx.AsyncClient | None,
    ) -> None:
        self._base = base
        self._timeout_s = timeout_s
        self._headers = headers
        self._is_own = http is None
        self._http = http or httpx.AsyncClient()
        self._retries = retries

    async def models(self) -> list[ModelSummary]:
        """Return all models that the server can answer for."""
        return await self._run(questions.list_models(self._retries))

    def __getitem__(self, name: str) -> "AsyncModel":
        """Return a model by its name, without asking the server whether there is one."""
        questions.require_name(name)
        return AsyncModel(name, self._run, self._retries)

    async def close(self) -> None:
        """Close all connections, but not those of a client of httpx that was given."""
        if self._is_own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Return the client, which closes at the end of the block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    async def _run(self, flow: Flow[T]) -> T:
        """Do what a flow yields, until it returns."""
        try:
            step = next(flow)
            while True:
                # An error goes to the flow, which cleans up and raises it again.
                try:
                    done = await self._do(step)
                except BaseException as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(done)
        except StopIteration as end:
            value: T = end.value
            return value

    async def _do(self, step: Step) -> Reply | None:
        if isinstance(step, Pause):
            await anyio.sleep(step.seconds)
            return None
        if isinstance(step, Call):
            answer = step.function(step.value)
            if inspect.isawaitable(answer):
                await answer
            return None
        if isinstance(step.content, Path):
            return await uploaded_async(step.content, lambda pieces: self._send(step, pieces))
        with anyio.CancelScope(shield=step.is_cleanup):
            reply = await self._send(step, step.content)
        return reply  # noqa: RET504 - a scope may end without it, for mypy

    async def _send(self, request: Request, content: Any) -> Reply:  # noqa: ANN401 - as httpx takes it
        asked = sent(request, self._base, self._timeout_s, self._headers)
        async with self._http.stream(**asked, content=content) as response:
            if request.into is None or not response.is_success:
                return replied(response, await response.aread())
            async with await anyio.open_file(request.into, "wb") as file:
                async for piece in response.aiter_bytes():
                    await file.write(piece)
            return replied(response, b"")


class AsyncModel:
    """One model of a server; each method is that of `Model`."""

    def __init__(
        self, name: str, run: Callable[[Flow[Any]], Awaitable[Any]], retries: Retries
    ) -> None:
        self.name = name
        self._run = run
        self._retries = retries

    def __repr__(self) -> str:
        """Return the name of the model."""
        return f"AsyncModel({self.name!r})"

    async def facts(self) -> Json:
        """Return the card, the signature, the metrics and the examples of the model, as JSON."""
        facts: Json = await self._run(questions.show_model(self.name, self._retries))
        return facts

    @overload
    async def predict(self, inputs: Mapping[str, Any]) -> Prediction: ...
    @overload
    async def predict(self, inputs: Sequence[Mapping[str, Any]]) -> list[Prediction]: ...
    @overload
    async def predict(self, inputs: "pd.DataFrame") -> "pd.DataFrame": ...
    async def predict(self, inputs: Any) -> Any:
        """Predict one instance, or many; see `Model.predict`."""
        return await self._run(questions.predict(self.name, inputs, self._retries))

    async def explain(self, inputs: Mapping[str, Any], *, output: Any = None) -> Explanation:  # noqa: ANN401
        """Return how much each input moved the prediction; see `Model.explain`."""
        flow = questions.explain(self.name, inputs, output, self._retries)
        explanation: Explanation = await self._run(flow)
        return explanation

    async def counterfactuals(
        self,
        inputs: Mapping[str, Any],
        *,
        target: Any,  # noqa: ANN401
    ) -> list[Counterfactual]:
        """Return the smallest changes that lead to another outcome; see `Model.counterfactuals`."""
        flow = questions.counterfactuals(self.name, inputs, target, self._retries)
        found: list[Counterfactual] = await self._run(flow)
        return found

    async def score(
        self,
        table: str | Path,
        into: str | Path,
        *,
        columns: Mapping[str, str | None] | None = None,
        progress: Callable[[Progress], object] | None = None,
        timeout_s: float | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Scored:
        """Score the table in a file on the server, as a batch job; see `Model.score`.

        ``progress`` may be an ``async`` function.
        """
        flow = batches.score(
            self.name, table, into, columns, progress, timeout_s, options, self._retries
        )
        scored: Scored = await self._run(flow)
        return scored
