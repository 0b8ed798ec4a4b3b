"""The Knowledge API: search articles, read one."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.servicenow import acl
from simulators.servicenow.answers import flag, no_record, result, whole_number
from simulators.servicenow.display import View
from simulators.servicenow.gateway import guarded
from simulators.servicenow.instance import instance_of
from simulators.servicenow.query.run import select
from simulators.servicenow.schema import SCHEMA
from simulators.servicenow.searching import search, snippet
from simulators.servicenow.store import Record
from simulators.servicenow.users import SYSTEM

TABLE = "kb_knowledge"
BASES = ("/api/sn_km_api/knowledge/articles", "/api/sn_km_api/v1/knowledge/articles")
PAGE = 30
_SEARCHED = (("short_description", 5.0), ("meta", 3.0), ("text", 1.0))
_UNRANKED = -1.0


def _published(request: Request, text: str) -> list[Record]:
    instance = instance_of(request)
    user = instance.user_of(request)
    found = select(instance, user, TABLE, text)
    published = [each for each in found if each["workflow_state"] == "published"]
    return [each for each in published if acl.may_read(instance, user, TABLE, each)]


def _fields(request: Request, record: Record) -> dict[str, object]:
    """The columns asked for, each with its name and label."""
    instance = instance_of(request)
    view = View(instance, instance.user_of(request), "")
    columns = SCHEMA.fields(TABLE)
    wanted = [name.strip() for name in request.query_params.get("fields", "").split(",")]
    return {
        name: {
            "display_value": view.display_value(TABLE, record, name),
            "name": name,
            "label": columns[name].label,
            "type": columns[name].type,
            "value": record[name],
        }
        for name in wanted
        if name in columns
    }


async def articles(request: Request) -> Response:
    """Articles in which the words of `query` occur, best first; without words the newest."""
    given = {name: request.query_params.get(name, "") for name in ("query", "filter", "kb", "fields")}
    language = request.query_params.get("language", "en")
    found = _published(request, given["filter"])
    if given["kb"]:
        found = [each for each in found if each["kb_knowledge_base"] in given["kb"].split(",")]
    if language != "all":
        found = [each for each in found if each["language"] in language.split(",")]
    if given["query"]:
        ranked = search(found, given["query"], _SEARCHED)
    else:
        ranked = [(each, _UNRANKED) for each in sorted(found, key=lambda each: each["published"], reverse=True)]
    start, size = whole_number(request, "offset", 0), whole_number(request, "limit", PAGE)
    query_id = hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()[:32]
    meta = {"start": start, "end": start + size, **given, "language": language, "count": len(ranked)}
    meta |= {"ts_query_id": query_id, "status": {"code": 200}}
    listed = [
        _found(request, record, start + place, score, query_id)
        for place, (record, score) in enumerate(ranked[start : start + size], start=1)
    ]
    return result({"meta": meta, "articles": listed})


def _found(request: Request, record: Record, rank: int, score: float, query_id: str) -> dict[str, object]:
    query = request.query_params.get("query", "")
    place = f"&sysparm_rank={rank}&sysparm_tsqueryId={query_id}" if query else ""
    shown: dict[str, object] = {
        "link": f"?id=kb_article_view&sys_kb_id={record['sys_id']}{place}",
        "id": f"{TABLE}:{record['sys_id']}",
        "title": record["short_description"],
        "snippet": snippet(record["text"], query),
        "score": score,
        "number": record["number"],
    }
    if query:
        shown["rank"] = rank
    fields = _fields(request, record)
    return shown | {"fields": fields} if fields else shown


async def article(request: Request) -> Response:
    """One article, by sys_id or by number."""
    instance, key = instance_of(request), request.path_params["id"]
    user, table = instance.user_of(request), instance.tables[TABLE]
    record = table.get(key) or table.find(number=key)
    if record is None or not acl.may_read(instance, user, TABLE, record):
        raise no_record()
    if flag(request, "update_view"):
        instance.update(TABLE, record["sys_id"], {"sys_view_count": str(int(record["sys_view_count"]) + 1)}, SYSTEM)
    files = [each for each in instance.tables["sys_attachment"].records() if each["table_sys_id"] == record["sys_id"]]
    shown: dict[str, object] = {
        "content": record["text"],
        "template": False,
        "number": record["number"],
        "sys_id": record["sys_id"],
        "short_description": record["short_description"],
        "display_attachments": True,
        "attachments": [
            {name: each[name] for name in ("sys_id", "file_name", "size_bytes", "state")} for each in files
        ],
        "embedded_content": [],
    }
    fields = _fields(request, record)
    return result(shown | {"fields": fields} if fields else shown)


def _routes(base: str) -> list[Route]:
    return [guarded(base, articles), guarded(f"{base}/{{id}}", article)]


routes = [route for base in BASES for route in _routes(base)]
