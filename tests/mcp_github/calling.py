"""Calls by the accounts that GitHub knows."""

from tests.calling import Calls, content, error_of

_CALLS = Calls(
    {"developers": "developer", "network-engineers": "kvisser", "change-managers": "changemanager"}, "developers"
)
call, answer, refusal = _CALLS.call, _CALLS.answer, _CALLS.refusal

__all__ = ["answer", "call", "content", "error_of", "refusal"]
