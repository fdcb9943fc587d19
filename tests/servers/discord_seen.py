"""What a person sees after they did something, and how to read it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from servers.discord_parts import BUTTON, CONTAINER, LABEL, LINK, ROW, SECTION, SELECTS, TEXT, components_in
from servers.discord_world import Interaction, Json, Message, Modal

Place = Message | Modal


@dataclass
class Seen:
    """What is new on a person's screen, oldest first, and the modal that they have open.

    `choices` are what was suggested, (name, value). `thinking` says that an answer is announced and has not come.
    `trouble` is what Discord itself tells them: did_not_respond, not_connected (nobody listens), not_offered (they may
    not use that command there), not_heard (the bot cannot see that channel). `interaction` is what they did, with
    `seconds` until its acknowledgement. `text` is the content of what is new, `words` all that it says.
    """

    user: str
    ephemerals: list[Message] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    opened: bool = False
    thinking: bool = False
    interaction: Interaction | None = None
    trouble: str | None = None

    @property
    def new(self) -> list[Place]:
        """All that is new, oldest first."""
        found: list[Place] = [*self.ephemerals, *self.messages]
        if self.modal and self.opened:
            found.append(self.modal)
        return sorted(found, key=lambda place: place.changed)

    @property
    def last(self) -> Place:
        """The newest of it. Raises AssertionError where nothing is new."""
        assert self.new, f"{self.user} sees nothing new ({self.trouble or 'no trouble'})"
        return self.new[-1]

    @property
    def message(self) -> Message:
        """The newest message, whoever sees it. Raises AssertionError where none is new."""
        found = [place for place in self.new if isinstance(place, Message)]
        assert found, f"{self.user} sees no new message ({self.trouble or 'no trouble'})"
        return found[-1]

    @property
    def text(self) -> str:
        return "\n\n".join(place.content for place in self.new if isinstance(place, Message))

    @property
    def words(self) -> str:
        return "\n\n".join(words(place) for place in self.new)

    @property
    def buttons(self) -> list[str]:
        """The labels of what can be pressed, in order."""
        return [label for place in self.new for label in buttons(place)]

    @property
    def choices(self) -> list[tuple[str, object]]:
        held = self.interaction.choices if self.interaction else []
        return [(choice["name"], choice["value"]) for choice in held]

    @property
    def errors(self) -> dict[str, str]:
        """What the fields of the modal complain of, by custom_id."""
        return self.modal.errors if self.modal else {}


def words(place: Place) -> str:
    """Return all text of a message or modal, one line each: content, embeds, text displays; labels of fields."""
    lines = [place.title] if isinstance(place, Modal) else [place.content]
    for embed in [] if isinstance(place, Modal) else place.embeds:
        lines += _embed_lines(embed)
    shown = place.shown.get("components", []) if isinstance(place, Modal) else place.components
    for one in components_in(shown):
        if one["type"] == TEXT:
            lines.append(one["content"])
        elif one["type"] == LABEL:
            lines += [one["label"], one.get("description") or ""]
        elif isinstance(place, Modal):
            lines.append(one.get("label") or "")
    return "\n".join(line for line in lines if line)


def _embed_lines(embed: Json) -> Iterator[str]:
    yield str(embed.get("author", {}).get("name") or "")
    yield str(embed.get("title") or "")
    yield str(embed.get("description") or "")
    for part in embed.get("fields") or ():
        yield str(part["name"])
        yield str(part["value"])
    yield str(embed.get("footer", {}).get("text") or "")


def buttons(place: Place) -> list[str]:
    """Return the labels of what can be pressed there, in order."""
    return [label(one) for one in elements(place)]


def elements(place: Place) -> Iterator[Json]:
    """Yield what can be pressed there: buttons and selects that are not disabled."""
    if isinstance(place, Message):
        for one in components_in(place.components):
            if one["type"] in (BUTTON, *SELECTS) and not one.get("disabled"):
                yield one


def find(place: Place, what: str) -> Json | None:
    """Return what has that custom_id or label there."""
    return next((one for one in elements(place) if what in (one.get("custom_id"), label(one))), None)


def label(element: Json) -> str:
    found = element.get("label") or element.get("placeholder") or (element.get("emoji") or {}).get("name")
    return str(found or "")


def is_link(element: Json) -> bool:
    return bool(element["type"] == BUTTON and element.get("style") == LINK)


def rows(message: Message) -> list[list[str]]:
    """Return the labels of a message's buttons, row by row."""
    found = [row for row in components_in(message.components) if row["type"] in (ROW, SECTION, CONTAINER)]
    return [[label(one) for one in row.get("components", ()) if one["type"] == BUTTON] for row in found]
