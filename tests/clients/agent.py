"""The official SDK of MCP, as an agent uses it."""

import asyncio
import os
import sys

from mcp import Client, MCPError, StdioServerParameters

ADULT = {
    "age": 39,
    "workclass": "Astronaut",
    "education": "Bachelors",
    "marital.status": "Never-married",
    "race": "White",
    "sex": "Male",
    "hours.per.week": 40,
}
DOG = {"height": 90, "weight": 50}
BIKES = {"temperature": 24, "humidity": 50, "windspeed": 10, "year": 2012.5}


async def check(way: str, client: Client) -> None:
    """List tools and call each kind; everything that is wrong ends the run."""
    tools = {each.name: each for each in (await client.list_tools()).tools}
    assert "Must not be used for" in (tools["predict_income"].description or "")
    assert len(tools) == 13
    answer = await client.call_tool("predict_income", ADULT)
    assert not answer.is_error
    assert answer.structured_content["warnings"][0]["code"] == "unknown-category"
    unknown = await client.call_tool("predict_income", {**ADULT, "workclass": None})
    assert not unknown.is_error
    refused = await client.call_tool("predict_income", {"age": 39.5, "sex": "Male"})
    assert refused.is_error
    faults = refused.content[0].text.splitlines()
    assert faults[0] == "age: Expected a whole number, found 39.5."
    assert len(faults) == 5
    why = await client.call_tool("explain_bikes", BIKES)
    assert len(why.structured_content["contributions"]) == len(BIKES)
    changes = await client.call_tool("change_bikes", {**BIKES, "target": {"max": 4000}})
    assert changes.structured_content["counterfactuals"]
    try:
        await client.call_tool("predict_nothing", {})
    except MCPError:
        pass
    else:
        raise SystemExit("there is no such tool")
    found = (await client.call_tool("predict_species", DOG)).structured_content
    print(f"mcp {client.protocol_version} {way}: {found['prediction']}, {len(tools)} tools")


async def main() -> None:
    """Ask a server in both revisions, and the command."""
    address, command, models = sys.argv[1:]
    process = StdioServerParameters(command=command, args=["mcp", models], env={**os.environ})
    for way, where in (("over HTTP", f"{address}/mcp"), ("over stdio", process)):
        for mode in ("auto", "legacy"):
            async with Client(where, mode=mode) as client:
                await check(way, client)


asyncio.run(main())
