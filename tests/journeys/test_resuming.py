"""A paused subscription that is taken up again: one digest with all that is new, and a word that it goes on."""

from datetime import timedelta

import pytest
from library import CHANNEL, MONDAY, Desk, Recorder, add_statement_of_2022

from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import Attempt, Refused, SubscriptionState, TryLater, Unsure

NINE = MONDAY + timedelta(hours=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GONE = Refused("not_in_channel", gone=True)
GOES_ON = "Taken up again: what is new since the last digest comes with the next one."
RECOUNT = "Hong Kong conducted approximately 11,100 initial screenings in 2023."


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A channel that is owed a digest at nine."""
    desk.say("subscribe")
    add_statement_of_2022(desk)
    return desk


def correct(desk: Desk) -> None:
    review = desk.next_form(desk.form("correct F12"), "review", value="about 11,100", reason="recount", text=RECOUNT)
    desk.finish(review, "confirm")


def pause(desk: Desk) -> None:
    with desk.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    desk.store.apply(SetSubscriptionState(held.id, SubscriptionState.PAUSED, "not_in_channel"), by="test", at=desk.now)


@pytest.mark.parametrize("attempts", [[GONE], [TryLater(HOUR, "ratelimited"), GONE]])
async def test_what_was_kept_and_what_came_since_is_one_digest_at_the_next_run(
    owing: Desk, attempts: list[Attempt]
) -> None:
    channel = Recorder(attempts)
    for hours in range(2):
        await owing.tick(channel, NINE + hours * HOUR)
    correct(owing)
    owing.now = NINE + 2 * DAY - 2 * HOUR
    seen = len(channel.posted)
    said = owing.text("subscribe")
    assert GOES_ON in said
    assert "This replaces" not in said
    await owing.tick(channel, NINE + 2 * DAY - HOUR)
    assert len(channel.posted) == seen
    assert "It could not be posted in time, and went into the next digest." in owing.text("digest why")
    assert "7,700" in owing.text("digest preview")
    for days in range(2, 5):
        await owing.tick(channel, NINE + days * DAY)
    (digest,) = channel.texts[seen:]
    assert "7,700" in digest
    assert "11,100" in digest


async def test_what_comes_immediately_comes_with_the_next_tick(desk: Desk) -> None:
    desk.say("subscribe immediately")
    add_statement_of_2022(desk)
    channel = Recorder([GONE])
    await desk.tick(channel, NINE)
    correct(desk)
    desk.now = NINE + DAY
    desk.say("subscribe immediately")
    seen = len(channel.posted)
    for hours in range(3):
        await desk.tick(channel, NINE + DAY + hours * HOUR)
    (digest,) = channel.texts[seen:]
    assert "7,700" in digest
    assert "11,100" in digest


async def test_one_that_may_stand_there_is_looked_for_and_not_told_again(owing: Desk) -> None:
    channel = Recorder([Unsure("no reply")], found="m1")
    await owing.tick(channel, NINE)
    pause(owing)
    correct(owing)
    owing.now = NINE + HOUR
    owing.say("subscribe")
    for days in range(3):
        await owing.tick(channel, NINE + 2 * HOUR + days * DAY)
    assert len(channel.posted) == 2
    assert "11,100" in channel.texts[1]
    assert "7,700" not in channel.texts[1]


@pytest.mark.parametrize(
    ("line", "replaces"),
    [
        ("subscribe daily at 09:00", False),
        ("subscribe daily at 10:00", True),
        ("subscribe screenings daily at 09:00", True),
        ("subscribe -screenings daily at 09:00", True),
    ],
)
async def test_the_confirmation_says_that_it_goes_on_and_what_else_changed(
    owing: Desk, line: str, *, replaces: bool
) -> None:
    await owing.tick(Recorder([GONE]), NINE)
    said = owing.text(line)
    assert GOES_ON in said
    assert ("This replaces: all, daily at 09:00 Asia/Hong_Kong." in said) is replaces
    again = owing.text(line)
    assert "This replaces" in again
    assert GOES_ON not in again
