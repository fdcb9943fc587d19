"""Telling a channel what was done for it, and whoever asked where the channel does not take it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from library import Desk
from serving import ANN, BEN, CHANNEL, Channel, Clock, held, receipts, request, said, subscribed

from bot import sharing
from bot.domain.changes import Applied, Change, Once
from bot.domain.digests import Attempt, Refused, SubscriptionState, TryLater, Unsure
from bot.messages.exchange import Audience, Kind
from bot.messages.plain import plain_text
from bot.ports import StoreUnavailableError
from bot.service import Service


async def test_an_announcement_that_is_posted_leaves_nothing_to_tell(service: Service, desk: Desk) -> None:
    channel, message = Channel(), await subscribed(service)
    assert message.audience is Audience.CHANNEL
    assert await service.announce(request(), message, [channel]) is None
    assert channel.posted == [message.document]
    assert held(desk)
    assert receipts(desk) == []


async def test_an_announcement_that_shows_facts_leaves_a_receipt(service: Service, desk: Desk) -> None:
    await subscribed(service, "subscribe")
    message = await said(service, request("digest test"))
    assert await service.announce(request(), message, [Channel()]) is None
    assert {row[3:] for row in receipts(desk)} == {(fact.id, fact.version) for fact in message.document.facts}


async def test_a_new_subscription_that_its_channel_cannot_hear_of_is_ended(service: Service, desk: Desk) -> None:
    line = "subscribe victims weekly at monday at 10:00"
    message = await subscribed(service, "subscribe victims weekly monday at 10:00")
    told = await service.announce(request(line), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert told.kind is Kind.ERROR
    text = plain_text(told.document)
    assert "/invite @tipfacts" in text
    assert "“/tipfacts subscribe victims weekly monday at 10:00 Asia/Hong_Kong”" in text
    assert held(desk) is None
    with desk.store.read() as library:
        newest = library.log(1)[0]
    assert (newest.actor, newest.action, newest.target) == (ANN.name, "end", CHANNEL.name)


async def test_a_subscription_that_was_changed_stays_and_its_asker_is_told_so(service: Service, desk: Desk) -> None:
    await subscribed(service)
    message = await subscribed(service, "subscribe tier")
    told = await service.announce(request(), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert told.audience is Audience.ASKER
    text = plain_text(told.document)
    assert "could not post this in the channel" in text
    assert "holds all the same, and only you see it" in text
    assert "Digests on Tier placement" in text
    subscription = held(desk)
    assert subscription
    assert subscription.state is SubscriptionState.ACTIVE


async def test_what_somebody_changed_meanwhile_is_not_ended(service: Service, desk: Desk) -> None:
    message = await subscribed(service)
    await subscribed(service, "subscribe tier", actor=BEN)
    told = await service.announce(request(), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert held(desk)


async def test_what_has_ended_meanwhile_is_no_error(service: Service, desk: Desk) -> None:
    message = await subscribed(service)
    await said(service, request("unsubscribe"))
    told = await service.announce(request(), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert "was not subscribed" in plain_text(told.document)
    assert held(desk) is None


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (TryLater(timedelta(seconds=5), "ratelimited"), "Try again in 1 minute."),
        (Unsure("no reply"), "may have been posted"),
    ],
)
async def test_a_new_subscription_stays_where_its_channel_is_only_slow(
    service: Service, desk: Desk, attempt: Attempt, words: str
) -> None:
    message = await subscribed(service)
    told = await service.announce(request(), message, [Channel([attempt])])
    assert told
    assert (told.audience, told.unless_posted) == (Audience.ASKER, None)
    text = plain_text(told.document)
    assert words in text
    assert "holds all the same" in text
    assert held(desk)


async def test_an_end_of_digests_that_cannot_be_posted_is_told_to_who_asked(service: Service, desk: Desk) -> None:
    await subscribed(service)
    message = await said(service, request("unsubscribe"))
    told = await service.announce(request(), message, [Channel([Refused("is_archived", gone=True)])])
    assert told
    text = plain_text(told.document)
    assert "the channel is archived" in text
    assert "This channel gets no more digests." in text
    assert held(desk) is None


async def test_a_test_digest_that_cannot_be_posted_is_shown_to_who_asked(service: Service) -> None:
    await subscribed(service, "subscribe")
    message = await said(service, request("digest test"))
    told = await service.announce(request(), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert told.document.facts == message.document.facts
    assert "holds all the same" not in plain_text(told.document)


async def test_a_test_digest_is_posted_once_for_each_event(service: Service, desk: Desk, clock: Clock) -> None:
    await subscribed(service, "subscribe")
    channel, press = Channel(), request("digest test", once_key="press-1")
    message = await said(service, press)
    assert await service.announce(press, message, [channel]) is None
    for again in (service, Service(desk.bot, desk.store, clock)):
        told = await again.announce(press, message, [channel])
        assert told
        assert plain_text(told.document) == "This was posted in the channel already."
        assert told.audience is Audience.ASKER
    assert len(channel.posted) == 1
    another = request("digest test", once_key="press-2")
    assert await service.announce(another, message, [channel]) is None
    by_ben = request("digest test", once_key="press-1", actor=BEN)
    assert await service.announce(by_ben, message, [channel]) is None


@pytest.mark.parametrize(
    ("attempt", "posts"),
    [
        (Unsure("no reply"), 1),
        (TryLater(timedelta(seconds=5), "ratelimited"), 2),
        (Refused("is_archived", gone=True), 2),
    ],
)
async def test_a_test_digest_is_posted_again_only_where_it_was_certainly_not(
    service: Service, attempt: Attempt, posts: int
) -> None:
    await subscribed(service, "subscribe")
    channel, press = Channel([attempt]), request("digest test", once_key="press-1")
    message = await said(service, press)
    assert await service.announce(press, message, [channel])
    await service.announce(press, message, [channel])
    assert len(channel.posted) == posts


async def test_only_who_may_change_a_subscription_has_a_test_digest_posted(service: Service) -> None:
    await subscribed(service, "subscribe")
    stranger = replace(ANN, user="UZOE", display_name="Zoe")
    shown = await said(service, request("digest test", actor=stranger))
    assert shown.audience is Audience.ASKER
    text = plain_text(shown.document)
    assert "Only you see this." in text
    assert "Test digest" in text
    assert shown.document.facts
    for actor in (ANN, BEN, replace(stranger, may_manage_channel=True)):
        assert (await said(service, request("digest test", actor=actor))).audience is Audience.CHANNEL


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("missing_scope", "tipfacts lacks a permission"),
        ("invalid_auth", "the platform does not take the token"),
        ("token_revoked", "the platform does not take the token"),
        ("account_inactive", "tipfacts was taken out of the workspace"),
    ],
)
async def test_what_only_whoever_runs_it_can_mend_is_named_and_ends_what_waits_for_it(
    service: Service, desk: Desk, code: str, why: str
) -> None:
    message = await subscribed(service)
    told = await service.announce(request(), message, [Channel([TryLater(timedelta(hours=1), code)])])
    assert told
    assert told.kind is Kind.ERROR
    text = plain_text(told.document)
    assert why in text
    assert "hoever runs tipfacts" in text
    assert "minutes" not in text
    assert "was not subscribed" in text
    assert held(desk) is None


async def test_where_one_way_needs_a_permission_the_next_is_taken(service: Service) -> None:
    message, next_way = await subscribed(service), Channel()
    barred = Channel([TryLater(timedelta(hours=1), "missing_scope")])
    assert await service.announce(request(), message, [barred, next_way]) is None
    assert next_way.posted == [message.document]


async def test_a_subscription_that_cannot_be_ended_stays_and_its_asker_is_told_so(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await subscribed(service)

    def lost(_change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        raise StoreUnavailableError(f"{by} {at} {once}")

    monkeypatch.setattr(desk.store, "apply", lost)
    told = await service.announce(request(), message, [Channel([Refused("not_in_channel", gone=True)])])
    assert told
    assert "holds all the same" in plain_text(told.document)


async def test_an_announcement_that_fails_in_an_unexpected_way_is_an_answer(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> Attempt:
        raise RuntimeError("boom")

    monkeypatch.setattr(sharing, "_post", fail)
    told = await service.announce(request(), await subscribed(service), [Channel()])
    assert told
    assert "Look in the channel" in plain_text(told.document)
