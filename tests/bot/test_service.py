"""What platforms' apps call: answers that go on from each other, events, parked texts, and nothing that raises."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from library import MONDAY, Desk
from serving import ANN, BEN, CHANNEL, THREAD, Channel, Clock, Unreachable, held, request, said, subscribed

from bot.core import Bot
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.exchange import Context, Form, Kind, Message, Request
from bot.messages.plain import plain_text
from bot.ports import StoreUnavailableError
from bot.service import Service
from bot.settings import Settings


async def test_a_question_in_a_conversation_goes_on_from_the_last_one(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    text = plain_text((await said(service, request("and in 2019?", conversation=THREAD))).document)
    alone = plain_text((await said(service, request("and in 2019?"))).document)
    elsewhere = replace(THREAD, thread="2.2")
    other = plain_text((await said(service, request("and in 2019?", conversation=elsewhere))).document)
    assert "screenings" in text.lower()
    assert text != alone == other


async def test_a_conversation_is_forgotten_after_a_day(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    late = MONDAY + timedelta(hours=24, seconds=1)
    alone = await said(service, request("and in 2019?", received_at=late))
    assert await said(service, request("and in 2019?", received_at=late, conversation=THREAD)) == alone


async def test_a_conversation_outlives_the_process(service: Service, desk: Desk) -> None:
    first = await said(service, request(conversation=THREAD))
    again = Service(desk.bot, desk.store)
    followed = await said(again, request("and in 2019?", conversation=THREAD))
    assert followed == await said(again, request("and in 2019?", context=first.context))


async def test_what_a_request_brings_along_counts_more_than_what_is_remembered(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    brought = Context("victims identified in 2023")
    followed = await said(service, request("and in 2019?", conversation=THREAD, context=brought))
    assert followed == await said(service, request("and in 2019?", context=brought))


async def test_a_reply_that_is_about_nothing_leaves_the_conversation_as_it_was(service: Service) -> None:
    first = await said(service, request(conversation=THREAD))
    await said(service, request("help", conversation=THREAD))
    followed = await said(service, request("and in 2019?", conversation=THREAD))
    assert followed == await said(service, request("and in 2019?", context=first.context))


async def test_a_form_is_a_reply_too(service: Service) -> None:
    assert isinstance(await service.handle(request("subscribe", can_pop_up=True, conversation=THREAD)), Form)


async def test_read_only_changes_nothing(service: Service, desk: Desk) -> None:
    reply = await service.handle(request("subscribe"), read_only=True)
    assert isinstance(reply, Message)
    assert reply.kind is Kind.ERROR
    assert held(desk) is None


async def test_answers_do_not_block_the_loop_and_wait_for_each_other_beyond_eight(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, most, lock, gate = [0], [0], threading.Lock(), threading.Event()

    def slow(_request: Request, *, read_only: bool) -> Message:
        assert not read_only
        with lock:
            here[0] += 1
            most[0] = max(most[0], here[0])
        gate.wait(30)
        with lock:
            here[0] -= 1
        return Message(Kind.HELP, Document(Locale.EN, ()))

    monkeypatch.setattr(desk.bot, "handle", slow)
    service = Service(desk.bot, desk.store)
    asked = [asyncio.create_task(service.handle(request())) for _ in range(20)]
    await asyncio.sleep(0.2)
    assert await asyncio.wait_for(service.begin("Ev1"), 30)  # what is kept has threads of its own
    gate.set()
    await asyncio.wait_for(asyncio.gather(*asked), 30)
    assert most[0] == 8


async def test_a_store_that_is_not_reached_is_an_answer_with_a_reference(
    unreachable: Service, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await said(unreachable, request(conversation=THREAD))
    assert reply.kind is Kind.ERROR
    reference = plain_text(reply.document).rpartition("Reference: ")[2]
    assert len(reference) == 8
    assert reference in caplog.text


async def test_a_core_that_fails_is_an_answer(service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Message:
        raise RuntimeError("boom")

    monkeypatch.setattr(desk.bot, "handle", fail)
    monkeypatch.setattr(desk.bot, "home", fail)
    assert "Reference" in plain_text((await said(service, request())).document)
    assert "Reference" in plain_text((await service.home(request(""))).document)
    shared = await service.share(request(), "t1", [Channel()])
    assert "Look in the channel" in plain_text(shared.document)


async def test_a_store_that_only_reads_still_answers(desk: Desk, clock: Clock) -> None:
    class ReadOnly(Unreachable):
        def read(self) -> object:
            return desk.store.read()

    store: Any = ReadOnly()
    service = Service(Bot(store, Settings()), store, clock)
    assert (await said(service, request(conversation=THREAD))).kind is Kind.ANSWER
    assert await service.public_locale(CHANNEL) is None


async def test_the_home_page_is_the_persons_own(service: Service) -> None:
    await subscribed(service)
    assert "#C1" in plain_text((await service.home(request(""))).document)
    assert "#C1" not in plain_text((await service.home(request("", actor=BEN))).document)


async def test_an_event_is_acted_on_once(service: Service, desk: Desk) -> None:
    assert await service.begin("Ev1")
    assert not await service.begin("Ev1")
    assert await service.begin("Ev2")
    await service.finish("Ev1")
    other = Service(desk.bot, desk.store, lambda: MONDAY + timedelta(hours=2))
    assert not await other.begin("Ev1")


async def test_an_event_of_a_process_that_died_is_acted_on_again(service: Service, desk: Desk) -> None:
    await service.begin("Ev1")
    assert not await Service(desk.bot, desk.store, lambda: MONDAY + timedelta(seconds=29)).begin("Ev1")
    assert await Service(desk.bot, desk.store, lambda: MONDAY + timedelta(seconds=31)).begin("Ev1")


async def test_where_the_store_is_not_reached_events_are_known_by_the_process(unreachable: Service) -> None:
    assert await unreachable.begin("Ev1")
    await unreachable.finish("Ev1")
    assert not await unreachable.begin("Ev1")


async def test_events_begun_before_the_store_was_lost_are_known_too(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> bool:
        raise StoreUnavailableError("lost")

    assert await service.begin("Ev1")
    monkeypatch.setattr(desk.store, "begin", lost)
    assert not await service.begin("Ev1")


async def test_what_somebody_parks_only_they_find(service: Service) -> None:
    token = await service.park("carried", ANN)
    assert await service.parked(token, ANN) == "carried"
    assert await service.parked(token, BEN) is None
    assert await service.parked("x", ANN) is None
    assert await service.parked("\x00", ANN) is None


async def test_where_the_store_is_not_reached_parked_texts_live_with_the_process(unreachable: Service) -> None:
    tokens = [await unreachable.park(f"carried {number}", ANN) for number in range(101)]
    assert await unreachable.parked(tokens[-1], ANN) == "carried 100"
    assert await unreachable.parked(tokens[-1], BEN) is None
    assert await unreachable.parked(tokens[0], ANN) is None  # it made room


async def test_a_channels_language_is_that_of_its_subscription(service: Service) -> None:
    assert await service.public_locale(CHANNEL) is None
    await said(service, request("訂閱"))
    assert await service.public_locale(CHANNEL) is Locale.ZH_HANT
    assert await service.public_locale(THREAD) is Locale.ZH_HANT
    assert await service.public_locale(replace(CHANNEL, space="T2")) is None
    await said(service, request("subscribe", address=THREAD))
    assert await service.public_locale(THREAD) is Locale.EN


async def test_a_language_that_cannot_be_read_is_none(unreachable: Service) -> None:
    assert await unreachable.public_locale(CHANNEL) is None
