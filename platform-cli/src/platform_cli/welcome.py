"""What `up` says once everything runs: what is where, and what to try."""

import json
from collections.abc import Mapping

from platform_cli.layout import Layout

INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"


def welcome(layout: Layout, not_ready: Mapping[str, str], seconds: float) -> str:
    """The text, as plain lines that can be copied into a shell."""
    command = ".venv/bin/mcp-platform" + (f" --port-offset {layout.port_offset}" if layout.port_offset else "")
    proxy = layout.url("rest-api-proxy")
    places = {
        **{f"MCP server {name}": layout.mcp_url(name) for name in layout.services},
        "REST proxy (try it in a browser)": f"{proxy}/docs",
        "OpenID provider": layout.url("oidc"),
        "secret store (OpenBao)": layout.url("openbao"),
        **{f"simulated {name.removesuffix('-simulator')}": layout.url(name) for name in layout.simulators},
        "logs": str(layout.logs),
        "audit trails": str(layout.audit),
    }
    return "\n".join(
        [
            "",
            f"The platform is ready after {seconds:.1f} s.",
            *(f"But {name} is not ready: {reason}" for name, reason in not_ready.items()),
            "",
            *(f"  {label:34} {where}" for label, where in places.items()),
            "",
            "Accounts (password: the name and -demo):",
            *(f"  {name:14} {groups}" for name, groups in accounts(layout).items()),
            "",
            "Try, in another terminal:",
            "",
            "# a tool, over MCP, as a network engineer",
            f"{command} call catalyst-center get_all_templates limit=3 --as netops",
            "",
            "# the same tool over REST",
            f"curl -s {proxy}/api/v1/mcp/catalyst-center/tools/get_all_templates \\",
            f'  -H "Content-Type: application/json" -H "Authorization: Bearer $({command} token netops)" \\',
            """  -d '{"arguments": {"limit": 3}}'""",
            "",
            "# the official MCP Inspector",
            f"scripts/npm exec --yes -- {INSPECTOR} --cli {layout.mcp_url('catalyst-center')} \\",
            f'  --transport http --method tools/list --header "Authorization: Bearer $({command} token netops)"',
            "",
            "Ctrl-C stops everything.",
        ]
    )


def accounts(layout: Layout) -> dict[str, str]:
    """Seeded account -> its groups."""
    seeded = json.loads((layout.services_folder / "oidc" / "accounts.json").read_text())
    return {name: ", ".join(person["groups"]) or "(no group)" for name, person in seeded.items()}
