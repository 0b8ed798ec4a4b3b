"""How a client of FastMCP can be asked to confirm a call, and what it brought along: the adapter's part."""

import asyncio

from fastmcp import Context
from mcp import MCPError
from mcp_types import ElicitResult
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from mcp_common.calls.asking import CONFIRM, FORM, takes_forms
from mcp_common.calls.confirmation import CONFIRM_SECONDS, NO_CONSENT, Consent, Said
from mcp_common.logger import get_logger

logger = get_logger(__name__)


def consent_of(context: Context | None) -> Consent:
    """A form and its answer in 2026-07-28, a question in the middle of the call in a session, else neither."""
    if context is None or not takes_forms(context):
        return NO_CONSENT
    if context.session.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        return Consent(elicit=_Elicit(context)) if context.session.can_send_request else NO_CONSENT
    answer = (context.input_responses or {}).get(CONFIRM)
    if not isinstance(answer, ElicitResult):
        return Consent(form=True)
    return Consent(form=True, how="form", proof=context.request_state or "", said=_said(answer))


def _said(answer: ElicitResult) -> Said:
    if answer.action == "accept" and (answer.content or {}).get(CONFIRM) is not True:
        return "decline"
    return answer.action


class _Elicit:
    """Asks in a session, and waits no longer than a confirmation holds."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, question: str) -> Said | None:
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                answer = await self._context.session.elicit_form(question, FORM, self._context.request_id)
        except TimeoutError:
            return "cancel"
        except MCPError as error:
            logger.info("the client could not ask its user", extra={"error.message": error.error.message})
            return None
        return _said(answer)
