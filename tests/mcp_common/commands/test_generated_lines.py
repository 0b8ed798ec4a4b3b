"""Lines put together by chance: what is let through begins, spelled out, with a word that reads."""

import re

from hypothesis import given
from hypothesis import strategies as st

from mcp_common.device_commands import LONGEST_COMMAND, filters_of, problem_with, reads_of, spelled_out
from mcp_common.device_commands.words import AFTER_SHOW, FIRST
from tests.mcp_common.commands.corpus_files import READS, REFUSED, SYSTEMS

WRITERS = ("redirect", "append", "tee", "file", "utility", "sed", "vsh", "email", "source", "format", "diff", "less")
WORDS = st.sampled_from(sorted({word for system in SYSTEMS for word in FIRST[system] | AFTER_SHOW[system]}))
SHORTENED = st.builds(lambda word, length: word[:length], WORDS, st.integers(1, 12))
ENDS = st.sampled_from(
    ["", " | ", "|", " | redirect flash:x", " | t x", ";reload", "\nreload", " to-file flash:x", " > x"]
)
LINES = st.one_of(
    st.text(max_size=60),
    st.lists(WORDS | SHORTENED, max_size=5).map(" ".join),
    st.tuples(st.lists(SHORTENED, min_size=1, max_size=4).map(" ".join), ENDS).map("".join),
    st.tuples(st.sampled_from([case.line for case in READS]), ENDS).map("".join),
    st.tuples(st.sampled_from([case.line for case in READS]), st.text(max_size=12)).map("".join),
    st.tuples(st.sampled_from(["show ", "sh "]), st.sampled_from([case.line for case in REFUSED])).map("".join),
)


@given(LINES)
def test_what_is_let_through_begins_with_a_word_that_reads(line: str) -> None:
    for each in SYSTEMS:
        if problem_with(line, each) is not None:
            continue
        words = spelled_out(line, each).split()
        assert words[0] in reads_of(each)
        assert words[0] != "show" or words[1].lower() in AFTER_SHOW[each]
        assert re.fullmatch(r"[ -~]+", line) and len(line) <= LONGEST_COMMAND
        assert not set(line) & set(";&`<>?!\\'{}~")
        assert each == "nx-os" or '"' not in line
        assert not re.search(r"\$[\w({]", line)


@given(LINES)
def test_nothing_that_writes_stands_behind_a_bar(line: str) -> None:
    for system in SYSTEMS:
        if problem_with(line, system) is None:
            for segment in line.split("|")[1:]:
                word = segment.strip().split(" ")[0].lower()
                fitting = [known for known in filters_of(system) if known.startswith(word)]
                assert word not in WRITERS
                assert fitting or not any(writer.startswith(word) for writer in WRITERS)


@given(LINES)
def test_a_line_is_judged_the_same_when_it_is_spelled_out(line: str) -> None:
    for system in SYSTEMS:
        if problem_with(line, system) is None and len(whole := spelled_out(line, system)) <= LONGEST_COMMAND:
            assert problem_with(whole, system) is None
