"""What platforms' apps call: answers that go on from each other, events, parked texts, and nothing that raises."""

import asyncio
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from library import MONDAY, Desk
from serving import ANN, BEN, CHANNEL, THREAD, Channel, Clock, Unreachable, held, request, said, subscribed

from bot.core import Bot
from bot.domain.changes import Applied, Change, Once, StaleChangeError
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.exchange import Audience, Context, Form, Kind, Message, Request
from bot.messages.plain import plain_text
from bot.ports import StoreUnavailableError
from bot.service import Service
from bot.settings import Settings

ELSEWHERE = replace(THREAD, thread="2.2")


async def test_a_question_in_a_conversation_goes_on_from_the_last_one(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    text = plain_text((await said(service, request("and in 2019?", conversation=THREAD))).document)
    other = plain_text((await said(service, request("and in 2019?", conversation=ELSEWHERE))).document)
    assert "screenings" in text.lower()
    assert text != other


async def test_a_conversation_is_forgotten_after_a_day(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    late = MONDAY + timedelta(hours=24, seconds=1)
    alone = await said(service, request("and in 2019?", received_at=late, conversation=ELSEWHERE))
    assert await said(service, request("and in 2019?", received_at=late, conversation=THREAD)) == alone


async def test_a_conversation_outlives_the_process(service: Service, desk: Desk) -> None:
    first = await said(service, request(conversation=THREAD))
    again = Service(desk.bot, desk.store)
    followed = await said(again, request("and in 2019?", conversation=THREAD))
    assert followed == await said(again, request("and in 2019?", conversation=ELSEWHERE, context=first.context))


async def test_what_a_request_brings_along_counts_more_than_what_is_remembered(service: Service) -> None:
    await said(service, request(conversation=THREAD))
    brought = Context("victims identified in 2023")
    followed = await said(service, request("and in 2019?", conversation=THREAD, context=brought))
    assert followed == await said(service, request("and in 2019?", conversation=ELSEWHERE, context=brought))


async def test_a_reply_that_is_about_nothing_leaves_the_conversation_as_it_was(service: Service) -> None:
    first = await said(service, request(conversation=THREAD))
    await said(service, request("help", conversation=THREAD))
    followed = await said(service, request("and in 2019?", conversation=THREAD))
    assert followed == await said(service, request("and in 2019?", conversation=ELSEWHERE, context=first.context))


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

    monkeypatch.setattr(desk.bot, "decide", slow)
    service = Service(desk.bot, desk.store)
    asked = [asyncio.create_task(service.handle(request())) for _ in range(20)]
    await asyncio.sleep(0.2)
    assert await asyncio.wait_for(service.begin("Ev1"), 30)  # what is kept has threads of its own
    gate.set()
    await asyncio.wait_for(asyncio.gather(*asked), 30)
    assert most[0] == 8


async def test_those_who_wait_to_write_keep_no_answer_and_nothing_that_is_kept_waiting(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply, gate, here = desk.store.apply, threading.Event(), threading.Semaphore(0)

    def queued(change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        here.release()
        gate.wait(30)
        return apply(change, by=by, at=at, once=once)

    monkeypatch.setattr(desk.store, "apply", queued)
    places = [replace(CHANNEL, channel=f"C{number}") for number in range(20)]
    writing = [asyncio.create_task(said(service, request("subscribe", address=place))) for place in places]
    assert await asyncio.to_thread(here.acquire, timeout=10)
    try:
        assert (await asyncio.wait_for(said(service, request()), 5)).kind is Kind.ANSWER
        assert await asyncio.wait_for(service.begin("Ev1"), 5)
        assert not any(task.done() for task in writing)  # no reply before its effect
        assert held(desk, places[0]) is None
    finally:
        gate.set()
    replies = await asyncio.wait_for(asyncio.gather(*writing), 30)
    assert {reply.kind for reply in replies} == {Kind.DONE}
    assert all(held(desk, place) for place in places)


@pytest.mark.parametrize(("moves", "kind"), [(1, Kind.DONE), (2, Kind.ERROR)])
async def test_what_has_moved_on_before_its_change_is_made_is_decided_once_more(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch, moves: int, kind: Kind
) -> None:
    apply, tried = desk.store.apply, [0]

    def moved(change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        tried[0] += 1
        if tried[0] <= moves:
            raise StaleChangeError
        return apply(change, by=by, at=at, once=once)

    monkeypatch.setattr(desk.store, "apply", moved)
    assert (await said(service, request("subscribe"))).kind is kind
    assert tried[0] == 2
    assert (held(desk) is not None) == (kind is Kind.DONE)


async def test_what_needs_no_change_any_more_when_decided_once_more_says_so(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(service)
    apply = desk.store.apply

    def overtaken(change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        apply(change, by=by, at=at, once=once)
        raise StaleChangeError

    monkeypatch.setattr(desk.store, "apply", overtaken)
    assert "no subscription" in plain_text((await said(service, request("unsubscribe"))).document)


async def test_a_change_that_fails_in_an_unexpected_way_is_an_answer(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> Applied:
        raise RuntimeError("boom")

    monkeypatch.setattr(desk.store, "apply", fail)
    reply = await said(service, request("subscribe"))
    assert reply.kind is Kind.ERROR
    assert plain_text(reply.document).rpartition("Reference: ")[2] in caplog.text


async def test_of_two_who_end_a_subscription_at_once_the_channel_hears_one_and_neither_an_error(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(service)
    apply, both = desk.store.apply, threading.Barrier(2)

    def at_once(change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        both.wait(10)
        return apply(change, by=by, at=at, once=once)

    monkeypatch.setattr(desk.store, "apply", at_once)
    presses = (request("unsubscribe", once_key=f"press-{number}") for number in range(2))
    replies = await asyncio.gather(*(said(service, press) for press in presses))
    assert {plain_text(reply.document).splitlines()[0] for reply in replies} == {"This channel gets no more digests."}
    assert sorted(reply.audience for reply in replies) == [Audience.ASKER, Audience.CHANNEL]
    assert {reply.kind for reply in replies} == {Kind.DONE}


async def test_what_was_done_before_is_said_without_its_choices(service: Service) -> None:
    first = await said(service, request("subscribe", once_key="press-1"))
    again = await said(service, request("subscribe", once_key="press-1"))
    assert first.document.choices
    text = plain_text(again.document)
    assert text.startswith("Digests on all topics come to this channel")
    assert "Unsubscribe" not in text
    assert not again.document.choices


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

    monkeypatch.setattr(desk.bot, "decide", fail)
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
