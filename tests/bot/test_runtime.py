"""One process: platforms are served beside the ticks, and a stop ends all of it in order."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable

import pytest

from bot import runtime
from bot.digests.report import TickReport
from bot.domain.digests import DeliveryState
from bot.health import Health
from bot.runtime import Runtime
from bot.supervisor import Patience

QUICK = Patience(first=0.01, longest=0.01, good=1)


class Stopped:
    """A metronome that never beats."""

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Begin nothing."""

    def pause(self) -> None:
        """There is nothing to pause."""

    def stop(self) -> None:
        """There is nothing to stop."""


class Story:
    """A front, a service and a sender that write down what happens to them."""

    def __init__(self, tick: float = 0, name: str = "slack") -> None:
        self.name = name
        self.lines: list[str] = []
        self.serving = asyncio.Event()
        self._tick = tick

    async def serve(self) -> None:
        self.serving.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.lines.append(f"{self.name} closed")

    async def drain(self, seconds: float) -> None:
        self.lines.append(f"drained for {seconds:g}")

    async def tick(self, stopping: Callable[[], bool]) -> TickReport:
        assert not stopping()
        self.lines.append("tick begun")
        await asyncio.sleep(self._tick)
        self.lines.append("tick done")
        return TickReport()


class Failing(Story):
    """A front that cannot serve."""

    starts = 0

    async def serve(self) -> None:
        self.starts += 1
        if self.starts == 5:
            self.serving.set()
        raise OSError("port 3000 is taken")


async def started(runtime: Runtime, *stories: Story) -> "asyncio.Task[None]":
    """Begin to serve, and wait until every front does."""
    task = asyncio.create_task(runtime.serve())
    async with asyncio.timeout(30):
        for story in stories:
            await story.serving.wait()
    return task


async def test_it_is_told_why_a_front_does_not_serve() -> None:
    health, failing = Health(), Failing()
    served = Runtime(Story(), Stopped(), (failing,), patience=QUICK, health=health)
    task = await started(served, failing)
    assert "port 3000 is taken" in health.troubles["slack"]
    served.stop()
    await asyncio.wait_for(task, 30)


async def test_fronts_close_then_work_is_drained_then_the_tick_ends() -> None:
    story = Story(tick=0.3)
    served = Runtime(story, Stopped(), (story,), story)
    task = await started(served, story)
    await asyncio.sleep(0.05)
    served.stop()
    await asyncio.wait_for(task, 30)
    assert story.lines == ["tick begun", "slack closed", "drained for 10", "tick done"]


async def test_a_stop_is_told_to_the_tick_under_way() -> None:
    told, posted = [], asyncio.Event()

    class Sending(Story):
        async def tick(self, stopping: Callable[[], bool]) -> TickReport:
            told.append(stopping())
            await posted.wait()
            told.append(stopping())
            return TickReport()

    story = Sending()
    served = Runtime(story, Stopped(), (story,), story)
    task = await started(served, story)
    served.stop()
    posted.set()
    await asyncio.wait_for(task, 5)
    assert told == [False, True]


async def test_a_tick_that_does_not_end_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runtime, "CLOSING", 0.05)
    story = Story(tick=3600)
    served = Runtime(story, Stopped(), (story,))
    task = await started(served, story)
    await asyncio.sleep(0.01)
    served.stop()
    await asyncio.wait_for(task, 5)
    assert "sending did not end in 0.05 s" in caplog.text
    assert story.lines == ["tick begun", "slack closed"]


async def test_one_front_that_fails_never_stops_the_others() -> None:
    sound, broken = Story(), Failing(name="discord")
    served = Runtime(sound, Stopped(), (broken, sound), sound, QUICK)
    task = await started(served, sound, broken)
    assert sound.lines == ["tick begun", "tick done"]
    served.stop()
    await asyncio.wait_for(task, 30)
    assert "slack closed" in sound.lines


async def test_a_front_that_does_not_close_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    released = asyncio.Event()

    class Stubborn(Story):
        async def serve(self) -> None:
            try:
                await super().serve()
            finally:
                await released.wait()

    monkeypatch.setattr(runtime, "CLOSING", 0.05)
    story = Stubborn()
    served = Runtime(story, Stopped(), (story,), story)
    task = await started(served, story)
    served.stop()
    await asyncio.wait_for(task, 30)
    assert "slack did not close in 0.05 s" in caplog.text
    released.set()
    await asyncio.sleep(0.01)


async def test_without_fronts_it_only_ticks() -> None:
    story = Story()
    served = Runtime(story, Stopped())
    asyncio.get_running_loop().call_later(0.1, served.stop)
    await asyncio.wait_for(served.serve(), 30)
    assert story.lines == ["tick begun", "tick done"]


async def test_a_signal_stops_it() -> None:
    story = Story()
    task = await started(Runtime(story, Stopped(), (story,)), story)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 30)
    assert "slack closed" in story.lines


async def test_a_tick_that_did_something_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    class Sending(Story):
        async def tick(self, stopping: Callable[[], bool]) -> TickReport:
            assert not stopping()
            return TickReport(due=2, ended={DeliveryState.SENT: 1}, told=1)

    caplog.set_level(logging.INFO)
    await Runtime(Sending(), Stopped()).tick()
    assert "tick: 2 due; 1 sent; 1 owners told" in caplog.text


async def test_a_tick_that_fails_is_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Story):
        async def tick(self, stopping: Callable[[], bool]) -> TickReport:
            assert not stopping()
            raise ConnectionError("invalid_auth for xoxb-1-secret")

    await Runtime(Broken(), Stopped()).tick()
    assert "the tick failed" in caplog.text
    assert "ConnectionError" in caplog.text
    assert "xoxb-1" not in caplog.text
