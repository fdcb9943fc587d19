"""In which language to answer whom, and in which zone they are: what they chose in Slack, where the workspace lets us
see it (scope users:read).
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from adapters.slack.errors import RATE_LIMITED, answer_of
from adapters.slack.tokens import Clients
from bot.domain.text import Locale
from bot.domain.zones import known_zone

PATIENCE = 0.3  # seconds that an answer waits for this; without a language, the question's script decides
KEPT_FOR = 3_600.0  # seconds; as long we do not ask again where we were told that we may not
MOST_KEPT = 5_000  # people
_SCOPE_ERRORS = frozenset(("missing_scope", "not_allowed_token_type", "no_permission"))

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What Slack says of a person: their language and their zone’s IANA name, each None where it does not."""

    locale: Locale | None = None
    zone: str | None = None


_NOTHING = Told()


class Locales:
    """Knows people's languages and zones for an hour. `monotonic` gives seconds on a clock that is never set back."""

    def __init__(self, clients: Clients, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clients = clients
        self._monotonic = monotonic
        self._known: OrderedDict[tuple[str, str], tuple[Told, float]] = OrderedDict()
        self._refused_until: dict[str, float] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[Told]] = {}

    async def of(self, team: str, user: str) -> Told:
        """Return a person's language and zone, nothing where it cannot be known, or not soon enough. Never raises."""
        key, now = (team, user), self._monotonic()
        known = self._known.get(key)
        if known and known[1] > now:
            return known[0]
        if self._refused_until.get(team, 0.0) > now:
            return _NOTHING
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(team, user))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        done, _ = await asyncio.wait((task,), timeout=PATIENCE)
        return task.result() if done and not task.cancelled() else _NOTHING

    async def close(self) -> None:
        """End the questions under way."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, team: str, user: str) -> Told:
        try:
            client = await self._clients.for_team(team)
            answer = await client.users_info(user=user, include_locale=True)
            about = answer.get("user") or {}
            tag, zone = about.get("locale"), about.get("tz")
            told = Told(Locale.resolve(tag) if tag else None, known_zone(zone))
        except Exception as error:  # noqa: BLE001 (no answer fails for want of its language)
            self._note_refusal(team, user, error)
            return _NOTHING
        return self._keep(team, user, told)

    def _note_refusal(self, team: str, user: str, error: Exception) -> None:
        code = answer_of(error).code if isinstance(error, SlackApiError) else ""
        if code in _SCOPE_ERRORS:
            self._refused_until[team] = self._monotonic() + KEPT_FOR
        elif code and code not in RATE_LIMITED:
            self._keep(team, user, _NOTHING)  # somebody of another workspace, for one
        else:
            log.info("Slack did not say which language somebody reads")

    def _keep(self, team: str, user: str, told: Told) -> Told:
        self._known[team, user] = (told, self._monotonic() + KEPT_FOR)
        self._known.move_to_end((team, user))
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return told
