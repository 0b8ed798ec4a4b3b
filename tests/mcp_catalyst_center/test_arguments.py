"""Whatever a model passes: what is let through is harmless where it goes."""

import re
import unicodedata
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mcp_catalyst_center.arguments import Address, DeviceId, Hostname, Name, Params, Wild, wildcard

_PIECES = [
    "*",
    ".*",
    ".",
    "sw",
    "\n",
    "\r",
    "\t",
    "\x00",
    "\u200b",
    "\u202e",
    "\u2028",
    "&",
    "=",
    "%0a",
    "/",
    "..",
    "$(",
]
_PIECES += ["{{", "${", "#set", "!", "|", ";", "\\", "'", '"', "^", "(", ")+", "ä", "東", "\U000e0041", " "]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
SCALARS = st.one_of(TEXTS, st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False))


def accepted(kind: Any, value: Any) -> bool:
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


@given(TEXTS)
def test_an_accepted_id_is_a_uuid_and_nothing_else(text: str) -> None:
    if accepted(DeviceId, text):
        assert str(UUID(text)) == text.lower()


@given(st.uuids(), st.sampled_from(["\n", " ", "/", "\x00", "\u200b"]), st.booleans())
def test_an_id_with_anything_around_it_is_refused(number: UUID, extra: str, before: bool) -> None:
    assert accepted(DeviceId, str(number))
    assert not accepted(DeviceId, f"{extra}{number}" if before else f"{number}{extra}")


@pytest.mark.parametrize("kind", [Hostname, Address, Wild])
@given(text=TEXTS)
def test_an_accepted_filter_holds_no_operator_but_the_wildcard(kind: Any, text: str) -> None:
    if accepted(kind, text):
        assert re.fullmatch(r"[A-Za-z0-9 .,_()/:*-]+", text)


@given(TEXTS)
def test_a_wildcard_becomes_the_one_the_controller_knows_and_stays_it(text: str) -> None:
    turned = wildcard(text) or ""
    assert "*" not in turned.replace(".*", "")
    assert wildcard(turned) == turned


@given(TEXTS)
def test_an_accepted_name_is_one_visible_line(text: str) -> None:
    if accepted(Name, text):
        assert not any(
            unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for character in text
        )


@given(st.dictionaries(TEXTS, st.one_of(SCALARS, st.lists(SCALARS, max_size=4)), max_size=6))
def test_accepted_params_cannot_add_a_line_to_a_configuration(params: dict[str, Any]) -> None:
    if not accepted(Params, params):
        return
    for name, value in params.items():
        for part in [name, *(value if isinstance(value, list) else [value])]:
            assert len(f"x{part}x".splitlines()) == 1


@given(
    st.recursive(st.one_of(SCALARS, st.none()), lambda inner: st.dictionaries(st.text(max_size=3), inner), max_leaves=6)
)
def test_nested_values_are_refused(value: Any) -> None:
    if value is None or isinstance(value, dict):
        assert not accepted(Params, {"name": value})
