"""The secrets in a device's configuration: made up, in the forms the real ones have, the same at every look."""

import random
import string

from simulators.cli.box import Box

_CRYPT = string.ascii_letters + string.digits + "./"
_WORDS = ("harbour", "Granite", "maple", "Falcon", "cobalt", "Juniper", "ember", "Tundra", "saffron", "Quartz")


class Keys:
    """Makes the secrets of one device and remembers each, so that a test can look for them."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.made: list[str] = []

    def plain(self, use: str) -> str:
        """Something a person chose: `Granite!Falcon47`."""
        rng = self._rng(use)
        return self._made(f"{rng.choice(_WORDS)}{rng.choice('!_#%@-')}{rng.choice(_WORDS)}{rng.randrange(10, 99)}")

    def type7(self, use: str) -> str:
        """Reversible: two digits of salt, then hex."""
        rng = self._rng(use)
        return self._made(f"{rng.randrange(16):02d}{rng.getrandbits(88):022X}")

    def type6(self, use: str) -> str:
        """Encrypted under the device's own master key."""
        rng = self._rng(use)
        return self._made("".join(rng.choice(string.ascii_letters + "`^]\\[") for _ in range(38)) + "AAB")

    def hashed(self, use: str, kind: int) -> str:
        """A hash of type 5, 8 or 9."""
        rng = self._rng(use)
        if kind == 5:
            return self._made(f"$1${_letters(rng, 4)}${_letters(rng, 22)}")
        return self._made(f"${kind}${_letters(rng, 14)}${_letters(rng, 43)}")

    def hexadecimal(self, use: str, digits: int) -> str:
        """A key written as hex digits."""
        return self._made(f"{self._rng(use).getrandbits(4 * digits):0{digits}X}")

    def _made(self, secret: str) -> str:
        self.made.append(secret)
        return secret

    def _rng(self, use: str) -> random.Random:
        return self._box.rng("secret", use)


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(_CRYPT) for _ in range(count))
