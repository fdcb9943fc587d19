"""What crosses the seam between an adapter and the core: a Request in; a Message, Form or FormErrors out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.digests import Subscription
from bot.domain.people import Actor, Address
from bot.domain.period import Period
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.spelling import Spelling

# What the library holds is dated by Hong Kong's calendar, and those who add to it sit there: at 07:00 in Hong Kong it
# is still yesterday in UTC.
CALENDAR_ZONE = ZoneInfo("Asia/Hong_Kong")


class Kind(StrEnum):
    """What sort of reply a Message is."""

    ANSWER = "answer"
    CHOICE = "choice"
    ABSTENTION = "abstention"
    HELP = "help"
    DONE = "done"  # a change was made
    ERROR = "error"


class Audience(StrEnum):
    """Who is meant to see a Message."""

    ASKER = "asker"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation is about so far, for a question that goes on from it ("and the year before?").

    `question` is the last one that stands by itself; `periods` are those it was about in the end; `fact_id` is the fact
    that answered it, None where none did.
    """

    question: str
    periods: tuple[Period, ...] = ()
    fact_id: int | None = None


@dataclass(frozen=True, slots=True)
class FormInput:
    """A form as it was sent back: which step of which command, what was typed, which button was pressed.

    `carried` is the form's own `carried`, returned unread.
    """

    command: str
    step: str
    values: Mapping[str, str]
    submit: str
    carried: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a person typed or pressed.

    `text` is the line as typed, without the platform's command name. `locale` is None when the platform does not say:
    the question's own script then decides. `received_at` is zone-aware; relative dates are resolved from `today`.
    `once_key` is the platform's id of this event: a change is made at most once for it. `context` is that of the
    Message this one replies to, or of the last one in its thread; `conversation` is the thread or direct message in
    which that is remembered, None where nothing is. `can_pop_up`: the platform can put a form before the person now.
    `spelling` is how it shows its commands to this person, where not as to everybody. `bots` are the ids of those the
    platform says are no people, the bot itself among them, as far as it tells. `zone` is the person's own time zone by
    its IANA name, None where the platform does not say.
    """

    text: str
    actor: Actor
    address: Address
    received_at: datetime
    locale: Locale | None = None
    once_key: str | None = None
    form: FormInput | None = None
    context: Context | None = None
    conversation: Address | None = None
    can_pop_up: bool = False
    spelling: Spelling | None = None
    bots: frozenset[str] = frozenset()
    zone: str | None = None

    @property
    def today(self) -> date:
        """The day on which it was received, by Hong Kong's calendar."""
        return self.received_at.astimezone(CALENDAR_ZONE).date()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was read and judged, for editors and scripts.

    `fact` is the one that answers it or came nearest (F12). `covered` says of each word what covers it; `vetoes`, of
    each that was looked at, whether the fact passed it. `times` are the words with the period they were read as.
    """

    wanted: str
    fact: str | None = None
    spelt: Mapping[str, str] = field(default_factory=dict)
    times: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    covered: tuple[tuple[str, str], ...] = ()
    may_stay_uncovered: str = "0"
    vetoes: tuple[tuple[str, bool], ...] = ()
    beyond: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A reply to show. `context` is what a question that follows it may go on from; `why` explains how a question was
    answered or not. `unless_posted` is a new subscription that the message tells its channel of: where the channel does
    not take the message, it is ended again.
    """

    kind: Kind
    document: Document
    audience: Audience = Audience.ASKER
    context: Context | None = None
    why: Explanation | None = None
    unless_posted: Subscription | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One value a field offers, and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for. With `options` only those values are taken; without, any text up to `max_length`."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    required: bool = False
    multiline: bool = False
    max_length: int = 3000
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Submit:
    """A way to send a form: its key and what its button says."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """Questions to put to a person. `document` stands above the fields; `carried` comes back with the answers."""

    command: str
    step: str
    title: str
    fields: tuple[Field, ...]
    submits: tuple[Submit, ...]
    locale: Locale
    carried: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class FormErrors:
    """A form that was refused: the form again with what was typed, and what is wrong per field ("" for the whole)."""

    form: Form
    errors: Mapping[str, str]


Reply = Message | Form | FormErrors
