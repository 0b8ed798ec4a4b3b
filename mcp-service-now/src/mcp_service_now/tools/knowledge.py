"""Tools about knowledge articles."""

from typing import Annotated

from mcp_common.fields import Cursor, Limit
from mcp_common.tools import Upstream, tool
from mcp_service_now.arguments import MaxChars, RecordKey, Start, Words
from mcp_service_now.calls.knowledge import find_articles, read_article
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.models.knowledge import Article, ArticlePage

ServiceNow = Annotated[ServiceNowClient, Upstream]


@tool("servicenow/knowledge:read", toolset="knowledge", upstream="GET sn_km_api/knowledge/articles")
async def search_knowledge(
    servicenow: ServiceNow, text: Words, limit: Limit = 10, cursor: Cursor = None
) -> ArticlePage:
    """Search knowledge articles: known errors, workarounds, instructions."""
    found = await find_articles(servicenow, text, limit=limit, cursor=cursor)
    return ArticlePage(articles=list(found.items), more=found.more, next_cursor=found.next_cursor, total=found.total)


@tool("servicenow/knowledge:read", toolset="knowledge", upstream="GET sn_km_api/knowledge/articles/{id}")
async def get_article(
    servicenow: ServiceNow, article: RecordKey, start: Start = 0, max_chars: MaxChars = 8_000
) -> Article:
    """Read a knowledge article as plain text, or the part that begins at `start`."""
    return await read_article(servicenow, article, start=start, max_chars=max_chars)
