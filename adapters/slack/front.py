"""tipfacts in Slack: one bolt app with its listeners, served over Socket Mode, over signed HTTP, or both."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.errors import SlackApiError

from adapters.slack.errors import RATE_LIMITED, answer_of
from adapters.slack.http import HttpServer
from adapters.slack.listeners import Listeners
from adapters.slack.locales import Locales
from adapters.slack.logs import quiet_logger
from adapters.slack.socket_mode import SocketMode
from adapters.slack.tokens import Clients
from bot.discreet import error_line
from bot.domain.digests import Unsure
from bot.service import Service
from bot.settings import SlackSettings

_REFUSED = "Slack does not take SLACK_BOT_TOKEN (%s); python -m bot doctor says what to do"
_UNASKED = "Slack could not be asked who we are: %s"

log = logging.getLogger(__name__)


class SlackFront:
    """Takes in what people type and press in Slack, in every way that the settings name. `clock` gives UTC.

    `clients` are closed by whoever made them, once nothing posts any more.
    """

    def __init__(
        self,
        settings: SlackSettings,
        clients: Clients,
        service: Service,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._settings = settings
        self._clients = clients
        self._service = service
        self._clock = clock or (lambda: datetime.now(UTC))
        self._listening: asyncio.Future[int] | None = None

    @property
    def name(self) -> str:
        """How logs call it: by its ways in."""
        ways = [("Socket Mode", self._settings.app_token), ("HTTP", self._settings.signing_secret)]
        return "Slack" + "".join(f" {way}" for way, key in ways if key)

    async def serve(self) -> None:
        """Serve until cancelled. Raises ConnectionError where Socket Mode is lost, OSError where the port is taken."""
        locales = Locales(self._clients)
        listeners = Listeners(self._service, self._clients, locales, self._clock)
        app = bolt_app(self._clients)
        listeners.register(app)
        try:
            await self._serve_all(app)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await locales.close()

    async def listening(self) -> int:
        """Wait until requests are taken over HTTP, and return the port."""
        return await asyncio.shield(self._port())

    async def _serve_all(self, app: AsyncApp) -> None:
        async with asyncio.TaskGroup() as ways:
            ways.create_task(self._check())
            if self._settings.app_token:
                ways.create_task(SocketMode(app, self._settings.app_token, self._clients).serve())
            if self._settings.signing_secret:
                ways.create_task(self._serve_http(app, self._settings.signing_secret))
            ways.create_task(asyncio.Event().wait())  # without a way in there is still nothing to end for

    async def _serve_http(self, app: AsyncApp, secret: str) -> None:
        server = HttpServer(app, secret, self._settings.port, self._clock)
        port = await server.start()
        log.info("listening for Slack on port %d", port)
        if not self._port().done():
            self._port().set_result(port)
        try:
            await asyncio.Event().wait()
        finally:
            self._listening = None
            await server.stop()

    def _port(self) -> "asyncio.Future[int]":
        if self._listening is None:
            self._listening = asyncio.get_running_loop().create_future()
        return self._listening

    async def _check(self) -> None:
        """Say in the log where Slack does not take the bot's token; slash commands are answered all the same."""
        try:
            await self._clients.check()
        except SlackApiError as error:
            answer = answer_of(error)
            has_trouble = isinstance(answer.attempt, Unsure) or answer.code in RATE_LIMITED
            log.error(_UNASKED if has_trouble else _REFUSED, answer.code or answer.status)  # noqa: TRY400 (without secrets)
        except Exception as error:  # noqa: BLE001 (a check that fails is not to take down what it checks)
            log.error(_UNASKED, error_line(error))  # noqa: TRY400 (without secrets)


def fronts(
    settings: SlackSettings, clients: Clients, service: Service, clock: Callable[[], datetime] | None = None
) -> tuple[SlackFront, ...]:
    """Return a front for each way in that the settings name, so that one that fails does not take the other down."""
    ways = []
    if settings.app_token:
        ways.append(replace(settings, signing_secret=None))
    if settings.signing_secret:
        ways.append(replace(settings, app_token=None))
    return tuple(SlackFront(way, clients, service, clock) for way in ways)


def bolt_app(clients: Clients) -> AsyncApp:
    """Return a bolt app that leaves out what is done here: requests are verified in front of it, what bots say is
    ignored by whoever reads it, and tokens are looked up by those who call.
    """
    return AsyncApp(
        name="slack_bolt.app",
        logger=_bolt_logger(),
        client=clients.opening(),
        authorize=_NoTokens(),
        process_before_response=True,  # else it looks for the acknowledgement every 10 ms
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _bolt_logger() -> logging.Logger:
    logger = quiet_logger("slack_bolt")
    logger.addFilter(_is_news)
    return logger


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a record is more than bolt's remark that it leaves SLACK_BOT_TOKEN to us."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


class _NoTokens(AsyncAuthorize):
    """Lets every workspace in without a call; listeners know those in which the app is not installed."""

    def __init__(self) -> None:
        """Nothing is needed."""

    async def __call__(self, *, team_id: str | None, enterprise_id: str | None, **_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
