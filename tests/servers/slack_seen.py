"""What a person sees after they did something, and how to read it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from servers.slack_courier import Delivery
from servers.slack_world import Ephemeral, Json, Message, View

Place = Message | Ephemeral | View
_PRESSED = ("button", "static_select", "overflow", "radio_buttons", "checkboxes")


@dataclass
class Seen:
    """What is new on a person's screen, oldest first, and the modal and Home tab they have now.

    `trouble` is what Slack itself tells them (operation_timeout, dispatch_failed, invalid_blocks, invalid_response,
    not_in_channel), `delivery` what was sent to the app. `text` is the plain text of what is new, `words` all that its
    blocks say.
    """

    user: str
    ephemerals: list[Ephemeral] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    view: View | None = None
    home: View | None = None
    new_views: list[View] = field(default_factory=list)
    delivery: Delivery | None = None
    trouble: str | None = None

    @property
    def new(self) -> list[Place]:
        """All that is new, oldest first."""
        return sorted([*self.ephemerals, *self.messages, *self.new_views], key=lambda place: place.changed)

    @property
    def last(self) -> Place:
        """The newest of it. Raises AssertionError where nothing is new."""
        assert self.new, f"{self.user} sees nothing new ({self.trouble or 'no trouble'})"
        return self.new[-1]

    @property
    def text(self) -> str:
        return "\n\n".join(place.text for place in self.new if not isinstance(place, View))

    @property
    def words(self) -> str:
        return "\n\n".join(words(place) for place in self.new)

    @property
    def errors(self) -> dict[str, str]:
        """What the fields of the modal complain of, by block_id."""
        return self.view.errors if self.view else {}

    @property
    def buttons(self) -> list[str]:
        """The labels of what can be pressed, in order."""
        return [label for place in self.new for label in buttons(place)]


def words(place: Place) -> str:
    """Return all text of a message's or view's blocks, one line each; the plain text where it has no blocks."""
    lines = list(_texts(place.blocks))
    if isinstance(place, View):
        return "\n".join([place.title, *lines])
    return "\n".join(lines) or place.text


def buttons(place: Place) -> list[str]:
    """Return the labels of what can be pressed there, in order."""
    return [_label(element) for element in elements(place)]


def elements(place: Place) -> Iterator[Json]:
    """Yield what can be pressed there, each with its block_id."""
    for block in place.blocks:
        held = [*block.get("elements", []), block.get("accessory")]
        for element in held:
            if isinstance(element, dict) and element.get("type") in _PRESSED:
                yield element | {"block_id": block["block_id"]}


def find(place: Place, what: str) -> Json | None:
    """Return what has that action_id or label there."""
    return next((one for one in elements(place) if what in (one.get("action_id"), _label(one))), None)


def _label(element: Json) -> str:
    text: Json = element.get("text") or element.get("placeholder") or {}
    return str(text.get("text", ""))


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, dict):
        if thing.get("type") in ("plain_text", "mrkdwn"):
            yield str(thing.get("text", ""))
        else:
            for part in thing.values():
                yield from _texts(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from _texts(part)
