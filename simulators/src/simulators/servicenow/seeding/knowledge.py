"""The knowledge base."""

from simulators.servicenow.seeding.rows import Rows
from simulators.world.knowledge import ARTICLES, KNOWLEDGE_BASE

DAY = 86_400.0


def add(rows: Rows) -> None:
    """The base, its categories and every article."""
    ids = rows.ids
    base = ids.of("kb_knowledge_base", KNOWLEDGE_BASE)
    rows.add("kb_knowledge_base", base, age=900 * DAY, title=KNOWLEDGE_BASE, owner=ids.person("dwhite"))
    for category in sorted({article.category for article in ARTICLES}):
        key = ids.of("kb_category", category)
        rows.add("kb_category", key, age=900 * DAY, label=category, full_category=category)
    for article in ARTICLES:
        published = rows.ago(article.days * DAY)[:10] if article.state != "draft" else ""
        rows.add(
            "kb_knowledge",
            ids.of("kb_knowledge", article.number),
            age=article.days * DAY,
            by=article.author,
            number=article.number,
            short_description=article.title,
            text=article.text,
            workflow_state=article.state,
            kb_knowledge_base=base,
            kb_category=ids.of("kb_category", article.category),
            author=ids.person(article.author),
            sys_view_count=str(article.views),
            active="false" if article.state == "retired" else "true",
            published=published,
            valid_to="2100-01-01",
        )
