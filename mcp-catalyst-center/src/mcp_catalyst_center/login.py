"""How to log in to Catalyst Center: the service account is traded for a token that holds for an hour."""

import base64
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

TOKEN_PATH = "/dna/system/api/v1/auth/token"  # noqa: S105 - a path
TOKEN_HEADER = "X-Auth-Token"  # noqa: S105 - a header name
RENEW_AFTER = 50 * 60.0
"""Seconds. Cisco documents 60 minutes and names no expiry in the answer."""


class TokenAnswer(BaseModel):
    """`{"Token": "..."}`: the capital T is Cisco's."""

    token: str = Field(validation_alias="Token", min_length=1, repr=False)


def basic_authorization(secret: Mapping[str, Any]) -> dict[str, str]:
    """Make the header that asks for a token, from the secret's `username` and `password`."""
    pair = f"{secret['username']}:{secret['password']}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
