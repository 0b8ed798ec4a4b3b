"""Tools about configuration templates. None of them changes anything."""

from typing import Annotated

from mcp_catalyst_center.arguments import DeviceId, MaxChars, Name, Params, Start, TemplateId, VersionId, fits
from mcp_catalyst_center.calls.templates import read_template, read_template_versions, read_templates, render_preview
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.templates import Preview, Template, TemplatePage, VersionPage
from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Fields, Limit, Upstream, select, tool
from mcp_common.untrusted import text_range

Catalyst = Annotated[CatalystClient, Upstream]

_SHOWN = ("name", "project", "latest_version", "committed")
_SHOWN_ALONE = (
    *("name", "project", "description", "language", "version"),
    *("composite", "members", "platforms", "params", "text_hash", "content"),
)


_PREVIEWED = 12_000


@tool("catalyst-center/template:read", toolset="templates", upstream="GET template-programmer/template")
async def get_all_templates(
    catalyst: Catalyst,
    project: Name | None = None,
    name: Name | None = None,
    fields: Fields = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> TemplatePage:
    """List configuration templates; in `name`, * is a wildcard. One without latest_version cannot be deployed yet."""
    found = await read_templates(catalyst, project)
    if name is not None:
        found = [template for template in found if fits(template.name, name)]
    page = slice_of(found, cursor, limit)
    templates = [select(template.summary(), fields, default=_SHOWN) for template in page.items]
    return TemplatePage(templates=templates, more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool("catalyst-center/template:read", toolset="templates", upstream="GET template-programmer/template/{id}")
async def get_template(
    catalyst: Catalyst,
    template_id: VersionId,
    start: Start = 0,
    max_chars: MaxChars = 8_000,
    fields: Fields = None,
) -> Template:
    """Show a template: its params and its text, from `start`."""
    answer = await read_template(catalyst, template_id)
    return select(answer.part(start, max_chars), fields, default=_SHOWN_ALONE)


@tool("catalyst-center/template:read", toolset="templates", upstream="GET template-programmer/template/version/{id}")
async def list_template_versions(
    catalyst: Catalyst, template_id: TemplateId, limit: Limit = 25, cursor: Cursor = None
) -> VersionPage:
    """List the committed versions of a template, newest first. deploy_template always deploys the newest."""
    template = await read_template_versions(catalyst, template_id)
    page = slice_of(template.versions, cursor, limit)
    return VersionPage(
        template_id=template.id,
        name=template.name,
        versions=list(page.items),
        more=page.more,
        next_cursor=page.next_cursor,
        total=page.total,
    )


@tool("catalyst-center/template:read", toolset="templates", upstream="PUT template-programmer/template/preview")
async def preview_template(
    catalyst: Catalyst,
    template_id: VersionId,
    device_id: DeviceId,
    params: Params | None = None,
    start: Start = 0,
) -> Preview:
    """Render a template for a device without sending it: the CLI deploy_template would push, or why it fails.

    Preview a composite member by member.
    """
    answer = await render_preview(catalyst, template_id, device_id, params or {})
    return Preview(
        renders=not answer.problems,
        template_id=template_id,
        device_id=device_id,
        cli=text_range(answer.cli, start=start, max_chars=_PREVIEWED) if answer.cli is not None else None,
        problems=answer.problems or None,
    )
