"""Interactions: how they begin, and the one acknowledgement that each takes within three seconds."""

import secrets
from typing import Any, Final

from servers.discord_calls import Call, RefusedError, Reply, Route
from servers.discord_payloads import COMMAND as COMMAND_REPLY
from servers.discord_payloads import REPLY, Payloads
from servers.discord_world import DIRECT, EPHEMERAL, Interaction, Json, Message, Modal, World
from servers.discord_writing import Body, Writing, checked, errors_of

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5  # interaction types
PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9  # acknowledgement types
PATIENCE, LIFE = 3.0, 900.0  # seconds until the first answer, and until the token dies
_TAKEN: Final = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
_WORDS: Final = {COMMAND: "command", COMPONENT: "press", AUTOCOMPLETE: "autocomplete", SUBMIT: "modal"}


class Interactions:
    """`patience` is how many seconds the first answer may take, `life` how long the token lives."""

    def __init__(self, world: World, payloads: Payloads, writing: Writing) -> None:
        self._world, self._payloads, self._writing = world, payloads, writing
        self.patience, self.life = PATIENCE, LIFE
        self._by_token: dict[str, Interaction] = {}

    def routes(self) -> tuple[Route, ...]:
        path = "/interactions/{interaction_id}/{interaction_token}/callback"
        return (Route("POST", path, self._callback, open=True),)

    def begin(self, kind: int, user: str, channel: str, data: Json, **more: Any) -> Interaction:  # noqa: ANN401 (fields)
        """Return a new interaction, its clock running."""
        world = self._world
        token = secrets.token_urlsafe(48)
        new = Interaction(world.new_id(), token, kind, user, channel, data, world.age_clock(), **more)
        world.interactions[new.id] = self._by_token[token] = new
        return new

    def of_token(self, token: str) -> Interaction | None:
        return self._by_token.get(token)

    def what(self, interaction: Interaction) -> str:
        """Name an interaction in a sentence."""
        return f"{_WORDS[interaction.type]} {interaction.name or interaction.data.get('custom_id', '')}".rstrip()

    def is_direct(self, interaction: Interaction) -> bool:
        """Whether it was done in a DM."""
        return self._world.channels[interaction.channel].type == DIRECT

    def expire(self, interaction: Interaction) -> None:
        """Give up on one that was not acknowledged; this is recorded."""
        interaction.expired = True
        self._world.violation(f"{self.what(interaction)}: not acknowledged within {self.patience:g} s")

    def _callback(self, call: Call) -> Reply:
        interaction = self._world.interactions.get(call.params["interaction_id"])
        if interaction is None or interaction.token != call.params["interaction_token"]:
            raise RefusedError(404, 10062, "Unknown interaction")
        if interaction.answered is not None:
            self._world.violation(f"{self.what(interaction)}: acknowledged twice")
            raise RefusedError(400, 40060, "Interaction has already been acknowledged.")
        seconds = self._world.age_clock() - interaction.at
        if interaction.expired or seconds > self.patience:
            if not interaction.expired:
                self.expire(interaction)
            raise RefusedError(404, 10062, "Unknown interaction")
        kind = self._taken(interaction, (call.body or {}).get("type"))
        self._acknowledge(interaction, kind, call)
        interaction.answered, interaction.seconds = kind, seconds
        self._world.change()
        told = call.query.get("with_response", "").lower() in ("true", "1")
        return (200, self._told(interaction)) if told else (204, None)

    def _taken(self, interaction: Interaction, kind: object) -> int:
        """Return the type of an acknowledgement. Raises RefusedError for one that such an interaction does not take."""
        hangs = (
            kind != UPDATE or interaction.message is not None
        )  # a modal that came from a command hangs on no message
        if not isinstance(kind, int) or kind not in _TAKEN[interaction.type] or not hangs:
            self._world.violation(f"{self.what(interaction)}: takes no acknowledgement of type {kind!r}")
            told = {"code": "INTERACTION_CALLBACK_TYPE_INVALID", "message": f"{kind!r} is not taken here"}
            raise RefusedError(400, 50035, "Invalid Form Body", {"type": {"_errors": [told]}})
        return kind

    def _acknowledge(self, interaction: Interaction, kind: int, call: Call) -> None:
        data: Json = call.body.get("data") or {}
        what, private = f"callback of {self.what(interaction)}", self.is_direct(interaction)
        body = Body(data, call.files, "reply", what, "data.", private)
        if kind == MESSAGE:
            self._writing.check(body)
            interaction.response = self._answer(interaction, body)
        elif kind == DEFERRED:
            self._defer(interaction, data)
        elif kind in (DEFERRED_UPDATE, UPDATE):
            interaction.response = interaction.message
            if kind == UPDATE and interaction.message is not None:
                private = self._writing.is_private(interaction.message)
                body = Body(data, call.files, "edit", what, "data.", private)
                self._writing.check(body)
                self._writing.edit(interaction.message, body)
        elif kind == CHOICES:
            self._refuse(data, "choices", what)
            interaction.choices = data.get("choices") or []
        elif kind == MODAL:
            self._refuse(data, "modal", what)
            modal = Modal(interaction.user, interaction.channel, data, interaction.message)
            modal.changed = self._world.change()
            self._world.modals[interaction.user] = modal

    def _refuse(self, data: Json, kind: str, what: str) -> None:
        found = checked(self._world, data, kind, what)
        if found:
            raise RefusedError(400, 50035, "Invalid Form Body", errors_of(found, "data."))

    def _answer(self, interaction: Interaction, body: Body, *, loading: bool = False) -> Message:
        """Write the first answer to an interaction."""
        channel = self._world.channels[interaction.channel]
        only_for = interaction.user if (body.json.get("flags") or 0) & EPHEMERAL else None
        more: Json = {"type": COMMAND_REPLY if interaction.type == COMMAND else 0}
        if interaction.type == COMPONENT and interaction.message:
            more = {"type": REPLY, "reply_to": interaction.message}
        return self._writing.write(
            channel, body, only_for=only_for, interaction=interaction.id, loading=loading, **more
        )

    def _defer(self, interaction: Interaction, data: Json) -> None:
        """Show that an answer will come; whether all will see it is settled now."""
        if (data.get("flags") or 0) & ~EPHEMERAL:
            self._world.violation(f"callback of {self.what(interaction)}: a deferral takes no flag but EPHEMERAL")
            told = {"code": "MESSAGE_FLAGS_INVALID", "message": "only EPHEMERAL"}
            raise RefusedError(400, 50035, "Invalid Form Body", {"data": {"flags": {"_errors": [told]}}})
        flags = {"flags": data.get("flags") or 0}
        interaction.response = self._answer(interaction, Body(flags, (), "reply", "deferral"), loading=True)

    def _told(self, interaction: Interaction) -> Json:
        """Write what with_response asks for."""
        about: Json = {"id": interaction.id, "type": interaction.type}
        found: Json = {"interaction": about}
        message = interaction.response
        if message is not None:
            about["response_message_id"] = message.id
            about["response_message_loading"] = message.loading
            about["response_message_ephemeral"] = message.only_for is not None
            if interaction.answered in (MESSAGE, UPDATE):
                resource = {"type": interaction.answered, "message": self._payloads.message(message)}
                found["resource"] = resource
        return found
