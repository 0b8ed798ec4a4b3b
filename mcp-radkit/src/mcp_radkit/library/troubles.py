"""What RADKit's library raises, as errors of ours.

Its exceptions are not documented and differ by release, so they are told apart by the words in the names of their
classes. Their texts may quote anything: they go to the log only.
"""

from mcp_common.errors import (
    NotFound,
    PlatformError,
    Unavailable,
    UpstreamFailed,
    UpstreamTimeout,
    UpstreamUnauthorized,
)
from mcp_common.redaction import redact

SECRET_PATH = "api/radkit"  # noqa: S105 - where it is, not what it is

_REFUSED = ("auth", "certificate", "verification", "login", "permission", "forbidden", "denied", "credential")
_GONE = ("connect", "unavailable", "unreachable", "closed", "transport", "network", "disconnected", "offline")
_MISSING = ("notfound", "nosuch", "unknowndevice")


class Disconnected(Unavailable):
    """The service cannot be reached over the connection there is."""


def disconnected(detail: str | None = None) -> Disconnected:
    """The error for a service that does not answer."""
    return Disconnected(
        "The RADKit service cannot be reached. Try again shortly; if it stays so, its host or its cloud is down.",
        retry_after=5.0,
        detail=detail,
    )


def refused(detail: str | None = None) -> UpstreamUnauthorized:
    """The error for an account RADKit does not take."""
    return UpstreamUnauthorized(
        f"RADKit refuses the platform's account. An operator must renew what lies at {SECRET_PATH}.", detail=detail
    )


def no_device() -> NotFound:
    """The error for a device that is not in the inventory."""
    return NotFound("RADKit has no such device. list_devices tells the names there are.")


def as_platform_error(problem: Exception) -> PlatformError:
    """The error of ours for one of the library's."""
    if isinstance(problem, PlatformError):
        return problem
    names = [kind.__name__.lower() for kind in type(problem).__mro__]
    detail = redact(f"{type(problem).__name__}: {problem}"[:500])

    def is_any(words: tuple[str, ...]) -> bool:
        return any(word in name for name in names for word in words)

    if any("timeout" in name for name in names):
        return UpstreamTimeout("RADKit gave no answer in time. Ask for less, or try again later.", detail=detail)
    if is_any(_REFUSED):
        return refused(detail)
    if is_any(_MISSING):
        return no_device()
    if is_any(_GONE) or isinstance(problem, OSError):
        return disconnected(detail)
    return UpstreamFailed(
        "RADKit could not carry this out. Try again; if it stays so, tell an operator.", detail=detail
    )
