"""Calls by the accounts that ServiceNow knows."""

from tests.calling import Calls, content, error_of

ACCOUNTS = {"service-desk": "servicedesk", "network-engineers": "netops", "change-managers": "changemanager"}
"""Whose call it is when one of the group calls; elsewhere the account is called like the group."""

_CALLS = Calls(ACCOUNTS, "service-desk")
call, answer, refusal = _CALLS.call, _CALLS.answer, _CALLS.refusal

__all__ = ["ACCOUNTS", "answer", "call", "content", "error_of", "refusal"]
