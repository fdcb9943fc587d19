"""A Slack for tests, on 127.0.0.1 and in the loop of the test. It refuses what Slack refuses and records the rest.

    async with FakeSlack() as slack:                # clock=... hands it the clock of the test (aware datetimes)
        mei = slack.add_user("mei", locale="zh-TW")
        news = slack.add_channel("news", mei)       # the bot is a member; bot=False, private=True, team=...
        ...start the app with slack.environment(), or slack.bot_token, .app_token, .signing_secret and .url...
        await slack.connected()                     # Socket Mode; for HTTP: slack.over_http(".../slack/events")
        seen = await slack.slash(mei, news, "screenings")
        assert "4 252" in seen.text and slack.violations == []

**Setting up.** `team` is the workspace that is there from the start; `add_team(name)` makes another (with its own
`bot_token`, `bot`, `scopes`), and `add_user`/`add_channel` take `team=`. `archive(channel)`, `invite(channel, user)`,
`kick(channel, user)` (the bot where no user is given), `revoke(state=REVOKED or INACTIVE, team=...)`,
`team.scopes.discard("users:read")`, `app_scopes` (of the xapp token). `pass_time(seconds)` moves Slack's clock:
trigger ids last 3 s, response URLs 30 min. `patience` is how long Slack waits for an acknowledgement (3.0; shorten it
to test lateness quickly), `retry_delays` when an event that got none comes again, `echoes` whether the app hears of its
own DMs (it does, in Slack), `seconds_between_posts` makes faster posts to one channel a violation.

**What can be asked for.** auth.test, apps.connections.open, chat.postMessage, chat.postEphemeral, chat.update,
conversations.history, conversations.info, conversations.open, users.info, views.open, views.push, views.update,
views.publish, and response URLs; anything else is unknown_method. `fail(method, **how)` lets the next call go wrong:
`status=503`, `error="ratelimited", retry_after=7`, `lose_reply=True` (acts, then closes the connection), `drop=True`
(closes it without acting), `delay=0.5` (acts, then waits), `late=0.5` (waits, then
acts), `acts=True` (acts before that status or error), `times=2`,
`where=lambda args: args["channel"] == ...`. A response URL is called "response_url" there and in `calls`.

**What is recorded.** `calls`: `Call(method, team, args, at, answer, status, failed)`; `called(method)` filters.
`deliveries`: `Delivery(kind, payload, seconds, ack, trouble, answer)`. `violations`: sentences; empty is good.
`messages(channel or user)` is what the app posted there (`Message`: ts, text, blocks, metadata, thread_ts, was, sent),
`shown_to(user)` their ephemeral messages, `view_of(user)` and `home_of(user)` what they have open.

**People.** Each returns a `Seen`: `.text`, `.words` (of the blocks), `.buttons` (labels), `.last`, `.new`, `.messages`,
`.ephemerals`, `.view`, `.home`, `.errors` (by field), `.trouble`, `.delivery`. They look for `wait` seconds at most,
until there is something and nothing more comes; `wait=0.2` where nothing should come.

    slash(user, channel, text, command="/tipfacts")
    press(place, action_id_or_label, user=None, option=None)    place: a Seen, Message, Ephemeral or View
    mention(user, channel, text, thread_ts=None, retry=False)   the bot's name is put before the text
    dm(user, text, thread_ts=None, retry=False)
    open_home(user)
    submit(view_or_seen, {"block_id": "text or option"}, "option of the block called submit", wait=0)
    close_view(user)                                            the modal in front
    look(user, until=lambda seen: "Added" in seen.words, since=0)    waits; `since` is a `mark()` taken before
    tell(user, event, retry=False)                              any other event that they caused

`event(event, team=None, retry=False)` is one that nobody caused; it returns its Delivery.

**By hand.** `trigger(user)` is a fresh trigger id, `response_url(user, channel, origin=None)` a response URL.
`deliver(url, body, kind)` signs and posts `slash_commands`, `interactive` or `events_api` bodies (bytes go as they are)
and returns an `Answer(status, headers, body, seconds, trouble)`; `secret=`, `at=` (Unix seconds) and `headers=` forge.
`signed(raw, content_type)` are the headers alone. `replay(delivery)` sends the same bytes, or the same payload in a new
envelope, once more. `verify_url(url)` and `ssl_check(url)` are Slack's two checks. `payloads` builds any payload.
`connected(count=1)`, `disconnect(reason)` (Slack's notice, then the end) and `cut()` (no notice) are for websockets.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from servers.slack_calls import Call, Switchboard, is_private, real_faults
from servers.slack_courier import COMMAND, EVENT, INTERACTIVE, Answer, Courier, Delivery, HttpCourier, encoded
from servers.slack_failing import Failure, Failures
from servers.slack_payloads import VERIFICATION_TOKEN, Payloads
from servers.slack_people import People
from servers.slack_replies import ReplyAddresses
from servers.slack_seen import Seen, buttons, words
from servers.slack_setup import SetUp
from servers.slack_socket import Sockets
from servers.slack_views import ViewMethods
from servers.slack_web import WebMethods
from servers.slack_world import INACTIVE, REVOKED, Channel, Ephemeral, Json, Message, Team, User, View, World

__all__ = [  # what tests name
    "COMMAND", "EVENT", "INACTIVE", "INTERACTIVE", "REVOKED", "Answer", "Channel", "Delivery", "Ephemeral", "FakeSlack",
    "Message", "Seen", "Team", "User", "View", "buttons", "words",
]  # fmt: skip
APP_ID = "A0FAKE00001"
APP_TOKEN = "xapp-1-A0FAKE00001-1-fake"  # noqa: S105 (opens nothing but this server)
SIGNING_SECRET = "a-signing-secret-of-no-app"  # noqa: S105 (the same)


class FakeSlack:
    """See the top of this module."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None, bot_name: str = "tipfacts") -> None:
        self.app_id, self.app_token, self.signing_secret = APP_ID, APP_TOKEN, SIGNING_SECRET
        self.origin, self.echoes = "", True
        self.world, self._failures = World(clock), Failures()
        self._build_parts()
        self._build_people(bot_name)
        self._runner: web.AppRunner | None = None

    def _build_parts(self) -> None:
        self.sockets = Sockets(self.world, APP_ID)
        self.web = WebMethods(self.world, APP_ID, self.sockets.new_link)
        self.web.posted = self._echo
        self.views = ViewMethods(self.world, APP_ID)
        self.api = Switchboard(self.world, self._failures, APP_TOKEN, {**self.web.methods(), **self.views.methods()})
        self.replies = ReplyAddresses(self.world, self.web, self._failures, self.api.calls)
        self.payloads = Payloads(self.world, self.web, self.views, self.replies, APP_ID)
        self.courier = Courier(self.world, HttpCourier(self.world, SIGNING_SECRET), self.sockets.send)
        self.signed, self.disconnect, self.cut = self.courier.http.signed, self.sockets.disconnect, self.sockets.cut

    def _build_people(self, bot_name: str) -> None:
        self.pass_time, self.mark, self.until = self.world.pass_time, self.world.mark, self.world.until
        setup = SetUp(self.world, bot_name)
        self.team, self.add_team, self.add_user = setup.team, setup.add_team, setup.add_user
        self.add_channel, self.dm_of, self.archive = setup.add_channel, setup.dm_of, setup.archive
        self.invite, self.kick, self.revoke = setup.invite, setup.kick, setup.revoke
        people = People(self.world, self.courier, self.payloads, self.views, self.replies)
        self.slash, self.press, self.submit, self.look = people.slash, people.press, people.submit, people.look
        self.mention, self.dm, self.tell = people.mention, people.dm, people.tell
        self.open_home, self.close_view = people.open_home, people.close_view

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.api.answer)
        app.router.add_get("/link/", self.sockets.answer)
        for kind in ("commands", "actions"):
            app.router.add_post(f"/{kind}/{{rest:.+}}", self.replies.answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.origin = self.replies.origin = self.sockets.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.api.closing.set()
        self.replies.closing.set()
        await self.courier.close()
        await self.sockets.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the Web API, for SLACK_API_URL."""
        return f"{self.origin}/api/"

    @property
    def bot_token(self) -> str:
        return self.team.bot_token

    def environment(self) -> dict[str, str]:
        """Return the environment variables that point an app here."""
        return {
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_API_URL": self.url,
        }

    @property
    def app_scopes(self) -> set[str]:
        return self.api.app_scopes

    @property
    def patience(self) -> float:
        return self.courier.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.courier.patience = seconds

    @property
    def retry_delays(self) -> tuple[float, ...]:
        return self.courier.retry_delays

    @retry_delays.setter
    def retry_delays(self, seconds: tuple[float, ...]) -> None:
        self.courier.retry_delays = seconds

    @property
    def seconds_between_posts(self) -> float:
        return self.web.seconds_between_posts

    @seconds_between_posts.setter
    def seconds_between_posts(self, seconds: float) -> None:
        self.web.seconds_between_posts = seconds

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    @property
    def deliveries(self) -> list[Delivery]:
        return self.courier.deliveries

    @property
    def violations(self) -> list[str]:
        return self.world.violations

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def fail(self, method: str, **how: Any) -> None:  # noqa: ANN401 (the fields of Failure)
        """Let the next call of a method go wrong."""
        self._failures.add(Failure(method, **how))

    def messages(self, place: Channel | User) -> list[Message]:
        """Return what the app posted in a channel or in a person's DM, oldest first."""
        return self.world.posted_in(place if isinstance(place, Channel) else self.dm_of(place))

    def shown_to(self, user: User) -> list[Ephemeral]:
        """Return the ephemeral messages that a person still sees, oldest first."""
        return [said for said in self.world.ephemerals if said.user == user.id and not said.gone]

    def view_of(self, user: User) -> View | None:
        return self.world.top_view(user.id)

    def home_of(self, user: User) -> View | None:
        return self.world.homes.get(user.id)

    def trigger(self, user: User) -> str:
        return self.views.new_trigger(user.id)

    def response_url(self, user: User, channel: Channel, origin: Message | Ephemeral | None = None) -> str:
        return self.replies.new("commands" if origin is None else "actions", user.id, channel.id, origin)

    def over_http(self, url: str) -> None:
        """Deliver to that address from now on."""
        self.courier.request_url = url

    def over_socket(self) -> None:
        """Deliver over the websockets that the app holds open, as at the start."""
        self.courier.request_url = None

    async def connected(self, count: int = 1, seconds: float = 5.0) -> None:
        """Wait until the app holds so many websockets open. Raises AssertionError."""
        assert await self.until(lambda: len(self.sockets.links) >= count, seconds), "the app has not connected"

    async def event(self, event: Json, *, team: Team | None = None, retry: bool = False) -> Delivery:
        """Deliver an event of the test's own making, twice where `retry`."""
        payload = self.payloads.event(team or self.team, event)
        delivery = await self.courier.send(EVENT, payload)
        return await self.courier.send(EVENT, payload, (1, "timeout")) if retry else delivery

    async def replay(self, delivery: Delivery) -> Delivery:
        """Send once more what was sent before: over HTTP the very same bytes and signature."""
        return await self.courier.replay(delivery)

    async def deliver(
        self,
        url: str,
        body: Mapping[str, Any] | bytes,
        kind: str,
        *,
        secret: str | None = None,
        at: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Sign a body and post it. Lateness, and an answer that Slack would refuse, become violations."""
        raw, content_type = encoded(kind, {} if isinstance(body, bytes) else body)
        raw = body if isinstance(body, bytes) else raw
        signed = self.signed(raw, content_type, secret=secret, at=at) | dict(headers or {})
        answer = await self.courier.http.post(url, raw, signed, self.patience)
        if answer.trouble == "timeout":
            self.world.violation(f"{kind}: not acknowledged within {self.patience:g} s")
        if answer.json and answer.ok and "challenge" not in answer.json:
            real_faults(self.world, answer.json, f"{kind} acknowledgement", private=is_private(answer.json))
        return answer

    async def verify_url(self, url: str) -> bool:
        """Ask an address for the challenge of url_verification. Returns whether it gave it back."""
        body = {"token": VERIFICATION_TOKEN, "challenge": "fake-challenge", "type": "url_verification"}
        answer = await self.deliver(url, body, EVENT)
        return answer.ok and "fake-challenge" in answer.text

    async def ssl_check(self, url: str) -> Answer:
        return await self.deliver(url, {"ssl_check": "1", "token": VERIFICATION_TOKEN}, COMMAND)

    def _echo(self, message: Message) -> None:
        """Tell the app of what stands in a DM with it, its own messages among them, as Slack does."""
        channel = self.world.channels[message.channel]
        team = self.world.teams[channel.team]
        reachable = bool(self.courier.request_url or self.sockets.links)
        if self.echoes and channel.kind == "im" and reachable and "im:history" in team.scopes:
            event = self.payloads.changed(message) if message.was else self.payloads.said(message, kind="message")
            self.courier.later(self.courier.send(EVENT, self.payloads.event(team, event)))
