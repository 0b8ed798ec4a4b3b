"""The Knowledge API: articles the account may read, found by text."""

from pydantic import BaseModel, Field

from mcp_common.paging import Slice, decode_cursor, encode_cursor
from mcp_common.prose_secrets import mask_prose
from mcp_common.untrusted import text_range
from mcp_common.upstream import Query as Asked
from mcp_service_now.calls.query import checked_value
from mcp_service_now.calls.shapes import One
from mcp_service_now.client import ServiceNowClient
from mcp_service_now.html_text import text_of
from mcp_service_now.models.knowledge import Article, ArticleFile, FoundArticle
from mcp_service_now.models.shared import Answered, Code, Key, Label, Raw, Whole

_ARTICLES = "/api/sn_km_api/knowledge/articles"
_MISSING = "There is no article of this number or sys_id."


class _Meta(BaseModel):
    count: Whole = None


class _Search(BaseModel):
    meta: _Meta = _Meta()
    articles: list[FoundArticle] = []


class _Read(Answered):
    id: Key = Field(validation_alias="sys_id")
    number: Code = None
    title: Label = Field(default=None, validation_alias="short_description")
    content: Raw = None
    files: list[ArticleFile] | None = Field(default=None, validation_alias="attachments")


async def find_articles(
    servicenow: ServiceNowClient, text: str, *, limit: int, cursor: str | None
) -> Slice[FoundArticle]:
    """Articles about a text, best first."""
    offset = decode_cursor(cursor)
    query: Asked = {"query": checked_value("text", text), "limit": limit, "offset": offset}
    found = (await servicenow.get(One[_Search], _ARTICLES, query=query)).result
    total, end = found.meta.count, offset + limit
    more = len(found.articles) >= limit if total is None else end < total
    return Slice(found.articles[:limit], more, encode_cursor(end) if more else None, total)


async def read_article(servicenow: ServiceNowClient, key: str, *, start: int, max_chars: int) -> Article:
    """One article, as plain text."""
    found = (await servicenow.get(One[_Read], _ARTICLES, key, missing=_MISSING)).result
    return Article(
        id=found.id,
        number=found.number,
        title=found.title,
        text=text_range(text_of(found.content or ""), start=start, max_chars=max_chars, mask=mask_prose),
        files=found.files or None,
    )
