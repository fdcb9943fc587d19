"""Sharing an answer in a channel: once, in its language, with a receipt, and never without a word to who pressed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from library import Desk
from serving import ANN, BEN, CHANNEL, SCREENINGS, THREAD, Channel, Clock, held, receipts, request, said

from bot import sharing
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text
from bot.ports import StoreUnavailableError
from bot.service import Service


async def test_a_share_posts_the_answer_with_the_name_and_the_question(service: Service, desk: Desk) -> None:
    channel = Channel()
    told = await service.share(request(), "t1", [channel])
    assert (told.kind, plain_text(told.document)) == (Kind.DONE, "Shared in the channel.")
    lines = channel.text.splitlines()
    assert lines[0] == "Shared by Ann"
    assert SCREENINGS in lines
    assert "11,000" in channel.text
    shown = {(fact.id, fact.version) for fact in channel.posted[0].facts}
    assert {row[3:] for row in receipts(desk)} == shown
    assert {row[:3] for row in receipts(desk)} == {("C1", "m1", 1)}


async def test_a_share_happens_once_however_often_it_is_pressed(service: Service, desk: Desk, clock: Clock) -> None:
    channel = Channel()
    await asyncio.gather(*(service.share(request(), "t1", [channel]) for _ in range(10)))
    told = await service.share(request(actor=BEN), "t1", [channel])
    assert len(channel.posted) == 1
    assert "already" in plain_text(told.document)
    clock.now += timedelta(hours=47)
    await Service(desk.bot, desk.store, clock).share(request(), "t1", [channel])
    assert len(channel.posted) == 1
    await service.share(request(), "t2", [channel])
    assert len(channel.posted) == 2


async def test_a_press_during_a_share_that_may_still_fail_is_told_that_it_is_under_way(service: Service) -> None:
    begun, decided = asyncio.Event(), asyncio.Event()

    async def slow(_: Document) -> Attempt:
        begun.set()
        await decided.wait()
        return TryLater(timedelta(seconds=5), "ratelimited")

    first = asyncio.create_task(service.share(request(), "t1", [slow]))
    await asyncio.wait_for(begun.wait(), 10)
    channel = Channel()
    second = await service.share(request(actor=BEN), "t1", [channel])
    assert plain_text(second.document) == "This answer is being shared just now."
    decided.set()
    assert (await first).kind is Kind.ERROR
    assert channel.posted == []
    assert plain_text((await service.share(request(), "t1", [channel])).document) == "Shared in the channel."
    assert "already" in plain_text((await service.share(request(), "t1", [channel])).document)


async def test_a_token_of_one_workspace_says_nothing_in_another(service: Service) -> None:
    channel = Channel()
    await service.share(request(), "t1", [channel])
    there = replace(CHANNEL, space="T2")
    told = await service.share(request(address=there, actor=replace(ANN, space="T2")), "t1", [channel])
    assert told.kind is Kind.DONE
    assert len(channel.posted) == 2


async def test_a_share_speaks_the_channels_language(service: Service) -> None:
    await said(service, request("subscribe", locale=Locale.ZH_HANT))
    channel = Channel()
    told = await service.share(request(locale=Locale.EN), "t1", [channel])
    assert channel.posted[0].locale is Locale.ZH_HANT
    assert told.document.locale is Locale.EN
    assert "[held in" not in channel.text
    await service.share(request(address=THREAD), "t2", [channel])
    assert channel.posted[1].locale is Locale.ZH_HANT


async def test_a_share_where_nobody_subscribed_speaks_the_questions_language(service: Service) -> None:
    channel = Channel()
    told = await service.share(request(locale=Locale.ZH_HANT), "t1", [channel])
    await service.share(request("甄別", locale=Locale.EN), "t2", [channel])
    assert [document.locale for document in channel.posted] == [Locale.EN, Locale.ZH_HANT]
    assert told.document.locale is Locale.ZH_HANT


async def test_what_cannot_be_shared_is_told_in_the_language_of_who_asks_for_it(service: Service) -> None:
    channel = Channel()
    told = await service.share(request("zebras", locale=Locale.ZH_HANT), "t1", [channel])
    assert channel.posted == []
    assert told.document.locale is Locale.ZH_HANT


async def test_where_the_bot_is_no_member_the_next_way_is_taken_and_cannot_be_edited(
    service: Service, desk: Desk
) -> None:
    refusing, url = Channel([Refused("not_in_channel", gone=True)]), Channel([Posted("")])
    told = await service.share(request(), "t1", [refusing, url])
    assert told.kind is Kind.DONE
    assert refusing.posted == url.posted
    assert {row[:3] for row in receipts(desk)} == {("C1", "", 0)}


async def test_a_share_that_every_way_refuses_says_what_to_do_and_can_be_pressed_again(
    service: Service, desk: Desk
) -> None:
    ways = [Channel([Refused("not_in_channel", gone=True)]), Channel([Refused("expired_url", gone=False)])]
    told = await service.share(request(), "t1", ways)
    assert told.kind is Kind.ERROR
    text = plain_text(told.document)
    assert "tipfacts is not in the channel" in text
    assert "/invite @tipfacts" in text
    assert receipts(desk) == []
    assert (await service.share(request(), "t1", [Channel()])).kind is Kind.DONE


async def test_a_share_without_any_way_is_refused(service: Service) -> None:
    assert (await service.share(request(), "t1", [])).kind is Kind.ERROR


async def test_a_share_that_has_to_wait_says_how_long_and_can_be_pressed_again(service: Service) -> None:
    channel = Channel([TryLater(timedelta(seconds=70), "ratelimited")])
    told = await service.share(request(), "t1", [channel, Channel()])
    assert told.kind is Kind.ERROR
    assert "Try again in 2 minutes." in plain_text(told.document)
    assert (await service.share(request(), "t1", [channel])).kind is Kind.DONE


async def test_a_share_that_may_stand_in_the_channel_is_not_posted_again(service: Service, clock: Clock) -> None:
    channel = Channel([Unsure("no reply")])
    told = await service.share(request(), "t1", [channel, Channel()])
    assert told.kind is Kind.ERROR
    assert "may have been posted" in plain_text(told.document)
    clock.now += timedelta(days=1, hours=1)
    for _ in range(2):
        again = plain_text((await service.share(request(), "t1", [channel])).document)
        assert again.startswith("This answer may have been shared already. If you do not see it in the channel, ask")
    assert len(channel.posted) == 1
    assert plain_text((await service.share(request(), "t2", [channel])).document) == "Shared in the channel."
    assert plain_text((await service.share(request(), "t2", [channel])).document) == "This answer was shared already."


async def test_a_share_whose_process_died_may_stand_in_the_channel(service: Service, desk: Desk, clock: Clock) -> None:
    posting = asyncio.Event()

    async def hanging(_: Document) -> Attempt:
        posting.set()
        await asyncio.Event().wait()
        raise AssertionError

    share = asyncio.create_task(service.share(request(), "t1", [hanging]))
    await asyncio.wait_for(posting.wait(), 10)
    share.cancel()
    await asyncio.wait({share})
    told = await Service(desk.bot, desk.store, clock).share(request(), "t1", [Channel()])
    assert "may have been shared already" in plain_text(told.document)


@pytest.mark.parametrize("text", ["statement S1", "S2"])
async def test_a_statement_with_its_facts_is_an_answer_and_can_be_shared(service: Service, text: str) -> None:
    assert (await said(service, request(text))).kind is Kind.ANSWER
    channel = Channel()
    assert (await service.share(request(text), "t1", [channel])).kind is Kind.DONE
    assert channel.posted[0].facts


@pytest.mark.parametrize("hangs", [False, True])
async def test_a_way_that_breaks_or_hangs_may_have_posted(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, hangs: bool
) -> None:
    async def broken(_: Document) -> Attempt:
        if hangs:
            await asyncio.Event().wait()
        raise RuntimeError("failed with xoxb-1-secret")

    monkeypatch.setattr(sharing, "POST_TIMEOUT", timedelta(seconds=0.1))
    told = await service.share(request(), "t1", [broken])
    assert "may have been posted" in plain_text(told.document)
    assert "xoxb-1" not in caplog.text


@pytest.mark.parametrize("text", ["zebra crossings", "help", "subscribe", "add", "", "x" * 1001, "log"])
async def test_what_shows_no_fact_is_not_shared_and_changes_nothing(service: Service, desk: Desk, text: str) -> None:
    channel = Channel()
    told = await service.share(request(text, can_pop_up=True), "t1", [channel])
    assert channel.posted == []
    assert plain_text(told.document)
    assert held(desk) is None
    assert (await service.share(request(), "t1", [channel])).kind is Kind.DONE


async def test_an_editors_form_is_not_shared(service: Service) -> None:
    told = await service.share(request("add", actor=BEN), "t1", [Channel()])
    assert told.kind is Kind.ERROR


async def test_what_is_shared_offers_nothing_to_press_that_needs_a_role(service: Service) -> None:
    own = await said(service, request(actor=BEN))
    assert any(choice.query.startswith("trace ") for choice in own.document.choices)
    channel = Channel()
    await service.share(request(actor=BEN), "t1", [channel])
    choices = channel.posted[0].choices
    assert choices
    assert not any(choice.query.startswith("trace ") for choice in choices)


async def test_a_sharers_name_and_question_are_data_of_bounded_length(service: Service) -> None:
    channel = Channel()
    hostile = replace(ANN, display_name="\x00<!channel>\n" + "x" * 5000)
    await service.share(request("tipfacts  screenings\x00 ", actor=hostile), "t1", [channel])
    lines = channel.text.splitlines()
    assert lines[0].startswith("Shared by <!channel> xxx")
    assert len(lines[0]) < 100
    assert "screenings" in lines
    await service.share(request(actor=replace(ANN, display_name="\u200b")), "t2", [channel])
    assert channel.text.startswith("Shared by UANN")


async def test_a_share_without_a_store_is_an_answer_and_can_be_pressed_again(unreachable: Service) -> None:
    channel = Channel()
    for _ in range(2):
        told = await unreachable.share(request(), "t1", [channel])
        assert "cannot be reached" in plain_text(told.document)
    assert channel.posted == []


async def test_a_receipt_that_cannot_be_kept_does_not_undo_a_share(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(*_: object) -> None:
        raise StoreUnavailableError("lost")

    monkeypatch.setattr(desk.store, "note_receipt", lost)
    assert (await service.share(request(), "t1", [Channel()])).kind is Kind.DONE
    assert "the receipt of a message in slack:T1/C1 could not be kept" in caplog.text
