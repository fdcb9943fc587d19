"""The routes that say what there is: the gateway, the app, users, guilds and their members."""

from collections.abc import Callable
from typing import Final

from servers.discord_calls import Call, RefusedError, Reply, Route
from servers.discord_payloads import Payloads
from servers.discord_world import Guild, Json, World

_FLAGS: Final = {"members": 1 << 15, "presences": 1 << 13, "content": 1 << 19}  # GATEWAY_..._LIMITED of small apps


class AboutRoutes:
    """`gateway` returns what GET /gateway/bot answers."""

    def __init__(self, world: World, payloads: Payloads, gateway: Callable[[], Json]) -> None:
        self._world, self._payloads, self._gateway = world, payloads, gateway
        self.owner: str | None = None

    def routes(self) -> tuple[Route, ...]:
        return (
            Route("GET", "/gateway", lambda _call: (200, {"url": self._gateway()["url"]}), open=True),
            Route("GET", "/gateway/bot", lambda _call: (200, self._gateway())),
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/@me/guilds", self._my_guilds),
            Route("POST", "/users/@me/channels", self._open_dm),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", "/applications/@me", lambda _call: (200, self.application())),
            Route("GET", "/oauth2/applications/@me", lambda _call: (200, self.application())),
            Route("GET", "/guilds/{guild_id}", self._get_guild),
            Route("GET", "/guilds/{guild_id}/channels", self._channels),
            Route("GET", "/guilds/{guild_id}/roles", self._roles),
            Route("GET", "/guilds/{guild_id}/members/{user_id}", self._member),
        )

    def application(self) -> Json:
        """Write the app, its flags saying which privileged intents it has."""
        bot = self._world.bot
        owner = self._world.users[self.owner] if self.owner else bot
        content = _FLAGS["content"] if self._payloads.reads_all else 0
        return {
            "id": bot.id,
            "name": bot.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": self._payloads.user(bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "integration_types_config": {"0": {}},
            "verify_key": "0" * 64,
            "flags": content,
            "owner": self._payloads.user(owner),
            "team": None,
            "approximate_guild_count": sum(bot.id in guild.members for guild in self._world.guilds.values()),
            "approximate_user_install_count": 0,
            "interactions_endpoint_url": None,
            "redirect_uris": [],
            "tags": [],
        }

    def me(self) -> Json:
        mine = {"verified": True, "mfa_enabled": False, "locale": "en-US", "premium_type": 0, "email": None}
        return self._payloads.user(self._world.bot) | mine

    def _me(self, _call: Call) -> Reply:
        return 200, self.me()

    def _my_guilds(self, _call: Call) -> Reply:
        bot = self._world.bot.id
        mine = [guild for guild in self._world.guilds.values() if bot in guild.members]
        return 200, [
            {"id": one.id, "name": one.name, "icon": None, "banner": None, "owner": False, "features": []}
            | {"permissions": str(self._base(one))}
            for one in mine
        ]

    def _base(self, guild: Guild) -> int:
        found = guild.roles[guild.id].permissions
        for role in guild.members[self._world.bot.id]:
            found |= guild.roles[role].permissions
        return found

    def _user(self, call: Call) -> Reply:
        user = self._world.users.get(call.params["user_id"])
        if user is None:
            raise RefusedError(404, 10013, "Unknown User")
        return 200, self._payloads.user(user)

    def _open_dm(self, call: Call) -> Reply:
        user = str((call.body or {}).get("recipient_id"))
        if user not in self._world.users or user == self._world.bot.id:
            raise RefusedError(400, 50033, "Invalid Recipient(s)")
        return 200, self._payloads.channel(self._world.dm_of(user))

    def _guild(self, call: Call) -> Guild:
        guild = self._world.guilds.get(call.params["guild_id"])
        if guild is None:
            raise RefusedError(404, 10004, "Unknown Guild")
        if self._world.bot.id not in guild.members:
            raise RefusedError(403, 50001, "Missing Access")
        return guild

    def _get_guild(self, call: Call) -> Reply:
        guild = self._guild(call)
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        asked = call.query.get("with_counts", "").lower() in ("true", "1")
        return 200, self._payloads.guild(guild) | (counts if asked else {})

    def _channels(self, call: Call) -> Reply:
        guild = self._guild(call)
        found = [one for one in self._world.channels.values() if one.guild == guild.id and one.parent is None]
        return 200, [self._payloads.channel(channel) for channel in found]

    def _roles(self, call: Call) -> Reply:
        return 200, self._payloads.guild(self._guild(call))["roles"]

    def _member(self, call: Call) -> Reply:
        guild = self._guild(call)
        user = self._world.users.get(call.params["user_id"])
        if user is None:
            raise RefusedError(404, 10013, "Unknown User")
        if user.id not in guild.members:
            raise RefusedError(404, 10007, "Unknown Member")
        return 200, self._payloads.member(guild, user)
