"""Socket Mode: a websocket that we open, over which Slack delivers what people type and press.

It is bolt's handler over slack_sdk's client, with a web client of our own: bolt's default would dial slack.com whatever
SLACK_API_URL says, and repeat calls. slack_sdk reconnects, but tries one address again for ever, though its ticket is
good for one connection; so a connection that stays down ends `serve`, and whoever keeps us up begins anew.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.errors import answer_of
from adapters.slack.logs import quiet_logger
from adapters.slack.tokens import Clients
from bot.discreet import error_line

CONNECT_PATIENCE = 30.0  # seconds
PING_INTERVAL = 5.0  # seconds; a connection that answers no ping four times running is given up
CHECK_INTERVAL = 1.0  # seconds between our own looks whether it stands
CLOSING_PATIENCE = 3.0  # seconds for deliveries under way (each is answered within 1.5), and again to say goodbye

log = logging.getLogger(__name__)


class SocketMode:
    """Serves one bolt app over Socket Mode."""

    def __init__(self, app: AsyncApp, app_token: str, clients: Clients) -> None:
        self._app = app
        self._token = app_token
        self._clients = clients
        self._under_way: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Serve until cancelled. Raises ConnectionError where Slack cannot be reached or does not let us in."""
        opening = self._clients.opening()
        handler = AsyncSocketModeHandler(
            self._app,
            self._token,
            logger=quiet_logger("slack_sdk.socket_mode"),
            web_client=opening,
            ping_interval=PING_INTERVAL,
        )
        client = handler.client
        client.proxy = opening.proxy  # slack_sdk heeds no NO_PROXY

        async def deliver(_: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
            await self._deliver(handler, request)

        client.socket_mode_request_listeners[:] = [deliver]
        try:
            await self._stay_connected(client)
        finally:
            await self._close(client)

    async def _stay_connected(self, client: SocketModeClient) -> None:
        # Not `connect`, which would try for ever with a token that is refused, and say why in its own log only.
        await _within_patience(client.connect_to_new_endpoint(force=True))
        log.info("connected to Slack over Socket Mode")
        stood = time.monotonic()
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            if await client.is_connected():
                stood = time.monotonic()
            elif time.monotonic() - stood > CONNECT_PATIENCE:
                raise ConnectionError("the connection to Slack is lost and does not come back")
            else:
                await _within_patience(client.connect_to_new_endpoint())

    async def _deliver(self, handler: AsyncSocketModeHandler, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        if task:
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        await handler.handle(handler.client, request)

    async def _close(self, client: SocketModeClient) -> None:
        """Let deliveries under way be answered, say goodbye, and see that nothing is left running."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=CLOSING_PATIENCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_PATIENCE):
                await client.close()  # type: ignore[no-untyped-call]
        await client.aiohttp_client_session.close()
        running = (client.message_processor, client.current_session_monitor, client.message_receiver)
        tasks = [task for task in running if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _within_patience(connecting: Awaitable[None]) -> None:
    """Wait for a connection. Raises ConnectionError with the reason why there is none; where Slack gives an address
    and lets nobody in there, slack_sdk would try for ever, and logs why.
    """
    try:
        async with asyncio.timeout(CONNECT_PATIENCE):
            await connecting
    except TimeoutError:
        raise ConnectionError("Slack does not let us in over Socket Mode, or cannot be reached") from None
    except SlackApiError as error:
        why = answer_of(error).code or "it has trouble"
        raise ConnectionError(f"Slack does not let us in over Socket Mode: {why}") from None
    except Exception as error:  # noqa: BLE001 (whatever slack_sdk makes of an answer that is not Slack's)
        raise ConnectionError(f"Slack cannot be reached for Socket Mode: {error_line(error)}") from None
