"""What is wrong with the app in a workspace: said in the log once, and not for every post that it keeps back."""

import logging

log = logging.getLogger(__name__)


class Troubles:
    """Knows which troubles a workspace has had since something was last posted there."""

    def __init__(self) -> None:
        self._said: dict[str, set[str]] = {}

    def has(self, team: str, code: str) -> None:
        """Say what Slack answers there, unless that was said."""
        said = self._said.setdefault(team, set())
        if code not in said:
            said.add(code)
            log.error("nothing can be posted in workspace %s: %s; python -m bot doctor says what to do", team, code)

    def are_over(self, team: str) -> None:
        """Know that something was posted there: what comes now is said anew."""
        self._said.pop(team, None)
