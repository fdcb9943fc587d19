"""What was posted without a word is looked for: from when it was posted, and for as long as that may be of use."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from library import CHANNEL, MONDAY, Desk, Recorder, add_statement_of_2022

from bot.digests.delivering import LOOKED_FOR
from bot.digests.posting import CLOCKS_APART, MAX_TRIES
from bot.domain.digests import Attempt, Delivery, DeliveryState, Refused, TryLater, Unsure

NINE = MONDAY + timedelta(hours=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LOST = Unsure("no reply")


@dataclass
class Seeking(Recorder):
    """A messenger that keeps from when it was looked for what; while it is `down` nobody can look."""

    looks: list[datetime] = field(default_factory=list)
    down: bool = False

    async def find(self, address: object, nonce: str, since: datetime) -> str | None:
        del address, nonce
        self.looks.append(since)
        if self.down:
            raise LookupError("Slack did not reply")
        return self.found


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A channel that is owed a digest at nine."""
    desk.say("subscribe")
    add_statement_of_2022(desk)
    return desk


def delivery(desk: Desk) -> Delivery:
    with desk.store.read() as library:
        held = library.subscription_at(CHANNEL)
        assert held
        return library.deliveries(held.id, 1)[0]


async def test_one_that_was_posted_long_after_its_time_is_looked_for_like_any_other(owing: Desk) -> None:
    channel, late = Seeking([LOST], found="m1"), NINE + 4 * DAY
    await owing.tick(channel, late)
    assert delivery(owing).state is DeliveryState.UNSURE
    await owing.tick(channel, late + 3 * MINUTE)
    assert delivery(owing).state is DeliveryState.SENT
    assert len(channel.posted) == 1
    assert [late - look for look in channel.looks] == [CLOCKS_APART]  # not from its slot, nor later than it was posted


async def test_it_is_looked_for_from_its_first_post_however_often_it_was_posted_since(owing: Desk) -> None:
    channel = Seeking([LOST] * 3)
    for hours in range(4):
        await owing.tick(channel, NINE + hours * HOUR)
    assert len(channel.posted) == 4
    assert {NINE - look for look in channel.looks} == {CLOCKS_APART}


async def test_what_was_certainly_not_posted_before_is_looked_for_from_when_it_was(owing: Desk) -> None:
    channel = Seeking([TryLater(9 * HOUR, "ratelimited"), LOST, TryLater(9 * HOUR, "ratelimited"), LOST])
    for hours in range(40):
        await owing.tick(channel, NINE + hours * HOUR / 2)
    assert [look + CLOCKS_APART - NINE for look in channel.looks] == [9 * HOUR, 18.5 * HOUR]
    assert delivery(owing).state is DeliveryState.SENT


async def test_a_look_that_is_not_to_be_had_is_made_again_for_three_days_from_the_post(owing: Desk) -> None:
    channel, late = Seeking([LOST], down=True), NINE + 4 * DAY
    for hours in range(int(LOOKED_FOR / HOUR)):
        await owing.tick(channel, late + hours * HOUR)
    assert delivery(owing).state is DeliveryState.UNSURE
    assert len(channel.looks) > MAX_TRIES
    assert len(channel.posted) == 1
    await owing.tick(channel, late + LOOKED_FOR + HOUR)
    assert delivery(owing).state is DeliveryState.UNKNOWN
    assert "I got no word of it, and could not find out" in channel.texts[1]  # its owner is told


@pytest.mark.parametrize("hitch", [TryLater(MINUTE, "ratelimited"), TryLater(MINUTE, "too slow")])
async def test_posts_that_certainly_came_to_nothing_do_not_count_among_those_without_a_word(
    owing: Desk, hitch: Attempt
) -> None:
    channel = Seeking([*[hitch] * 3 * MAX_TRIES, LOST], found="m1")
    for minutes in range(3 * MAX_TRIES):
        await owing.tick(channel, NINE + minutes * MINUTE)
    at = NINE + 3 * MAX_TRIES * MINUTE
    await owing.tick(channel, at)
    assert (delivery(owing).state, delivery(owing).unconfirmed) == (DeliveryState.UNSURE, 1)
    channel.down = True
    await owing.tick(channel, at + 2 * MINUTE)
    waits = delivery(owing).not_before
    assert waits
    assert waits - at < 5 * MINUTE  # as long again, and not the longest wait of all
    channel.down = False
    await owing.tick(channel, waits)
    assert delivery(owing).state is DeliveryState.SENT


async def test_looks_wait_ever_longer_for_a_platform_that_does_not_answer(owing: Desk) -> None:
    channel = Seeking([LOST], down=True)
    for minutes in range(3 * 60):
        await owing.tick(channel, NINE + minutes * MINUTE)
    assert 8 <= len(channel.looks) <= 18


async def test_a_delivery_that_fails_for_good_says_so_in_the_log(owing: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await owing.tick(Recorder([Refused("msg_too_long", gone=False)]), NINE)
    assert f"delivery {delivery(owing).id} failed for good: msg_too_long" in caplog.text
