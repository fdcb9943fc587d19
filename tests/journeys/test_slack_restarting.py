"""`python -m bot run` in Slack: what was shown before a restart still works after it, and a stop is quick and clean."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from library import SCREENINGS_2021, STATEMENT_2022, Desk, add_statement_of_2022
from servers.slack import Channel, FakeSlack, Seen, User
from slack_run import HTTP, SOCKET, seeded_file, whispered

from bot.core import Bot
from bot.domain.people import Actor, Address, Platform
from bot.settings import Settings
from store.store import SqlStore

ROOT = Path(__file__).parents[2]
STARTING, STOPPING = 20.0, 5.0  # seconds; it takes one, and a tenth
QUESTION = "how many victims in 2023?"


@dataclass
class Office:
    """A workspace and the folder of an installation that serves it; all that its processes wrote so far."""

    slack: FakeSlack
    folder: Path
    ways: tuple[str, ...]
    ann: User
    ed: User
    news: Channel
    written: str = ""
    ports: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    @property
    def environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TIPFACTS_"))}
        way_in = {SOCKET: "SLACK_APP_TOKEN", HTTP: "SLACK_SIGNING_SECRET"}
        closed = {setting for way, setting in way_in.items() if way not in self.ways}
        settings = {name: value for name, value in self.slack.environment().items() if name not in closed}
        return (
            outside
            | settings
            | {
                "TIPFACTS_DATABASE_URL": f"sqlite:///{self.folder / 'tipfacts.db'}",
                "TIPFACTS_ADMINS": f"slack:{self.ed.team}/{self.ed.id}",
                "PORT": "0",
            }
        )

    def owes_a_digest(self) -> None:
        """Let #news have been subscribed two days ago, and a statement have been added since."""
        store = SqlStore(f"sqlite:///{self.folder / 'tipfacts.db'}")
        ann = Actor(Platform.SLACK, self.ann.team, self.ann.id, "ann")
        channel = Address(Platform.SLACK, self.news.team, self.news.id)
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        bot = Bot(store, Settings(admins=frozenset({"console"})))
        Desk(bot, store, two_days_ago, ann, channel).say("subscribe screenings")
        add_statement_of_2022(Desk(bot, store, two_days_ago))
        store.close()

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Run the program, reachable in its ways; then stop it as an operator would."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout
        reading = asyncio.create_task(self._read(process.stdout))
        try:
            await asyncio.wait_for(self._reachable(), STARTING)
            yield
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), STOPPING) == 0
            assert time.monotonic() - began < STOPPING
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await reading

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.written += line.decode()
            if port := re.search(r"listening for Slack on port (\d+)", line.decode()):
                self.ports.put_nowait(port[1])

    async def _reachable(self) -> None:
        if SOCKET in self.ways:
            await self.slack.connected(seconds=STARTING)
        if HTTP in self.ways:
            self.slack.over_http(f"http://127.0.0.1:{await self.ports.get()}/slack/events")

    def told_no_secret(self) -> bool:
        """Whether nothing was written that lets anybody in, and no traceback."""
        secrets = [value for name, value in self.slack.environment().items() if name != "SLACK_API_URL"]
        tickets = re.findall(r"ticket=[\w-]+", self.written)
        return not tickets and not any(each in self.written for each in [*secrets, "Traceback", "never retrieved"])


@asynccontextmanager
async def opened(folder: Path, *ways: str) -> AsyncIterator[Office]:
    (folder / "tipfacts.db").write_bytes(seeded_file())
    async with FakeSlack() as slack:
        ann, ed = slack.add_user("ann"), slack.add_user("ed")
        office = Office(slack, folder, ways, ann, ed, slack.add_channel("news", ann, ed))
        yield office
        assert office.told_no_secret(), office.written
        assert slack.violations == []


async def first_answer(office: Office) -> Seen:
    """Ask what a process that has just begun may take its time over."""
    mark = office.slack.mark()
    await office.slack.slash(office.ann, office.news, QUESTION)
    return await office.slack.look(office.ann, lambda seen: "3 victims identified" in seen.text, since=mark)


async def test_what_was_shown_before_a_restart_still_works_after_it_and_by_either_way(tmp_path: Path) -> None:
    async with opened(tmp_path, SOCKET, HTTP) as office:
        slack, ann, ed, news = office.slack, office.ann, office.ed, office.news
        second, third = slack.add_channel("second", ann), slack.add_channel("third", ann)  # one post a second in each
        async with office.served():
            slack.over_socket()
            answer = await first_answer(office)
            shared = await slack.slash(ann, news, "screenings")
            await slack.press(shared, "Share in channel")
            long = await slack.slash(ann, news, "statement S1")
            wish = await slack.slash(ann, second, "subscribe")
            draft = await slack.submit(await slack.slash(ed, news, "add"), STATEMENT_2022)
            draft = await slack.submit(draft, SCREENINGS_2021 | {"quote": "“exact words” " * 200}, "Review")
            thread = (await slack.mention(ann, third, "how many screenings in 2023?")).messages[0].thread_ts
        async with office.served():
            posted = await slack.press(answer, "Share in channel")
            assert "3 victims identified" in posted.messages[0].text
            assert "shared already" in whispered(await slack.press(shared, "Share in channel"))
            assert "F42]" in (await slack.press(long, "Next")).words
            assert "Digests on all topics" in (await slack.submit(wish, wait=5)).messages[0].text
            assert "Added as S4, F46" in (await slack.submit(draft, {}, "Add it")).words
            follow_up = await slack.mention(ann, third, "and in 2021?", thread_ts=thread)
            assert "approximately 7,700" in follow_up.messages[0].text
        assert office.written.count("stopped") == 2


async def test_a_digest_that_fell_due_while_nobody_served_comes_once_at_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path, SOCKET) as office:
        await asyncio.to_thread(office.owes_a_digest)
        async with office.served():
            assert await office.slack.until(lambda: bool(office.slack.messages(office.news)), 5)
        (digest,) = office.slack.messages(office.news)
        assert "around 7,700" in digest.text
        assert digest.metadata
        ticked = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "tick", cwd=ROOT, env=office.environment, stdout=asyncio.subprocess.PIPE
        )
        assert (await ticked.communicate())[0] == b""
        assert ticked.returncode == 0
        assert office.slack.messages(office.news) == [digest]


async def test_an_answer_under_way_still_comes_when_the_process_is_told_to_stop(tmp_path: Path) -> None:
    async with opened(tmp_path, SOCKET) as office:
        office.slack.fail("chat.postMessage", delay=0.5)
        async with office.served():
            asking = asyncio.create_task(office.slack.mention(office.ann, office.news, QUESTION))
            assert await office.slack.until(lambda: bool(office.slack.called("chat.postMessage")), 5)
        (answer,) = (await asking).messages
        assert "3 victims identified" in answer.text
        assert "not done in time" not in office.written


async def test_a_token_that_slack_does_not_take_is_told_in_the_log_and_commands_are_answered(tmp_path: Path) -> None:
    async with opened(tmp_path, HTTP) as office:
        office.slack.revoke()
        async with office.served():
            assert whispered(await first_answer(office))
        assert "Slack does not take SLACK_BOT_TOKEN (token_revoked)" in office.written
