"""The Home tab: help, the person's role, and the subscriptions they own."""

from adapters.slack.errors import CALL_ERRORS, attempt_of
from adapters.slack.posting import Posting
from adapters.slack.replies import Replies
from adapters.slack.tokens import Clients
from adapters.slack.views import home_view
from bot.domain.digests import Attempt, Posted
from bot.messages.exchange import Request
from bot.service import Service


class Home:
    """Publishes the Home tabs of people."""

    def __init__(self, service: Service, clients: Clients, replies: Replies, posting: Posting) -> None:
        self._service = service
        self._clients = clients
        self._replies = replies
        self._posting = posting

    async def publish(self, request: Request) -> None:
        """Show a person what their Home tab says now, as soon as Slack takes it.

        Raises LookupError where the app is not installed.
        """
        request = await self._replies.in_own_language(request)
        message = await self._service.home(request)
        view = home_view(message.document)

        async def publish() -> Attempt:
            try:
                client = await self._clients.for_team(request.address.space)
                await client.views_publish(user_id=request.actor.user, view=view)
            except CALL_ERRORS as error:
                return attempt_of(error)
            return Posted("")

        await self._posting.insist(publish)
