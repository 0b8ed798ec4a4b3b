"""Secrets out of text that leaves the process: logs, audit lines, error texts.

Better a harmless word too many than a secret too few: what stands behind a telling name (`password=`, `Bearer`,
`enable secret`) goes, and so does what looks like a credential wherever it stands.

Every pattern runs in linear time: repetition is bounded, or possessive (it never gives back what it took) and last.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

MASK = "***"
MAX_TEXT = 65_536

_KEY = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret(?:[_-]?id)?|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|"
    r"session[_-]?key|pre[_-]?shared[_-]?key|psk|credentials?|community(?:[_-]?string)?|assertion|code[_-]?verifier)"
    r"(?:[_-]?(?:value|hash|key|enc|b64))?s?"
)
# Behind the key: an optional closing quote or backslashed quote, then a separator.
_IS = r"""(?:\\{0,8}["'])?[ \t]{0,4}(?:=>|[:=>]|(?<=["']),)[ \t]{0,4}(?:\(|b(?=["']))?"""
_QUOTED = (
    r"""(?P<esc>\\{1,8}["'])(?:(?!(?<!\\)(?P=esc))[\s\S])*+"""  # JSON inside JSON, to the same backslashed quote
    r"""|"(?:[^"\\]|\\[\s\S])*+"""
    r"""|'(?:[^'\\]|\\[\s\S])*+"""
)
# All of the value, which may hold spaces, commas and quotes.
_HEADER = (
    rf"(?i)(?P<keep>(?:authorization|cookie){_IS}(?P<open>\\{{0,8}}[\"'])?)"
    r"""(?(open)(?:(?!(?<!\\)(?P=open))[^\r\n])++|[^\r\n]++)"""
)
_COMMAND = (
    r"(?i)(?P<keep>(?:enable[ \t]{1,4}(?:secret|password)(?:[ \t]{1,4}level[ \t]{1,4}\d{1,2})?|"
    r"(?:username|neighbor)[ \t]{1,4}\S{1,128}(?:[ \t]{1,4}privilege[ \t]{1,4}\d{1,2})?"
    r"[ \t]{1,4}(?:password|secret)|"
    r"community(?:-string)?|(?:tacacs|radius)-server[ \t]{1,4}key|server-key|authentication-key|key-string|"
    r"pre-shared-key|isakmp[ \t]{1,4}key|"
    r"snmp-server[ \t]{1,4}host[ \t]{1,4}\S{1,128}(?:[ \t]{1,4}(?:traps|informs))?"
    r"(?:[ \t]{1,4}version[ \t]{1,4}(?:1|2c|3[ \t]{1,4}(?:auth|noauth|priv)))?)"
    r"[ \t]{1,4}(?:[0-9][ \t]{1,4})?)(?!(?:traps|informs|version|level)\b)[^\s:=]\S*+"
)

_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (needles, re.compile(pattern))
    for needles, pattern in (
        (
            ("authorization", "cookie"),
            _HEADER,
        ),
        # key=value, "key": "value", ('key', 'value'), <key>value
        (
            ("pass", "pwd", "secret", "token", "key", "psk", "credential", "community", "assertion", "verifier"),
            rf"(?i)(?P<keep>{_KEY}{_IS})(?P<value>{_QUOTED}|[^\s\"']++)",
        ),
        (("bearer",), r"(?i)(?P<keep>bearer[ \t:=+%]{1,4}(?:20)?)[A-Za-z0-9._~+/=-]{8,}+"),
        (("basic",), r"(?i:(?P<keep>basic[ \t:=+]{1,4}))(?=[a-z]{0,512}[A-Z0-9+/=])[A-Za-z0-9+/=_-]{8,}+"),
        # By their shape: JWTs, GitHub, Vault (new and legacy), AWS, GitLab, Slack
        (("eyj",), r"eyJ[A-Za-z0-9_-]{12,}+(?:\.[A-Za-z0-9_=-]*+){0,4}+"),
        (("gh",), r"gh[pousr]_[A-Za-z0-9]{16,}+"),
        (("github_pat_",), r"github_pat_[A-Za-z0-9_]{16,}+"),
        (("hv",), r"hv[sbr]\.[A-Za-z0-9_-]{16,}+"),
        (("s.", "b.", "r."), r"[sbr]\.[A-Za-z0-9]{24,}+"),
        (("akia", "asia"), r"A[KS]IA[A-Z0-9]{16}"),
        (("glpat-", "xox"), r"(?:glpat-|xox[abprs]-)[A-Za-z0-9-]{10,}+"),
        # user:password@ in a URL
        (("://",), r"(?P<keep>://[^\s/:@]{0,128}+:)[^\s/]{1,512}(?=@)"),
        # OAuth codes and signatures in a query
        (("=",), r"(?P<keep>[?&](?:code|state|sig|signature|key)=)[^&\s\"'#]++"),
        # IOS: hashes of types 5, 8, 9 (and crypt's others), then the commands that carry a secret
        (("$",), r"\$(?:1|5|6|8|9|14|2[abxy]?|y|argon2id?)\$[A-Za-z0-9./+=,$-]{8,}+"),
        (
            ("password", "secret", "key", "md5", "community"),
            r"(?i)(?P<keep>(?:password|passwd|secret|key|key-string|md5|community)[ \t]{1,4}[04-9][ \t]{1,4})\S++",
        ),
        (
            ("enable", "username", "neighbor", "community", "-key", "-server", "key-string", "isakmp"),
            _COMMAND,
        ),
        (
            ("snmp",),
            r"(?i)(?P<keep>(?<=auth )(?:md5|sha(?:-?\d{1,3})?)[ \t]{1,4})\S++",
        ),
        (("priv",), r"(?i)(?P<keep>[ \t]priv[ \t]{1,4}(?:des|3des|aes)(?:[ \t]{1,4}\d{1,3})?[ \t]{1,4})\S++"),
        (("snmp",), r"(?i)(?P<keep>snmp[a-z]{0,12}[ \t][^\n]{0,80}?-c[ \t]{1,4})\S++"),
        (
            ("password", "key"),
            r"(?im)(?P<keep>^[ \t]{0,8}(?:password|key)[ \t]{1,4})[^\s:=]\S{0,256}+(?=[ \t]{0,8}\r?$)",
        ),
    )
)
_KEY_ALONE = re.compile(rf"(?i)(?:authorization|cookie|{_KEY})(?![a-z_])")
_KEY_BEGIN = "-----BEGIN "
_KEY_END = "-----END "


def redact(text: str) -> str:
    """The text without its secrets. Applying it twice changes nothing more; what is beyond 64 KiB is cut off."""
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]}… [cut]"
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    if _KEY_BEGIN in text:
        text = _without_private_keys(text)
    lowered = text.lower()
    for needles, pattern in _RULES:
        if any(needle in lowered for needle in needles):
            text = pattern.sub(_masked, text)
    return text


def _masked(found: re.Match[str]) -> str:
    groups = found.groupdict()
    value = groups.get("value") or ""
    quote = groups.get("esc") or (value[0] if value[:1] in {'"', "'"} else "")
    return f"{groups.get('keep') or ''}{quote}{MASK}"


def _without_private_keys(text: str) -> str:
    """Cut PEM private keys out; one without an end goes up to the end of the text."""
    kept: list[str] = []
    at = 0
    while (begin := text.find(_KEY_BEGIN, at)) >= 0:
        label = text[begin + len(_KEY_BEGIN) : begin + len(_KEY_BEGIN) + 64]
        if "PRIVATE KEY" not in label.partition("-----")[0]:
            kept.append(text[at : begin + len(_KEY_BEGIN)])
            at = begin + len(_KEY_BEGIN)
            continue
        kept.append(text[at:begin] + MASK)
        end = text.find(_KEY_END, begin)
        close = text.find("-----", end + len(_KEY_END)) if end >= 0 else -1
        at = close + 5 if close >= 0 else len(text)
    return "".join(kept) + text[at:]


def redact_value(value: Any, *, depth: int = 6) -> Any:
    """A value for a log line without its secrets: texts redacted, what stands under a telling name masked."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return redact(bytes(value).decode("utf-8", "replace"))
    if depth and isinstance(value, Mapping):
        return {
            redact(str(name)): MASK if is_secret_name(str(name)) else redact_value(item, depth=depth - 1)
            for name, item in value.items()
        }
    if depth and isinstance(value, list | tuple | set | frozenset):
        return [redact_value(item, depth=depth - 1) for item in value]
    return redact(str(value))


def is_secret_name(name: str) -> bool:
    """Whether a field of this name holds a secret (`db_password`, `Authorization`; not `token_endpoint`)."""
    return _KEY_ALONE.search(name) is not None


class RedactingFilter(logging.Filter):
    """Takes secrets out of a record before any formatter sees it: message, arguments, extra fields, exception, stack.

    It changes the record itself, so handlers that come after it see the clean one too. It never drops a record.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record; always true."""
        if getattr(record, "_clean", False):
            return True
        record.msg, record.args = redact(_message(record)), None
        record.name = redact(record.name)
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, _ = record.exc_info
            record.__dict__.setdefault("error.type", kind.__name__)
            record.__dict__.setdefault("error.message", str(error))
            record.exc_text = _TRACEBACK.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        for name in record.__dict__.keys() - _STANDARD:
            value = record.__dict__.pop(name)
            record.__dict__[redact(name)] = MASK if is_secret_name(name) else redact_value(value)
        record.__dict__["_clean"] = True
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):
        return f"{record.msg} [its arguments do not fit]"


_TRACEBACK = logging.Formatter()
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
