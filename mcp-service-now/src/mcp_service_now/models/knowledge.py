"""Knowledge articles."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from mcp_common.tools import Page
from mcp_common.untrusted import TextRange
from mcp_service_now.html_text import text_of
from mcp_service_now.models.shared import Answered, Code, Key, Label


def _bare(text: object) -> object:
    """The search marks what it found with HTML."""
    return text_of(text) if isinstance(text, str) else text


def _sys_id(text: object) -> object:
    """`kb_knowledge:9e52…`: table and id."""
    return text.rpartition(":")[2] if isinstance(text, str) else text


class FoundArticle(Answered):
    """An article a search found."""

    id: Annotated[str, BeforeValidator(_sys_id)]
    number: Code = None
    title: Annotated[Label, BeforeValidator(_bare)] = None
    snippet: Annotated[Label, BeforeValidator(_bare)] = None


class ArticlePage(Page):
    """Some of the articles, best first."""

    articles: list[FoundArticle]


class ArticleFile(Answered):
    """A file that belongs to an article."""

    id: Key = Field(validation_alias="sys_id")
    name: Label = Field(default=None, validation_alias="file_name")


class Article(BaseModel):
    """An article, or a part of its text."""

    id: str
    number: str | None = None
    title: Label = None
    text: TextRange
    files: list[ArticleFile] | None = Field(default=None, description="Read them with get_attachment")
