"""Command lines that must never reach a device, and ordinary ones that must; plain ones are in `commands`."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "commands"


def _lines(name: str) -> list[str]:
    return (_FOLDER / f"{name}.txt").read_text(encoding="ascii").splitlines()


_BETWEEN = [
    *(";", " ; ", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", " && ", " & ", " || ", "|| "),
    *("\x00", "\x03", "\x04", "\x1a", "\x1b[A\r", "\x08" * 12, "\x16\n", "\x7f" * 12, "\t", " ! ", " > flash:x "),
    *(" >> x ", " < x ", "`", " $(", "\u200b;", "\u037e", "\uff1b", "\\n", "%0a;", "\u240a;", " - \n", "\x11", "\x13"),
]
CHAINED = [f"show version{between}{after}" for between in _BETWEEN for after in ("reload", "configure terminal", "wr")]

_TAILS = [
    *("redirect flash:x", "red flash:x", "r tftp://10.0.0.1/x", "append flash:x", "app flash:x", "a flash:x"),
    *("tee flash:x", "te flash:x", "t flash:x", "tee /append flash:x", "copy x", "c x", "co x", "email a@b.c", "vsh"),
    *("sed w/x", "source x", "s x", "file disk0:x", "f disk0:x", "utility x", "save x", "format x", "redirect:flash:x"),
    *("REDIRECT flash:x", "xml", "python x", "run x", "diff", "awk x", "cut x", "tr a b", "xargs x"),
]
_BARS = ("|", "| include x |", "|include x|", "| begin a|b |")
PIPED = [f"show running-config {bar} {tail}" for bar in _BARS for tail in _TAILS]

LOOKALIKES = [
    *("\u0455how version", "show\u00a0version", "show\u2003version", "\uff53how version", "sh\u00adow version"),
    *("show\u200bversion", "\ufeffshow version", "show version\u202e", "show ver\u0455ion", "show version\U000e0072"),
    *(
        "show vers\u0301ion",
        "\u1db3how version",
        "show version \uff5c redirect flash:x",
        "show version \u2223 redirect x",
    ),
    *("show version \uffe8 tee x", "show version\u00a6tee x", "show r\u00fanning-config", "\x1b[2Kconfigure terminal"),
    *("show \x1b]0;x\x07version", "show version\x00", "\x00show version"),
]

BLANK = ["", " ", "\n", " show version", "show version ", "show version | include ", "show " + "x" * 200]

HOSTILE = [*_lines("changing"), *_lines("elsewhere"), *CHAINED, *PIPED, *LOOKALIKES, *BLANK]
ORDINARY = _lines("ordinary")
