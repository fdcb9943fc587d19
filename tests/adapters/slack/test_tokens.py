import asyncio

import pytest
from servers.slack import FakeSlack
from slack_sdk.errors import SlackApiError

from adapters.slack.tokens import Clients, Identity, proxy_for
from bot.settings import SlackSettings


def settings(slack: FakeSlack) -> SlackSettings:
    return SlackSettings(bot_token=slack.bot_token, api_url=slack.url)


async def test_a_client_speaks_with_the_workspaces_token_to_the_address_of_the_settings() -> None:
    async with FakeSlack() as slack, Clients(settings(slack)) as clients:
        client = await clients.for_team(slack.team.id)
        assert (client.token, client.base_url) == (slack.bot_token, slack.url)
        assert client.retry_handlers == []
        assert await clients.for_team(slack.team.id) is client


async def test_whose_the_token_is_is_asked_once() -> None:
    async with FakeSlack() as slack, Clients(settings(slack)) as clients:
        await asyncio.gather(*(clients.for_team(slack.team.id) for _ in range(5)), clients.check())
        identity = await clients.identity(slack.team.id)
        assert identity == Identity(slack.team.id, slack.team.bot_id, slack.team.bot.id)
        assert len(slack.called("auth.test")) == 1


async def test_another_workspace_is_not_spoken_to() -> None:
    async with FakeSlack() as slack, Clients(settings(slack)) as clients:
        assert not clients.lacks("T0OTHER")  # nobody has asked yet
        with pytest.raises(LookupError, match="T0OTHER"):
            await clients.for_team("T0OTHER")
        with pytest.raises(LookupError):
            await clients.identity("T0OTHER")
        assert clients.lacks("T0OTHER")
        assert not clients.lacks(slack.team.id)


async def test_a_token_that_slack_refuses_is_asked_about_again() -> None:
    async with FakeSlack() as slack, Clients(settings(slack)) as clients:
        slack.fail("auth.test", error="invalid_auth")
        with pytest.raises(SlackApiError, match="invalid_auth"):
            await clients.check()
        assert not clients.lacks(slack.team.id)
        await clients.check()


async def test_a_store_of_tokens_can_stand_behind_it() -> None:
    class Installed:
        async def token(self, team: str) -> str:
            return tokens[team]

        def lacks(self, team: str) -> bool:
            return team not in tokens

    async with FakeSlack() as slack:
        other = slack.add_team("Other Desk")
        tokens = {slack.team.id: slack.bot_token, other.id: other.bot_token}
        async with Clients(settings(slack), Installed()) as clients:
            for team in (slack.team, other):
                identity = await clients.identity(team.id)
                assert (identity.team_id, identity.bot_user_id) == (team.id, team.bot.id)
                assert (await clients.for_team(team.id)).token == team.bot_token
            assert clients.lacks("T0NOBODY")
            with pytest.raises(LookupError):
                await clients.for_team("T0NOBODY")


async def test_after_closing_it_can_be_used_and_closed_again() -> None:
    async with FakeSlack() as slack:
        clients = Clients(settings(slack))
        await clients.check()
        await clients.close()
        client = await clients.for_team(slack.team.id)
        assert (await client.auth_test())["ok"]
        await clients.close()


async def test_no_secret_shows_where_it_is_printed() -> None:
    async with FakeSlack() as slack, Clients(settings(slack)) as clients:
        await clients.check()
        assert slack.bot_token not in repr(clients) + repr(await clients.identity(slack.team.id)) + repr(
            settings(slack)
        )


def test_a_proxy_is_used_where_the_environment_says_so_and_not_where_it_excepts_a_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://slack.com/api/") is None
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    assert proxy_for("wss://wss-primary.slack.com/link/") == "http://proxy.example:3128"
    assert proxy_for("http://127.0.0.1:8000/api/") is None
    assert proxy_for("nonsense") is None
