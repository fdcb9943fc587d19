"""`python -m bot run` in Discord: beside Slack in one process; what was shown before a restart works after it."""

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

from discord_run import DIGEST, EDITORS, READ, whispered
from library import SCREENINGS_2021, STATEMENT_2022, Desk, add_statement_of_2022
from servers import slack
from servers.discord import Channel, FakeDiscord, User, fields, words
from slack_run import seeded_file
from slack_run import whispered as whispered_in_slack

from bot.core import Bot
from bot.domain.people import Actor, Address, Platform
from bot.settings import Settings
from store.store import SqlStore

ROOT = Path(__file__).parents[2]
STARTING, STOPPING = 20.0, 8.0  # seconds; it takes two, and a half
QUESTION = "how many victims in 2023?"
POST = "POST /channels/{}/messages"


@dataclass
class Office:
    """A guild and the folder of an installation that serves it; all that its processes wrote so far."""

    discord: FakeDiscord
    folder: Path
    ann: User
    ed: User
    news: Channel
    more: dict[str, str] = field(default_factory=dict)
    written: str = ""

    @property
    def environment(self) -> dict[str, str]:
        ours = ("SLACK_", "DISCORD_", "TIPFACTS_")
        outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        settings = {
            "TIPFACTS_DATABASE_URL": f"sqlite:///{self.folder / 'tipfacts.db'}",
            "TIPFACTS_ADMINS": f"discord:{self.discord.guild.id}/{self.ed.id}",
        }
        return outside | self.discord.environment() | settings | self.more

    def owes_a_digest(self) -> None:
        """Let #news have been subscribed two days ago, and a statement have been added since."""
        store = SqlStore(f"sqlite:///{self.folder / 'tipfacts.db'}")
        guild = self.discord.guild.id
        ann = Actor(Platform.DISCORD, guild, self.ann.id, "ann", may_manage_channel=True)
        channel = Address(Platform.DISCORD, guild, self.news.id)
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        bot = Bot(store, Settings(admins=frozenset({"console"})))
        Desk(bot, store, two_days_ago, ann, channel).say("subscribe screenings")
        add_statement_of_2022(Desk(bot, store, two_days_ago))
        store.close()

    async def told(self, *arguments: str) -> tuple[int, str]:
        """Run one command of the program; return its exit status and all that it wrote."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        written, _ = await asyncio.wait_for(process.communicate(), STARTING)
        return process.returncode or 0, written.decode()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the program; then stop it as an operator would."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout
        reading = asyncio.create_task(self._read(process.stdout))
        try:
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

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        """Run it until it is there for Discord, and the block."""
        async with self.running():
            await self.discord.connected(seconds=STARTING)
            assert await self.discord.until(lambda: bool(self.discord.commands.held.get("")), STARTING)
            yield

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.written += line.decode()

    def told_no_secret(self) -> bool:
        """Whether nothing was written that lets anybody in, and no traceback."""
        return not any(each in self.written for each in (self.discord.token, "Traceback", "never retrieved"))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Office]:
    (folder / "tipfacts.db").write_bytes(seeded_file())
    async with FakeDiscord() as discord:
        ann = discord.add_user("ann", permissions=("manage_channels",))
        ed = discord.add_user("ed", permissions=("administrator",))
        office = Office(discord, folder, ann, ed, discord.add_channel("news"))
        yield office
        assert office.told_no_secret(), office.written
        assert discord.violations == []


async def test_what_was_shown_before_a_restart_still_works_after_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        discord, ann, ed, news = office.discord, office.ann, office.ed, office.news
        async with office.served():
            answer = await discord.slash(ann, news, READ, query=QUESTION)
            shared = await discord.slash(ann, news, READ, query="screenings")
            await discord.press(ann, shared, "Share in channel")
            wish = await discord.slash(ann, news, f"{DIGEST} subscribe")
            asked = await discord.slash(ed, news, f"{EDITORS} withdraw", item="F15")
            form = await discord.slash(ed, news, f"{EDITORS} add")
            assert form.modal
            held = fields(form.modal).keys()
            draft = await discord.submit(ed, form, {k: v for k, v in STATEMENT_2022.items() if k in held})
            first = await discord.mention(ann, news, "how many screenings in 2023?")
        async with office.served():
            posted = await discord.press(ann, answer, "Share in channel")
            assert "3 victims identified" in words(posted.messages[0])
            assert "shared already" in whispered(await discord.press(ann, shared, "Share in channel"))
            assert "Digests on all topics" in words((await discord.submit(ann, wish, {})).messages[0])
            assert asked.modal
            opened_again = await discord.press(ed, draft, "Fact 1")
            assert opened_again.modal
            facts = {k: v for k, v in SCREENINGS_2021.items() if k in fields(opened_again.modal)}
            assert (await discord.submit(ed, opened_again, facts)).new
            follow_up = await discord.mention(ann, news, "and in 2022?", first.message)
            assert "going on from" in follow_up.words
        assert office.written.count("stopped") == 2
        assert discord.created() == len(discord.commands.held[""])


async def test_a_digest_that_fell_due_while_nobody_served_comes_once_at_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        await asyncio.to_thread(office.owes_a_digest)
        async with office.served():
            assert await office.discord.until(lambda: bool(office.discord.messages(office.news)), 5)
        (digest,) = office.discord.messages(office.news)
        assert "around 7,700" in words(digest)
        assert digest.nonce
        assert await office.told("tick") == (0, "due 0, sent 0\n")
        assert office.discord.messages(office.news) == [digest]


async def test_a_single_tick_posts_to_discord_without_a_gateway(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        await asyncio.to_thread(office.owes_a_digest)
        assert await office.told("tick") == (0, "due 1, sent 1\n")
        assert len(office.discord.messages(office.news)) == 1
        assert not office.discord.gateway.links


async def test_an_answer_under_way_still_comes_when_the_process_is_told_to_stop(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        office.discord.fail(POST, delay=0.5)
        async with office.served():
            asking = asyncio.create_task(office.discord.mention(office.ann, office.news, QUESTION))
            assert await office.discord.until(lambda: bool(office.discord.called(POST)), 5)
        assert "3 victims identified" in (await asking).words
        assert "not done in time" not in office.written


async def test_slack_and_discord_are_served_side_by_side_by_one_process(tmp_path: Path) -> None:
    async with slack.FakeSlack() as other, opened(tmp_path) as office:
        zoe = other.add_user("zoe")
        general = other.add_channel("general", zoe)
        office.more = {name: value for name, value in other.environment().items() if name != "SLACK_SIGNING_SECRET"}
        async with office.served():
            await other.connected(seconds=STARTING)
            there = await other.slash(zoe, general, "screenings")
            here = await office.discord.slash(office.ann, office.news, READ, query="screenings")
            assert "11,000" in whispered_in_slack(there)
            assert "11,000" in whispered(here)
        assert "serving Slack Socket Mode Discord" in office.written
        assert other.violations == []


async def test_a_token_that_discord_refuses_takes_nothing_else_down(tmp_path: Path) -> None:
    async with slack.FakeSlack() as other, opened(tmp_path) as office:
        zoe = other.add_user("zoe")
        general = other.add_channel("general", zoe)
        office.more = {name: value for name, value in other.environment().items() if name != "SLACK_SIGNING_SECRET"}
        office.more |= {"TIPFACTS_ADMINS": f"slack:{zoe.team}/{zoe.id}"}
        office.discord.revoke_token()
        async with office.running():
            await other.connected(seconds=STARTING)
            assert "11,000" in whispered_in_slack(await other.slash(zoe, general, "screenings"))
            assert await office.discord.until(lambda: "Discord stopped: " in office.written, 10)
            told = whispered_in_slack(await other.slash(zoe, general, "status"))
            assert re.search(r"Discord:\W+It stopped and is started again: LoginFailure", told), told
        assert "it is started again in" in office.written
        status, found = await office.told("doctor")
        assert status == 1
        assert "Discord refuses DISCORD_TOKEN" in found


async def test_a_discord_that_is_not_there_at_the_start_is_served_once_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        office.discord.fail("GET /users/@me", drop=True)  # discord.py gives up
        office.discord.fail("GET /gateway/bot", status=500)  # it asks again
        office.discord.refuse_gateway(1)
        async with office.served():
            seen = await office.discord.slash(office.ann, office.news, READ, query="screenings")
            assert "11,000" in whispered(seen)


async def test_the_operator_gets_a_link_and_a_clean_bill(tmp_path: Path) -> None:
    async with opened(tmp_path) as office:
        status, link = await office.told("discord", "invite")
        assert status == 0
        assert f"client_id={office.discord.app_id}" in link
        status, found = await office.told("doctor")
        assert status == 0, found
        assert "Discord token: It is that of the application tipfacts" in found
        assert office.discord.token not in link + found
        office.more = {"DISCORD_TOKEN": "", "DISCORD_API_URL": ""}
        status, problem = await office.told("discord", "invite")
        assert status == 1
        assert "DISCORD_TOKEN is not set" in problem
