"""What a handler is given and what it decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.answering.vocabulary import Vocabulary
from bot.domain.changes import Applied, Change
from bot.domain.people import Role
from bot.messages.document import Block, Choice, Choices, Document, Paragraph
from bot.messages.exchange import Kind, Message, Reply, Request
from bot.messages.spelling import SPELLINGS, Spelling
from bot.ports import Library
from bot.wording.wording import Wording


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a handler sees it: the library's snapshot, the asker's role, and what follows the command's name.

    `settings_admins` are the actors that the settings name admin; `troubles` say which platform's app does not serve,
    and why; `sends_again` is the setting of that name.
    """

    request: Request
    library: Library
    vocabulary: Vocabulary
    wording: Wording
    role: Role
    rest: str
    settings_admins: frozenset[str]
    troubles: Mapping[str, str] = field(default_factory=dict)
    sends_again: bool = False

    def message(self, kind: Kind, *blocks: Block) -> Message:
        """Return a reply in the asker's language."""
        return Message(kind, Document(self.wording.locale, blocks))

    def typed(self, line: str) -> str:
        """Return a line as the asker types it where they are."""
        return self.spelling.of(line)

    @property
    def spelling(self) -> Spelling:
        """How lines are typed where the asker is."""
        return self.request.spelling or SPELLINGS[self.request.actor.platform]

    def error(self, text: str, *options: Choice) -> Message:
        """Return an error that says what is wrong and, in `options`, what to do instead."""
        blocks: list[Block] = [Paragraph(text)]
        if options:
            blocks.append(Choices(options))
        return self.message(Kind.ERROR, *blocks)


@dataclass(frozen=True, slots=True)
class Do:
    """A change to make, and how to word the reply once it is made."""

    change: Change
    then: Callable[[Applied], Message]


@dataclass(frozen=True, slots=True)
class Noted:
    """A reply, and something to be written down about it. The reply does not wait for it or depend on it."""

    message: Message
    change: Change


Outcome = Reply | Do | Noted
Handler = Callable[[Call], Outcome]
