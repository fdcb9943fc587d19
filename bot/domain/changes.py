"""Every write the core can ask of the store, what came of it, and why the store may say no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.digests import Subscription, SubscriptionState
from bot.domain.facts import Assertion, LibraryContent, Standing
from bot.domain.people import Role
from bot.domain.text import Locale, LocalText


class Origin(StrEnum):
    """Where a version came from. Seeds never overwrite what an editor wrote."""

    SEEDS = "seeds"
    IMPORT = "import"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class LoadLibrary:
    """Add or update what a library file holds, by key. Loading the same content twice changes nothing.

    `digest` names the content (seeds only), so that a later start can tell that these seeds are loaded. With `dry_run`
    the store says what it would do and writes nothing.
    """

    content: LibraryContent
    origin: Origin
    digest: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class CorrectFact:
    """Give a fact a new version. `based_on` is the version the editor saw; `topic` is a key, None for no topic."""

    fact_id: int
    based_on: int
    assertion: Assertion
    topic: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SetFactStanding:
    """Withdraw, supersede or restore a fact: a new version with the same assertion."""

    fact_id: int
    based_on: int
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class SetStatementStanding:
    """Withdraw or restore a statement with all its facts."""

    statement_id: int
    based_on: int
    standing: Standing
    reason: str


class TopicPart(StrEnum):
    """Which words of a topic."""

    ALIASES = "aliases"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class AddTopic:
    """Add a topic without words. A topic of this key makes the change stale."""

    key: str
    label: LocalText


@dataclass(frozen=True, slots=True)
class EditTopic:
    """Take words out of a topic and put others at the end, compared without regard to case. What is there already or
    not there at all changes nothing. An unknown topic is refused (DANGLING).
    """

    topic: str
    part: TopicPart
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditWords:
    """The same for a word list, which is made where there is none by this key."""

    key: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountUnanswered:
    """Count a question that nothing held answers, where the person who asked is. It touches no revision and leaves no
    audit row.
    """

    question: str
    locale: Locale


@dataclass(frozen=True, slots=True)
class ForgetUnanswered:
    """Drop a question from the unanswered, or with None all of them: those of the person's own workspace or guild, the
    console everybody's.
    """

    question: str | None = None


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Name a person editor or admin. Refused (LAST_ADMIN) where it would leave no admin, as RevokeRole is."""

    actor: str
    role: Role
    settings_hold_admin: bool = False


@dataclass(frozen=True, slots=True)
class RevokeRole:
    """Make a person a reader again. Refused (LAST_ADMIN) where it would leave no admin and none is in the settings."""

    actor: str
    settings_hold_admin: bool


@dataclass(frozen=True, slots=True)
class IssueClaimCode:
    """Keep the hash of a new claim code; earlier codes stop working."""

    code_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UseClaimCode:
    """Make the person admin if the code is right, unused and in time; refused (CLAIM_CODE) otherwise."""

    code_hash: str
    actor: str


@dataclass(frozen=True, slots=True)
class SaveSubscription:
    """Write a subscription; it replaces the one of its id at the same address, and with the id 0 none. The change is
    stale where another one stands there, or none. Its cursor is then the library's revision, unless
    `keep_cursor`: a changed subscription is still owed what it was owed.
    """

    subscription: Subscription
    keep_cursor: bool


@dataclass(frozen=True, slots=True)
class SetSubscriptionState:
    """Pause, resume or end a subscription."""

    subscription_id: int
    state: SubscriptionState
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Owe a digest once more of which nobody knows whether it was posted: somebody looked, and decided."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class TakeAsPosted:
    """End a digest as sent of which nobody knew whether it was posted: somebody looked, and found it."""

    delivery_id: int


Change = (
    LoadLibrary
    | CorrectFact
    | SetFactStanding
    | SetStatementStanding
    | AddTopic
    | EditTopic
    | EditWords
    | CountUnanswered
    | ForgetUnanswered
    | GrantRole
    | RevokeRole
    | IssueClaimCode
    | UseClaimCode
    | SaveSubscription
    | SetSubscriptionState
    | SendAgain
    | TakeAsPosted
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change did: the public ids it made or touched, and how many entries were new, changed and left alone.

    `kept` names the keys of what seeds would have changed, had not somebody else written it since.
    """

    ids: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: tuple[str, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Once:
    """Makes a change at most once: the platform's event id, and how to word the reply to be kept with it."""

    key: str
    word: Callable[[Applied], str]


class StaleChangeError(Exception):
    """What the change was based on has moved on; decide again from a fresh read."""


class AlreadyDoneError(Exception):
    """A change with this once-key was made before; `reply` is what was said then."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class RefusalReason(StrEnum):
    """Why the store would not make a change."""

    LAST_ADMIN = "last admin"
    CLAIM_CODE = "claim code"
    DANGLING = "dangling reference"


class ChangeRefusedError(Exception):
    """The store would not make the change; nothing was written. `detail` names what was wrong, if known."""

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
