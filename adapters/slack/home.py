"""The Home tab: help, the person's role, and the subscriptions they own."""

from adapters.slack.replies import Replies
from adapters.slack.tokens import Clients
from adapters.slack.views import home_view
from bot.messages.exchange import Request
from bot.service import Service


class Home:
    """Publishes the Home tabs of people."""

    def __init__(self, service: Service, clients: Clients, replies: Replies) -> None:
        self._service = service
        self._clients = clients
        self._replies = replies

    async def publish(self, request: Request) -> None:
        """Show a person what their Home tab says now. Raises what a call raises."""
        request = await self._replies.in_own_language(request)
        message = await self._service.home(request)
        client = await self._clients.for_team(request.address.space)
        await client.views_publish(user_id=request.actor.user, view=home_view(message.document))
