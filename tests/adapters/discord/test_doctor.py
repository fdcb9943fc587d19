from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.discord import FakeDiscord

from adapters.discord.doctor import diagnose, examine
from bot.diagnosis import Finding, Verdict
from bot.settings import Settings, read_settings

ABOUT, GATEWAY, SERVERS = "GET /applications/@me", "GET /gateway/bot", "GET /users/@me/guilds"
CLIENT_SECRET = "aB3_" * 8
Check = Callable[..., Any]


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
def check(discord: FakeDiscord) -> Check:
    async def run(ahead: timedelta = timedelta(), **environment: str) -> dict[str, Finding]:
        found = {**discord.environment(), **environment}
        findings = await examine(read_settings(found), lambda: datetime.now(UTC) + ahead, found)
        assert all(discord.token not in f"{one.text}{one.advice}" for one in findings)
        return {finding.subject: finding for finding in findings}

    return run


def failed(found: dict[str, Finding]) -> list[str]:
    return [subject for subject, finding in found.items() if finding.verdict is Verdict.FAILED]


async def test_a_good_set_up_is_found_good(check: Check, discord: FakeDiscord) -> None:
    found = await check()
    assert {subject: finding.verdict for subject, finding in found.items()} == {
        "Discord’s address": Verdict.WARNING,
        "Discord token": Verdict.OK,
        "Discord intents": Verdict.OK,
        "Discord gateway": Verdict.OK,
        "Discord servers": Verdict.OK,
        "Clock": Verdict.OK,
    }
    assert found["Discord token"].text == f"It is that of the application tipfacts ({discord.app_id})."
    assert found["Discord servers"].text == "The bot is in 1: Fake Desk."
    assert "connections are left" in found["Discord gateway"].text
    assert {call.method for call in discord.calls} == {"GET"}


async def test_a_token_that_discord_refuses_is_said_with_where_to_get_another(
    check: Check, discord: FakeDiscord
) -> None:
    discord.revoke_token()
    found = await check()
    assert failed(found) == ["Discord token"]
    assert "Reset Token" in found["Discord token"].advice
    assert found["Clock"].verdict is Verdict.OK
    assert len(discord.calls) == 1


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("123456789012345678", "application’s id"),
        ("0a" * 32, "public key"),
        (CLIENT_SECRET, "client secret"),
        ("Bot MTA.b.c", "“Bot” in front"),
        ('"MTA.b.c"', "quotation marks"),
        ("xoxb-1-2", "three parts"),
    ],
)
async def test_a_token_of_another_kind_is_told_by_its_looks_and_sent_to_nobody(
    check: Check, discord: FakeDiscord, token: str, said: str
) -> None:
    found = await check(DISCORD_TOKEN=token)
    assert failed(found) == ["Discord token"]
    assert said in found["Discord token"].text
    assert token not in found["Discord token"].text
    assert discord.calls == []


async def test_intents_that_are_not_needed_are_pointed_out(check: Check, discord: FakeDiscord) -> None:
    discord.grant("content")
    found = await check()
    assert found["Discord intents"].verdict is Verdict.WARNING
    assert "Message Content" in found["Discord intents"].text
    assert failed(found) == []


async def test_an_endpoint_for_interactions_and_a_code_grant_keep_it_from_working(
    check: Check, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = discord.about.application()
    for field, value, said in (
        ("interactions_endpoint_url", "https://example.org/in", "Interactions Endpoint URL"),
        ("bot_require_code_grant", True, "Code Grant"),
    ):
        monkeypatch.setattr(discord.about, "application", lambda change={field: value}: about | change)
        found = await check()
        assert failed(found) == ["Discord application"]
        assert said in found["Discord application"].text


@pytest.mark.parametrize(
    ("remaining", "verdict"), [(0, Verdict.FAILED), (1, Verdict.WARNING), (19, Verdict.WARNING), (20, Verdict.OK)]
)
async def test_it_says_how_often_the_gateway_may_still_be_connected_to(
    check: Check, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, remaining: int, verdict: Verdict
) -> None:
    limit = {"total": 1000, "remaining": remaining, "reset_after": 7_200_000, "max_concurrency": 1}
    told = {"url": "wss://gateway.example", "shards": 1, "session_start_limit": limit}
    monkeypatch.setattr(discord.about, "_gateway", lambda: told)
    finding = (await check())["Discord gateway"]
    assert finding.verdict is verdict
    assert finding.text.startswith(f"{remaining} of 1000 connections are left for the next 2 h")


async def test_more_shards_than_connections_that_are_left_fail(
    check: Check, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = {"total": 1000, "remaining": 3, "reset_after": 0, "max_concurrency": 1}
    told = {"url": "wss://gateway.example", "shards": 4, "session_start_limit": limit}
    monkeypatch.setattr(discord.about, "_gateway", lambda: told)
    assert failed(await check()) == ["Discord gateway"]


async def test_a_bot_in_no_server_is_to_be_invited(check: Check, discord: FakeDiscord) -> None:
    discord.uninstall(discord.guild)
    found = await check()
    assert found["Discord servers"].verdict is Verdict.WARNING
    assert "discord invite" in found["Discord servers"].advice


async def test_permissions_that_a_server_does_not_give_are_named(check: Check, discord: FakeDiscord) -> None:
    for number in range(5):
        discord.add_guild(f"Desk {number}", bot_permissions=("view_channel",), everyone=("send_messages",))
    discord.add_guild("Open", bot_permissions=("administrator",), everyone=())
    found = await check()
    assert "Permission View Channels" not in found
    assert "Permission Send Messages" not in found
    lacking = found["Permission Embed Links"]
    assert "It is not given in Desk 0, Desk 1, Desk 2 and 2 more" in lacking.text
    assert found["Permission Read Message History"].verdict is Verdict.WARNING


async def test_admins_of_servers_without_the_bot_are_pointed_out(check: Check, discord: FakeDiscord) -> None:
    ours = f"discord:{discord.guild.id}/1"
    found = await check(TIPFACTS_ADMINS=f"console slack:T2/U1 {ours} discord:99/1")
    assert "names discord:99/1, in" in found["Admins in Discord"].text
    assert "Admins in Discord" not in await check(TIPFACTS_ADMINS=ours)


@pytest.mark.parametrize(("seconds", "way"), [(-90, "behind"), (90, "ahead of"), (7_200, "ahead of")])
async def test_a_clock_that_is_off_by_more_than_a_minute_fails(check: Check, seconds: int, way: str) -> None:
    found = await check(ahead=timedelta(seconds=seconds))
    assert failed(found) == ["Clock"]
    assert f"seconds {way} Discord’s" in found["Clock"].text


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ({"status": 503}, "has trouble (HTTP 503)"),
        ({"status": 404}, "does not answer as Discord does (HTTP 404)"),
        ({"retry_after": 40}, "asks to wait 40 seconds"),
        ({"drop": True, "times": 2}, "does not answer as Discord does"),
    ],
)
@pytest.mark.parametrize(
    ("route", "subject"), [(ABOUT, "Discord token"), (GATEWAY, "Discord gateway"), (SERVERS, "Discord servers")]
)
async def test_trouble_at_discord_is_called_so(
    check: Check, discord: FakeDiscord, failure: dict[str, Any], said: str, route: str, subject: str
) -> None:
    discord.fail(route, **failure)
    finding = (await check())[subject]
    assert said in finding.text


async def test_something_else_that_answers_is_not_taken_for_discord(check: Check, discord: FakeDiscord) -> None:
    for route, subject in ((ABOUT, "Discord token"), (SERVERS, "Discord servers")):
        discord.fail(route, status=200, message="hello")
        assert failed(await check()) == [subject]
    discord.fail(GATEWAY, status=200, message="hello")
    assert (await check())["Discord gateway"].verdict is Verdict.WARNING


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://127.0.0.1:9", "127.0.0.1:9 cannot be reached"), ("http://me:hush@127.0.0.1:9", "no password")],
)
async def test_an_address_that_leads_nowhere_is_called_so(check: Check, url: str, said: str) -> None:
    found = await check(DISCORD_API_URL=url)
    assert said in found["Discord token"].text
    assert all("hush" not in finding.text for finding in found.values())


async def test_a_discord_that_does_not_answer_is_given_up(
    check: Check, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.rest.TIMEOUT", 0.2)
    discord.fail(ABOUT, delay=1.0)
    assert "did not answer within" in (await check())["Discord token"].text


async def test_without_a_token_discord_is_not_set_up(discord: FakeDiscord) -> None:
    (plain,) = await examine(Settings(), lambda: datetime.now(UTC), {})
    assert (plain.verdict, plain.text) == (Verdict.WARNING, "It is not set up: DISCORD_TOKEN is not set.")
    (half,) = await examine(Settings(), lambda: datetime.now(UTC), {"DISCORD_API_URL": discord.url})
    assert half.verdict is Verdict.FAILED
    assert discord.calls == []


def test_it_brings_its_own_loop() -> None:
    (finding,) = diagnose(Settings(), lambda: datetime.now(UTC), {})
    assert finding.subject == "Discord"
