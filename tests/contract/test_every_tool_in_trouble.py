"""Every tool of every server, with its upstream in every trouble: typed errors in our words, no write sent twice."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.contract.bench import FIRST, Asked, Bench, Place, Seen
from tests.contract.exempt import EXEMPT, Exempt
from tests.contract.troubles import UNKNOWN, Trouble

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{32}")
_FOREIGN = ("nginx", "told to fail", "<html", "exceeded", "unexpected", "traceback", 'file "', "httpx", "pydantic")
"""Words of simulators, gateways and programs, in small letters."""
_FIND_OUT = re.compile(r"before you (know|have looked)\. \S|\b[Cc]all [a-z]+_")
_LONGEST_NAME = 12
"""Characters: what is longer in a secret is no account name."""


async def test_it_says_so_in_our_words_and_writes_nothing_twice(bench: Bench) -> None:
    good = await bench.call()
    assert not good.error, good.text
    again = await bench.call(anew=False)  # its requests can be counted: what may be kept is kept
    assert not again.error, again.text
    found: list[str] = []
    used: set[Exempt] = set()
    for place in places(bench, good.asked, again.asked):
        for trouble in bench.upstream.troubles:
            if trouble.anywhere or place.writes or place == FIRST:
                seen = await in_trouble(bench, place, trouble)
                exempt = exemption(bench, seen, place, trouble)
                used |= {exempt} if exempt else set()
                wrong = problems(bench, good, seen, place, trouble, exempt)
                found += [f"{trouble.name} at {place}: {problem}" for problem in wrong]
    assert not found, "\n".join(found)
    assert {one for one in EXEMPT.get(bench.service, ()) if one.tool == bench.tool} == used


def places(bench: Bench, good: Sequence[Asked], again: Sequence[Asked]) -> Iterator[Place]:
    """The first request, each that writes, and of the others the first of each kind before and after a write."""
    if not good or not bench.is_write(good[0]):
        yield FIRST
    known: set[tuple[bool, Asked]] = {(False, plain(good[0]))} if good else set()
    written = False
    for at, asked in enumerate(again):
        kind, writes = (written, plain(asked)), bench.is_write(asked)
        if writes or kind not in known:
            place = Place(asked.method, plain(asked).path)
            skip = sum(place.of([before]) is not None for before in again[:at])
            yield Place(asked.method, plain(asked).path, skip, writes)
        known.add(kind)
        written = written or writes


def plain(asked: Asked) -> Asked:
    """A request without the ids in its path."""
    return Asked(asked.method, _ID.sub("*", asked.path))


async def in_trouble(bench: Bench, place: Place, trouble: Trouble) -> Seen:
    return await bench.call(place.fault(**trouble.fault), anew=place == FIRST and not bench.is_idle)


def exemption(bench: Bench, seen: Seen, place: Place, trouble: Trouble) -> Exempt | None:
    at = place.of(seen.asked)
    if at is None:
        return None
    written = any(bench.is_write(before) for before in seen.asked[:at])
    when = "at" if bench.is_write(seen.asked[at]) else "after" if written else "before"
    for one in EXEMPT.get(bench.service, ()):
        here = (one.tool, one.when) == (bench.tool, when) and one.request in seen.asked[at].path
        if here and trouble.name in one.troubles:
            return one
    return None


def problems(
    bench: Bench, good: Seen, seen: Seen, place: Place, trouble: Trouble, exempt: Exempt | None
) -> Iterator[str]:
    """What is wrong with what became of a call."""
    at = place.of(seen.asked)
    if at is None:
        if not bench.is_idle or seen.result.is_error:
            yield f"no request met it: {seen.text[:300]}"
        return
    hit = seen.asked[at]
    writes, written = bench.is_write(hit), any(bench.is_write(before) for before in seen.asked[:at])
    code = trouble.writing if writes else UNKNOWN if written else trouble.reading
    wanted = exempt.code if exempt else code
    if seen.error.get("code") != wanted or (wanted is None) == seen.result.is_error:
        yield f"{seen.error.get('code')} instead of {wanted}: {seen.text[:300]}"
    if exempt and exempt.says not in seen.everything:
        yield f"it does not say {exempt.says}"
    yield from wording(bench, seen)
    if wanted == UNKNOWN and not _FIND_OUT.search(seen.text):
        yield f"it does not say how to find out: {seen.text}"
    if wanted == "busy" and trouble.fault.get("retry_after") not in (None, seen.error.get("retry_after")):
        yield f"to be tried again after {seen.error.get('retry_after')} seconds"
    tries = sum(plain(asked) == plain(hit) for asked in seen.asked[at:])
    usual = exempt.tries if exempt and exempt.tries else trouble.tries
    if not written and not writes and tries != usual:
        yield f"asked {tries} times instead of {usual}"
    yield from repetitions(bench, good, seen, hit, trouble)


def wording(bench: Bench, seen: Seen) -> Iterator[str]:
    """Whatever the caller reads is ours, and gives nothing away."""
    told = seen.everything
    for word in _FOREIGN if seen.error else ():
        if word in told.lower():
            yield f"{word!r} is not our word: {told[:300]}"
    secrets = {*texts(bench.upstream.secret)} | bench.line.credentials
    for secret in (*secrets, *([bench.line.url] if seen.error else [])):
        if len(secret) > _LONGEST_NAME and secret in told:
            yield f"it tells a secret: {told[:300]}"
    if seen.error and not seen.text.endswith("."):
        yield f"it is no sentence: {seen.text!r}"


def texts(secret: Any) -> Iterator[str]:
    """Every value, however deep."""
    if isinstance(secret, Mapping):
        for value in secret.values():
            yield from texts(value)
    else:
        yield str(secret)


def repetitions(bench: Bench, good: Seen, seen: Seen, hit: Asked, trouble: Trouble) -> Iterator[str]:
    """Requests that write are sent as often as when all is well; 401 proves that nothing was done, so once more."""
    usual = Counter(plain(asked) for asked in good.asked if bench.is_write(asked))
    sent = Counter(plain(asked) for asked in seen.asked if bench.is_write(asked))
    if bench.is_write(hit) and trouble.fault.get("status") == 401:
        sent[plain(hit)] -= 1
    done = Counter(plain(asked) for asked in seen.carried_out if bench.is_write(asked))
    for what, counted in (("sent", sent), ("carried out", done)):
        if more := counted - usual:
            yield f"{what} too often: {dict(more)}"
