"""Mentions and direct messages: who is answered where, in which language, and what their conversations are."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from discord_app import Guild, guild
from servers.discord import Message

from adapters.discord.locales import of_guild
from adapters.discord.written import as_typed
from bot.domain.text import Locale

ONE = "GET /channels/{}/messages/{}"
POST = "POST /channels/{}/messages"
QUESTION = "how many screenings were there in 2023?"
FOLLOW_UP = "and in 2021?"


def replies(home: Guild) -> list[Message]:
    return home.discord.messages(home.news)


async def test_a_mention_is_answered_as_a_reply_that_rings_nobody(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        seen = await home.discord.mention(home.ann, home.news, "screenings")
        (answer,) = replies(home)
        assert "11,000" in seen.words
        assert answer.reply_to is not None
        assert answer.reply_to.author == home.ann.id
        assert answer.pinged == []
        assert "Share in channel" not in seen.buttons
        assert seen.ephemerals == []


async def test_what_is_not_said_to_it_and_what_bots_say_is_left_alone(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        robot = home.discord.add_user("robot", is_bot=True)
        await home.discord.say(home.ann, home.news, "screenings", wait=0.2)
        await home.discord.mention(robot, home.news, "screenings", wait=0.2)
        await home.discord.dm(robot, "screenings", wait=0.2)
        seen = await home.discord.mention(home.ann, home.news, "tier")  # our own answers come back as messages too
        await home.discord.look(home.ann, lambda _: True, since=home.discord.mark(), wait=0.2)
        assert replies(home) == [seen.message]


async def test_direct_messages_are_answered_and_go_on(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        first = await home.discord.dm(home.ann, QUESTION)
        assert "11,000" in first.words
        second = await home.discord.dm(home.ann, FOLLOW_UP)
        assert "2021" in second.words
        assert "screen" in second.words
        assert "help" in (await home.discord.dm(home.ann, "help")).words


async def test_a_chain_of_replies_keeps_its_topic(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        first = await home.discord.mention(home.ann, home.news, QUESTION)
        other = await home.discord.mention(home.mei, home.news, "how many victims were there in 2023?")
        second = await home.discord.say(home.ann, home.news, FOLLOW_UP, first.message)
        assert "screening" in second.words
        assert "2021" in second.words
        third = await home.discord.mention(home.mei, home.news, FOLLOW_UP, second.message)
        assert "screening" in third.words
        fourth = await home.discord.say(home.ann, home.news, FOLLOW_UP, other.message)
        assert "victim" in fourth.words
        alone = await home.discord.mention(home.ann, home.news, FOLLOW_UP)
        assert "7,700" not in alone.words


async def test_a_chain_may_begin_with_what_was_not_said_to_the_bot(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        await home.discord.say(home.mei, home.news, "What do we know of 2023?", wait=0.1)
        asked = home.news.messages[0]
        first = await home.discord.mention(home.ann, home.news, QUESTION, asked)
        assert "11,000" in first.words
        second = await home.discord.mention(home.mei, home.news, FOLLOW_UP, asked)
        assert "screening" in second.words
        assert home.discord.called(ONE) == []  # Discord had told what it replies to


async def test_a_message_that_is_gone_is_answered_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with guild(tmp_path) as home:
        home.slow_down(monkeypatch, 0.3)
        asking = asyncio.create_task(home.discord.mention(home.ann, home.news, "screenings"))
        await asyncio.sleep(0.15)
        home.discord.delete_message(home.news.messages[0])
        assert "11,000" in (await asking).words


async def test_a_chain_is_found_again_after_a_restart(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        first = await home.discord.mention(home.ann, home.news, QUESTION)
        second = await home.discord.say(home.ann, home.news, "and in 2022?", first.message)
        await home.restart()
        third = await home.discord.say(home.ann, home.news, FOLLOW_UP, second.message)
        assert "screening" in third.words
        assert "2021" in third.words
        assert len(home.discord.called(ONE)) == 4


@pytest.mark.parametrize("failure", [{"status": 403}, {"drop": True, "times": 2}, {"retry_after": 600}])
async def test_where_the_chain_cannot_be_read_it_is_answered_all_the_same(
    tmp_path: Path, failure: dict[str, Any]
) -> None:
    async with guild(tmp_path) as home:
        seen = await home.discord.mention(home.ann, home.news, QUESTION)
        await home.restart()
        home.discord.fail(ONE, **failure)
        again = await home.discord.say(home.ann, home.news, "tier", seen.message)
        assert "Tier 2" in again.words


async def test_a_thread_is_one_conversation(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        thread = home.discord.add_thread(home.news, "on screenings")
        await home.discord.mention(home.ann, thread, QUESTION)
        second = await home.discord.mention(home.mei, thread, FOLLOW_UP)
        assert "screening" in second.words
        assert len(home.discord.messages(thread)) == 2


async def test_a_message_that_comes_twice_is_answered_once(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        await home.discord.mention(home.ann, home.news, "screenings")
        asked = home.news.messages[0]
        await home.restart()
        home.discord.event("MESSAGE_CREATE", home.discord.payloads.event(asked), home.news)
        await asyncio.sleep(0.3)
        await home.service.drain(5)
        assert len(replies(home)) == 1
        assert len(home.discord.called(POST)) == 1  # and Discord did not have to find out


@pytest.mark.parametrize("failure", [{"lose_reply": True}, {"status": 502, "acts": True}, {"status": 500, "times": 2}])
async def test_an_answer_that_is_not_confirmed_is_said_again_and_stands_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: dict[str, Any]
) -> None:
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.05))
    async with guild(tmp_path) as home:
        home.discord.fail(POST, **failure)
        await home.discord.mention(home.ann, home.news, "screenings")
        await home.service.drain(5)
        assert len(replies(home)) == 1


async def test_help_errors_and_what_was_done_are_told_in_direct_messages(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        for line in ("help", "roles", "withdraw F1"):
            seen = await home.discord.mention(home.ann, home.news, line)
            assert seen.message is not None
            assert seen.message.channel == home.discord.dm_of(home.ann).id
        assert replies(home) == []


async def test_who_takes_no_direct_messages_is_told_what_to_do_instead(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        home.ann.accepts_dms = False
        seen = await home.discord.mention(home.ann, home.news, "roles")
        assert "/tipfacts here instead" in seen.text
        assert len(replies(home)) == 1


async def test_who_asks_where_the_bot_may_not_write_is_answered_directly(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        home.discord.deny(home.news, home.discord.bot, "send_messages")
        seen = await home.discord.mention(home.ann, home.news, "screenings")
        assert seen.message.channel == home.discord.dm_of(home.ann).id
        assert seen.text.startswith("I may not write in that channel, so I answer you here.")
        assert "11,000" in seen.words


async def test_where_nothing_can_be_replied_to_the_answer_stands_by_itself_with_all_that_it_has(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        home.discord.deny(home.news, home.discord.bot, "read_message_history")
        seen = await home.discord.mention(home.ann, home.news, "screenings")
        assert seen.message.reply_to is None
        assert seen.message.embeds
        assert "History" in seen.buttons


async def test_a_form_is_offered_to_whoever_presses_for_it(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        seen = await home.discord.mention(home.ed, home.news, "add")
        (label,) = seen.buttons
        assert "form" in seen.text
        assert (await home.discord.press(home.ed, seen, label)).modal


async def test_what_is_meant_for_the_channel_is_told_there_once(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        await home.discord.mention(home.ann, home.news, "subscribe screenings weekdays at 09:00")
        (told,) = replies(home)
        assert home.held(home.news)
        assert told.reply_to is not None
        assert told.only_for is None


async def test_what_is_set_up_in_a_thread_is_of_its_channel_and_answers_stay_in_the_thread(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        thread = home.discord.add_thread(home.news, "on digests")
        await home.discord.mention(home.ann, thread, "subscribe screenings")
        held = home.held(home.news)
        assert held
        assert held.address.thread is None
        (told,) = replies(home)
        assert "come to this channel" in told.content
        assert told.reply_to is None
        answer = await home.discord.mention(home.ann, thread, "screenings")
        assert answer.message.channel == thread.id
        assert len(replies(home)) == 1


async def test_who_may_not_manage_the_channel_is_told_which_command_is_for_that(tmp_path: Path) -> None:
    async with guild(tmp_path) as home:
        for line in ("subscribe screenings", "subscribe", "訂閱"):
            seen = await home.discord.mention(home.mei, home.news, line)
            assert "/tipfacts-digest subscribe" in seen.text
        assert home.held(home.news) is None
        assert "11,000" in (await home.discord.mention(home.ann, home.news, "screenings")).words
        own = await home.discord.dm(home.mei, "subscribe screenings")  # nobody else reads along there
        assert "/tipfacts-digest" not in own.words


@pytest.mark.parametrize("failure", [{"lose_reply": True}, {"status": 500, "times": 2}])
async def test_a_channel_is_told_once_of_its_subscription_though_discord_does_not_confirm_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: dict[str, Any]
) -> None:
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.05, 0.05))
    async with guild(tmp_path) as home:
        home.discord.fail(POST, **failure)
        await home.discord.mention(home.ann, home.news, "subscribe screenings")
        await home.service.drain(5)
        assert len(replies(home)) == 1
        assert home.discord.messages(home.ann) == []
        assert home.held(home.news)


async def test_a_channel_that_gets_its_digests_in_chinese_is_answered_in_it(tmp_path: Path) -> None:
    async with guild(tmp_path, locale="zh-TW") as home:
        await home.discord.slash(home.ann, home.news, "tipfacts-digest subscribe", topics="screenings")
        home.discord.guild.locale = "en-GB"
        await home.restart()
        assert "初步" in (await home.discord.mention(home.ann, home.news, "screenings")).words


async def test_in_a_guild_that_reads_simplified_chinese_the_answer_is_in_the_language_of_the_question(
    tmp_path: Path,
) -> None:
    async with guild(tmp_path, locale="zh-CN") as home:
        assert "initial" in (await home.discord.mention(home.ann, home.news, "screenings")).words
        assert "初步" in (await home.discord.mention(home.ann, home.news, "初步識別程序")).words


async def test_the_guild_s_language_is_that_of_what_all_read(tmp_path: Path) -> None:
    async with guild(tmp_path, locale="zh-TW") as home:
        assert "初步" in (await home.discord.mention(home.ann, home.news, "screenings")).words
        assert "screenings" in (await home.discord.dm(home.ann, "screenings")).words


@pytest.mark.parametrize(
    ("tag", "locale"), [("zh-TW", Locale.ZH_HANT), ("zh-CN", Locale.EN), ("en-GB", Locale.EN), ("en-US", None)]
)
def test_a_guild_that_has_chosen_no_language_leaves_it_to_the_question(tag: str, locale: Locale | None) -> None:
    assert of_guild(tag) is locale


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("<@5> screenings", "screenings"),
        ("<@!5>, screenings <@5>", "screenings"),
        ("what of <@6> <@&5> <#5>?", "what of <@6> <@&5> <#5>?"),
        ("</tipfacts:77> tier <:flag:5> <a:wave:9>", "/tipfacts tier :flag: :wave:"),
        ("<@5>", ""),
    ],
)
def test_a_message_is_read_without_our_name_and_discord_s_marks(text: str, typed: str) -> None:
    assert as_typed(text, 5) == typed


async def test_an_error_of_ours_is_told_with_a_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with guild(tmp_path) as home:
        monkeypatch.setattr("adapters.discord.events._pages", SimpleNamespace())
        seen = await home.discord.mention(home.ann, home.news, "screenings")
        assert seen.message is not None
        assert seen.message.channel == home.discord.dm_of(home.ann).id
        assert "wrong on our side" in seen.text
        assert "Traceback" in caplog.text
