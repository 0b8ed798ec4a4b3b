"""What is kept outside this process is sealed under a key that follows from the upstream's secret."""

import os
from collections.abc import Mapping
from hashlib import scrypt
from typing import Any, Final

import anyio
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from pydantic_core import to_json

_NONCE: Final = 12
# About 0.1 s and 32 MB, once per version of a secret: a password in it must not be found by trying out.
_COST: Final = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 64 << 20}


class Sealer:
    """Seals (AES-256-GCM) and names (HMAC-SHA-256) under keys of one account version; `key` has 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(HKDFExpand(SHA256(), 32, b"mcp-platform answers, form 1: seal").derive(key))
        self._names = HKDFExpand(SHA256(), 32, b"mcp-platform answers, form 1: names").derive(key)

    @classmethod
    def of_this_process(cls) -> "Sealer":
        """A key that nobody else has."""
        return cls(os.urandom(32))

    @classmethod
    async def of_secret(cls, secret: Mapping[str, Any], *context: object) -> "Sealer":
        """The key that every holder of this secret derives, and nobody else; off the event loop."""
        material, salt = to_json(sorted(secret.items()), serialize_unknown=True), to_json(context)
        return cls(await anyio.to_thread.run_sync(lambda: scrypt(material, salt=salt, dklen=32, **_COST)))

    def name(self, *parts: object) -> bytes:
        """32 bytes that stand for `parts` and tell nothing about them."""
        names = HMAC(self._names, SHA256())
        names.update(to_json(parts))
        return names.finalize()

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """Encrypt; only who names the same `bound_to` can read it."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes | None:
        """Decrypt; None where it was sealed otherwise, or changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except (InvalidTag, ValueError):
            return None
