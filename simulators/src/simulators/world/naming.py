"""Identifiers that depend on the seed and the thing's name alone, so that a grown world keeps the old ones."""

import hashlib
import random
import uuid


class Names:
    """Ids, serials and addresses of one world."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._space = uuid.uuid5(uuid.NAMESPACE_DNS, f"world-{seed}.example")

    def uuid(self, *parts: str) -> str:
        """A UUID for the thing so named."""
        digest = uuid.uuid5(self._space, "/".join(parts))
        return str(uuid.UUID(int=digest.int, version=4))

    def rng(self, *parts: str) -> random.Random:
        """A generator that belongs to the thing so named."""
        return random.Random(f"{self._seed}/{'/'.join(parts)}")

    def hex24(self, *parts: str) -> str:
        """24 hex digits, the form of a tenant id."""
        return hashlib.sha256(f"{self._seed}/{'/'.join(parts)}".encode()).hexdigest()[:24]

    def serial(self, prefix: str, *parts: str) -> str:
        """A serial in Cisco's form: factory, year and week, four characters."""
        rng = self.rng("serial", *parts)
        alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
        tail = "".join(rng.choice(alphabet) for _ in range(4))
        return f"{prefix}{rng.randint(21, 28)}{rng.randint(1, 52):02d}{tail}"

    def mac(self, oui: str, *parts: str) -> str:
        """A MAC address under `oui`, lower case with colons."""
        rng = self.rng("mac", *parts)
        low = rng.randrange(0, 1 << 24) & ~0xF
        return f"{oui}:{low >> 16 & 0xFF:02x}:{low >> 8 & 0xFF:02x}:{low & 0xFF:02x}"
