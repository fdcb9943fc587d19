"""Work that platforms' apps hand over: it goes on by itself, and a stop waits for it, but not forever."""

import asyncio
import logging
import threading

import pytest
from library import Desk
from serving import THREAD, request, said

from bot import service as service_module
from bot.messages.exchange import Kind
from bot.service import Service


async def test_handed_over_work_is_waited_for(service: Service) -> None:
    done = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append(1)
        if len(done) == 1:
            service.hand_over(work(), "more")

    service.hand_over(work(), "some")
    await service.drain(30)
    assert len(done) == 2


async def test_work_that_takes_too_long_is_cancelled(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    task = service.hand_over(asyncio.sleep(3600), "a slow reply")
    await asyncio.wait_for(service.drain(0.05), 30)
    assert task.cancelled()
    assert "a slow reply was not done in time" in caplog.text


async def test_work_that_does_not_let_itself_be_cancelled_holds_nobody_up(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await released.wait()

    monkeypatch.setattr(service_module, "_CANCELLING", 0.05)
    task = service.hand_over(stubborn(), "stubborn work")
    await asyncio.sleep(0.01)
    await asyncio.wait_for(service.drain(0.05), 30)
    released.set()
    await asyncio.wait({task})


async def test_what_handed_over_work_raises_is_logged_without_secrets(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        raise RuntimeError("no reply from https://hooks.slack.com/commands/T1/2/aBcDeFgHiJ1234567890")

    service.hand_over(work(), "a reply")
    await service.drain(30)
    assert "a reply failed" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "aBcDeF" not in caplog.text


async def test_a_drain_of_nothing_takes_no_time(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await asyncio.wait_for(service.drain(3600), 1)
    assert caplog.text == ""


async def test_a_reply_does_not_wait_long_for_what_is_remembered(
    service: Service, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def slow(*_: object) -> None:
        gate.wait(30)

    monkeypatch.setattr(desk.store, "remember", slow)
    monkeypatch.setattr(service_module, "_REMEMBERING", 0.05)
    reply = await asyncio.wait_for(said(service, request(conversation=THREAD)), 10)
    assert reply.kind is Kind.ANSWER
    gate.set()
    await service.drain(30)
