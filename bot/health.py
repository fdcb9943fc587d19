"""How the platforms' apps of this process are doing: told by who keeps them serving, asked for by `status`."""

from collections.abc import Mapping


class Health:
    """Knows which platform's app does not serve, and why. Read from any thread."""

    def __init__(self) -> None:
        self._troubles: dict[str, str] = {}

    @property
    def troubles(self) -> Mapping[str, str]:
        """Why an app stopped, by its name, without secrets; those that serve are not among them."""
        return dict(self._troubles)

    def stopped(self, name: str, why: str) -> None:
        """Note that an app stopped; it is started again."""
        self._troubles[name] = why

    def serves(self, name: str) -> None:
        """Note that an app has served for a while."""
        self._troubles.pop(name, None)
