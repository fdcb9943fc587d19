import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from adapters.slack import doctor
from adapters.slack.doctor import diagnose, examine
from adapters.slack.manifest import SCOPES, Scope
from bot.diagnosis import Finding, Verdict
from bot.settings import Settings, read_settings

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
BOT, APP, SECRET = "xoxb-1-2-bottoken", "xapp-1-A1-2-apptoken", "0123456789abcdef" * 2
ROTATED, SHORT_SECRET, BLANK = "xoxe.xoxb-1-bottoken", "hunter2", "  "
GRANTED = ",".join(scope.name for scope in SCOPES)
WHO = {"ok": True, "team": "Acme News", "team_id": "T1", "user": "tipfacts", "user_id": "U9", "bot_id": "B9"}
SOCKET = {"ok": True, "url": "wss://wss.slack.example/link/?ticket=onceonly"}
Examine = Callable[..., Awaitable[dict[str, Finding]]]


@dataclass
class Slack:
    """A Slack that answers the two methods of a check-up, as a test tells it to."""

    url: str = ""
    replies: dict[str, object] = field(default_factory=lambda: {"auth.test": WHO, "apps.connections.open": SOCKET})
    scopes: str | None = GRANTED
    date: datetime = NOW
    status: int = 200
    kind: str = "application/json"
    delay: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.asked.append((method, request.headers.get("Authorization", "")))
        await asyncio.sleep(self.delay)
        headers = {"Date": format_datetime(self.date, usegmt=True)}
        if self.scopes is not None:
            headers["X-OAuth-Scopes"] = self.scopes
        if self.kind != "application/json":
            return web.Response(text=str(self.replies[method]), content_type=self.kind, headers=headers)
        return web.json_response(self.replies[method], status=self.status, headers=headers)


@asynccontextmanager
async def served(route: str, handler: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[int]:
    """Serve one route on this machine; gives the port."""
    app = web.Application()
    app.router.add_route("*", route, handler)
    runner = web.AppRunner(app)
    await runner.setup()
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        await web.SockSite(runner, listener).start()
        yield listener.getsockname()[1]
        await runner.cleanup()


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    played = Slack()
    async with served("/api/{method}", played.answer) as port:
        played.url = f"http://127.0.0.1:{port}/api/"
        yield played


@pytest.fixture
def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def check(slack: Slack) -> Examine:
    """Check settings that are right but for the ones given; "" takes one out. No finding may hold a secret."""

    async def run(**changed: str) -> dict[str, Finding]:
        environment = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": slack.url} | changed
        found = await examine(read_settings(environment), lambda: NOW, environment)
        said = "".join(f"{finding.text}{finding.advice}" for finding in found)
        assert not any(secret in said for secret in ("bottoken", "apptoken", "onceonly", "hunter2", SECRET))
        return {finding.subject: finding for finding in found}

    return run


def failed(findings: dict[str, Finding]) -> list[str]:
    return [subject for subject, finding in findings.items() if finding.verdict is Verdict.FAILED]


def warned(findings: dict[str, Finding]) -> list[str]:
    return [subject for subject, finding in findings.items() if finding.verdict is Verdict.WARNING]


async def test_where_all_is_right_it_says_who_the_bot_is(check: Examine, slack: Slack) -> None:
    found = await check()
    assert (failed(found), warned(found)) == ([], ["Slack’s address"])
    assert found["Bot token"].text == "It is that of @tipfacts in the workspace Acme News (T1)."
    assert found["Scopes"].text == f"{', '.join(scope.name for scope in SCOPES)}."
    assert found["Socket Mode"].text == "Slack offers a connection."
    assert slack.asked == [("auth.test", f"Bearer {BOT}"), ("apps.connections.open", f"Bearer {APP}")]


async def test_slack_itself_is_not_said_to_be_elsewhere() -> None:
    settings = read_settings({"SLACK_BOT_TOKEN": "none"})
    found = await examine(settings, lambda: NOW, {})
    assert [finding.subject for finding in found] == ["Bot token", "Slack, incoming"]


async def test_an_address_elsewhere_is_named_without_its_password(check: Examine, slack: Slack) -> None:
    found = await check(SLACK_API_URL=slack.url.replace("127.0.0.1", "user:hunter2@127.0.0.1"))
    assert "127.0.0.1:" in found["Slack’s address"].text


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.name)
async def test_a_missing_scope_is_named_with_what_it_costs_and_where_to_add_it(
    check: Examine, slack: Slack, scope: Scope
) -> None:
    slack.scopes = ", ".join(other.name for other in SCOPES if other is not scope)
    finding = (await check())[f"Scope {scope.name}"]
    assert finding.verdict is (Verdict.WARNING if scope.optional else Verdict.FAILED)
    assert scope.without in finding.text
    assert "OAuth & Permissions" in finding.advice


async def test_an_app_that_was_granted_next_to_nothing_is_found_out(check: Examine, slack: Slack) -> None:
    slack.scopes = ""
    found = await check()
    assert failed(found) == [f"Scope {scope.name}" for scope in SCOPES if not scope.optional]
    assert "Scopes" not in found


async def test_scopes_that_nothing_uses_are_pointed_out(check: Examine, slack: Slack) -> None:
    slack.scopes = f"{GRANTED},files:write,admin"
    found = await check()
    assert (failed(found), found["Scopes"].verdict) == ([], Verdict.WARNING)
    assert found["Scopes"].text.endswith(": admin, files:write.")


async def test_it_says_where_slack_does_not_tell_the_scopes(check: Examine, slack: Slack) -> None:
    slack.scopes = None
    assert (await check())["Scopes"].verdict is Verdict.WARNING


async def test_tokens_in_each_other_s_place_are_told_apart_and_sent_to_nobody(check: Examine, slack: Slack) -> None:
    found = await check(SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert failed(found) == ["Bot token", "Socket Mode"]
    assert "belongs in SLACK_APP_TOKEN" in found["Bot token"].text
    assert "belongs in SLACK_BOT_TOKEN" in found["Socket Mode"].text
    assert slack.asked == []


@pytest.mark.parametrize("token", ["xoxp-1-bottoken", '"xoxb-1-bottoken"', "xoxb-1-bot token", "bottoken", "xoxb-"])
async def test_what_is_no_bot_token_is_sent_to_nobody(check: Examine, slack: Slack, token: str) -> None:
    found = await check(SLACK_BOT_TOKEN=token, SLACK_APP_TOKEN="")
    assert "begin with xoxb-" in found["Bot token"].text
    assert slack.asked == []


async def test_a_token_that_ends_by_itself_is_explained(check: Examine) -> None:
    finding = (await check(SLACK_BOT_TOKEN=ROTATED))["Bot token"]
    assert "token rotation" in finding.text
    assert "Turn token rotation off" in finding.advice


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("invalid_auth", "Copy the Bot User OAuth Token"),
        ("account_inactive", "Install it again"),
        ("token_revoked", "Install it again"),
        ("token_expired", "token rotation"),
        ("ratelimited", "Wait a minute"),
        ("something_new", "Copy the Bot User OAuth Token"),
    ],
)
async def test_a_bot_token_that_slack_refuses_is_explained(
    check: Examine, slack: Slack, error: str, advice: str
) -> None:
    slack.replies["auth.test"] = {"ok": False, "error": error}
    finding = (await check())["Bot token"]
    assert finding.verdict is Verdict.FAILED
    assert error in finding.text
    assert advice in finding.advice


@pytest.mark.parametrize(
    ("error", "advice"),
    [("invalid_auth", "Socket Mode is on"), ("missing_scope", "connections:write"), ("not_allowed", "Socket Mode")],
)
async def test_a_refused_socket_is_explained(check: Examine, slack: Slack, error: str, advice: str) -> None:
    slack.replies["apps.connections.open"] = {"ok": False, "error": error}
    found = await check()
    assert failed(found) == ["Socket Mode"]
    assert error in found["Socket Mode"].text
    assert advice in found["Socket Mode"].advice


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/gzip"])
async def test_something_that_is_not_slack_is_not_taken_for_it(check: Examine, slack: Slack, kind: str) -> None:
    slack.kind, slack.replies["auth.test"] = kind, "<h1>Welcome to our proxy</h1>"
    assert "does not answer as Slack does" in (await check())["Bot token"].text


@pytest.mark.parametrize("reply", ["hello", [], {}, None])
async def test_json_that_is_not_slack_s_is_not_taken_for_it(check: Examine, slack: Slack, reply: object) -> None:
    slack.replies["auth.test"] = reply
    assert "does not answer as Slack does" in (await check())["Bot token"].text


async def test_trouble_at_slack_is_called_so(check: Examine, slack: Slack) -> None:
    slack.status, slack.replies["auth.test"] = 503, {}
    assert "has trouble (HTTP 503)" in (await check())["Bot token"].text


async def test_a_slack_that_cannot_be_reached_is_called_so(check: Examine, free_port: int) -> None:
    found = await check(SLACK_API_URL=f"http://127.0.0.1:{free_port}/")
    assert failed(found) == ["Bot token", "Socket Mode"]
    assert f"127.0.0.1:{free_port} cannot be reached" in found["Bot token"].text


async def test_a_slack_that_does_not_answer_is_given_up(
    check: Examine, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "TIMEOUT", 0.1)
    slack.delay = 0.5
    assert "did not answer within" in (await check())["Bot token"].text


@pytest.mark.parametrize(
    ("seconds", "way"), [(61, "61 seconds behind"), (-61, "61 seconds ahead of"), (7_200, "7200 seconds behind")]
)
async def test_a_clock_that_is_off_by_more_than_a_minute_fails(
    check: Examine, slack: Slack, seconds: int, way: str
) -> None:
    slack.date = NOW + timedelta(seconds=seconds)
    found = await check()
    assert failed(found) == ["Clock"]
    assert way in found["Clock"].text


@pytest.mark.parametrize("seconds", [-60, 0, 60])
async def test_a_clock_that_is_off_by_less_is_right(check: Examine, slack: Slack, seconds: int) -> None:
    slack.date = NOW + timedelta(seconds=seconds)
    assert (await check())["Clock"].verdict is Verdict.OK


async def test_the_clock_is_checked_even_where_the_token_is_refused(check: Examine, slack: Slack) -> None:
    slack.date, slack.replies["auth.test"] = NOW + timedelta(hours=1), {"ok": False, "error": "invalid_auth"}
    assert failed(await check()) == ["Bot token", "Clock"]


async def test_over_http_the_secret_and_the_port_are_checked(check: Examine, free_port: int) -> None:
    found = await check(SLACK_SIGNING_SECRET=SECRET, PORT=str(free_port), SLACK_APP_TOKEN="")
    assert failed(found) == []
    assert "looks like one" in found["Signing secret"].text
    assert found[f"Port {free_port}"].text == "It is free to listen on."
    assert "Socket Mode" not in found


async def test_a_secret_of_another_shape_is_doubted(check: Examine) -> None:
    found = await check(SLACK_SIGNING_SECRET=SHORT_SECRET, PORT="0")
    assert found["Signing secret"].verdict is Verdict.WARNING
    assert "Signing Secret" in found["Signing secret"].advice


async def test_a_port_that_another_program_has_is_refused(check: Examine) -> None:
    async def other(_request: web.Request) -> web.Response:
        return web.Response(text="welcome")

    async with served("/{path:.*}", other) as port:
        found = await check(SLACK_SIGNING_SECRET=SECRET, PORT=str(port))
    assert failed(found) == [f"Port {port}"]


async def test_a_port_that_tipfacts_itself_has_is_right(check: Examine) -> None:
    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async with served("/health", health) as port:
        found = await check(SLACK_SIGNING_SECRET=SECRET, PORT=str(port))
    assert found[f"Port {port}"].text == "It answers /health: tipfacts is running."


async def test_a_port_that_this_user_may_not_have_is_refused(check: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Guarded(socket.socket):
        def bind(self, _address: object, /) -> None:
            raise PermissionError

    monkeypatch.setattr(socket, "socket", Guarded)  # tests may run as root, who may have every port
    found = await check(SLACK_SIGNING_SECRET=SECRET, PORT="80")
    assert failed(found) == ["Port 80"]
    assert found["Port 80"].advice == "Set PORT to one above 1023."


async def test_without_socket_mode_and_http_it_says_that_nobody_can_ask(check: Examine, slack: Slack) -> None:
    environment = {"SLACK_BOT_TOKEN": BOT, "SLACK_API_URL": slack.url}
    found = await examine(read_settings(environment), lambda: NOW, environment)
    assert (found[-1].subject, found[-1].verdict) == ("Slack, incoming", Verdict.WARNING)
    blank = await check(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=BLANK)
    assert failed(blank) == ["Slack, incoming"]
    assert "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are set, but empty" in blank["Slack, incoming"].text


async def test_without_a_bot_token_slack_is_not_set_up(slack: Slack) -> None:
    (plain,) = await examine(Settings(), lambda: NOW, {})
    assert (plain.verdict, plain.text) == (Verdict.WARNING, "It is not set up: SLACK_BOT_TOKEN is not set.")
    (half,) = await examine(Settings(), lambda: NOW, {"SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SECRET})
    assert half.verdict is Verdict.FAILED
    assert half.text == "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are set, but not SLACK_BOT_TOKEN."
    assert slack.asked == []


async def test_admins_of_another_workspace_are_pointed_out(check: Examine) -> None:
    found = await check(TIPFACTS_ADMINS="console slack:T1/U1 slack:T2/U1 discord:T3/U1")
    assert "names slack:T2/U1, who" in found["Admins in Slack"].text
    assert found["Admins in Slack"].advice == "Write slack:T1/USER."
    assert "Admins in Slack" not in await check(TIPFACTS_ADMINS="slack:T1/U1")


def test_it_brings_its_own_loop() -> None:
    (finding,) = diagnose(Settings(), lambda: NOW, {})
    assert finding.subject == "Slack"
