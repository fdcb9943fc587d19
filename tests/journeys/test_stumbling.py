"""A store that fails for a while, a clock that stood ahead, a channel that leaves at the last moment, and messages with
little room: what was not sent comes, once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from library import CHANNEL, MONDAY, Desk, Recorder, add_statement_of_2022

from bot.core import Bot
from bot.digests.posting import Timing
from bot.digests.sender import Sender
from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import Attempt, Delivery, DeliveryState, SubscriptionState, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.messages.document import Document
from bot.settings import Settings
from store.store import SqlStore

NINE = MONDAY + timedelta(hours=1)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FAST = Timing(timedelta(seconds=6))
SLACK = Address(Platform.SLACK, "T1", "C1")


@dataclass
class Failing:
    """A store of which some calls fail, the first so many times."""

    store: SqlStore
    failures: dict[str, int]
    failed: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the store has)
        if self.failures.get(name, 0) > self.failed.count(name):
            self.failed.append(name)
            return self._fail
        return getattr(self.store, name)

    @staticmethod
    def _fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database is busy")


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """Two channels, on two platforms, that are owed the same digest at nine."""
    desk.say("subscribe")
    elsewhere = replace(desk, bot=Bot(desk.store, Settings()), address=SLACK)
    replace(elsewhere, actor=replace(desk.actor, platform=Platform.SLACK, space="T1", user="U1")).say("subscribe")
    add_statement_of_2022(desk)
    return desk


def newest(desk: Desk, address: Address = CHANNEL) -> Delivery:
    with desk.store.read() as library:
        held = library.subscription_at(address)
        assert held
        return library.deliveries(held.id, 1)[0]


async def tick(store: object, messengers: dict[Platform, Any], at: datetime, timing: Timing | None = None) -> None:
    began = datetime.now(at.tzinfo)
    clock = (lambda: at + (datetime.now(at.tzinfo) - began)) if timing else (lambda: at)
    await Sender(store, messengers, clock, timing).tick()  # type: ignore[arg-type]


async def test_what_was_posted_while_the_store_was_busy_counts_as_sent(owing: Desk) -> None:
    here, there, store = Recorder(), Recorder(), Failing(owing.store, {"settle": 3})
    await tick(store, {Platform.CONSOLE: here, Platform.SLACK: there}, NINE, FAST)
    assert store.failed == ["settle"] * 3
    assert (len(here.posted), len(there.posted)) == (1, 1)
    assert {newest(owing, each).state for each in (CHANNEL, SLACK)} == {DeliveryState.SENT}


class Honest(Recorder):
    """A platform on which is found what was posted."""

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        del address, since
        return "m1" if nonce in self.nonces else None


async def test_what_was_posted_while_the_store_stayed_away_is_looked_for(owing: Desk) -> None:
    here, there, short = Honest(), Honest(), Timing(timedelta(seconds=1))
    store = Failing(owing.store, {"settle": 200})  # for longer than a lease
    await tick(store, {Platform.CONSOLE: here, Platform.SLACK: there}, NINE, short)
    await tick(owing.store, {Platform.CONSOLE: here, Platform.SLACK: there}, NINE + MINUTE, short)
    assert (len(here.posted), len(there.posted)) == (1, 1)
    for each in (CHANNEL, SLACK):
        sent = newest(owing, each)
        assert (sent.state, sent.tries > 1) == (DeliveryState.SENT, True)


async def test_what_could_not_be_claimed_is_left_to_the_next_tick(owing: Desk) -> None:
    here, there = Recorder(), Recorder()
    await tick(Failing(owing.store, {"claim": 1}), {Platform.CONSOLE: here, Platform.SLACK: there}, NINE)
    assert len(here.posted) + len(there.posted) == 1
    await tick(owing.store, {Platform.CONSOLE: here, Platform.SLACK: there}, NINE + MINUTE)
    assert (len(here.posted), len(there.posted)) == (1, 1)


async def test_whoever_unsubscribes_while_a_digest_is_prepared_gets_none(owing: Desk) -> None:
    with owing.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    ended = SetSubscriptionState(held.id, SubscriptionState.ENDED)

    class Leaving(Recorder):
        def unshown(self, *_: object) -> frozenset[int]:
            owing.store.apply(ended, by="console", at=NINE)
            return frozenset()

    channel = Leaving()
    await owing.tick(channel, NINE)
    assert channel.posted == []


async def test_a_clock_that_stood_ahead_stops_no_digest(desk: Desk) -> None:
    desk.say("subscribe")
    ahead, channel = NINE + 400 * DAY, Recorder()
    await desk.tick(channel, ahead)
    desk.store.hold("tick", "died", ahead, timedelta(minutes=2))
    desk.store.hold("console", "died", ahead, timedelta(minutes=2))
    add_statement_of_2022(desk)
    await desk.tick(channel, NINE - 2 * MINUTE)
    assert channel.posted == []
    await desk.tick(channel, NINE)
    assert len(channel.posted) == 1


async def test_what_such_a_clock_left_waiting_is_sent(owing: Desk) -> None:
    ahead, channel = NINE + 400 * DAY, Recorder([TryLater(MINUTE, "rate limit")])
    await owing.tick(channel, ahead)
    await owing.tick(channel, NINE)
    assert len(channel.posted) == 2
    assert newest(owing).state is DeliveryState.SENT


@dataclass
class Small(Recorder):
    """A platform whose messages have room for one fact."""

    def unshown(self, address: object, document: Document) -> frozenset[int]:  # type: ignore[override]
        del address
        return frozenset(fact.id for fact in document.facts[1:])


@pytest.mark.parametrize("attempt", [None, Unsure("no reply")])
async def test_what_has_no_room_is_counted_and_is_not_known_even_where_the_reply_was_lost(
    owing: Desk, attempt: Attempt | None
) -> None:
    channel = Small([attempt] if attempt else [])
    await owing.tick(channel, NINE)
    (document,) = channel.posted
    (shown,) = document.facts
    assert "2 facts are new or changed" in channel.texts[0]
    assert "1 more is not shown" in channel.texts[0]
    channel.found = "m1"
    await owing.tick(channel, NINE + 2 * MINUTE)
    (hidden,) = {46, 47} - {shown.id}
    owing.finish(owing.form(f"withdraw F{hidden}"), "confirm", reason="wrong")
    await owing.tick(channel, NINE + DAY)
    assert len(channel.posted) == 1, "it was told to be gone, and had never been shown"


async def test_the_one_digest_after_an_outage_says_what_it_covers(owing: Desk) -> None:
    channel = Recorder()
    await owing.tick(channel, NINE + 2 * DAY + timedelta(hours=2))
    (text,) = channel.texts
    assert "The digest covers 3 runs, since Mon 23 November 2026 09:00 Asia/Hong_Kong." in text
    owing.finish(owing.form("withdraw F46"), "confirm", reason="wrong")
    await owing.tick(channel, NINE + 3 * DAY)
    assert "covers" not in channel.texts[1]


async def test_a_cancelled_tick_leaves_what_is_owed(owing: Desk) -> None:
    class Slow(Recorder):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            del address, document, nonce, fence
            await asyncio.Event().wait()
            raise AssertionError

    posting = asyncio.create_task(owing.tick(Slow(), NINE))
    await asyncio.sleep(0.5)
    posting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting
    channel = Recorder()
    await owing.tick(channel, NINE + 3 * MINUTE)
    assert len(channel.posted) == 1
