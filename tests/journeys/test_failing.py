"""A digest that a channel refuses for good: its owner hears of the first in a row, and `status` shows that it is so."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from library import MONDAY, Desk, add_statement_of_2022

from bot.core import Bot
from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.digests import Attempt, DeliveryState, Posted, Refused
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choices, Document
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.DISCORD, "9", "42", "Ann")
BEN = replace(ANN, user="43", display_name="Ben")
CHANNEL = Address(Platform.DISCORD, "9", "8")
HER_MESSAGES = Address(Platform.DISCORD, "9", "42", user="42")
NINE = MONDAY + timedelta(hours=1)
DAY = timedelta(days=1)
FILTER = "200000"  # AutoMod


@dataclass
class Filtering:
    """A channel that answers as it is told, and takes what it is told nothing about; and Ann's direct messages."""

    attempts: list[Attempt] = field(default_factory=list)
    posted: list[Document] = field(default_factory=list)
    told: list[Document] = field(default_factory=list)

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        assert fence()
        if address == HER_MESSAGES:
            self.told.append(document)
            return Posted(nonce)
        self.posted.append(document)
        return self.attempts.pop(0) if self.attempts else Posted(nonce)

    def unshown(self, *_: object) -> frozenset[int]:
        return frozenset()

    async def find(self, *_: object) -> str | None:
        raise LookupError("50001")


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """The owner of a subscription that is owed a digest at nine."""
    owner = replace(desk, bot=Bot(desk.store, Settings()), actor=ANN, address=CHANNEL)
    owner.say("subscribe screenings")
    add_statement_of_2022(desk)
    return owner


async def tick(desk: Desk, platform: Filtering, at: datetime) -> TickReport:
    return await Sender(desk.store, {Platform.DISCORD: platform}, lambda: at).tick()


async def test_its_owner_is_told_once_of_those_that_fail_in_a_row(ann: Desk) -> None:
    platform = Filtering([Refused(FILTER, gone=False)] * 3)
    told = [(await tick(ann, platform, NINE + day * DAY)).told for day in range(5)]
    assert told == [1, 0, 0, 0, 0]
    text = plain_text(platform.told[0])
    for part in (
        "A digest of yours failed",
        "Channel: #8",
        "The digest of Mon 23 November 2026 09:00 Asia/Hong_Kong could not be posted: a filter of the server’s",
        "What it was to say comes with the next one.",
        "under AutoMod",
        "“/tipfacts-digest why” in the channel says how it stands",
    ):
        assert part in text
    assert "/tipfacts-digest resend" not in text
    assert not any(isinstance(block, Choices) for block in platform.told[0].blocks)
    assert len(platform.posted) == 4
    assert "7,700" in plain_text(platform.posted[-1])


async def test_after_one_that_was_posted_the_next_that_fails_is_told_again(ann: Desk, desk: Desk) -> None:
    fails = Refused(FILTER, gone=False)
    platform = Filtering([fails, Posted("m1"), fails])
    for day in range(2):
        await tick(ann, platform, NINE + day * DAY)
    desk.finish(desk.form("withdraw F46"), "confirm", reason="in error")
    await tick(ann, platform, NINE + 2 * DAY)
    assert ["Wed 25 November" in plain_text(each) for each in platform.told] == [False, True]


async def test_what_nobody_in_the_channel_can_mend_is_for_whoever_runs_tipfacts(ann: Desk) -> None:
    platform = Filtering([Refused("50035", gone=False)])
    await tick(ann, platform, NINE)
    text = plain_text(platform.told[0])
    assert "tell whoever runs tipfacts: nobody in the channel can mend it" in text
    assert "Permissions" not in text


async def test_it_is_told_in_the_language_of_the_subscription(ann: Desk) -> None:
    replace(ann, locale=Locale.ZH_HANT).say("subscribe screenings")
    platform = Filtering([Refused(FILTER, gone=False)])
    await tick(ann, platform, NINE)
    assert platform.told[0].locale is Locale.ZH_HANT


@pytest.mark.parametrize("how", [DeliveryState.FAILED, DeliveryState.UNKNOWN])
async def test_status_counts_the_channels_whose_last_digest_failed_or_may_be_lost(
    ann: Desk, how: DeliveryState
) -> None:
    class Breaking(Filtering):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            attempt = await super().post(address, document, nonce=nonce, fence=fence)
            if address != HER_MESSAGES and how is DeliveryState.UNKNOWN and len(self.posted) == 1:
                raise ConnectionError("reset")
            return attempt

    said = "Last digest failed or may be lost: 1; “/tipfacts-digest why” in the channel says why"
    ben = replace(ann, actor=BEN, address=replace(CHANNEL, channel="7"))
    ben.say("subscribe visas")
    assert "may be lost" not in ann.text("status")
    platform = Breaking([Refused(FILTER, gone=False)] if how is DeliveryState.FAILED else [])
    for minutes in (0, 5):
        await tick(ann, platform, NINE + timedelta(minutes=minutes))
    editor = replace(ben, bot=Bot(ann.store, Settings(admins=frozenset({BEN.name}))))
    for asker in (ann, editor):
        assert said in asker.text("status")
    assert "may be lost" not in ben.text("status")  # it is not theirs
    for day in range(1, 3):
        await tick(ann, platform, NINE + day * DAY)
    assert ("may be lost" in ann.text("status")) is (how is DeliveryState.UNKNOWN)  # it was posted; nothing came since
