"""Secrets out of device configuration before anybody reads it: passwords, keys, community strings, private keys.

Made for the commands of IOS, IOS XE, IOS XR and NX-OS, plain or as templates: a variable (`{{ key }}`, `$key`) is no
secret and stays. What cannot be told apart is masked. Everything else of the text stays as it is, line by line.
Every pattern is linear: no repetition within a repetition.
"""

import re
from collections.abc import Callable

MASK = "<masked>"

_BLANK = r"[ \t\xa0]"  # text out of a browser has blanks that do not break
_GAP = rf"{_BLANK}{{1,8}}"
# How the value is encoded.
_TYPE = rf"(?:(?:\d{{1,2}}|encrypted|enc|clear|hex|hexadecimal|ascii|ascii-text|plaintext){_GAP}){{0,3}}"
# Quotation marks within a value: behind a backslash, or doubled between single ones. Escaped marks are JSON in JSON.
_QUOTED = r"\"(?:[^\"\\\n]|\\.){1,1000}\"|'(?:[^'\n]|''){1,1000}'(?=[\s,;:)\]}]|$)|\\\"[^\"\n]{1,1000}\""
_VALUE = rf"(?P<secret>\$?\{{\{{[^}}\n]{{0,200}}\}}\}}\S*|{_QUOTED}|[^\s\"]\S*)"

_SNMP_OPTIONS = (
    rf"(?:{_GAP}(?:(?:vrf|use-vrf|filter-vrf|source-interface){_GAP}\S{{1,64}}|traps|informs|"
    rf"version{_GAP}(?:1|2c|3{_GAP}(?:auth|noauth|priv)))){{0,3}}"
)
_NO_COMMUNITY = r"(?:vrf|use-vrf|filter-vrf|source-interface|traps|informs|version)"
_DIGESTS = r"(?:md5|sha|hmac|cmac)"
_WHERE = r"(?:inbound|outbound|address|hostname|local|remote)"
_KEY_COMMANDS = r"(?:chain|generate|zeroize|import|export|config-key|pubkey-chain|address|hostname|inbound|outbound)"

_NO_KEY = rf"(?:lifetime{_GAP}\(|store\.(?:\s|$)|(?-i:to{_GAP}[A-Z]\w{{2,20}}{_GAP}[A-Z]))"
"""`remaining key lifetime (k/sec)`, `in the key store.`, `Key to Session Events`: what show commands print of keys."""

_COMMANDS = (
    (
        rf"(?:pass(?:word|wort|wd|phrase)|kennwort|secret)\d{{0,2}}"
        rf"(?:{_GAP}level{_GAP}\d{{1,2}}|{_GAP}(?:hmac-md5|text|is)|:)?"
        rf"(?!{_GAP}(?:option{_GAP}\d|(?:is{_GAP})?defined{_GAP}in\b))"
    ),
    rf"snmp-server{_GAP}community",
    rf"snmp-server{_GAP}host{_GAP}\S{{1,128}}{_GAP}\S{{1,128}}(?:{_GAP}(?:trap|poll))?{_GAP}community",  # as ASA has it
    rf"snmp-server{_GAP}host{_GAP}\S{{1,128}}{_SNMP_OPTIONS}(?!{_GAP}{_NO_COMMUNITY}\b)",
    rf"snmp(?:-server)?{_GAP}(?:mib{_GAP})?community-map",
    rf"user:(?={_GAP}\S{{1,128}}{_GAP}security{_GAP}model:{_GAP}v[12])",
    rf"community{_GAP}name:",
    rf"auth{_GAP}(?:md5|sha{_GAP}(?:224|256|384|512)(?!{_GAP}priv\b)|sha(?:-?\d{{1,3}})?)",
    (
        rf"priv(?!{_GAP}(?-i:PEER)\b)(?:{_GAP}(?:des|3des|aes)(?:[- \t]{{0,4}}\d{{2,3}})?)?"
        rf"(?!{_GAP}(?:des|3des|aes)(?:-?\d{{2,3}})?\b)"
    ),
    rf"pre-shared-key{_GAP}(?:local|remote)",
    rf"pre-shared-key(?!{_GAP}{_WHERE}\b)",
    rf"(?:authentication|message-digest)-key{_GAP}\d{{1,5}}{_GAP}{_DIGESTS}[\w-]{{0,20}}",
    rf"config-key{_GAP}password-encrypt",
    rf"(?:standby|vrrp|glbp)(?:{_GAP}\d{{1,4}})?{_GAP}authentication{_GAP}(?:text|md5{_GAP}key-string)",
    rf"(?:standby|vrrp|glbp)(?:{_GAP}\d{{1,4}})?{_GAP}authentication(?!{_GAP}(?:text|md5)\b)",
    rf"authentication{_GAP}text(?:,{_GAP}string)?",
    rf"nhrp{_GAP}authentication",
    rf"sap{_GAP}pmk",
    rf"static-wep-key(?:{_GAP}encryption{_GAP}\d{{1,3}})?",
    rf"session-key{_GAP}(?:in|out)bound{_GAP}ah{_GAP}\d{{1,10}}",
    rf"key{_GAP}\d{{1,10}}{_GAP}--{_GAP}text",
    rf"(?:server|shared|authentication|encryption|session|set)-key(?!{_GAP}(?:{_WHERE}\b|\d{{1,5}}{_GAP}{_DIGESTS}))",
    rf"(?<!crypto )key(?!{_GAP}(?:{_KEY_COMMANDS}\b|\d{{1,10}}(?:[ \t]*$|{_GAP}size\b)|{_NO_KEY}))",
    rf"key-(?:octet-)?string(?:{_GAP}password\d?|:)?",
    rf"(?:wpa-psk|psk{_GAP}set-key){_GAP}(?:ascii|hex)",
    rf"psk(?:{_GAP}is)?",
    rf"pmk{_GAP}is",
    rf"community{_GAP}(?:string{_GAP}is|string|is)",
    rf"pkcs12{_GAP}\S{{1,128}}(?!{_GAP}password\b)",
    rf"mab{_GAP}request{_GAP}format{_GAP}attribute{_GAP}2",
    rf"(?:cipher|authenticator)(?={_GAP}[0-9A-Fa-f]{{8}})",
    r"idtoken",
    rf"token:?(?={_GAP}[\w+/=-]{{16}})",
    rf"bearer(?={_GAP}(?-i:[a-z]{{0,200}}[A-Z0-9._~+/=-])\S{{0,200}}(?<=\S{{8}}))",
    rf"pw{_GAP}is",
    rf"sshpass{_GAP}-p",
    rf"authorization(?:\\?[\"'])?:?{_BLANK}{{0,8}}\\?[\"']?(?:basic|bearer|digest)",
    rf"(?:phone-?|auth-?)?pin(?={_GAP}\d{{4,10}}(?:\s|$))",
    rf"kerberos{_GAP}srvtab{_GAP}entry{_GAP}\S{{1,128}}(?:{_GAP}\d{{1,12}}){{4}}",
    rf"mode{_GAP}hmac-sha-256",
    rf"esp{_GAP}(?:des|3des|aes-cbc{_GAP}\d{{3}})(?={_GAP}(?:[0-7]{_GAP})?[0-9A-Fa-f]{{16}})",
    rf"(?:md5|sha1?)(?={_GAP}(?:[0-7]{_GAP})?[0-9A-Fa-f]{{32}})",
    rf"password{_GAP}option{_GAP}\d{{1,10}}{_GAP}for{_GAP}\S{{1,64}}",
    rf"size{_GAP}(?:40|128)bit",
    rf"config-key{_GAP}newpass",
    rf"lsp-password{_GAP}text",
    rf"environment{_GAP}\w{{0,60}}?(?:pw|pwd|pass|password|passwd|secret|token|key)\w{{0,20}}",
)
_SIGN = r"(?>:=|=>|==?|[:>])"
_NO_SIGN = rf"(?!(?:{_SIGN}{_BLANK}|\|(?:{_BLANK}|$)))"  # `password : x` is another form, and `| password |` a heading
_RULE = re.compile(
    rf"(?P<keep>(?<![^\s+\"'\-:;(\[>|=%])(?:{'|'.join(_COMMANDS)}){_GAP}{_TYPE}){_NO_SIGN}{_VALUE}",
    re.IGNORECASE | re.MULTILINE,
)
_WORDS = (
    *("pass", "pwd", "pw", "secret", "snmp", "community", "pmk", "auth", "priv", "key", "psk", "cipher", "token"),
    *("hmac", "md5", "sha", "esp", "size", "environment", "kennwort", "bearer", "pin", "srvtab", "user:", "cak"),
    *("mab", "pkcs12"),
)
"""One of these is in every line that the rule could match: the rule itself is too slow for megabytes without."""
_HASH = re.compile(r"(?P<keep>)(?P<secret>\$(?:\d{1,2}|2[aby]|y)\$[A-Za-z0-9./+=$]{8,})")
_IN_LOGIN = re.compile(
    r"(?P<keep>(?:mail[ -]?server|smtp|proxy)[ \t]{1,4}\"?[^\s:@\"]{1,64}:)(?P<secret>[^\s@]{1,128})(?=@)",
    re.IGNORECASE,
)
_IN_CURL = re.compile(
    r"(?P<keep>[ \t](?:-u|--user)[ \t=]{1,4}[\"']?[^\s:\"']{1,64}:)(?P<secret>\$\{?\w{1,64}\}?|[^\s\"']{1,128})"
)
_IN_URL = re.compile(r"(?P<keep>://[^\s/:@]{1,64}:)(?P<secret>[^\s/]{1,128})(?=@)")
# As JSON, XML, YAML, HCL, shells and Puppet have it: what people attach and paste beside configuration.
_ATTRIBUTES = rf"(?:{_BLANK}[\w:.-]{{1,40}}=\\?[\"'][^\"'\n]{{0,100}}[\"']){{1,2}}>"
_SIGNED = rf"(?:\\?[\"']?{_BLANK}{{0,48}}{_SIGN}|{_ATTRIBUTES}){_BLANK}{{0,4}}"
_ASSIGNED = re.compile(
    r"(?P<keep>(?:pass(?:word|wort|wd|phrase)|(?<=[A-Za-z0-9]_)pass|(?<=[\"'<])pass(?=\\?[\"'>])|\bpw|pwd|"
    r"secret(?:[_-]?access)?(?:[_-]?key)?|psk|"
    r"community(?:[ _-]?(?:name|string|index|securityname))?|api[_-]?key|pmk|cak|"
    r"(?:pre-?shared|session|encryption|auth|priv|privacy|server|shared)[ _-]?key|(?:auth|access|bearer)[_-]?token|"
    rf"(?<!page)(?<!page_)(?<!next)(?<!next_)token(?={_SIGNED}\\?[\"']?(?=[\w+/=-]{{16}})[A-Za-z+/=_-]{{0,40}}\d))"
    rf"{_SIGNED})"
    r"(?![{\[](?:[\s\"']|$))"  # an object or a list begins here, which is no value
    rf"(?P<secret>{_QUOTED}|'[^'\n]{{1,200}}'|"
    r"\$?\{\{[^}\n]{0,200}\}\}[^\s\"'<>,;]{0,200}|[^\s\"'<>,;}\\][^\s\"'<>,;}\\]{0,199})",
    re.IGNORECASE,
)
_SHAPES = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    *("hvs.", "hvb.", "AKIA", "ASIA", "xox", "glpat-", "eyJ"),
)
_TOKEN = re.compile(
    r"(?P<keep>)(?P<secret>gh[opusr]_[A-Za-z0-9]{16,255}|github_pat_\w{16,255}|hv[sb]\.[\w-]{16,255}|A[KS]IA[A-Z0-9]{16}"
    r"|(?:glpat-|xox[abprs]-)[A-Za-z0-9-]{10,255}|(?<![\w-])eyJ[\w-]{12,4000}\.[\w-]{2,4000}\.[\w-]{2,4000})"
)
"""By their shape: what GitHub, Vault, AWS, GitLab and Slack give out, and JWTs."""
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)
_OF_ROUTES = re.compile(r"community:[ \t]{1,8}(?:(?:RT|SoO):)?\d{1,10}:\d{1,10}", re.IGNORECASE)
"""A community of BGP, as routes have it, and no word that opens anything."""
_NOTHING = (MASK, "<empty>")
_QUOTE = re.compile(r"\\?\"(?=.{1,1000}\"$)|'(?=.{1,1000}'$)")
_VARIABLE = re.compile(r"\$?\{\{[^}\n]*\}\}|!vault|\$!?\{?[A-Za-z_][\w.]*\}?")


def mask_secrets(text: str, *, spare: Callable[[re.Match[str]], bool] | None = None) -> tuple[str, int]:
    """Replace every secret in a configuration by `<masked>`, and say how many there were.

    `spare` may tell of a find that it is none; its groups are `keep` and `secret`, its string is the line.
    """
    count = 0

    def masked(found: re.Match[str]) -> str:
        nonlocal count
        secret = found["secret"]
        opening = _QUOTE.match(secret)
        quote = opening[0] if opening else ""
        bare = secret[len(quote) : -len(quote)] if quote else secret
        if (
            bare in _NOTHING
            or _OF_ROUTES.fullmatch(found[0])
            or _VARIABLE.fullmatch(bare)
            or (spare is not None and spare(found))
        ):
            return found[0]
        count += 1
        return f"{found['keep']}{quote}{MASK}{quote}"

    text, count = _PRIVATE_KEY.subn(MASK, text)
    if any(shape in text for shape in _SHAPES):
        text = "\n".join(_TOKEN.sub(masked, line) for line in text.split("\n"))
    return "\n".join(_line_masked(line, masked) for line in text.split("\n")), count


def _line_masked(line: str, masked: Callable[[re.Match[str]], str]) -> str:
    lowered = line.lower()
    if any(word in lowered for word in _WORDS):
        line = _RULE.sub(masked, line)
        if ":" in line or "=" in line or ">" in line:
            line = _ASSIGNED.sub(masked, line)
    if "curl " in lowered:
        line = _IN_CURL.sub(masked, line)
    if "$" in line:
        line = _HASH.sub(masked, line)
    if "@" in line and ":" in line:
        line = _IN_URL.sub(masked, _IN_LOGIN.sub(masked, line))
    return line
