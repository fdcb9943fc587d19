import warnings
from typing import Any, cast
from unittest.mock import Mock

import pytest
from library import MONDAY
from servers.discord import Channel, FakeDiscord, User

with warnings.catch_warnings():  # discord.py imports a module of Python's that 3.13 no longer has
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord

from adapters.discord import requests
from adapters.discord.components import Press
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.exchange import FormInput

FORM_ROW = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Edit again", "custom_id": "form:0:~token"}]}


@pytest.fixture
def fake() -> FakeDiscord:
    return FakeDiscord()


async def interaction(
    fake: FakeDiscord,
    user: User,
    channel: Channel,
    kind: int = 2,
    data: dict[str, Any] | None = None,
    message: dict[str, Any] | None = None,
) -> discord.Interaction:
    """What discord.py makes of an interaction as Discord writes it."""
    begun = fake.interactions.begin(kind, user.id, channel.id, data or {"name": "tipfacts", "type": 1})
    payload = fake.payloads.interaction(begun) | ({"message": message} if message else {})
    state = discord.AutoShardedClient(intents=discord.Intents(guilds=True))._connection  # noqa: SLF001 (what it uses)
    state.user = discord.ClientUser(state=state, data=cast("Any", fake.payloads.user(fake.bot)))
    return discord.Interaction(data=cast("Any", payload), state=state)


def shown(fake: FakeDiscord, channel: Channel, *, flags: int = 0, **parts: Any) -> dict[str, Any]:  # noqa: ANN401
    """A message of ours."""
    author = fake.payloads.user(fake.bot)
    held = {"id": "9", "type": 0, "channel_id": channel.id, "author": author, "content": "", "flags": flags}
    held |= {name: [] for name in ("embeds", "components", "attachments", "mentions", "mention_roles")}
    held |= {"timestamp": "2026-11-23T00:00:00+00:00", "edited_timestamp": None, "pinned": False, "tts": False}
    return held | {"mention_everyone": False} | parts


async def test_who_asks_is_known_by_their_guild_and_may_do_what_discord_says_they_may(fake: FakeDiscord) -> None:
    ann, news = fake.add_user("ann"), fake.add_channel("news")
    asked = requests.asked(await interaction(fake, ann, news), MONDAY)
    assert asked.actor.name == f"discord:{fake.guild.id}/{ann.id}"
    assert asked.actor.display_name == "ann"
    assert not asked.actor.may_manage_channel
    assert asked.address == Address(Platform.DISCORD, fake.guild.id, news.id)
    assert not asked.is_direct


@pytest.mark.parametrize("permission", ["manage_channels", "administrator"])
async def test_who_manages_the_channel_is_known_as_such(fake: FakeDiscord, permission: str) -> None:
    ed = fake.add_user("ed", permissions=(permission,))
    asked = requests.asked(await interaction(fake, ed, fake.add_channel("news")), MONDAY)
    assert asked.actor.may_manage_channel


async def test_direct_messages_belong_to_no_guild(fake: FakeDiscord) -> None:
    ann = fake.add_user("ann")
    asked = requests.asked(await interaction(fake, ann, fake.dm_of(ann)), MONDAY)
    assert asked.actor.name == f"discord:dm/{ann.id}"
    assert asked.address == Address(Platform.DISCORD, "dm", fake.dm_of(ann).id, user=ann.id)
    assert asked.is_direct
    assert asked.public is None


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("zh-TW", Locale.ZH_HANT), ("zh-CN", Locale.EN), ("en-GB", Locale.EN), ("fr", Locale.EN), ("xx", Locale.EN)],
)
async def test_nobody_is_shown_traditional_chinese_who_did_not_ask_for_it(
    fake: FakeDiscord, tag: str, locale: Locale
) -> None:
    asked = requests.asked(await interaction(fake, fake.add_user("a", locale=tag), fake.add_channel("n")), MONDAY)
    assert (asked.locale, asked.public) == (locale, None)


async def test_who_reads_simplified_chinese_is_answered_in_chinese_only_where_they_ask_in_it(fake: FakeDiscord) -> None:
    home = fake.add_guild("Desk", locale="zh-CN")
    lin, wei = fake.add_user("lin", home, locale="zh-CN"), fake.add_user("wei", home, locale="zh-TW")
    news = fake.add_channel("news", guild=home)
    asked = requests.asked(await interaction(fake, lin, news), MONDAY)
    for line, locale in (("screenings", Locale.EN), ("識別程序", Locale.ZH_HANT), ("识别", Locale.ZH_HANT)):
        assert (asked.about(line).locale, asked.about(line).public) == (locale, locale)
        assert asked.about(line).request(line).locale is locale
    others = requests.asked(await interaction(fake, wei, news), MONDAY)
    assert (others.locale, others.public) == (Locale.ZH_HANT, Locale.EN)
    english = requests.asked(await interaction(fake, fake.add_user("ann"), fake.add_channel("news")), MONDAY)
    assert english.about("識別程序").locale is Locale.EN


async def test_what_all_read_is_in_the_language_of_the_guild(fake: FakeDiscord) -> None:
    home = fake.add_guild("Newsroom", locale="zh-TW")
    ann = fake.add_user("ann", home)
    asked = requests.asked(await interaction(fake, ann, fake.add_channel("news", guild=home)), MONDAY)
    assert (asked.locale, asked.public) == (Locale.EN, Locale.ZH_HANT)


async def test_a_thread_is_one_of_its_channel(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    thread = fake.add_thread(news, "later")
    asked = requests.asked(await interaction(fake, fake.add_user("ann"), thread), MONDAY)
    assert asked.address == Address(Platform.DISCORD, fake.guild.id, news.id, thread=thread.id)


def test_a_post_in_a_forum_is_a_channel_by_itself() -> None:
    post = Mock(spec=discord.Thread, id=5, parent_id=4)
    post.parent = Mock(spec=discord.ForumChannel)
    assert requests.address_in(3, post, 5) == Address(Platform.DISCORD, "3", "5")
    post.parent = None  # a channel that the bot does not see
    assert requests.address_in(3, post, 5) == Address(Platform.DISCORD, "3", "4", thread="5")
    assert requests.address_in(3, None, 5) == Address(Platform.DISCORD, "3", "5")


@pytest.mark.parametrize(
    ("permissions", "command", "may"),
    [((), "tipfacts", False), ((), "tipfacts-digest", True), (("manage_channels",), "tipfacts", True)],
)
async def test_digests_are_set_up_by_whom_discord_offers_the_command_and_by_who_manages_the_channel(
    fake: FakeDiscord,
    permissions: tuple[str, ...],
    command: str,
    may: bool,  # noqa: FBT001
) -> None:
    ann, news = fake.add_user("ann", permissions=permissions), fake.add_channel("news")
    asked = requests.asked(await interaction(fake, ann, news, data={"name": command, "type": 1}), MONDAY)
    assert asked.may_subscribe is may
    direct = requests.asked(await interaction(fake, ann, fake.dm_of(ann)), MONDAY)
    assert direct.may_subscribe


async def test_who_may_write_where_they_ask_is_known_and_in_a_thread_by_another_permission(fake: FakeDiscord) -> None:
    ann, ed = fake.add_user("ann"), fake.add_user("ed", permissions=("administrator",))
    news = fake.add_channel("news")
    thread = fake.add_thread(news, "later")
    for user, denied, may in ((ann, None, (True, True)), (ed, "send_messages", (True, True))):
        if denied:
            fake.deny(news, user, denied)
        found = [requests.asked(await interaction(fake, user, place), MONDAY) for place in (news, thread)]
        assert tuple(asked.may_write for asked in found) == may
    fake.deny(news, ann, "send_messages")
    assert not requests.asked(await interaction(fake, ann, news), MONDAY).may_write
    assert requests.asked(await interaction(fake, ann, thread), MONDAY).may_write
    fake.deny(news, ann, "send_messages_in_threads")
    assert not requests.asked(await interaction(fake, ann, thread), MONDAY).may_write
    assert requests.asked(await interaction(fake, ann, fake.dm_of(ann)), MONDAY).may_write


async def test_a_request_is_done_once_for_its_interaction_and_a_form_for_the_one_that_began_it(
    fake: FakeDiscord,
) -> None:
    happened = await interaction(fake, fake.add_user("ann"), fake.add_channel("news"))
    asked = requests.asked(happened, MONDAY)
    assert asked.request("help").once_key == str(happened.id)
    assert asked.request("help").can_pop_up
    form = FormInput("add", "statement", {}, "add")
    assert asked.request("", form, "first").once_key == "first"
    assert asked.request("", form, "first").form == form


async def test_only_what_one_person_alone_sees_is_changed_for_them(fake: FakeDiscord) -> None:
    ann, news = fake.add_user("ann"), fake.add_channel("news")
    for channel, flags, is_own in ((news, 0, False), (news, 64, True), (fake.dm_of(ann), 0, True)):
        message = shown(fake, channel, flags=flags)
        happened = await interaction(fake, ann, channel, 3, {"custom_id": "page:1:= topics"}, message)
        assert requests.is_own_copy(happened) is is_own
    assert not requests.is_own_copy(await interaction(fake, ann, news))


async def test_a_press_is_read_from_its_custom_id_and_others_are_not(fake: FakeDiscord) -> None:
    ann, news = fake.add_user("ann"), fake.add_channel("news")
    ours = requests.pressed(await interaction(fake, ann, news, 3, {"custom_id": "page:1:=token topics"}))
    assert ours
    assert (ours.kind, ours.page, ours.state) == (Press.PAGE, 1, "token topics")
    assert requests.pressed(await interaction(fake, ann, news, 3, {"custom_id": "anything"})) is None


async def test_a_message_that_puts_a_form_before_somebody_is_told_from_an_answer(fake: FakeDiscord) -> None:
    ann, news = fake.add_user("ann"), fake.add_channel("news")
    data = {"custom_id": "form:0:~token", "components": []}
    form = shown(fake, news, components=[FORM_ROW])
    assert requests.is_from_form(await interaction(fake, ann, news, 5, data, form))
    assert not requests.is_from_form(await interaction(fake, ann, news, 5, data, shown(fake, news)))
    assert not requests.is_from_form(await interaction(fake, ann, news, 5, data))


def test_choices_are_for_the_option_that_is_typed_in() -> None:
    options = [{"name": "other", "value": "x"}, {"name": "query", "value": "scr", "focused": True}]
    assert requests.typed_so_far({"options": options}) == "scr"
    assert requests.typed_so_far({}) == ""
