"""Making the workspaces, people and channels of a test, and what happens to them."""

from servers.slack_world import REVOKED, Channel, Team, User, World


class SetUp:
    """`team` is the workspace that is meant where none is named."""

    def __init__(self, world: World, bot_name: str) -> None:
        self._world, self._bot_name = world, bot_name
        self.team = self.add_team("Fake Desk")

    def add_team(self, name: str) -> Team:
        """Return a new workspace with the app installed."""
        return self._world.add_team(name, self._bot_name)

    def add_user(
        self,
        name: str,
        *,
        locale: str = "en-US",
        team: Team | None = None,
        is_bot: bool = False,
        tz: str = "Asia/Hong_Kong",
    ) -> User:
        """Return a new person, or another app's bot."""
        home = (team or self.team).id
        return self._world.add_user(User(self._world.new_id("U"), name, home, locale, is_bot, tz=tz))

    def add_channel(
        self, name: str, *members: User, bot: bool = True, private: bool = False, team: Team | None = None
    ) -> Channel:
        """Return a new channel with those members and, unless told otherwise, the app's bot."""
        home = team or self.team
        inside = {member.id for member in members} | ({home.bot.id} if bot else set())
        kind = "group" if private else "channel"
        return self._world.add_channel(Channel(self._world.new_id("C"), name, home.id, kind, inside))

    def dm_of(self, user: User) -> Channel:
        """Return the DM between a person and the app's bot."""
        return self._world.dm_of(user.id)

    def archive(self, channel: Channel) -> None:
        channel.archived = True

    def invite(self, channel: Channel, user: User | None = None) -> None:
        """Make somebody a member, the app's bot where nobody is named."""
        channel.members.add((user or self._world.teams[channel.team].bot).id)

    def kick(self, channel: Channel, user: User | None = None) -> None:
        """Take somebody out of a channel, the app's bot where nobody is named."""
        channel.members.discard((user or self._world.teams[channel.team].bot).id)

    def revoke(self, state: str = REVOKED, team: Team | None = None) -> None:
        """Answer a workspace's token with that error from now on."""
        (team or self.team).state = state
