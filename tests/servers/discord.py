"""A Discord for tests, on 127.0.0.1 and in the loop of the test. It refuses what Discord refuses and records the rest.

    async with FakeDiscord() as discord:            # clock=... hands it the clock of the test (aware datetimes)
        mei = discord.add_user("mei", locale="zh-TW", permissions=("manage_channels",))
        news = discord.add_channel("news")          # the bot sees it; private=True, bot=False, guild=...
        ...start the app with discord.environment(), or discord.token and discord.url (REST v10, no slash at the end)...
        await discord.connected()
        seen = await discord.slash(mei, news, "tipfacts", query="screenings")
        assert "4 252" in seen.words and discord.violations == []

**Setting up.** `guild` is there from the start, `bot` the app's user; `bot.id` is the app's id too. `add_guild(name,
locale=, bot=, bot_permissions=, everyone=)`, `add_user(name, *guilds, locale=, permissions=, is_bot=, accepts_dms=)`,
`add_channel(name, *members, guild=, private=, bot=)`, `add_thread(channel, name, archived=, locked=)`, `dm_of(user)`,
`join(user, guild, permissions)`, `leave(user, guild)`, `install(guild)`, `uninstall(guild)`, `allow` and
`deny(channel, who, *permissions)` (`who` a User, `bot`, a Role, or None for everyone), `archive(thread, locked=)`,
`delete_channel(channel)`, `delete_message(message)`, `open_command(name, user)` (as Integrations does),
`revoke_token()`. Permissions are named as in Discord's reference, in lower case. A connected app is told of it all.
`pass_time(seconds)` moves Discord's clock: tokens of interactions last 15 min, nonces 3. `patience` is how long an
acknowledgement may take (3.0; shorten it to test lateness quickly).

**REST.** What is known: gateway, users, applications, commands (of all guilds and of one), interactions' callbacks,
webhooks of interactions, channels, messages, guilds, members, roles; anything else is 404 and a violation. Bodies are
held against discord_limits.py always, and against Discord's own description where there is one (`description`; set it
to None to save the time). `limit(route, calls, seconds)` is a rate limit, `rates.per_second = 50` one over all routes.
`fail(route, **how)` lets the next call go wrong; a route is "POST /channels/{}/messages" ({} one part, * any number, no
method for every one): `status=503`, `status=403, code=50013`, `retry_after=0.2` (429; `global_=True`; `via=False` is
the proxy's ban), `lose_reply=True` (acts, then closes the connection), `drop=True` (closes it without acting),
`delay=0.5` (acts, then waits), `late=0.5` (waits, then acts), `acts=True` (acts before that status), `times=2`,
`where=lambda call: call.body == ...`.

**Gateway.** `connected(count=1)` waits; `gateway.ready` are the connections that identified. `cut_gateway()` (without
a word), `close_gateway(code)`, `ask_to_reconnect()` (op 7), `invalidate_session(resumable=)` (op 9),
`forget_sessions()`, `refuse_gateway(times)`, `malformed_event(event, data, raw=)`, `event(name, data, channel)` by
hand. `gateway.compress` (zlib-stream), `.acks` (of heartbeats) and `.interval` (ms); `sessions.shards`, `.required`,
`.max_concurrency`, `.window` (5.0 in Discord, 0 here), `.starts`; `grant("content")` gives a privileged intent.

**What is recorded.** `calls`: `Call(method, path, route, params, query, body, files, at, answer, status, failed)`;
`called(route)` filters. `violations`: sentences; empty is good. `messages(channel or user)` is what the app posted
there for all to see, `shown_to(user)` their ephemeral messages, `modal_of(user)` what they have open,
`interactions_of(user)` what they did; `created(guild)` how many commands were created in a day, `commands.held[""]`
what is registered, `sessions.all` the sessions, `rates.invalid` the calls that count towards a ban. A `Message` has
content, embeds, components, flags, reply_to, nonce, only_for, pinged, sent, was, gone.

**People.** Each returns a `Seen`: `.text` (content), `.words` (embeds too), `.buttons` (labels), `.last`, `.message`,
`.new`, `.messages`, `.ephemerals`, `.modal`, `.errors`, `.choices`, `.thinking`, `.trouble`, `.interaction` (with its
`.seconds`). They look for `wait` seconds at most, until there is something and nothing more comes; `wait=0.2` where
nothing should come.

    slash(user, channel, "tipfacts-desk correct", fact="F1")     force=True sends what Discord would not offer
    autocomplete(user, channel, "tipfacts", query="scr")         what is suggested: seen.choices
    press(user, message_or_seen, label_or_custom_id, option=None)
    submit(user, modal_or_seen, {"custom_id or label": "text, option or (name, bytes)"})
    dismiss(user)                                                closes the modal
    mention(user, channel, text, reply_to=None, files=())        the bot's name is put before the text
    say(user, channel, text, reply_to=None, ping=True)           without it
    dm(user, text, reply_to=None)
    look(user, until=lambda seen: "Added" in seen.words, since=0)    waits; `since` is a `mark()` taken before

`fields(modal)` is what stands in a modal's fields, `words(place)` and `buttons(place)` read one message or modal.
"""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from servers.discord_about import AboutRoutes
from servers.discord_calls import Call, Switchboard
from servers.discord_commands import CommandRoutes
from servers.discord_description import Description
from servers.discord_failing import Failure, Failures, fits
from servers.discord_followups import Followups
from servers.discord_forms import fields
from servers.discord_gateway import Gateway
from servers.discord_interactions import Interactions
from servers.discord_messages import MessageRoutes
from servers.discord_payloads import Payloads
from servers.discord_people import People
from servers.discord_rates import Rates
from servers.discord_seen import Seen, buttons, words
from servers.discord_sessions import Sessions
from servers.discord_setup import SetUp
from servers.discord_typed import Typing
from servers.discord_world import Channel, Guild, Interaction, Json, Message, Modal, User, World
from servers.discord_writing import Writing

__all__ = [  # what tests name
    "Call", "Channel", "FakeDiscord", "Guild", "Interaction", "Message", "Modal", "Seen", "User", "buttons", "fields",
    "words",
]  # fmt: skip
TOKEN = "MTA-fake.token.of-no-app"  # noqa: S105 (opens nothing but this server)


class FakeDiscord:
    """See the top of this module."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None, bot_name: str = "tipfacts") -> None:
        self.world, self._failures, self.origin = World(clock, bot_name), Failures(), ""
        self.bot, self.app_id, self.token = self.world.bot, self.world.bot.id, TOKEN
        self.payloads, self.rates = Payloads(self.world), Rates(self.world)
        self.api = Switchboard(self.world, self._failures, self.rates, TOKEN)
        self.sessions = Sessions(self.world, lambda: self.api.token)
        self.gateway = Gateway(self.world, self.payloads, self.sessions)
        self._build_routes()
        self._build_people()
        self._runner: web.AppRunner | None = None

    def _build_routes(self) -> None:
        world, payloads = self.world, self.payloads
        writing = Writing(world, payloads, self.sessions.emit)
        self.about = self.gateway.about = AboutRoutes(world, payloads, self.gateway.told)
        self.message_routes = MessageRoutes(world, payloads, writing)
        self.commands = CommandRoutes(world)
        self.interactions = Interactions(world, payloads, writing)
        followups = Followups(world, payloads, writing, self.interactions)
        for routes in (self.about, self.message_routes, self.commands, self.interactions, followups):
            self.api.add(*routes.routes())

    def _build_people(self) -> None:
        world = self.world
        self.pass_time, self.mark, self.until = world.pass_time, world.mark, world.until
        setup = SetUp(world, self.payloads, self.sessions)
        self.guild, self.add_guild, self.add_user = setup.guild, setup.add_guild, setup.add_user
        self.add_channel, self.add_thread, self.dm_of = setup.add_channel, setup.add_thread, setup.dm_of
        self.join, self.leave, self.install, self.uninstall = setup.join, setup.leave, setup.install, setup.uninstall
        self.allow, self.deny, self.archive = setup.allow, setup.deny, setup.archive
        self.delete_channel, self.delete_message = setup.delete_channel, setup.delete_message
        self._typing = Typing(world, self.payloads, self.commands)
        people = People(world, self.payloads, self.sessions, self.interactions, self._typing)
        self.slash, self.autocomplete, self.press = people.slash, people.autocomplete, people.press
        self.submit, self.dismiss, self.look = people.submit, people.dismiss, people.look
        self.mention, self.say, self.dm = people.mention, people.say, people.dm
        self.cut_gateway, self.close_gateway = self.gateway.cut, self.gateway.close
        self.ask_to_reconnect, self.invalidate_session = self.gateway.reconnect, self.gateway.invalidate
        self.malformed_event, self.event = self.gateway.malformed, self.sessions.emit

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.answer)
        app.router.add_route("*", "/api/v{version}/{path:.*}", self.api.answer)
        app.router.add_get("/attachments/{file}/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.origin = self.gateway.origin = self.payloads.origin = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.api.closing.set()
        await self.gateway.close()
        if self._runner:
            await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        file = self.world.files.get(request.match_info["file"])
        return web.Response(status=404) if file is None else web.Response(body=file.content)

    @property
    def url(self) -> str:
        """The address of the REST API, for DISCORD_API_URL."""
        return f"{self.origin}/api/v10"

    def environment(self) -> dict[str, str]:
        """Return the environment variables that point an app here."""
        return {"DISCORD_TOKEN": self.token, "DISCORD_API_URL": self.url}

    @property
    def patience(self) -> float:
        return self.interactions.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self.interactions.patience = seconds

    @property
    def description(self) -> Description | None:
        return self.api.description

    @description.setter
    def description(self, description: Description | None) -> None:
        self.api.description = description

    @property
    def calls(self) -> list[Call]:
        return self.api.calls

    @property
    def violations(self) -> list[str]:
        return self.world.violations

    def called(self, route: str) -> list[Call]:
        """Return the calls of a route, as `fail` names it."""
        return [call for call in self.calls if fits(route, call.method, call.path)]

    def fail(self, route: str, **how: Any) -> None:  # noqa: ANN401 (the fields of Failure)
        """Let the next call of a route go wrong."""
        self._failures.add(Failure(route, **how))

    def limit(self, route: str, calls: int, seconds: float) -> None:
        self.rates.limit(route, calls, seconds)

    def revoke_token(self) -> None:
        """Answer 401 from now on, as after a new token was made."""
        self.api.token = None

    def grant(self, intent: str) -> None:
        """Give the app a privileged intent: members, presences or content."""
        self.sessions.granted.add(intent)
        self.payloads.reads_all = "content" in self.sessions.granted

    def open_command(self, name: str, user: User) -> None:
        """Let somebody use a command that is not for everyone, as a guild's Integrations can."""
        self._typing.opened.add((name, user.id))

    async def connected(self, count: int = 1, seconds: float = 10.0) -> None:
        """Wait until the app holds so many connections on which it identified or resumed. Raises AssertionError."""
        assert await self.until(lambda: len(self.gateway.ready) >= count, seconds), "the app has not connected"

    def refuse_gateway(self, times: int = 1) -> None:
        """Break off so many of the next handshakes."""
        self.gateway.refuse = times

    def forget_sessions(self) -> None:
        """Let no session be resumed."""
        for session in list(self.sessions.all):
            self.sessions.end(session)

    def messages(self, place: Channel | User) -> list[Message]:
        """Return what the app posted in a channel or in a person's DM, oldest first."""
        return self.world.posted_in(place if isinstance(place, Channel) else self.dm_of(place))

    def shown_to(self, user: User) -> list[Message]:
        """Return the ephemeral messages that a person still sees, oldest first."""
        return [one for one in self.world.whispers if one.only_for == user.id and not one.gone and not one.loading]

    def modal_of(self, user: User) -> Modal | None:
        return self.world.modals.get(user.id)

    def interactions_of(self, user: User) -> list[Interaction]:
        """Return what a person did with the app, oldest first."""
        return [one for one in self.world.interactions.values() if one.user == user.id]

    def created(self, guild: Guild | None = None) -> int:
        """Return how many commands were created in the last day, for all guilds or for one."""
        return self.commands.created(guild.id if guild else "")

    def payload(self, message: Message) -> Json:
        """Return a message as the app is given it."""
        return self.payloads.message(message)
