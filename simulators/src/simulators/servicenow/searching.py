"""Full-text search over a few fields: every word counts where it occurs, titles more than texts."""

import html
import re
from collections.abc import Iterable, Sequence

from simulators.servicenow.store import Record

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*", re.UNICODE)
_STOP = frozenset(
    ("a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "with")
)


def plain(text: str) -> str:
    """HTML as one line of text."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def words(text: str) -> list[str]:
    """The words of a query that mean something, lower case."""
    found = [word.lower() for word in _WORD.findall(text)]
    return [word for word in found if word not in _STOP] or found


def search(records: Iterable[Record], query: str, fields: Sequence[tuple[str, float]]) -> list[tuple[Record, float]]:
    """Those in which a word of the query occurs, best first, each with its score; `fields` with their weights."""
    wanted = words(query)
    scored = [(record, sum(_score(record, word, fields) for word in wanted)) for record in records]
    return sorted([(record, score) for record, score in scored if score > 0], key=lambda pair: -pair[1])


def _score(record: Record, word: str, fields: Sequence[tuple[str, float]]) -> float:
    return sum(weight * min(plain(record.get(name, "")).lower().count(word), 5) for name, weight in fields)


def snippet(text: str, query: str, length: int = 200) -> str:
    """The surroundings of the first word found, with the words in bold."""
    bare = plain(text)
    low, wanted = bare.lower(), words(query)
    first = min((place for word in wanted if (place := low.find(word)) >= 0), default=0)
    start = max(0, first - length // 4)
    part = bare[start : start + length]
    any_word = "|".join(sorted(map(re.escape, wanted), key=len, reverse=True))
    return re.sub(f"({any_word})", r"<B>\1</B>", part, flags=re.IGNORECASE) if any_word else part
