"""Tools that write templates: projects, drafts, versions. None of them touches a device."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mcp_catalyst_center import authoring, committing
from mcp_catalyst_center.arguments import Line, Name, TemplateId, TemplateText
from mcp_catalyst_center.authoring import NewTemplate
from mcp_catalyst_center.calls.authoring import read_projects
from mcp_catalyst_center.client import CatalystClient
from mcp_catalyst_center.models.authoring import Commit, Draft, ProjectCreated, ProjectPage
from mcp_common.fields import described, uuid_field
from mcp_common.paging import slice_of
from mcp_common.tools import Cursor, Limit, Upstream, tool

Catalyst = Annotated[CatalystClient, Upstream]

Family = Literal["Switches and Hubs", "Routers", "Wireless Controller"]
_Families = Annotated[tuple[Family, ...], Field(min_length=1, max_length=3, description="What it is for")]
_ProjectId = Annotated[str, uuid_field("Project id, from list_template_projects")]
_Hash = Annotated[
    str, described("text_hash of the draft you read: fails if it was edited since", pattern=r"^[0-9a-f]{16}$")
]


class Parameter(BaseModel):
    """A value the template asks for."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, described("Variable name", pattern=r"^[A-Za-z_]\w{0,127}$")]
    type: Annotated[
        Literal["STRING", "INTEGER", "IPADDRESS", "MACADDRESS"], Field(description="What values it takes")
    ] = "STRING"
    required: Annotated[bool, Field(description="Whether it must be given")] = True
    default: Annotated[Line | None, Field(description="Never a secret")] = None
    description: Line | None = None

    def worded(self, order: int) -> dict[str, Any]:
        """As Catalyst Center takes it."""
        optional = {"defaultValue": self.default, "description": self.description}
        given = {name: value for name, value in optional.items() if value is not None}
        return {"parameterName": self.name, "dataType": self.type, "required": self.required, "order": order, **given}


def _once_each(params: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    if len({param.name for param in params}) != len(params):
        raise ValueError("a name is there twice")
    return params


_Params = Annotated[
    tuple[Parameter, ...],
    AfterValidator(_once_each),
    Field(max_length=100, description="What it asks for; variables not named here become required strings"),
]


def _worded(params: tuple[Parameter, ...]) -> list[dict[str, Any]]:
    return [param.worded(order) for order, param in enumerate(params, start=1)]


@tool("catalyst-center/template:read", toolset="authoring", upstream="GET template-programmer/project")
async def list_template_projects(catalyst: Catalyst, limit: Limit = 25, cursor: Cursor = None) -> ProjectPage:
    """List the projects that hold templates."""
    page = slice_of(await read_projects(catalyst), cursor, limit)
    return ProjectPage(projects=list(page.items), more=page.more, next_cursor=page.next_cursor, total=page.total)


@tool("catalyst-center/template:write", toolset="authoring", upstream="POST template-programmer/project, GET task")
async def create_template_project(catalyst: Catalyst, name: Name, description: Line | None = None) -> ProjectCreated:
    """Create a project for templates."""
    return await authoring.create_project(catalyst, name, description or "")


@tool(
    "catalyst-center/template:write",
    toolset="authoring",
    upstream="POST template-programmer/project/{id}/template, GET task, template/{id}",
)
async def create_template(
    catalyst: Catalyst,
    project_id: _ProjectId,
    name: Name,
    content: TemplateText,
    language: Annotated[Literal["JINJA", "VELOCITY"], Field(description="What the text is written in")] = "JINJA",
    description: Line | None = None,
    families: _Families = ("Switches and Hubs",),
    params: _Params = (),
) -> Draft:
    """Create a template as a draft. Preview it, then commit_template; before that it cannot be deployed."""
    wanted = NewTemplate(
        project_id=project_id,
        name=name,
        content=content,
        language=language,
        description=description or "",
        families=families,
        params=_worded(params),
    )
    return await authoring.create_template(catalyst, wanted)


@tool(
    "catalyst-center/template:write",
    toolset="authoring",
    idempotent=True,
    upstream="PUT template-programmer/template, GET task, template/{id}",
)
async def update_template(
    catalyst: Catalyst,
    template_id: TemplateId,
    content: TemplateText,
    description: Line | None = None,
    params: _Params | None = None,
    expected_hash: _Hash | None = None,
) -> Draft:
    """Replace the text of a template's draft; answers what that changes against the newest version.

    Lines with <masked> secrets stay as they are if you send them back as get_template showed them.
    """
    return await authoring.update_template(
        catalyst,
        template_id,
        content,
        description=description,
        params=None if params is None else _worded(params),
        expected_hash=expected_hash,
    )


@tool(
    "catalyst-center/template:write",
    toolset="authoring",
    upstream="POST template-programmer/template/version, GET task, template/{id}",
)
async def commit_template(
    catalyst: Catalyst, template_id: TemplateId, comment: Line, expected_hash: _Hash | None = None
) -> Commit:
    """Make the draft of a template its next version, which deploy_template then deploys; answers what changed."""
    return await committing.commit(catalyst, template_id, comment, expected_hash=expected_hash)
