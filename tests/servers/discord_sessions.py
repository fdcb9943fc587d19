"""The sessions of the gateway: who may begin or resume one, which events it is told, and what it missed."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from servers.discord_world import Channel, Guild, Json, World

DISPATCH = 0
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED: Final = {"members": 1 << 1, "presences": 1 << 8, "content": 1 << 15}
_KNOWN: Final = ((1 << 17) - 1) | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
_KEPT = 1_000  # events of a session that can still be resumed


class Bye(Exception):  # noqa: N818 (no error: the gateway closes the connection)
    """The gateway closes with this code; `code` 9 stands for an invalid session instead."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(eq=False)
class Session:
    """What an app began by identifying. `outbox` is that of its connection, None while there is none."""

    id: str
    shard: tuple[int, int]
    intents: int
    sequence: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    outbox: "asyncio.Queue[str] | None" = None

    def tell(self, event: str, data: Any) -> None:  # noqa: ANN401 (an event's data, broken ones too)
        """Send an event, or keep it for when the session is resumed."""
        self.sequence += 1
        raw = json.dumps({"op": DISPATCH, "t": event, "s": self.sequence, "d": data})
        self.events.append((self.sequence, raw))
        if self.outbox is not None:
            self.outbox.put_nowait(raw)


class Sessions:
    """`granted` are the privileged intents that the app has: members, presences, content. `shards` is how many shards
    Discord recommends, `required` whether it refuses fewer; `window` in how many seconds `max_concurrency` shards may
    identify (5 in Discord; 0 lets a test start twice in a row), `starts` how many sessions may still begin.
    """

    def __init__(self, world: World, token: Callable[[], str | None]) -> None:
        self._world, self._token = world, token
        self.all: list[Session] = []
        self.granted: set[str] = set()
        self.shards, self.required, self.max_concurrency, self.window = 1, False, 1, 0.0
        self.starts, self.starts_in_all = 1_000, 1_000
        self._identified: dict[int, float] = {}

    def identify(self, data: Json) -> Session:
        """Return a new session. Raises Bye."""
        if data.get("token") != self._token():
            raise Bye(4004, "Authentication failed.")
        shard = self._shard(data.get("shard"))
        intents = data.get("intents")
        if type(intents) is not int or intents & ~_KNOWN:
            raise Bye(4013, "Invalid intent(s).")
        if any(intents & bit for name, bit in PRIVILEGED.items() if name not in self.granted):
            self._world.violation(f"gateway: asked for a privileged intent, {intents}")
            raise Bye(4014, "Disallowed intent(s).")
        if self.starts <= 0:
            self._world.violation("gateway: no session start is left for today")
            raise Bye(4004, "Authentication failed.")
        self._keep_pace(shard[0])
        self.starts -= 1
        session = Session(secrets.token_hex(16), shard, intents)
        self.all.append(session)
        return session

    def _shard(self, given: object) -> tuple[int, int]:
        if given is None:
            if self.required and self.shards > 1:
                raise Bye(4011, "Sharding required.")
            return 0, 1
        match given:
            case [int(number), int(shards)] if 0 <= number < shards:
                if self.required and shards < self.shards:
                    raise Bye(4011, "Sharding required.")
                return number, shards
        raise Bye(4010, "Invalid shard.")

    def _keep_pace(self, number: int) -> None:
        """Raise Bye where shards of one group identify faster than max_concurrency allows."""
        now, group = self._world.age_clock(), number % self.max_concurrency
        since = now - self._identified.get(group, -self.window)
        if since < self.window:
            self._world.violation(f"gateway: shard {number} identified {since:.1f} s after another of its group")
            raise Bye(9, "too fast")
        self._identified[group] = now

    def resume(self, data: Json) -> tuple[Session, list[str]]:
        """Return a session that goes on, and what it missed. Raises Bye."""
        if data.get("token") != self._token():
            raise Bye(4004, "Authentication failed.")
        session = next((one for one in self.all if one.id == data.get("session_id")), None)
        if session is None:
            raise Bye(9, "no such session")
        seen = data.get("seq")
        if type(seen) is not int or seen > session.sequence:
            raise Bye(4007, "Invalid seq.")
        missed = [raw for number, raw in session.events if number > seen]
        return session, missed

    def end(self, session: Session) -> None:
        """Forget a session: it can no longer be resumed."""
        if session in self.all:
            self.all.remove(session)

    def serves(self, session: Session, guild: Guild | None) -> bool:
        """Whether a session's shard is that of a guild; DMs are the first shard's (docs: events/gateway#sharding)."""
        number, shards = session.shard
        return number == ((int(guild.id) >> 22) % shards if guild else 0)

    def of(self, guild: Guild | None) -> list[Session]:
        """Return the sessions that are told of a guild, or of DMs."""
        return [session for session in self.all if self.serves(session, guild)]

    def emit(self, event: str, data: Json, channel: Channel) -> None:
        """Tell of a message, a channel or an interaction, as far as the app may see it and asked for it."""
        guild = self._world.guild_of(channel)
        intent = 0
        if event.startswith("MESSAGE_"):
            if not self._world.sees(self._world.bot.id, channel):
                return
            intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        elif event != "INTERACTION_CREATE":
            intent = GUILDS
        self.tell(event, data, guild, intent)

    def tell(self, event: str, data: Json, guild: Guild | None, intent: int = GUILDS) -> None:
        """Tell the sessions of a guild's shard, or of the first for None, that asked for such events."""
        for session in self.of(guild):
            if session.intents & intent == intent:
                session.tell(event, data)
