"""What is read often is asked once: a short cache in front of an upstream, revalidated where that can be done."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, Literal
from weakref import WeakKeyDictionary

from mcp_common.clock import Clock
from mcp_common.upstreams.account import Account
from mcp_common.upstreams.flights import Flights
from mcp_common.upstreams.kept_answers import LARGEST_KEPT, AnswerStore, KeptAnswer, Place
from mcp_common.upstreams.sealing import Sealer
from mcp_common.upstreams.upstream_wire import Call, Received

LONGEST_KEEP: Final = 3600.0
HOLD: Final = 900.0
"""For so many seconds an answer that can be revalidated is held, to be served only after the upstream confirmed it."""

Source = Literal["kept", "confirmed", "asked"]
Validators = tuple[tuple[str, str], ...]


class AnswerCache:
    """Answers of one client, kept in `store`. None is served to another user, scope, account version or address.

    `count` is told where each answer came from.
    """

    def __init__(
        self, service: str, store: AnswerStore, *, clock: Clock, count: Callable[[str, Source], None] | None
    ) -> None:
        self._service = service
        self._store = store
        self._clock = clock
        self._count = count
        self._flights: Flights[Received] = Flights()
        self._sealers: WeakKeyDictionary[Account, Sealer] = WeakKeyDictionary()

    async def answer(
        self,
        account: Account,
        call: Call,
        keep: float,
        ask: Callable[[Validators], Awaitable[Received]],
        is_good: Callable[[Received], bool],
    ) -> Received:
        """An answer not older than `keep` seconds: a kept one, or what `ask` brings; kept when it `is_good`."""
        if not 0 < keep <= LONGEST_KEEP:
            raise ValueError(f"keep must be within {LONGEST_KEEP:.0f} seconds, and 0 for never")
        place = await self._place(account, call)
        found = await self._store.find(place)
        if found.answer is not None and 0 <= self._now() - found.answer.asked < keep:
            self._note("kept")
            return found.answer.received()

        async def fetch() -> Received:
            return await self._fetch(place, found.generation, found.answer, keep, ask, is_good)

        return await self._flights.join(place.answer, place.path, fetch)

    async def forget(self, account: Account, path: str) -> None:
        """Serve no answer of `path` that was asked for before now, to anybody."""
        name = self._path(await self._sealer(account), account, path)
        self._flights.leave(name)
        await self._store.forget(name)

    async def _fetch(
        self,
        place: Place,
        generation: bytes | None,
        kept: KeptAnswer | None,
        keep: float,
        ask: Callable[[Validators], Awaitable[Received]],
        is_good: Callable[[Received], bool],
    ) -> Received:
        asked = self._now()
        received = await ask(kept.validators() if kept is not None else ())
        if received.status == 304 and kept is not None:
            self._note("confirmed")
            answer = replace(kept, asked=asked)
        else:
            self._note("asked")
            if not is_good(received) or len(received.body) > LARGEST_KEPT:
                return received
            answer = KeptAnswer.of(received, asked)
        if generation is not None:
            await self._store.keep(place, generation, answer, max(keep, HOLD) if answer.validators() else keep)
        return answer.received()

    async def _place(self, account: Account, call: Call) -> Place:
        sealer = await self._sealer(account)
        depends_on = (
            self._service,
            account.wire.address.base_url,
            account.version,
            call.acting_as,
            call.scope,
            call.path,
            call.query,
            call.headers,
        )
        return Place(self._path(sealer, account, call.path), sealer.name("answer", *depends_on), sealer)

    def _path(self, sealer: Sealer, account: Account, path: str) -> bytes:
        return sealer.name("path", self._service, account.wire.address.base_url, path)

    async def _sealer(self, account: Account) -> Sealer:
        sealer = self._sealers.get(account)
        if sealer is None:
            if self._store.shared:
                where = account.wire.address.base_url
                sealer = await Sealer.of_secret(account.secret, self._service, where, account.version)
            else:
                sealer = Sealer.of_this_process()
            sealer = self._sealers.setdefault(account, sealer)
        return sealer

    def _now(self) -> float:
        return self._clock.date().timestamp()

    def _note(self, source: Source) -> None:
        if self._count is not None:
            self._count(self._service, source)
