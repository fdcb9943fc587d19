"""Every way a delivery can go, and what the channel is told about it."""

from datetime import timedelta

import pytest
from library import CHANNEL, MONDAY, Desk, Recorder, add_statement_of_2022

from bot.domain.digests import Attempt, DeliveryState, Refused, TryLater, Unsure

NINE = MONDAY + timedelta(hours=1)


def states(desk: Desk) -> list[DeliveryState]:
    """Every state of the newest delivery, in order."""
    with desk.store.read() as library:
        subscription = library.subscription_at(CHANNEL)
        assert subscription
        delivery = library.deliveries(subscription.id, 1)[0]
        return [step.after for step in library.transitions(delivery.id)]


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A channel that is owed a digest at nine."""
    desk.say("subscribe")
    add_statement_of_2022(desk)
    desk.now = NINE + timedelta(minutes=2)
    return desk


async def test_a_posted_digest_is_sent(owing: Desk) -> None:
    await owing.tick(Recorder(), NINE)
    assert states(owing) == [DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.SENT]
    assert "It was posted at Mon 23 November 2026 09:00" in owing.text("digest why")


async def test_a_busy_platform_is_tried_again_when_it_asked_for(owing: Desk) -> None:
    channel = Recorder([TryLater(timedelta(minutes=3), "rate limit")])
    await owing.tick(channel, NINE)
    assert "waits (rate limit) and is tried again at Mon 23 November 2026 09:03" in owing.text("digest why")
    await owing.tick(channel, NINE + timedelta(minutes=2))
    assert len(channel.posted) == 1
    await owing.tick(channel, NINE + timedelta(minutes=3))
    assert len(channel.posted) == 2
    assert len(set(channel.nonces)) == 1
    assert states(owing)[-1] is DeliveryState.SENT


async def test_an_unsure_digest_that_stands_in_the_channel_is_not_posted_again(owing: Desk) -> None:
    channel = Recorder([Unsure("no reply")])
    await owing.tick(channel, NINE)
    assert "may or may not have been posted" in owing.text("digest why")
    channel.found = "m1"
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert len(channel.posted) == 1
    assert states(owing)[-1] is DeliveryState.SENT


async def test_an_unsure_digest_that_is_proven_absent_is_posted_again(owing: Desk) -> None:
    channel = Recorder([Unsure("no reply")])
    await owing.tick(channel, NINE)
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert len(channel.posted) == 2
    assert states(owing)[-1] is DeliveryState.SENT


async def test_a_digest_that_cannot_be_looked_for_stays_unsure(owing: Desk) -> None:
    class Blind(Recorder):
        async def find(self, *_: object) -> str | None:
            raise LookupError("no permission to look")

    channel = Blind([Unsure("no reply")])
    await owing.tick(channel, NINE)
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert len(channel.posted) == 1
    assert states(owing)[-1] is DeliveryState.UNSURE


@pytest.mark.parametrize(
    ("attempt", "state", "words"),
    [
        (Refused("channel gone", gone=True), DeliveryState.PAUSED, "The subscription is paused: channel gone"),
        (Refused("too long", gone=False), DeliveryState.FAILED, "It failed for good: too long"),
    ],
)
async def test_a_refused_digest_says_why(owing: Desk, attempt: Attempt, state: DeliveryState, words: str) -> None:
    await owing.tick(Recorder([attempt]), NINE)
    assert states(owing)[-1] is state
    assert words in owing.text("digest why")


async def test_a_paused_subscription_is_owed_its_digest_until_it_is_resumed(owing: Desk) -> None:
    channel = Recorder([Refused("channel gone", gone=True)])
    await owing.tick(channel, NINE)
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 1
    owing.say("subscribe")
    await owing.tick(channel, NINE + timedelta(days=1, minutes=1))
    assert len(channel.posted) == 2
    assert "7,700" in channel.texts[1]


async def test_a_messenger_that_breaks_leaves_the_delivery_unsure(owing: Desk) -> None:
    class Broken(Recorder):
        async def post(self, *_: object, **__: object) -> Attempt:
            raise RuntimeError("boom")

    await owing.tick(Broken(), NINE)
    assert states(owing)[-1] is DeliveryState.UNSURE


async def test_a_delivery_that_was_claimed_by_a_process_that_died_is_looked_for_first(owing: Desk) -> None:
    def tomorrow(_: object) -> object:
        return NINE + timedelta(days=1)

    owing.store.enqueue_due(NINE, tomorrow, 10)  # type: ignore[arg-type]
    assert owing.store.claim(NINE, timedelta(minutes=2), [CHANNEL.platform], 1)
    channel = Recorder(found="m1")
    await owing.tick(channel, NINE + timedelta(minutes=1))
    assert states(owing)[-1] is DeliveryState.CLAIMED
    await owing.tick(channel, NINE + timedelta(minutes=3))
    assert channel.posted == []
    assert states(owing)[-1] is DeliveryState.SENT


async def test_many_facts_are_capped_with_a_count(desk: Desk) -> None:
    text = desk.text("digest test") if desk.say("subscribe") else ""
    assert "Test digest" in text
    assert "33 more facts are not shown" in text
