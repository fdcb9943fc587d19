import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from servers.discord import FakeDiscord
from servers.discord_permissions import names

from adapters.discord.invite import invite, invite_url
from bot.settings import DiscordSettings

NOWHERE = DiscordSettings("MTA.token.of-no-app", "http://127.0.0.1:9/api/v10")


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_the_link_asks_for_the_fewest_permissions() -> None:
    url = invite_url(" 123456789012345678 ")
    assert url.startswith("https://discord.com/oauth2/authorize?")
    query = query_of(url)
    assert query["client_id"] == ["123456789012345678"]
    assert query["scope"] == ["bot applications.commands"]
    asked = names(int(query["permissions"][0]))
    sending = {"send_messages", "send_messages_in_threads", "embed_links"}
    assert asked == {"view_channel", *sending, "read_message_history"}


@pytest.mark.parametrize("typed", ["", "tipfacts", "12 34", "1" * 21, "１２", "1&scope=x"])
def test_what_is_no_application_id_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no application id"):
        invite_url(typed)


def test_an_application_that_is_named_needs_no_token_and_no_network() -> None:
    assert query_of(invite(None, "77"))["client_id"] == ["77"]
    assert query_of(invite(NOWHERE, "77"))["client_id"] == ["77"]


def test_without_a_token_it_says_what_to_do() -> None:
    with pytest.raises(LookupError, match="DISCORD_TOKEN is not set"):
        invite(None)


async def test_the_application_is_asked_for_with_the_token() -> None:
    async with FakeDiscord() as discord:
        settings = DiscordSettings(discord.token, discord.url)
        url = await asyncio.to_thread(invite, settings)
        assert query_of(url)["client_id"] == [discord.app_id]
        discord.revoke_token()
        with pytest.raises(LookupError, match="Discord answered 401"):
            await asyncio.to_thread(invite, settings)
        assert discord.violations == []


async def test_a_discord_that_does_not_reply_is_called_so() -> None:
    async with FakeDiscord() as discord:
        settings = DiscordSettings(discord.token, discord.url)
    with pytest.raises(LookupError, match="does not reply"):
        await asyncio.to_thread(invite, settings)
