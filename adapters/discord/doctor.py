"""The check-up of what Discord needs: token, application, intents, gateway, servers and clock, with what to do."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from adapters.discord import rest as calling
from adapters.discord.credentials import NO_ADDRESS, wrong_token
from adapters.discord.errors import CALL_ERRORS, Answer
from adapters.discord.invite import ADMINISTRATOR, APPLICATIONS, PERMISSIONS
from adapters.discord.rest import Rest, path_of
from bot.diagnosis import Finding, Verdict
from bot.domain.people import Platform
from bot.settings import DEFAULT_DISCORD_API_URL, DiscordSettings, Settings

CLOCK_TOLERANCE = timedelta(seconds=60)
MOST_GUILDS = 200  # that Discord lists at a time
FEW_STARTS = 20  # of the thousand a day that small bots have
_MOST_NAMED = 3
_PAGE = "docs/discord.md says how"
_COPY = f"Open {APPLICATIONS}, your application, Bot, Reset Token, and copy what it shows"
_AGAIN = "Try again in a minute. Behind a proxy, set HTTPS_PROXY to its address."
# Application flags (Discord, "Application Object"): those of a few servers, and those granted to an app of many.
_PRIVILEGED = {
    "Presence": 1 << 12 | 1 << 13,
    "Server Members": 1 << 14 | 1 << 15,
    "Message Content": 1 << 18 | 1 << 19,
}


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came of one call, or in `problem` why nothing did; both instants are ours."""

    asked_at: datetime
    answered_at: datetime
    answer: Answer
    problem: str = ""

    @property
    def data(self) -> Mapping[str, Any]:
        """The object that was answered, empty where it was none."""
        return self.answer.data if isinstance(self.answer.data, Mapping) else {}


def diagnose(
    settings: Settings, clock: Callable[[], datetime], environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what a check-up of the Discord settings finds; the environment is os.environ by default.

    It asks Discord who the bot is, and changes nothing there. No loop may be running.
    """
    return asyncio.run(examine(settings, clock, os.environ if environment is None else environment))


async def examine(settings: Settings, clock: Callable[[], datetime], environment: Mapping[str, str]) -> list[Finding]:
    """Return the same, on a loop that runs already."""
    discord = settings.discord
    if discord is None:
        verdict = Verdict.FAILED if environment.get("DISCORD_API_URL", "").strip() else Verdict.WARNING
        return [Finding(verdict, "Discord", "It is not set up: DISCORD_TOKEN is not set.", f"{_PAGE}.")]
    findings = list(_elsewhere(discord))
    wrong = wrong_token(discord.token)
    if wrong:
        return [*findings, Finding(Verdict.FAILED, "Discord token", wrong, f"{_COPY}.")]
    async with Rest(discord) as rest:
        return findings + await _checked(rest, discord, settings.admins, clock)


async def _checked(
    rest: Rest, discord: DiscordSettings, admins: frozenset[str], clock: Callable[[], datetime]
) -> list[Finding]:
    about = await _ask(rest, discord, clock, path_of("applications", "@me"))
    if not about.problem and not about.answer.id:
        about = replace(about, problem=f"{_host(discord.api_url)} does not answer as Discord does")
    if about.problem:
        return [_refused("Discord token", about), *_clock(about)]
    gateway = await _ask(rest, discord, clock, path_of("gateway", "bot"))
    guilds = await _ask(rest, discord, clock, path_of("users", "@me", "guilds"))
    return [
        *_application(about.data),
        *_intents(about.data),
        *_gateway(gateway),
        *_guilds(guilds, admins),
        *_clock(about),
    ]


def _elsewhere(discord: DiscordSettings) -> Iterator[Finding]:
    if discord.api_url != DEFAULT_DISCORD_API_URL:
        text = f"DISCORD_API_URL sends every call to {_host(discord.api_url)} instead of Discord."
        advice = "Take it out of the environment, unless this is a test."
        yield Finding(Verdict.WARNING, "Discord’s address", text, advice)


def _application(data: Mapping[str, Any]) -> Iterator[Finding]:
    yield Finding(Verdict.OK, "Discord token", f"It is that of the application {data.get('name')} ({data.get('id')}).")
    if data.get("interactions_endpoint_url"):
        text = "An Interactions Endpoint URL is set: Discord sends commands and presses there, and none to tipfacts."
        advice = f"Open {APPLICATIONS}, your application, General Information, and empty that field."
        yield Finding(Verdict.FAILED, "Discord application", text, advice)
    if data.get("bot_require_code_grant"):
        text = "Requires OAuth2 Code Grant is on, so that it cannot be added to a server by a link."
        advice = f"Open {APPLICATIONS}, your application, Bot, and turn it off."
        yield Finding(Verdict.FAILED, "Discord application", text, advice)


def _intents(data: Mapping[str, Any]) -> Iterator[Finding]:
    flags = data.get("flags")
    on = [name for name, bits in _PRIVILEGED.items() if isinstance(flags, int) and flags & bits]
    if on:
        text = f"Turned on, but of no use to tipfacts: {', '.join(on)}."
        advice = f"Open {APPLICATIONS}, your application, Bot, Privileged Gateway Intents, and turn off what nothing "
        yield Finding(Verdict.WARNING, "Discord intents", text, f"{advice}else needs.")
    else:
        yield Finding(Verdict.OK, "Discord intents", "No privileged one is turned on, and none is needed.")


def _gateway(reply: _Reply) -> Iterator[Finding]:
    """Say how often the gateway may still be connected to; each start of the process takes one for each shard."""
    subject = "Discord gateway"
    if reply.problem:
        yield _refused(subject, reply)
        return
    limit = reply.data.get("session_start_limit")
    starts = limit if isinstance(limit, Mapping) else {}
    left, total, shards = starts.get("remaining"), starts.get("total"), reply.data.get("shards")
    if not isinstance(left, int) or not isinstance(shards, int):
        yield Finding(Verdict.WARNING, subject, "Discord did not say how often it may be connected to.", _AGAIN)
        return
    told = f"{left} of {total} connections are left for {_hours(starts.get('reset_after'))}"
    advice = "Wait until then: something started tipfacts again and again. See its log for why."
    if left < shards:
        yield Finding(Verdict.FAILED, subject, f"{told}; {shards} are needed.", advice)
    elif left < max(FEW_STARTS, 2 * shards):
        advice = "Do not start it more often than needed. If something starts it again and again, its log says why."
        yield Finding(Verdict.WARNING, subject, f"{told}.", advice)
    else:
        text = f"{told}. Discord asks for {shards} {'shard' if shards == 1 else 'shards'}."
        yield Finding(Verdict.OK, subject, text)


def _guilds(reply: _Reply, admins: frozenset[str]) -> Iterator[Finding]:
    subject = "Discord servers"
    found = reply.answer.data
    if reply.problem or not isinstance(found, list):
        yield _refused(subject, reply)
        return
    guilds = [guild for guild in found if isinstance(guild, Mapping)]
    if not guilds:
        advice = "Run python -m bot discord invite, and open the link that it prints."
        yield Finding(Verdict.WARNING, subject, "The bot is in no server.", advice)
        return
    more = " or more" if len(guilds) >= MOST_GUILDS else ""
    yield Finding(Verdict.OK, subject, f"The bot is in {len(guilds)}{more}: {_named(guilds)}.")
    for permission in PERMISSIONS:
        lacking = [guild for guild in guilds if not _rights(guild) & (permission.bit | ADMINISTRATOR)]
        if lacking:
            text = f"It is not given in {_named(lacking)}: {permission.without}."
            advice = "Run python -m bot discord invite, and open the link anew; or give it to the bot’s role."
            yield Finding(Verdict.WARNING, f"Permission {permission.name}", text, advice)
    if len(guilds) < MOST_GUILDS:
        yield from _admins(admins, {str(guild.get("id")) for guild in guilds})


def _admins(admins: frozenset[str], guilds: set[str]) -> Iterator[Finding]:
    prefix = f"{Platform.DISCORD}:"
    named = [name for name in sorted(admins) if name.startswith(prefix)]
    strangers = [name for name in named if name.removeprefix(prefix).partition("/")[0] not in guilds]
    if strangers:
        text = f"TIPFACTS_ADMINS names {', '.join(strangers)}, in a server where the bot is not."
        advice = f"Write {prefix}SERVER/USER with the server’s id, and the person’s."
        yield Finding(Verdict.WARNING, "Admins in Discord", text, advice)


def _clock(reply: _Reply) -> Iterator[Finding]:
    """Compare this machine's clock with the date that Discord's reply carries, in whole seconds."""
    try:
        told = parsedate_to_datetime(reply.answer.headers["Date"])
    except (KeyError, ValueError):
        return
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    off = max(told - reply.answered_at, reply.asked_at - told, timedelta())
    if off <= CLOCK_TOLERANCE:
        text = f"It agrees with Discord’s to within {CLOCK_TOLERANCE.seconds} seconds."
        yield Finding(Verdict.OK, "Clock", text)
        return
    way = "behind" if told > reply.answered_at else "ahead of"
    text = f"It is {off.total_seconds():.0f} seconds {way} Discord’s. Digests come at the wrong time."
    yield Finding(Verdict.FAILED, "Clock", text, "Turn on time synchronisation on this machine (NTP).")


async def _ask(rest: Rest, discord: DiscordSettings, clock: Callable[[], datetime], path: str) -> _Reply:
    asked_at = clock()
    try:
        answer = await rest.call("GET", path)
    except CALL_ERRORS as error:
        return _Reply(asked_at, clock(), Answer(0), _why(error, discord.api_url))
    return _Reply(asked_at, clock(), answer, _problem(answer, _host(discord.api_url)))


def _problem(answer: Answer, host: str) -> str:
    """Return why an answer says nothing, empty where it does."""
    match answer.status:
        case HTTPStatus.OK if isinstance(answer.data, Mapping | list):
            return ""
        case HTTPStatus.UNAUTHORIZED:
            return "Discord refuses it"
        case HTTPStatus.TOO_MANY_REQUESTS:
            return f"{host} asks to wait {answer.wait.total_seconds():.0f} seconds"
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"{host} has trouble (HTTP {status})"
        case status:
            return f"{host} does not answer as Discord does (HTTP {status})"


def _refused(subject: str, reply: _Reply) -> Finding:
    if reply.answer.status == HTTPStatus.UNAUTHORIZED:
        text = "Discord refuses DISCORD_TOKEN: it was reset, or copied wrongly."
        return Finding(Verdict.FAILED, subject, text, f"{_COPY}.")
    return Finding(Verdict.FAILED, subject, f"It cannot be checked: {reply.problem}.", _AGAIN)


def _why(error: Exception, url: str) -> str:
    match error:
        case aiohttp.ClientSSLError():
            return f"the certificate of {_host(url)} is not trusted here"
        case aiohttp.InvalidURL():
            return NO_ADDRESS
        case TimeoutError():
            return f"{_host(url)} did not answer within {calling.TIMEOUT:g} seconds"
        case OSError():  # among them all that keep aiohttp from connecting
            return f"{_host(url)} cannot be reached"
        case _:
            return f"{_host(url)} does not answer as Discord does"


def _named(guilds: list[Mapping[str, Any]]) -> str:
    names = ", ".join(str(guild.get("name")) for guild in guilds[:_MOST_NAMED])
    return f"{names} and {len(guilds) - _MOST_NAMED} more" if len(guilds) > _MOST_NAMED else names


def _rights(guild: Mapping[str, Any]) -> int:
    told = str(guild.get("permissions") or "")
    return int(told) if told.isascii() and told.isdecimal() else 0


def _hours(milliseconds: object) -> str:
    hours = milliseconds / 3_600_000 if isinstance(milliseconds, int) else 24
    return f"the next {max(1, round(hours))} h"


def _host(url: str) -> str:
    """Return the host and port of an address; it may have a password in it that nobody is to see."""
    return urlsplit(url).netloc.rpartition("@")[2]
