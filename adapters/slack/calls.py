"""Slack's clients, made to end in an error of one kind where something else than Slack answers.

slack_sdk takes an answer for Slack's JSON. Over a plain page with status 200 (of a proxy, of a network that wants a
login) it raises AttributeError; over one in no encoding ValueError or LookupError.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ClientResponse
from aiohttp.connector import Connection
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.errors import CALL_ERRORS, NotSlackError
from bot.fencing import pass_fence

_MISREAD = (AttributeError, LookupError, TypeError, ValueError)


class _Request(aiohttp.ClientRequest):
    """A request that asks the fence of whoever makes it once its connection stands."""

    async def send(self, conn: Connection) -> ClientResponse:
        pass_fence()
        return await super().send(conn)


class WebClient(AsyncWebClient):
    """Calls the Web API, each time over a connection of its own, at which a fence may stand. What a call raises is one
    of CALL_ERRORS, or FencedOutError.
    """

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:  # noqa: ANN401 (as slack_sdk takes it)
        """Make a call. Raises NotSlackError where what answered is not Slack."""
        with _understood():
            async with aiohttp.ClientSession(
                request_class=_Request, timeout=aiohttp.ClientTimeout(total=self.timeout)
            ) as session:
                client = copy.copy(self)
                client.session = session
                answer = await AsyncWebClient.api_call(client, api_method, **how)
            if not isinstance(answer.data, dict):
                raise TypeError(f"{api_method} was answered with no object")
            return answer


class WebhookClient(AsyncWebhookClient):
    """Replies to what a person did. What a reply raises is one of CALL_ERRORS."""

    async def send_dict(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> WebhookResponse:
        """Send a reply. Raises NotSlackError where what answered is not Slack."""
        with _understood():
            return await super().send_dict(body, headers)


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except CALL_ERRORS:
        raise  # some of them are ValueErrors too
    except _MISREAD as error:
        raise NotSlackError(f"what answered is not Slack: {type(error).__name__}") from error
