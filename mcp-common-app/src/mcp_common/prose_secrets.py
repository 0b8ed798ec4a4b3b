"""Device secrets out of what people write: tickets, notes, articles, with commands and configuration among the words.

In a configuration whatever stands behind `password` or `key` is a secret. In a sentence it is mostly the next word
("forgot the password after the holiday"), and masking that would spoil the text. So in lines that are no commands a
plain word is spared; everything that looks like a credential goes, and in commands everything does.
"""

import re

from mcp_common.device_secrets import MASK, mask_secrets

_COMMAND = re.compile(
    r"[ \t>|*-]{0,40}(?:[\w.-]{1,64}(?:\([\w-]{1,40}\))?[#>][ \t]?)?(?:no[ \t]+|set[ \t]+)?"
    r"(?:aaa|address|area-password|authentication|authorization|cipher|client|community|crypto|domain-password|"
    r"enable|encryption|glbp|ip|ipv6|isakmp|isis|key-string|line|neighbor|nhrp|ntp|pac|peer|ppp|pre-shared-key|radius|"
    r"radius-server|security|server|server-key|server-private|session-key|snmp|snmp-server|standby|static-wep-key|"
    r"tacacs|tacacs-server|tunnel|username|vrrp|wpa|wpa-psk)[ \t]"
)
"""The beginning of a command as devices print it: in lower case, behind a prompt or blanks."""
_SHORT_COMMAND = re.compile(
    r"[ \t]{0,40}(?:[\w.-]{1,64}\([\w-]{1,40}\)#[ \t]?)?"
    r"(?:key|password|passphrase|psk|secret)[ \t]+(?:\d{1,2}[ \t]+)?\S+[ \t]*"
)
"""A whole line of such a command and its value."""
_INLINE = re.compile(
    r"\b(?:snmp-server[ \t]+(?:community|host)|enable[ \t]+(?:password|secret)|username[ \t]+\S{1,64}|key-string|"
    r"(?:tacacs|radius)-server|server-key|wpa-psk|pre-shared-key|(?:password|secret|key)[ \t]+\d{1,2})[ \t]",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{1,24}[.,;:!?)\"'\u2019-]{0,3}")
_SAID = re.compile(
    r"(?P<keep>\b(?:password|passwort|kennwort|passphrase|passcode|secret|token|psk|community|pin|api[_-]?key)"
    r"[ \t\xa0]{0,3}(?:string[ \t\xa0]{1,3})?(?::=|=>|==?|:|\b(?:is|was|ist|war|now|to|new)\b:?)[ \t\xa0]{0,3})"
    r"(?P<secret>[^\s,;]{1,200})",
    re.IGNORECASE,
)
_MASKED = re.compile(rf"\\?[\"']?{MASK}")
_NEAR = 160
"""How far before a value the words are looked at that make it one."""
_SEPARATOR = re.compile(r"(?:[=:]|=>)[ \t\xa0]*$")


def mask_prose(text: str) -> tuple[str, int]:
    """Replace secrets in a text by `<masked>`, and say how many there were."""
    text, count = mask_secrets(text, spare=_is_word)
    said = 0

    def masked(found: re.Match[str]) -> str:
        nonlocal said
        plain = _WORD.fullmatch(found["secret"]) and _is_cased_plainly(found["secret"])
        if _MASKED.match(found["secret"]) or (plain and not _SEPARATOR.search(found["keep"])):
            return found[0]
        said += 1
        return found["keep"] + MASK

    return _SAID.sub(masked, text), count + said


def _is_word(found: re.Match[str]) -> bool:
    """True for a find that is the next word of a sentence."""
    line, end = found.string, found.end("keep")
    before = line[max(0, end - _NEAR) : end]
    if _COMMAND.match(line) or _SHORT_COMMAND.fullmatch(line) or _INLINE.search(before) or _SEPARATOR.search(before):
        return False
    return _WORD.fullmatch(found["secret"]) is not None and _is_cased_plainly(found["secret"])


def _is_cased_plainly(word: str) -> bool:
    letters = "".join(character for character in word if character.isalpha())
    return letters.islower() or letters.istitle()
