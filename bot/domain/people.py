"""Who asks, from where, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    """Where people talk to tipfacts."""

    CONSOLE = "console"
    SLACK = "slack"
    DISCORD = "discord"


CONSOLE = Platform.CONSOLE.value  # what everybody at the console is called
DIRECT = "dm"  # the space of direct messages, on a platform where those belong to no workspace or guild


class Role(StrEnum):
    """What a person may do with the library; each role may do all that the one before it may."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Address:
    """Enough to post later: platform, space (workspace or guild) and channel, with the thread or the user of a DM."""

    platform: Platform
    space: str
    channel: str
    thread: str | None = None
    user: str | None = None

    @property
    def name(self) -> str:
        """The address in words a log or an operator can use: slack:T1/C2."""
        return f"{self.platform}:{self.space}/{self.channel}" + (f"/{self.thread}" if self.thread else "")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asked. `may_manage_channel` is the platform's own word on the channel the request came from."""

    platform: Platform
    space: str
    user: str
    display_name: str
    may_manage_channel: bool = False

    @property
    def name(self) -> str:
        """The name that roles and TIPFACTS_ADMINS use: console, slack:TEAM/USER, discord:GUILD/USER."""
        return CONSOLE if self.platform is Platform.CONSOLE else f"{self.platform}:{self.space}/{self.user}"

    @property
    def is_nowhere(self) -> bool:
        """Whether they write where no workspace or guild is: what belongs to one is not done or shown there."""
        return self.space == DIRECT


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A person named editor or admin; `place` is where the role comes from: a grant, or the settings."""

    actor: str
    role: Role
    granted_by: str
