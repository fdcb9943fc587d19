"""A sender in a process of its own, which stops before every call to the store or to a platform until it is let go on.

Its event loop runs by the clock of the test, and a run of it ends when all of its tasks wait.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any, ParamSpec, TypeVar

from interleaving.world import Look, Outcome, World

from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.digests import Attempt, TryLater
from bot.domain.people import Address, Platform
from bot.messages.document import Document
from bot.ports import Messenger, Store

P = ParamSpec("P")
T = TypeVar("T")


class Call(StrEnum):
    """What a process waits to do, or to hear."""

    STORE = auto()
    LOOK = auto()
    SEND = auto()
    REPLY = auto()
    SETTLE = auto()


@dataclass(frozen=True)
class Luck:
    """What the platform does to one call, whichever it is."""

    outcome: Outcome = Outcome.SENT
    look: Look = Look.TRUTH


FINE = Luck()


@dataclass(frozen=True)
class _Step:
    call: Call
    done: "Future[Any]"
    run: Callable[[Luck], object]


class _Selector(selectors.SelectSelector):
    """Waits for nothing: where an event loop would, it is idle."""

    def __init__(self, idle: Callable[[], None]) -> None:
        super().__init__()
        self._idle = idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            self._idle()
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, world: World) -> None:
        self._world = world
        super().__init__(_Selector(self.stop))
        self._clock_resolution = 0.001  # today's instants, as numbers, differ by more than the nanosecond this would be

    def time(self) -> float:
        return self._world.now.timestamp()


class _Steps(ThreadPoolExecutor):
    """Runs what asyncio gives to threads when it is let go on."""

    def __init__(self, steps: Callable[[_Step], None], settle: object) -> None:
        super().__init__(1)
        self._steps = steps
        self._settle = settle

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        call = Call.SETTLE if self._settle in getattr(fn, "args", ()) else Call.STORE
        step = _Step(call, Future(), lambda _: fn(*args, **kwargs))
        self._steps(step)
        return step.done


class DeadError(Exception):
    """The process was killed: it does nothing any more."""


@dataclass
class Process:
    """One sender. What it waits for stands in `waiting`; `take` lets one of these happen."""

    store: Store
    world: World
    waiting: list[_Step] = field(default_factory=list)
    _ticks: "list[asyncio.Task[TickReport]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start()

    def begin(self) -> None:
        """Begin a tick, which may be the second one that is under way."""
        self._ticks.append(self._loop.create_task(self._sender.tick()))
        self.wake()

    @property
    def ticks(self) -> int:
        """How many ticks are under way."""
        return len(self._ticks)

    def wake(self) -> None:
        """Let it notice the time. Raises what a tick raised."""
        self._loop.run_forever()
        self.waiting = [step for step in self.waiting if not step.done.cancelled()]
        over = [tick for tick in self._ticks if tick.done()]
        self._ticks = [tick for tick in self._ticks if not tick.done()]
        for tick in over:
            if not tick.cancelled():
                tick.result()

    def take(self, which: int, luck: Luck) -> None:
        """Let one of the calls that it waits for happen."""
        self._do(which, luck)
        self.wake()

    def freeze(self, luck: Luck) -> None:
        """Let the first thing that it waits for happen, and keep it from going on before it is let to: then it goes on
        before it notices the time.
        """
        if self.waiting:
            self._do(0, luck)
            self._loop.call_soon(self._loop.stop)
            self._loop.run_forever()

    def finish(self, next_luck: Callable[[], Luck] = lambda: FINE) -> None:
        """Let all that it waits for happen, one by one, until no tick is under way."""
        self.wake()
        for _ in range(2_000):
            if not self.waiting:
                break
            self.take(0, next_luck())
        assert not self._ticks, "a tick does not come to its end"

    def run_until(self, call: Call, luck: Luck) -> None:
        """Let one thing after the other happen, until such a call is next or no tick is under way."""
        self.wake()
        for _ in range(2_000):
            if not self.waiting or self.waiting[0].call is call:
                break
            self.take(0, luck)

    def stop(self) -> None:
        """Stop it as somebody does who waits until it is over."""
        for tick in self._ticks:
            tick.cancel()
        self.wake()
        self.finish()
        self._close()
        self._start()

    def crash(self) -> None:
        """Kill it and start another one in its place."""
        self.close()
        self._start()

    def close(self) -> None:
        """Kill it, and start no other."""
        self._is_dead = True
        for tick in self._ticks:
            tick.cancel()
        self._loop.run_forever()
        assert all(tick.done() for tick in self._ticks)
        self._close()

    async def pause(self, call: Call) -> Luck:
        """Wait until the test lets this happen."""
        step = _Step(call, Future(), lambda luck: luck)
        self._wait(step)
        luck: Luck = await asyncio.wrap_future(step.done)
        return luck

    def _do(self, which: int, luck: Luck) -> None:
        step = self.waiting.pop(which % len(self.waiting))
        if step.done.set_running_or_notify_cancel():
            try:
                step.done.set_result(step.run(luck))
            except Exception as error:  # noqa: BLE001 (it goes to whoever called)
                step.done.set_exception(error)

    def _wait(self, step: _Step) -> None:
        if self._is_dead:
            raise DeadError
        self.waiting.append(step)

    def _start(self) -> None:
        self._loop = _Loop(self.world)
        self._loop.set_default_executor(_Steps(self._wait, self.store.settle))
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._is_dead = False
        self.waiting.clear()
        messenger = _Messenger(self, self.world)
        messengers: Mapping[Platform, Messenger] = {Platform.SLACK: messenger, Platform.DISCORD: messenger}
        self._sender = Sender(self.store, messengers, self._now)

    def _now(self) -> datetime:
        return self.world.now

    def _close(self) -> None:
        self._ticks.clear()
        self._loop.close()


@dataclass(frozen=True)
class _Messenger:
    """A messenger that keeps the promises of its port."""

    process: Process
    world: World

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        luck = await self.process.pause(Call.SEND)
        if not fence():
            return TryLater(self.world.a_while, "another sender has taken over")
        self.world.receive(address, document, nonce, luck.outcome)
        await self.process.pause(Call.REPLY)
        return self.world.reply(document, nonce, luck.outcome)

    def unshown(self, *_: object) -> frozenset[int]:
        return frozenset()

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        luck = await self.process.pause(Call.LOOK)
        return self.world.look(address, nonce, since, luck.look)
