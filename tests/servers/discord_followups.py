"""What follows the acknowledgement of an interaction: its answer read, changed and deleted, and further messages."""

from servers.discord_calls import Call, RefusedError, Reply, Route
from servers.discord_interactions import Interactions
from servers.discord_payloads import REPLY, Payloads
from servers.discord_world import EPHEMERAL, Interaction, Message, World
from servers.discord_writing import Body, Writing

_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_FIRST, _ONE = f"{_HOOK}/messages/@original", f"{_HOOK}/messages/{{message_id}}"


class Followups:
    """The routes under /webhooks that an interaction's token opens, for fifteen minutes."""

    def __init__(self, world: World, payloads: Payloads, writing: Writing, interactions: Interactions) -> None:
        self._world, self._payloads, self._writing = world, payloads, writing
        self._interactions = interactions

    def routes(self) -> tuple[Route, ...]:
        found = [Route("POST", _HOOK, self._post, open=True)]
        for path in (_FIRST, _ONE):
            found += [
                Route("GET", path, self._get, open=True),
                Route("PATCH", path, self._patch, open=True),
                Route("DELETE", path, self._delete, open=True),
            ]
        return tuple(found)

    def _interaction(self, call: Call) -> Interaction:
        """Return the interaction whose token it is. Before its acknowledgement there is no such webhook."""
        interaction = self._interactions.of_token(call.params["webhook_token"])
        if interaction is None or call.params["webhook_id"] != self._world.bot.id:
            raise RefusedError(404, 10015, "Unknown Webhook")
        if self._world.age_clock() - interaction.at > self._interactions.life:
            raise RefusedError(401, 50027, "Invalid Webhook Token")
        if interaction.answered is None:
            self._world.violation(f"{self._interactions.what(interaction)}: followed up before it was acknowledged")
            raise RefusedError(404, 10015, "Unknown Webhook")
        return interaction

    def _message(self, call: Call) -> Message:
        interaction = self._interaction(call)
        if "message_id" not in call.params:
            found = interaction.response
        else:
            mine = (one for one in self._all() if one.id == call.params["message_id"])
            found = next((one for one in mine if one.interaction == interaction.id or one is interaction.message), None)
        if found is None or found.gone:
            raise RefusedError(404, 10008, "Unknown Message")
        return found

    def _all(self) -> list[Message]:
        return [*self._world.whispers, *(one for channel in self._world.channels.values() for one in channel.messages)]

    def _post(self, call: Call) -> Reply:
        interaction = self._interaction(call)
        what, private = f"followup to {self._interactions.what(interaction)}", self._interactions.is_direct(interaction)
        body = Body(call.body or {}, call.files, "reply", what, private=private)
        self._writing.check(body)
        if interaction.response is not None and interaction.response.loading:
            return 200, self._payloads.message(self._writing.edit(interaction.response, body))
        flags, origin = body.json.get("flags") or 0, interaction.response
        message = self._writing.write(
            self._world.channels[interaction.channel],
            body,
            only_for=interaction.user if flags & EPHEMERAL else None,
            interaction=interaction.id,
            type=REPLY if origin else 0,
            reply_to=origin,
        )
        return 200, self._payloads.message(message)

    def _get(self, call: Call) -> Reply:
        return 200, self._payloads.message(self._message(call))

    def _patch(self, call: Call) -> Reply:
        message = self._message(call)
        private = self._writing.is_private(message)
        body = Body(call.body or {}, call.files, "edit", "edit of an answer", private=private)
        self._writing.check(body)
        return 200, self._payloads.message(self._writing.edit(message, body))

    def _delete(self, call: Call) -> Reply:
        self._writing.delete(self._message(call))
        return 204, None
