"""MAC addresses and name patterns, whatever a model passes."""

import re

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mcp_catalyst_center.arguments import IssueIds, Mac, fits

TEXTS = st.one_of(st.text(max_size=40), st.text("0123456789abcdefABCDEF:-. \n\u200b&", max_size=20))
MAC = TypeAdapter(Mac)


@given(TEXTS)
def test_an_accepted_address_is_six_pairs_with_colons(text: str) -> None:
    try:
        mac = MAC.validate_python(text, strict=True)
    except ValidationError:
        return
    assert re.fullmatch(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", mac)


@given(st.binary(min_size=6, max_size=6))
def test_every_usual_form_is_the_same_address(address: bytes) -> None:
    digits = address.hex()
    forms = (address.hex(":"), address.hex("-").upper(), digits, f"{digits[:4]}.{digits[4:8]}.{digits[8:]}")
    assert {MAC.validate_python(form) for form in forms} == {address.hex(":")}


@given(st.lists(TEXTS, max_size=30))
def test_a_list_of_issues_holds_ids_only(texts: list[str]) -> None:
    try:
        ids = TypeAdapter(IssueIds).validate_python(texts, strict=True)
    except ValidationError:
        return
    assert all(re.fullmatch(r"[0-9a-fA-F-]{36}", text) for text in ids)


@given(st.text(max_size=30))
def test_a_name_fits_itself_and_the_wildcard(text: str) -> None:
    assert fits(text, "*")
    assert fits(text, text)
    assert fits(f"a{text}", f"*{text}")
