"""Checks who may import whom, for every member of the workspace, also for those made a minute ago."""

import subprocess
import sys
import tempfile
from pathlib import Path

LIBRARY = "mcp_common"
HTTP = ["httpx2", "httpx", "requests", "aiohttp", "starlette", "fastapi"]


def packages() -> list[str]:
    """The package of every member."""
    return sorted(path.parent.name for path in Path().glob("*/src/*/__init__.py"))


def contract(name: str, kind: str, *, direct_only: bool = False, **lists: list[str]) -> str:
    """One contract in import-linter's form."""
    members = "".join(
        f"{key} =" + "".join(f"\n    {value}" for value in values) + "\n" for key, values in lists.items()
    )
    members += "allow_indirect_imports = True\n" if direct_only else ""
    key = name.lower().replace(" ", "-").replace(",", "")
    return f"[importlinter:contract:{key}]\nname = {name}\ntype = {kind}\n{members}"


def contracts(found: list[str]) -> str:
    """The rules of docs/architecture.md, over the packages there are."""
    users = [package for package in found if package != LIBRARY]
    servers = [package for package in users if Path(package.replace("_", "-"), "src", package, "tools").is_dir()]
    rules = [
        contract("The library knows none of its users", "forbidden", source_modules=[LIBRARY], forbidden_modules=users),
        contract(
            "Servers and proxy and simulators never import each other",
            "independence",
            modules=[*servers, "mcp_rest_api_proxy", "simulators"],
        ),
        contract(
            "Nothing outside tests imports the testing package",
            "forbidden",
            source_modules=users,
            forbidden_modules=[f"{LIBRARY}.testing"],
            direct_only=True,
        ),
        contract(
            "The call path knows no web framework",
            "forbidden",
            source_modules=[
                f"{LIBRARY}.calls.{part}" for part in ("call_path", "governance", "compiled", "idempotency")
            ],
            forbidden_modules=["starlette", "fastapi", "uvicorn"],
            direct_only=True,
        ),
        contract(
            "Tools speak to a client and never to HTTP",
            "forbidden",
            source_modules=[f"{server}.tools" for server in servers],
            forbidden_modules=HTTP,
            direct_only=True,
        ),
    ]
    head = "[importlinter]\nroot_packages =\n" + "".join(f"    {package}\n" for package in found)
    return "\n".join([head + "include_external_packages = True\n", *rules])


def main() -> int:
    """Run import-linter over the workspace; its exit code."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
        config.write(contracts(packages()))
        config.flush()
        tool = Path(sys.executable).parent / "lint-imports"
        return subprocess.run([tool, "--config", config.name, "--no-cache"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
