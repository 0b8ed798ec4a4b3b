"""Values that try to say more than a value: further conditions, operators, scripts, in every disguise we know of."""

from itertools import product

_CONDITIONS = [
    *("active=true", "ORactive=true", "NQactive=true", "ORDERBYsys_id", "ORDERBYDESCsys_id", "GROUPBYstate", "EQ"),
    *("sys_idISNOTEMPTY", "ORsys_idISNOTEMPTY", "numberSTARTSWITHINC", "RLQUERYtask.parent,>=1", "user_passwordLIKEa"),
    *(
        "short_descriptionANYTHING",
        "caller_id.user_password=x",
        "sys_created_onONToday@javascript:gs.beginningOfToday()",
    ),
    *("assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe", "opened_atRELATIVEGT@hour@ago@1", "stateSAMEASimpact"),
]
_CARETS = ["^", "^^", " ^ ", "x^", "%5E", "%5e", "%255E", "&#94;", "&#x5e;", "&Hat;", "\uff3e", "\n^", "^\u200b", "\\^"]
_SCRIPTS = ["gs.getUserID()", "gs.log('x')", "new GlideRecord('sys_user').deleteMultiple()", "while(true){}", ""]
_PREFIXES = [
    *("javascript:", "JavaScript:", "JAVASCRIPT:", "jAvAsCrIpT:", " javascript:", "x javascript:", "javascript :"),
    *("java script:", "javascript%3A", "%6Aavascript:", "%256Aavascript:", "&#106;avascript:", "javascript&colon;"),
    *("javascript&#58;", "\uff4a\uff41\uff56\uff41\uff53\uff43\uff52\uff49\uff50\uff54\uff1a", "java\u200bscript:"),
    *("java\tscript:", "java\nscript:", "java\x00script:", "javascript\u00ad:", "\uff4aavascript:", "javascript\ufe55"),
    *("@javascript:", "a,javascript:", "Today@javascript:"),
]
_OPERATORS = ["=", "!=", ">", ">=", "<", "<>", "LIKE", "IN", "STANCEOF", "ISEMPTY", "ISNOTEMPTY", "ANYTHING", "ON", "*"]
_ODD = [
    *(
        "",
        " ",
        "NULL",
        "null",
        "Null",
        "\x00",
        "\r",
        "\r\n",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u0085",
        "\ufeff",
        "\x1b[2J",
    ),
    *("a&sysparm_limit=10000", "a&sysparm_query=", "#", "?", "a;b", "../..", "${gs.getUserID()}", "<script>alert(1)"),
    *("'; DROP TABLE incident", '" OR 1=1', "a,b,c", "x" * 256, "\U000e0041", "%00", "%0a", "%0Aactive=true", "\ud800"),
]

INJECTIONS = [
    *(f"{caret}{condition}" for caret, condition in product(_CARETS[:8], _CONDITIONS)),
    *(f"x{caret}{condition}" for caret, condition in product(_CARETS[8:], _CONDITIONS[:6])),
    *(f"{prefix}{script}" for prefix, script in product(_PREFIXES, _SCRIPTS)),
    *(f"{operator}{value}" for operator, value in product(_OPERATORS, ["x", "cmdb_ci", "5"])),
    *_ODD,
]
PIECES = [*_CARETS, *_CONDITIONS, *_PREFIXES, *_OPERATORS, *_ODD, "a", "zrh01", "1", ",", ".", "@"]
