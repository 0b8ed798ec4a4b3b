"""Every tool of every server does its work in front of its upstream's simulator, and answers in its own form."""

import json
from typing import Any

import jsonschema

from mcp_common.service import McpService
from tests.contract.bench import Bench
from tests.contract.conftest import SERVICES
from tests.contract.examples import upstream_of

LARGEST_ANSWER = 24_000
"""Characters of JSON, about 6,000 tokens."""


async def test_it_does_its_work_and_answers_in_its_own_form(bench: Bench, service: McpService) -> None:
    (tool,) = (tool for tool in service.compile() if tool.name == bench.tool)
    seen = await bench.call()
    assert not seen.result.is_error, seen.text
    answer: dict[str, Any] = seen.result.structured_content or {}
    assert answer
    jsonschema.validate(answer, tool.output_schema or {}, format_checker=jsonschema.FormatChecker())
    assert len(json.dumps(answer)) < LARGEST_ANSWER
    assert bool(seen.asked) is not bench.is_idle
    if tool.writes:
        assert [asked for asked in seen.asked if asked.method != "GET"]
    else:
        assert [asked for asked in seen.asked if bench.is_write(asked)] == []


def test_every_example_is_of_a_tool_there_is() -> None:
    for service in SERVICES.values():
        if service.client is not None:
            assert set(upstream_of(service).examples) == {tool.name for tool in service.compile()}
