"""Every way a delivery can go, and what the channel is told about it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from library import CHANNEL, MONDAY, STATEMENT_2022, Desk, Recorder, add_statement_of_2022

from bot.digests import draining
from bot.digests.posting import MAX_TRIES, Timing
from bot.digests.sender import Sender
from bot.digests.wording import MAX_FACTS
from bot.domain import zones
from bot.domain.digests import Attempt, DeliveryState, Posted, Refused, TryLater, Unsure
from bot.domain.lanes import Lane
from bot.domain.people import Address, Platform
from bot.messages.document import Document, FactLine, Heading
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text

RECOUNT = "Hong Kong conducted approximately 11,100 initial screenings in 2023."
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


async def test_a_fact_for_which_a_digest_had_no_room_is_new_to_the_channel_when_it_is_corrected(owing: Desk) -> None:
    with owing.store.read() as library:
        newest = library.all_facts("screenings")[0]
    assert newest.value == 7700
    channel = Recorder([Posted("m1", frozenset({newest.id}))])
    await owing.tick(channel, NINE)
    form = owing.form(f"correct {newest.public_id}")
    text = "Around 7,800 initial screenings were conducted in 2021."
    owing.finish(owing.next_form(form, "review", value="about 7,800", reason="recount", text=text), "confirm")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert "7,800" in channel.texts[1]
    assert "New official statements" in channel.texts[1]


async def test_a_busy_platform_is_tried_again_when_it_asked_for(owing: Desk) -> None:
    channel = Recorder([TryLater(timedelta(minutes=3), "rate limit")])
    await owing.tick(channel, NINE)
    why = owing.text("digest why")
    assert "It waits (the platform asks to wait, since much was posted at once) and is tried again at Mon 23" in why
    assert "November 2026 09:03" in why
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
        (
            Refused("channel gone", gone=True),
            DeliveryState.PAUSED,
            "The subscription is paused: the platform says “channel gone”",
        ),
        (Refused("too long", gone=False), DeliveryState.FAILED, "It failed for good: the platform says “too long”"),
    ],
)
async def test_a_refused_digest_says_why(owing: Desk, attempt: Attempt, state: DeliveryState, words: str) -> None:
    await owing.tick(Recorder([attempt]), NINE)
    assert states(owing)[-1] is state
    assert words in owing.text("digest why")


async def test_a_stop_leaves_the_digests_that_are_not_begun_owed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "AT_A_TIME", 1)
    for name in ("console", "second", "third"):
        replace(desk, address=replace(CHANNEL, channel=name)).say("subscribe")
    add_statement_of_2022(desk)
    channel = Recorder()
    sending = Sender(desk.store, {Platform.CONSOLE: channel}, lambda: NINE)
    report = await sending.tick(lambda: len(channel.posted) == 1)
    assert (report.due, report.ended, len(channel.posted)) == (3, {DeliveryState.SENT: 1}, 1)
    assert (await desk.tick(channel, NINE)).count(DeliveryState.SENT) == 2  # at once: nobody holds them


async def test_a_paused_subscription_is_owed_its_digest_until_it_is_resumed(owing: Desk) -> None:
    channel = Recorder([Refused("channel gone", gone=True)])
    await owing.tick(channel, NINE)
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 2  # the digest, and the notice to its owner
    owing.say("subscribe")
    await owing.tick(channel, NINE + timedelta(days=1, minutes=1))
    assert len(channel.posted) == 3
    assert "7,700" in channel.texts[2]


async def test_a_messenger_that_breaks_leaves_the_delivery_unsure(owing: Desk) -> None:
    class Broken(Recorder):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            await super().post(address, document, nonce=nonce, fence=fence)
            raise RuntimeError("boom")

    await owing.tick(Broken(), NINE)
    assert states(owing)[-1] is DeliveryState.UNSURE


async def test_what_a_messenger_never_began_to_send_is_certainly_not_posted(owing: Desk) -> None:
    class Broken(Recorder):
        async def post(self, *_: object, **__: object) -> Attempt:
            raise RuntimeError("boom")

    await owing.tick(Broken(), NINE)
    assert states(owing)[-1] is DeliveryState.WAITING


async def test_a_delivery_that_was_claimed_by_a_process_that_died_is_looked_for_first(owing: Desk) -> None:
    def tomorrow(_: object) -> object:
        return NINE + timedelta(days=1)

    owing.store.enqueue_due(NINE, tomorrow, 10)  # type: ignore[arg-type]
    assert owing.store.claim(NINE, timedelta(minutes=2), Lane(CHANNEL.platform), 1, "died")
    channel = Recorder(found="m1")
    await owing.tick(channel, NINE + timedelta(minutes=1))
    assert states(owing)[-1] is DeliveryState.CLAIMED
    await owing.tick(channel, NINE + timedelta(minutes=3))
    assert channel.posted == []
    assert states(owing)[-1] is DeliveryState.SENT


def parts(document: Document) -> list[tuple[str, list[str]]]:
    """The headings of a digest, each with the ids of the facts under it."""
    found: list[tuple[str, list[str]]] = []
    for block in document.blocks:
        match block:
            case Heading(text):
                found.append((text, []))
            case FactLine(fact):
                found[-1][1].append(fact.public_id)
    return found


async def test_where_not_all_has_room_every_side_speaks_and_the_rest_is_counted_once(desk: Desk) -> None:
    assert desk.say("subscribe").kind is Kind.DONE
    reply = desk.say("digest test")
    told = parts(reply.document)[1:]
    assert sum(len(facts) for _, facts in told) == MAX_FACTS
    with desk.store.read() as library:
        held = {each.id: library.facts_of(each.id) for each in map(library.statement, (1, 2, 3)) if each}
    count = sum(map(len, held.values()))
    assert [title.split(":")[0] for title, _ in told] == ["S1", "S2", "S3"]
    assert min(len(facts) for _, facts in told) >= min(4, *map(len, held.values()))
    text = plain_text(reply.document)
    left = f"{count} facts are new or changed. These are some of them; {count - MAX_FACTS} more are not shown: type"
    assert left in text
    assert text.count("more are") == 1


async def test_what_is_disputed_is_shown_before_what_is_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("subscribe")
    monkeypatch.setattr("bot.digests.wording.MAX_FACTS", 3)
    told = parts(desk.say("digest test").document)[1:]
    with desk.store.read() as library:
        shown = [library.fact(int(facts[0][1:])) for _, facts in told]
        at_odds = {
            side.id
            for each in shown
            if each
            for dispute in library.disputes([each.id])
            for side in (dispute.rejecting, dispute.rejected)
        }
        has_dispute = [any(library.disputes([fact.id]) for fact in library.facts_of(number)) for number in (1, 2, 3)]
    assert [fact is not None and fact.id in at_odds for fact in shown] == has_dispute


async def test_a_statement_without_room_has_no_heading_and_is_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.say("subscribe")
    monkeypatch.setattr("bot.digests.wording.MAX_FACTS", 1)
    text = desk.text("digest test")
    with desk.store.read() as library:
        count = library.counts().facts
    assert f"{count - 1} more are not shown: type “statement S1”, “statement S2”, “statement S3”." in text
    assert "S1: " in text
    assert "S2: " not in text


async def test_corrections_come_before_new_statements_each_under_its_own_heading(owing: Desk) -> None:
    review = owing.next_form(owing.form("correct F12"), "review", value="about 11,100", reason="recount", text=RECOUNT)
    owing.finish(review, "confirm")
    channel = Recorder()
    await owing.tick(channel, NINE)
    headline, corrections, new, statement = parts(channel.posted[0])
    assert headline == ("What is new", [])
    assert corrections == ("Corrections and withdrawals", ["F12"])
    assert new == ("New official statements", [])
    assert (statement[0][:3], statement[1]) == ("S4:", ["F46", "F47"])


def rejects_tier(desk: Desk, **more: str) -> None:
    """Add a statement on visas that rejects F8, which is on the tier."""
    said = {"topic": "visas", "text": "The HKSAR Government said that the placement is unfounded.", "rejects": "F8"}
    review = desk.next_form(desk.next_form(desk.form("add"), "next", **STATEMENT_2022), "review", **said | more)
    desk.finish(review, "confirm")


async def test_a_new_fact_that_rejects_another_says_which(desk: Desk) -> None:
    desk.say("subscribe")
    rejects_tier(desk)
    channel = Recorder()
    await desk.tick(channel, NINE)
    assert "the placement is unfounded. (rejects F8 of " in channel.texts[0]
    assert [facts for _, facts in parts(channel.posted[0])] == [[], ["F46"]]


async def test_a_channel_hears_once_of_a_new_dispute_over_what_it_follows(desk: Desk) -> None:
    with desk.store.read() as library:
        disputed = library.fact(8)
    assert disputed
    assert disputed.topic
    desk.say(f"subscribe {disputed.topic.label.en}")
    rejects_tier(desk)
    channel = Recorder()
    await desk.tick(channel, NINE)
    (text,) = channel.texts
    assert text.startswith("New disputes")
    assert f"{disputed.topic.label.en}: now disputed. " in text
    assert ", F46)" in text
    assert [facts for _, facts in parts(channel.posted[0])] == [["F8", "F46"]]
    await desk.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 1


async def test_a_dispute_that_was_withdrawn_before_the_digest_is_not_told(desk: Desk) -> None:
    with desk.store.read() as library:
        disputed = library.fact(8)
    assert disputed
    assert disputed.topic
    desk.say(f"subscribe {disputed.topic.label.en}")
    rejects_tier(desk)
    desk.finish(desk.form("withdraw F46"), "confirm", reason="slip")
    channel = Recorder()
    await desk.tick(channel, NINE)
    assert channel.posted == []


async def test_a_digest_looks_at_so_many_facts_and_counts_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("subscribe")
    monkeypatch.setattr("store.digest.MOST_TOUCHED", 1)
    add_statement_of_2022(desk)
    assert "Up to 1 more fact is new or changed" in desk.text("digest preview")
    assert "More than 1 facts are waiting for it." in desk.text("digest why")
    channel = Recorder()
    await desk.tick(channel, NINE)
    assert "Up to 1 more fact" in channel.texts[0]


async def test_a_failed_digest_is_told_and_its_news_come_with_the_next(owing: Desk) -> None:
    channel = Recorder([Refused("too long", gone=False)])
    await owing.tick(channel, NINE)
    assert "It failed for good: the platform says “too long”" in owing.text("digest why")
    assert "7,700" in owing.text("digest preview")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 3  # the second is the notice to its owner
    assert "7,700" in channel.texts[2]


async def test_a_platform_that_never_says_what_came_of_it_is_asked_a_bounded_number_of_times(owing: Desk) -> None:
    channel = Recorder([Unsure("no reply")] * 100)
    for hours in range(100):
        await owing.tick(channel, NINE + timedelta(hours=hours))
    assert len(channel.posted) <= 2 * MAX_TRIES  # the digest, and the notice to its owner
    assert states(owing)[-1] is DeliveryState.UNKNOWN
    assert (
        "posted, and I could not find out: the platform says “no reply”. If it does not stand in the channel, "
        "“digest resend D1” sends it again; if it does, “digest arrived D1” says so." in owing.text("digest why")
    )


class Blind(Recorder):
    """A channel that takes what is posted without a word, and that nobody may look into."""

    async def post(self, *_: object, **__: object) -> Attempt:
        if not self.posted:
            await super().post(*_, **__)  # type: ignore[arg-type]
            return Unsure("no reply")
        return await super().post(*_, **__)  # type: ignore[arg-type]

    async def find(self, *_: object) -> str | None:
        raise LookupError("missing_scope")


async def test_a_digest_that_may_be_lost_where_nobody_may_look_is_told_to_its_owner_once(
    owing: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    channel = Blind()
    await owing.tick(channel, NINE)
    await owing.tick(channel, NINE + timedelta(minutes=5))
    why = owing.text("digest why")
    assert "may or may not have been posted, and I may not look: tipfacts lacks a permission that it needs." in why
    assert "looked for" not in why
    for hours in range(1, 100):
        await owing.tick(channel, NINE + timedelta(hours=hours))
    assert states(owing).count(DeliveryState.UNKNOWN) == 1
    assert "delivery 1 may or may not have been posted, and is given up: missing_scope" in caplog.text
    digest, told = channel.texts
    assert "7,700" in digest
    assert "The digest of Mon 23 November 2026 09:00 Asia/Hong_Kong may not stand there" in told
    assert "type “digest resend” there" in told
    assert "only they can give it back" in told
    why = owing.text("digest why")
    assert "and I may not look: tipfacts lacks a permission that it needs. If it does not stand" in why
    assert "failed" not in why
    preview = owing.text("digest preview")
    assert "The digest of Mon 23 November 2026 09:00 Asia/Hong_Kong may or may not stand in the channel." in preview
    assert "7,700" in preview
    assert "Nothing new is waiting" in preview


@pytest.mark.parametrize("reason", ["missing_scope", "50013", "50001"])
async def test_no_look_is_promised_that_is_not_permitted(owing: Desk, reason: str) -> None:
    class Closed(Recorder):
        async def find(self, *_: object) -> str | None:
            raise LookupError(reason)

    channel = Closed([Unsure("no reply")])
    await owing.tick(channel, NINE)
    assert "it is looked for before it is sent again" in owing.text("digest why")
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert "and I may not look" in owing.text("digest why")
    assert "looked for" not in owing.text("digest why")


async def test_a_digest_that_may_be_lost_is_shown_also_when_later_ones_went_out(owing: Desk) -> None:
    channel = Blind()
    for hours in range(20):
        await owing.tick(channel, NINE + timedelta(hours=hours))
    review = owing.next_form(owing.form("correct F12"), "review", value="about 11,100", reason="recount", text=RECOUNT)
    owing.finish(review, "confirm")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert "11,100" in channel.texts[-1]
    assert "7,700" not in channel.texts[-1]
    assert "7,700" in owing.text("digest preview")
    owing.finish(owing.form("withdraw S4"), "confirm", reason="published in error")
    assert "What was new was withdrawn since." in owing.text("digest preview")


async def test_what_was_withdrawn_while_the_digest_waited_is_never_mentioned(owing: Desk) -> None:
    channel = Recorder([TryLater(timedelta(minutes=3), "rate limit")])
    await owing.tick(channel, NINE)
    assert "the platform asks to wait" in owing.text("digest preview")
    owing.finish(owing.form("withdraw S4"), "confirm", reason="published in error")
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert states(owing)[-1] is DeliveryState.EMPTY
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 1


async def test_what_was_corrected_while_the_digest_waited_is_told_once_as_it_stands(owing: Desk) -> None:
    channel = Recorder([TryLater(timedelta(minutes=3), "rate limit")])
    await owing.tick(channel, NINE)
    review = owing.next_form(owing.form("correct F46"), "review", value="around 7,800", reason="typo")
    owing.finish(review, "confirm")
    await owing.tick(channel, NINE + timedelta(minutes=5))
    assert len(channel.posted) == 2
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 2


async def test_a_restored_fact_stands_again_and_is_no_change_of_figures(owing: Desk) -> None:
    channel = Recorder()
    await owing.tick(channel, NINE)
    owing.finish(owing.form("withdraw F46"), "confirm", reason="doubted")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert "Withdrawn (doubted): " in channel.texts[1]
    owing.finish(owing.form("restore F46"), "confirm", reason="checked")
    await owing.tick(channel, NINE + timedelta(days=2))
    assert "Initial screenings: stands again (" in channel.texts[2]


async def test_a_look_up_that_hangs_does_not_hold_up_the_rest(owing: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Recorder):
        async def find(self, *_: object) -> str | None:
            await asyncio.sleep(3600)
            return None

    monkeypatch.setattr(Timing, "timeout", timedelta(seconds=0.1))
    channel = Hanging([Unsure("no reply")])
    await owing.tick(channel, NINE)
    await asyncio.wait_for(owing.tick(channel, NINE + timedelta(minutes=5)), timeout=30)
    assert states(owing)[-1] is DeliveryState.UNSURE


async def test_a_look_up_that_breaks_never_leads_to_a_second_post(owing: Desk) -> None:
    class Broken(Recorder):
        async def find(self, *_: object) -> str | None:
            raise ConnectionError("reset")

    channel = Broken([Unsure("no reply")])
    for hours in range(80):
        await owing.tick(channel, NINE + timedelta(hours=hours))
    assert [("may be lost" in text) for text in channel.texts] == [False, True]
    assert states(owing)[-1] is DeliveryState.UNKNOWN


async def test_what_was_shown_and_then_only_reworded_is_not_shown_again(owing: Desk) -> None:
    channel = Recorder()
    await owing.tick(channel, NINE)
    edit = owing.form("correct F46")
    review = owing.next_form(
        edit, "review", text="Around 7,700 screenings were made, the Government said.", reason="style"
    )
    owing.finish(review, "confirm")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 1


async def test_a_withdrawal_is_told_where_the_digest_that_showed_it_may_stand(owing: Desk) -> None:
    channel = Recorder([Unsure("no reply")])
    await owing.tick(channel, NINE)
    owing.finish(owing.form("withdraw F46"), "confirm", reason="wrong")
    channel.found = "m1"
    await owing.tick(channel, NINE + timedelta(days=1))
    assert "Withdrawn (wrong): " in channel.texts[-1]


async def test_what_could_not_be_posted_in_time_comes_with_the_next_digest_in_one(owing: Desk) -> None:
    later: list[Attempt] = [TryLater(timedelta(hours=30), "rate limit"), Posted("m2"), Refused("too long", gone=False)]
    channel = Recorder(later)
    await owing.tick(channel, NINE)
    review = owing.next_form(owing.form("correct F12"), "review", value="about 11,100", reason="recount", text=RECOUNT)
    owing.finish(review, "confirm")
    await owing.tick(channel, NINE + timedelta(days=1))
    assert len(channel.posted) == 2
    assert "11,100" in channel.texts[1]
    assert "7,700" in channel.texts[1]
    assert states(owing)[-1] is DeliveryState.SENT
    await owing.tick(channel, NINE + timedelta(days=2))
    assert len(channel.posted) == 2


async def test_a_zone_that_is_gone_stops_nobody(owing: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> ZoneInfo:
        if name == "Asia/Hong_Kong":
            raise ZoneInfoNotFoundError(name)
        return ZoneInfo(name)

    monkeypatch.setattr(zones, "ZoneInfo", gone)
    channel = Recorder()
    await owing.tick(channel, NINE)
    assert len(channel.posted) == 1
    assert "It was posted" in owing.text("digest why")
    assert owing.say("subscriptions").kind is Kind.HELP
