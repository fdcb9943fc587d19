"""The check-up of what Slack needs: tokens, scopes, Socket Mode, signing secret, port and clock, with what to do."""

import asyncio
import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.calls import WebClient
from adapters.slack.errors import CALL_ERRORS
from adapters.slack.logs import quiet_logger
from adapters.slack.manifest import SCOPES
from adapters.slack.tokens import TIMEOUT, WEB_LOGGER, proxy_for
from bot.diagnosis import Finding, Verdict
from bot.domain.people import Platform
from bot.settings import DEFAULT_SLACK_API_URL, Settings, SlackSettings

CLOCK_TOLERANCE = timedelta(seconds=60)  # what a signature may be ahead of us (see signature.py)
APPS = "https://api.slack.com/apps"
_PAGE = "docs/slack.md says how"
_TOKENS = {"xoxb-": "SLACK_BOT_TOKEN", "xapp-": "SLACK_APP_TOKEN"}
_WHERE = {
    "SLACK_BOT_TOKEN": f"Copy the Bot User OAuth Token from {APPS}, your app, OAuth & Permissions",
    "SLACK_APP_TOKEN": f"Generate an App-Level Token with the scope connections:write at {APPS}, your app, "
    "Basic Information, and see that Socket Mode is on",
    "SLACK_SIGNING_SECRET": f"Copy the Signing Secret from {APPS}, your app, Basic Information, App Credentials",
}
_ADVICE = {
    "account_inactive": f"The app was removed from the workspace, or its bot user was. Install it again at {APPS}",
    "token_revoked": f"The app was removed from the workspace. Install it again at {APPS} and copy the new token",
    "token_expired": f"Turn token rotation off at {APPS}, your app, OAuth & Permissions, and install the app again",
    "missing_scope": "Generate a new App-Level Token, with the scope connections:write",
    "ratelimited": "Wait a minute and try again",
    "team_access_not_granted": "Have an admin of the organisation add the app to this workspace",
}
_SECRET = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of one call: what Slack said, or in `problem` why it said nothing; both instants are ours."""

    asked_at: datetime
    answered_at: datetime
    data: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    problem: str = ""


def diagnose(
    settings: Settings, clock: Callable[[], datetime], environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what a check-up of the Slack settings finds; the environment is os.environ by default.

    It asks Slack who the tokens are, and changes nothing there. No loop may be running.
    """
    return asyncio.run(examine(settings, clock, os.environ if environment is None else environment))


async def examine(settings: Settings, clock: Callable[[], datetime], environment: Mapping[str, str]) -> list[Finding]:
    """Return the same, on a loop that runs already."""
    slack = settings.slack
    if slack is None:
        return [_not_set_up(environment)]
    findings = list(_elsewhere(slack))
    findings += await _bot_token(slack, settings.admins, clock)
    if slack.app_token:
        findings.append(await _socket_mode(slack, slack.app_token, clock))
    if slack.signing_secret:
        findings += [_signing_secret(slack.signing_secret), await _port(slack.port)]
    if not slack.app_token and not slack.signing_secret:
        findings.append(_deaf(environment))
    return findings


def _not_set_up(environment: Mapping[str, str]) -> Finding:
    names = [name for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET") if environment.get(name, "").strip()]
    if names:
        advice = f"{_WHERE['SLACK_BOT_TOKEN']}; {_PAGE}."
        return Finding(Verdict.FAILED, "Slack", f"{_are_set(names)}, but not SLACK_BOT_TOKEN.", advice)
    return Finding(Verdict.WARNING, "Slack", "It is not set up: SLACK_BOT_TOKEN is not set.", f"{_PAGE}.")


def _elsewhere(slack: SlackSettings) -> Iterator[Finding]:
    if slack.api_url != DEFAULT_SLACK_API_URL:
        text = f"SLACK_API_URL sends every call to {_host(slack.api_url)} instead of Slack."
        advice = "Take it out of the environment, unless this is a test."
        yield Finding(Verdict.WARNING, "Slack’s address", text, advice)


def _deaf(environment: Mapping[str, str]) -> Finding:
    """Say that nothing comes in: posting alone is allowed, but a setting that is there and empty is a mistake."""
    empty = [name for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET") if name in environment]
    advice = f"Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP; {_PAGE}."
    if empty:
        text = f"{_are_set(empty)}, but empty: nobody can ask anything."
        return Finding(Verdict.FAILED, "Slack, incoming", text, advice)
    text = "Digests can be posted, but nobody can ask: neither Socket Mode nor HTTP is set up."
    return Finding(Verdict.WARNING, "Slack, incoming", text, advice)


def _are_set(names: list[str]) -> str:
    return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} set"


async def _bot_token(slack: SlackSettings, admins: frozenset[str], clock: Callable[[], datetime]) -> list[Finding]:
    wrong = _wrong_kind("Bot token", "SLACK_BOT_TOKEN", slack.bot_token, "xoxb-")
    if wrong:
        return [wrong]
    answer = await _ask(slack, slack.bot_token, "auth.test", clock)
    if answer.error or answer.problem:
        return [_refused("Bot token", "SLACK_BOT_TOKEN", answer), *_clock(answer)]
    team, bot = f"{answer.data.get('team')} ({answer.data.get('team_id')})", answer.data.get("user")
    return [
        Finding(Verdict.OK, "Bot token", f"It is that of @{bot} in the workspace {team}."),
        *_scopes(answer),
        *_admins(admins, str(answer.data.get("team_id"))),
        *_clock(answer),
    ]


def _scopes(answer: _Answer) -> Iterator[Finding]:
    header = answer.headers.get("x-oauth-scopes")
    if header is None:
        yield Finding(Verdict.WARNING, "Scopes", "Slack did not say which scopes the token has.")
        return
    granted = {name.strip() for name in header.split(",") if name.strip()}
    held = [scope.name for scope in SCOPES if scope.name in granted]
    if held:
        yield Finding(Verdict.OK, "Scopes", f"{', '.join(held)}.")
    for scope in SCOPES:
        if scope.name not in granted:
            verdict = Verdict.WARNING if scope.optional else Verdict.FAILED
            end = " It is optional: leave it out if you can do without." if scope.optional else ""
            advice = f"Add it at {APPS}, your app, OAuth & Permissions, and install the app again.{end}"
            yield Finding(verdict, f"Scope {scope.name}", f"It is not granted: {scope.without}.", advice)
    surplus = sorted(granted - {scope.name for scope in SCOPES})
    if surplus:
        advice = f"Take away what nothing else needs at {APPS}, your app, OAuth & Permissions."
        yield Finding(Verdict.WARNING, "Scopes", f"Granted, but of no use to tipfacts: {', '.join(surplus)}.", advice)


def _admins(admins: frozenset[str], team: str) -> Iterator[Finding]:
    prefix = f"{Platform.SLACK}:"
    strangers = sorted(name for name in admins if name.startswith(prefix) and not name.startswith(f"{prefix}{team}/"))
    if strangers:
        text = f"TIPFACTS_ADMINS names {', '.join(strangers)}, who is not of this workspace."
        yield Finding(Verdict.WARNING, "Admins in Slack", text, f"Write {prefix}{team}/USER.")


def _clock(answer: _Answer) -> Iterator[Finding]:
    """Compare this machine's clock with the date that Slack's reply carries, in whole seconds."""
    try:
        told = parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    off = max(told - answer.answered_at, answer.asked_at - told, timedelta())
    if off <= CLOCK_TOLERANCE:
        yield Finding(Verdict.OK, "Clock", f"It agrees with Slack’s to within {CLOCK_TOLERANCE.seconds} seconds.")
        return
    way = "behind" if told > answer.answered_at else "ahead of"
    text = (
        f"It is {off.total_seconds():.0f} seconds {way} Slack’s. Signed requests are refused once it is a minute "
        "behind or five minutes ahead, and digests come at the wrong time."
    )
    advice = "Turn on time synchronisation on this machine (NTP)."
    yield Finding(Verdict.FAILED, "Clock", text, advice)


async def _socket_mode(slack: SlackSettings, token: str, clock: Callable[[], datetime]) -> Finding:
    """Ask for a socket's address and leave it: it is good for one use and ends by itself."""
    wrong = _wrong_kind("Socket Mode", "SLACK_APP_TOKEN", token, "xapp-")
    if wrong:
        return wrong
    answer = await _ask(slack, token, "apps.connections.open", clock)
    if answer.error or answer.problem:
        return _refused("Socket Mode", "SLACK_APP_TOKEN", answer)
    return Finding(Verdict.OK, "Socket Mode", "Slack offers a connection.")


def _signing_secret(secret: str) -> Finding:
    if _SECRET.fullmatch(secret):
        text = "It is set, and looks like one. Only a request from Slack can prove it."
        return Finding(Verdict.OK, "Signing secret", text)
    text = "SLACK_SIGNING_SECRET does not look like one: it should be 32 digits and letters from a to f."
    return Finding(Verdict.WARNING, "Signing secret", text, f"{_WHERE['SLACK_SIGNING_SECRET']}.")


async def _port(port: int) -> Finding:
    subject = f"Port {port}"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("0.0.0.0", port))  # noqa: S104 (where `run` will listen; nothing is served here)
    except PermissionError:
        return Finding(Verdict.FAILED, subject, "This user may not listen on it.", "Set PORT to one above 1023.")
    except OSError:
        if await _is_ours(port):
            return Finding(Verdict.OK, subject, "It answers /health: tipfacts is running.")
        return Finding(Verdict.FAILED, subject, "Another program listens on it.", "Stop that, or set PORT to another.")
    return Finding(Verdict.OK, subject, "It is free to listen on.")


async def _is_ours(port: int) -> bool:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{port}/health") as reply,
        ):
            return reply.status == HTTPStatus.OK and (await reply.text()).strip() == "ok"
    except (aiohttp.ClientError, OSError, ValueError):
        return False


def _wrong_kind(subject: str, name: str, token: str, prefix: str) -> Finding | None:
    """Return what is wrong with a token by its looks, None where nothing is; such a token is sent to nobody."""
    advice = f"{_WHERE[name]}; it begins with {prefix}."
    other = next((other for start, other in _TOKENS.items() if token.startswith(start) and other != name), None)
    if other:
        return Finding(Verdict.FAILED, subject, f"{name} holds a token that belongs in {other}.", advice)
    if token.startswith("xoxe."):
        text = f"{name} holds a token of token rotation, which ends after 12 hours."
        return Finding(Verdict.FAILED, subject, text, f"{_ADVICE['token_expired']}.")
    if not re.fullmatch(rf"{prefix}[A-Za-z0-9-]+", token):
        text = f"{name} holds no such token: those begin with {prefix} and have neither spaces nor quotation marks."
        return Finding(Verdict.FAILED, subject, text, advice)
    return None


async def _ask(slack: SlackSettings, token: str, method: str, clock: Callable[[], datetime]) -> _Answer:
    logger = quiet_logger(WEB_LOGGER)
    client = WebClient(token=token, base_url=slack.api_url, timeout=TIMEOUT, logger=logger, retry_handlers=[])
    client.proxy = proxy_for(slack.api_url)
    asked_at = clock()
    try:
        reply = await client.api_call(method)
    except SlackApiError as refusal:
        reply = refusal.response
    except CALL_ERRORS as error:
        return _Answer(asked_at, clock(), problem=_why(error, slack.api_url))
    data = getattr(reply, "data", None)
    if not isinstance(data, dict) or "ok" not in data:
        status = int(getattr(reply, "status_code", 0) or getattr(reply, "status", 0))
        what = "has trouble" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "does not answer as Slack does"
        return _Answer(asked_at, clock(), problem=f"{_host(slack.api_url)} {what} (HTTP {status})")
    error_name = "" if data["ok"] else str(data.get("error") or "unknown error")
    return _Answer(asked_at, clock(), data, reply.headers, error=error_name)


def _refused(subject: str, name: str, answer: _Answer) -> Finding:
    if answer.problem:
        advice = "Try again in a minute. Behind a proxy, set HTTPS_PROXY to its address."
        return Finding(Verdict.FAILED, subject, f"It cannot be checked: {answer.problem}.", advice)
    advice = _ADVICE.get(answer.error, _WHERE[name])
    return Finding(Verdict.FAILED, subject, f"Slack refuses {name}: {answer.error}.", f"{advice}.")


def _why(error: Exception, url: str) -> str:
    match error:
        case aiohttp.ClientSSLError():
            return f"the certificate of {_host(url)} is not trusted here"
        case TimeoutError():
            return f"{_host(url)} did not answer within {TIMEOUT} seconds"
        case OSError():  # among them all that keep aiohttp from connecting
            return f"{_host(url)} cannot be reached"
        case _:
            return f"{_host(url)} does not answer as Slack does"


def _host(url: str) -> str:
    """Return the host and port of an address; it may have a password in it that nobody is to see."""
    return urlsplit(url).netloc.rpartition("@")[2]
