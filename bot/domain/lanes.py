"""Lanes: what one sender posts through at a time, so that a platform's limits need no counters that senders share."""

from dataclasses import dataclass

from bot.domain.people import Platform

_BY_SPACE = (Platform.SLACK,)  # limits are a workspace's there; Discord's are the bot's, over all guilds


@dataclass(frozen=True, slots=True)
class Lane:
    """A platform, or one of its workspaces where limits are counted by those."""

    platform: Platform
    space: str | None = None

    @property
    def name(self) -> str:
        """What its lease is called: discord, slack:T1."""
        return str(self.platform) if self.space is None else f"{self.platform}:{self.space}"


def lane_of(platform: Platform, space: str) -> Lane:
    """Return the lane in which an address of this workspace or guild is posted to."""
    return Lane(platform, space if platform in _BY_SPACE else None)
