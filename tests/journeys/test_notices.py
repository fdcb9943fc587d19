"""A channel that is lost: its owner hears of it once, what it is, why, and what to do."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from library import MONDAY, Desk, add_statement_of_2022

from bot.core import Bot
from bot.digests.notices import notice_document
from bot.digests.posting import MAX_TRIES, Timing
from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import Attempt, Notice, Posted, Refused, SubscriptionState, TryLater, Unsure
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choices, Document, Entries, Heading, Paragraph
from bot.messages.names import Name
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
HER_MESSAGES = Address(Platform.SLACK, "T1", "UANN", user="UANN")
CHANNEL = Address(Platform.SLACK, "T1", "C1")
NINE = MONDAY + timedelta(hours=1)
DIGEST = "subscribe screenings weekdays at 09:00 Asia/Hong_Kong except holidays HK"


@dataclass
class Slack:
    """A platform whose channel refuses every message, and whose direct messages answer as they are told."""

    reason: str = "is_archived"
    attempts: list[Attempt] = field(default_factory=list)
    told: list[Document] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)
    found: str | None = None
    looked_for: list[tuple[Address, str]] = field(default_factory=list)

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        assert fence()
        if address == CHANNEL:
            return Refused(self.reason, gone=True)
        assert address == HER_MESSAGES
        self.told.append(document)
        self.nonces.append(nonce)
        return self.attempts.pop(0) if self.attempts else Posted("m1")

    def unshown(self, *_: object) -> frozenset[int]:
        return frozenset()

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        assert since <= NINE
        self.looked_for.append((address, nonce))
        return self.found


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """The owner of a subscription that is owed a digest at nine."""
    owner = replace(desk, bot=Bot(desk.store, Settings()), actor=ANN, address=CHANNEL)
    owner.say(DIGEST)
    add_statement_of_2022(desk)
    return owner


async def tick(desk: Desk, slack: Slack, at: datetime = NINE) -> TickReport:
    return await Sender(desk.store, {Platform.SLACK: slack}, lambda: at).tick()


async def abandoned(desk: Desk) -> None:
    """Let a sender pause the subscription, claim its notice and die."""
    await Sender(desk.store, {Platform.SLACK: NotToBeTold()}, lambda: NINE).tick()
    assert desk.store.claim_notices(NINE + timedelta(hours=1), Timing().lease, [Platform.SLACK], 1)


class NotToBeTold(Slack):
    """Direct messages that have to wait."""

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        if address == CHANNEL:
            return await super().post(address, document, nonce=nonce, fence=fence)
        return TryLater(timedelta(hours=1), "ratelimited")


async def test_an_owner_is_told_once_in_the_tick_that_loses_the_channel(ann: Desk) -> None:
    slack = Slack()
    assert (await tick(ann, slack)).told == 1
    for days in range(1, 5):
        assert (await tick(ann, slack, NINE + timedelta(days=days))).told == 0
    assert len(slack.told) == 1


async def test_an_owner_is_told_which_channel_why_and_what_to_do(ann: Desk) -> None:
    slack = Slack()
    await tick(ann, slack)
    text = plain_text(slack.told[0])
    assert "#C1" in text
    assert "the channel is archived" in text
    assert "Unarchive the channel" in text
    assert f"“/tipfacts {DIGEST}”" in text
    assert not any(isinstance(block, Choices) for block in slack.told[0].blocks)  # a press would subscribe the messages


async def test_a_notice_names_the_channel_where_a_platform_can_show_it_by_name_and_nowhere_else(ann: Desk) -> None:
    slack = Slack()
    await tick(ann, slack)
    blocks = slack.told[0].blocks
    (entry,) = (entry for block in blocks if isinstance(block, Entries) for entry in block.entries)
    assert isinstance(entry.text, Name)
    assert entry.text.id == "C1"
    assert not any("C1" in block.text for block in blocks if isinstance(block, Heading | Paragraph))


async def test_the_owner_of_a_channel_that_was_deleted_is_not_told_to_type_or_look_there(ann: Desk) -> None:
    slack = Slack("10003")
    await tick(ann, slack)
    told = plain_text(slack.told[0])
    assert "the channel was deleted. No more are sent there." in told
    assert f"Subscribe in another channel. Type this there: “/tipfacts {DIGEST}”." in told
    with ann.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    lost = plain_text(notice_document(Notice(held, HER_MESSAGES, "10003", "n", slot=NINE)))
    assert "may not stand there" in lost
    assert "Subscribe in another channel." in lost
    assert "Look in the channel" not in lost


async def test_what_the_owner_is_told_to_type_takes_the_digests_up_again(ann: Desk) -> None:
    slack = Slack()
    await tick(ann, slack)
    assert "paused: the channel is archived" in ann.text("subscriptions")
    ann.say(f"/tipfacts {DIGEST}")
    assert "paused" not in ann.text("subscriptions")
    assert "is waiting for it" in ann.text("digest why") or "about to be posted" in ann.text("digest why")


@pytest.mark.parametrize(
    ("reason", "why", "remedy"),
    [
        ("not_in_channel", "tipfacts is not in the channel", "/invite @tipfacts"),
        ("channel_not_found", "tipfacts is not in the channel", "/invite @tipfacts"),
        ("account_inactive", "was taken out of the workspace", "install it"),
        ("token_revoked", "does not take the token", "another one"),
        ("restricted_action_read_only_channel", "does not let tipfacts post", "An admin"),
        ("thread_not_found", "the thread is gone", "another thread"),
        ("missing_scope", "lacks a permission", "whoever runs tipfacts"),
        ("new_code", "new_code", "/invite @tipfacts"),
    ],
)
async def test_every_reason_has_its_words_and_its_remedy(ann: Desk, reason: str, why: str, remedy: str) -> None:
    slack = Slack(reason)
    await tick(ann, slack)
    text = plain_text(slack.told[0])
    assert why in text
    assert remedy in text
    assert why in ann.text("digest why")


async def test_a_notice_speaks_the_language_of_the_subscription(ann: Desk) -> None:
    replace(ann, locale=Locale.ZH_HANT).say(DIGEST)
    slack = Slack()
    await tick(ann, slack)
    assert slack.told[0].locale is Locale.ZH_HANT


async def test_a_busy_platform_is_tried_again_when_it_asked_for(ann: Desk) -> None:
    slack = Slack(attempts=[TryLater(timedelta(minutes=3), "ratelimited")])
    assert (await tick(ann, slack)).told == 0
    await tick(ann, slack, NINE + timedelta(minutes=2))
    assert len(slack.told) == 1
    assert (await tick(ann, slack, NINE + timedelta(minutes=3))).told == 1
    assert len(set(slack.nonces)) == 1


async def test_a_platform_that_is_always_busy_is_asked_a_bounded_number_of_times(ann: Desk) -> None:
    slack = Slack(attempts=[TryLater(timedelta(minutes=1), "ratelimited")] * 100)
    for minutes in range(60):
        await tick(ann, slack, NINE + timedelta(minutes=minutes))
    assert len(slack.told) == MAX_TRIES


@pytest.mark.parametrize("attempt", [Unsure("no reply"), Refused("user_not_found", gone=True)])
async def test_what_may_have_been_told_or_cannot_be_is_not_tried_again(ann: Desk, attempt: Attempt) -> None:
    slack = Slack(attempts=[attempt])
    for hours in range(5):
        await tick(ann, slack, NINE + timedelta(hours=hours))
    assert len(slack.told) == 1


async def test_a_messenger_that_breaks_is_not_tried_again_and_holds_up_nothing(ann: Desk) -> None:
    class Broken(Slack):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            attempt = await super().post(address, document, nonce=nonce, fence=fence)
            if address == HER_MESSAGES:
                raise RuntimeError("boom")
            return attempt

    slack = Broken()
    await tick(ann, slack)
    await tick(ann, slack, NINE + timedelta(hours=1))
    assert len(slack.told) == 1


async def test_a_notice_of_a_sender_that_died_is_looked_for_first(ann: Desk) -> None:
    await abandoned(ann)
    slack = Slack(found="m1")
    await tick(ann, slack, NINE + timedelta(hours=2))
    assert slack.told == []
    assert slack.looked_for[0][0] == HER_MESSAGES
    await tick(ann, slack, NINE + timedelta(hours=3))
    assert len(slack.looked_for) == 1


async def test_a_notice_that_is_proven_absent_is_told(ann: Desk) -> None:
    await abandoned(ann)
    slack = Slack()
    assert (await tick(ann, slack, NINE + timedelta(hours=2))).told == 1
    assert slack.looked_for[0][1] == slack.nonces[0]


class Blind(Slack):
    """Direct messages that nobody may look into."""

    async def find(self, *_: object) -> str | None:
        raise LookupError("channel_not_found")


class Dying(Slack):
    """Direct messages behind which the sender dies: `passed`, when it may have sent one."""

    def __init__(self, *, passed: bool) -> None:
        super().__init__()
        self._passed = passed
        self.waiting = asyncio.Event()

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        if address == CHANNEL:
            return await super().post(address, document, nonce=nonce, fence=fence)
        assert not self._passed or fence()
        self.waiting.set()
        await asyncio.Event().wait()
        raise AssertionError


async def dies(desk: Desk, *, passed: bool) -> None:
    """Let a sender end while it tells an owner."""
    slack = Dying(passed=passed)
    ticking = asyncio.create_task(tick(desk, slack))
    await asyncio.wait_for(slack.waiting.wait(), 30)
    ticking.cancel()
    await asyncio.wait({ticking})


async def test_where_nobody_may_look_a_notice_that_may_have_gone_out_counts_as_told(ann: Desk) -> None:
    await dies(ann, passed=True)
    slack = Blind()
    for hours in range(1, 60, 8):
        await tick(ann, slack, NINE + timedelta(hours=hours))
    assert slack.told == []


@pytest.mark.parametrize("how", ["claimed", "stopped"])
async def test_where_nobody_may_look_a_notice_that_never_went_out_is_told(ann: Desk, how: str) -> None:
    if how == "claimed":
        await abandoned(ann)
    else:
        await dies(ann, passed=False)
    slack = Blind()
    assert (await tick(ann, slack, NINE + timedelta(hours=2))).told == 1
    await tick(ann, slack, NINE + timedelta(hours=3))
    assert len(slack.told) == 1


async def test_where_nobody_may_look_and_it_is_long_ago_a_notice_counts_as_told(ann: Desk) -> None:
    await abandoned(ann)
    slack = Blind()
    await tick(ann, slack, NINE + timedelta(days=1))
    assert slack.told == []


async def test_a_notice_that_was_held_up_before_it_went_out_is_told_later(
    ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Timing, "timeout", timedelta(seconds=0.1))
    assert (await tick(ann, Dying(passed=False))).told == 0
    slack = Slack()
    assert (await tick(ann, slack, NINE + timedelta(hours=1))).told == 1


async def test_a_stop_leaves_the_notices_that_are_not_begun(desk: Desk) -> None:
    for channel in ("C1", "C2"):
        replace(desk, actor=ANN, address=replace(CHANNEL, channel=channel)).say(DIGEST)
    add_statement_of_2022(desk)
    stopping = []

    class Stopping(Slack):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            if address != HER_MESSAGES:
                return Refused(self.reason, gone=True)
            stopping.append(1)
            return await super().post(address, document, nonce=nonce, fence=fence)

    slack = Stopping()
    report = await Sender(desk.store, {Platform.SLACK: slack}, lambda: NINE).tick(lambda: bool(stopping))
    assert (report.told, len(slack.told)) == (1, 1)
    assert (await tick(desk, slack, NINE + timedelta(minutes=1))).told == 1


@pytest.mark.parametrize("hangs", [False, True])
async def test_a_look_up_that_breaks_or_hangs_is_made_again(
    ann: Desk, hangs: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(Slack):
        async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
            await super().find(address, nonce, since)
            if len(self.looked_for) > 1:
                return None
            if hangs:
                await asyncio.sleep(3600)
            raise ConnectionError("reset")

    monkeypatch.setattr(Timing, "timeout", timedelta(seconds=0.1))
    await abandoned(ann)
    slack = Broken()
    await asyncio.wait_for(tick(ann, slack, NINE + timedelta(hours=2)), timeout=30)
    assert slack.told == []
    await tick(ann, slack, NINE + timedelta(hours=3))
    assert len(slack.told) == 1


async def test_a_look_up_that_always_breaks_is_given_up(ann: Desk) -> None:
    class Broken(Slack):
        async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
            await super().find(address, nonce, since)
            raise ConnectionError("reset")

    await abandoned(ann)
    slack = Broken()
    for hours in range(2, 40):
        await tick(ann, slack, NINE + timedelta(hours=hours))
    assert slack.told == []
    assert len(slack.looked_for) < MAX_TRIES


async def test_nobody_posts_once_the_lease_of_a_notice_has_run_out(ann: Desk) -> None:
    clock = [NINE]

    class Slow(Slack):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            if address == CHANNEL:
                return await super().post(address, document, nonce=nonce, fence=fence)
            clock[0] += Timing().lease
            return Posted("m1") if fence() else TryLater(timedelta(minutes=1), "another sender has taken over")

    report = await Sender(ann.store, {Platform.SLACK: Slow()}, lambda: clock[0]).tick()
    assert report.told == 0


async def test_a_pause_that_is_over_is_not_told_any_more(ann: Desk) -> None:
    slack = Slack(attempts=[TryLater(timedelta(minutes=3), "ratelimited")])
    await tick(ann, slack)
    with ann.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    ann.store.apply(SetSubscriptionState(held.id, SubscriptionState.ENDED), by=ANN.name, at=NINE)
    await tick(ann, slack, NINE + timedelta(hours=1))
    assert len(slack.told) == 1
