"""What bolt calls: each listener acknowledges in time and hands over what takes longer; none raises.

Bolt takes an acknowledgement back when its listener raises right after it; so whatever may fail is done in tasks that
end in an answer, or in a sentence with a reference.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.slack import carrying, requests
from adapters.slack.blocks import Page
from adapters.slack.carrying import Carried
from adapters.slack.events import Events
from adapters.slack.forms import Forms, Taken
from adapters.slack.home import Home
from adapters.slack.locales import Locales
from adapters.slack.posting import Posting
from adapters.slack.presses import Presses
from adapters.slack.replies import Replies
from adapters.slack.requests import Sent
from adapters.slack.slash import Slash
from adapters.slack.tokens import Clients
from adapters.slack.views import waiting_view
from bot.core import locale_of
from bot.discreet import error_line
from bot.domain.digests import Attempt
from bot.messages.exchange import Request
from bot.service import Service
from bot.wording.wording import wording

BUDGET = 1.5  # seconds until an acknowledgement goes out, with the answer or without; Slack waits for three
UPDATE_PAUSE = 1.0  # seconds more until a modal's answer follows it: it must not come to Slack first
ANYTHING = re.compile(".*")

Body = Mapping[str, Any]

log = logging.getLogger(__name__)


class Listeners:
    """The listeners of one app. `clock` gives the present instant, in UTC."""

    def __init__(self, service: Service, clients: Clients, locales: Locales, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._clients = clients
        self._clock = clock
        self._posting = Posting(clients)
        self._replies = replies = Replies(service, self._posting, locales)
        self._forms = Forms(service, clients, replies, self._posting)
        self._home = Home(service, clients, replies, self._posting)
        self._slash = Slash(service, clients, replies, self._forms)
        self._presses = Presses(service, replies, self._forms, self._posting, self._home)
        self._events = Events(service, replies, self._posting)

    def register(self, app: AsyncApp) -> None:
        """Have an app call them. Bolt asks one after another, so the one that is waited for comes first."""
        app.command(ANYTHING)(self.command)
        app.action(ANYTHING)(self.action)
        app.view(ANYTHING)(self.view)
        app.event("app_mention")(self.mention)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home_opened)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """Answer a slash command in the acknowledgement, or where that cannot wait, behind it."""
        work = asyncio.create_task(self._slash.answer(body, self._clock()))
        done, _ = await asyncio.wait((work,), timeout=BUDGET)
        page = work.result() if done else None
        if page:
            await ack({"response_type": "ephemeral", "text": page.text, "blocks": page.blocks})
            return
        if done:
            await ack()
            return
        asked = await self._replies.in_own_language(requests.slash(body, self._clock()))
        await ack(
            {"response_type": "ephemeral", "text": wording(locale_of(asked)).say("One moment: the reply comes here.")}
        )
        self._service.hand_over(self._answer_late(work, asked, body.get("response_url") or ""), "a slash command")

    async def action(self, ack: AsyncAck, body: Body) -> None:
        """Take a press of a button."""
        await ack()
        if not self._clients.lacks(requests.team_of(body)):
            self._service.hand_over(self._presses.act(body, self._clock()), "a press")

    async def view(self, ack: AsyncAck, body: Body) -> None:
        """Answer a modal that was sent, or where that cannot wait, have it wait."""
        sent = requests.sent(body)
        carried = carrying.read(sent.team, sent.view)
        if carried is None or self._clients.lacks(sent.team):
            await ack()
            return
        work = asyncio.create_task(self._forms.take(sent, carried, self._clock()))
        done, _ = await asyncio.wait((work,), timeout=BUDGET)
        if done:
            await ack(work.result().response)
            return
        await ack({"response_action": "update", "view": waiting_view(carried.locale)})
        self._service.hand_over(self._update_late(work, sent, carried), "a form")

    async def mention(self, body: Body) -> None:
        """Take a mention in a channel."""
        request = self._read(requests.mention, body)
        if request:
            self._service.hand_over(self._events.answer(request), "a mention")

    async def message(self, body: Body) -> None:
        """Take a direct message."""
        request = self._read(requests.direct_message, body)
        if request:
            self._service.hand_over(self._events.answer(request), "a direct message")

    async def home_opened(self, body: Body) -> None:
        """Bring somebody's Home tab up to date."""
        request = self._read(requests.home_opened, body)
        if request:
            self._service.hand_over(self._home.publish(request), "a Home tab")

    def _read(self, parsed: Callable[[Body, datetime], Request | None], body: Body) -> Request | None:
        """Return the request of an event; None where it is none, or not for us, or lacks what every event has: Slack
        would only tell of that again.
        """
        try:
            request = parsed(body, self._clock())
        except Exception as error:  # noqa: BLE001 (of whatever shape it is)
            log.warning("an event could not be read: %s", error_line(error))
            return None
        return None if request is None or self._clients.lacks(request.address.space) else request

    async def _answer_late(self, work: "asyncio.Task[Page | None]", asked: Request, response_url: str) -> None:
        page = await work
        if page is None:
            return

        async def beside() -> Attempt:
            return await self._posting.tell(asked.address, asked.actor.user, page)

        await self._posting.insist(lambda: self._posting.reply_or(response_url, page, beside))

    async def _update_late(self, work: "asyncio.Task[Taken]", sent: Sent, carried: Carried) -> None:
        await asyncio.sleep(UPDATE_PAUSE)
        await self._forms.update(await work, sent, carried)
