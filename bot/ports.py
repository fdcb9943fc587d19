"""The ports: what the core needs of a store and of a platform's messenger."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.changes import Applied, Change, Once
from bot.domain.digests import (
    Attempt,
    Delivery,
    DeliveryState,
    Digest,
    Notice,
    Receipt,
    Schedule,
    Subscription,
    Transition,
)
from bot.domain.facts import Counts, Dispute, Fact, LibraryContent, Speaker, Statement, Topic
from bot.domain.lanes import Lane
from bot.domain.people import CONSOLE, Address, Platform, Role, RoleHolder
from bot.domain.words import Unanswered, WordList
from bot.messages.document import Document
from bot.messages.exchange import Context

FACTS_OF_A_TOPIC = 200  # no answer reads more of one topic
FACTS_OF_A_STATEMENT = 1_000  # nor of one statement


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One write: who, when, what, and the state before and after as JSON text. `revision` is None where the library did
    not change.
    """

    id: int
    at: datetime
    actor: str
    action: str
    target: str
    before: str | None
    after: str | None
    revision: int | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Facts that may answer a question, best first. `cut_short` says that others hold terms of it and were not read."""

    facts: Sequence[Fact]
    cut_short: bool = False


class Library(Protocol):
    """Reads, all from one snapshot. Facts and statements are at their newest version, whatever its standing, unless a
    method says `current`: then neither they nor their statement are withdrawn or superseded.
    """

    def revision(self) -> int: ...
    def counts(self) -> Counts: ...
    def topics(self) -> Sequence[Topic]: ...
    def word_lists(self) -> Sequence[WordList]: ...
    def speakers(self) -> Sequence[Speaker]: ...
    def current_facts(self, topic: str, limit: int = FACTS_OF_A_TOPIC) -> Sequence[Fact]:
        """Current facts of a topic, newest period first, then newest said, then id; at most `limit`."""

    def fact(self, fact_id: int) -> Fact | None: ...
    def versions(self, fact_id: int) -> Sequence[Fact]:
        """All versions of a fact, oldest first; those before the last have standing corrected where it was current."""

    def all_facts(self, topic: str, limit: int = FACTS_OF_A_TOPIC) -> Sequence[Fact]:
        """The newest `limit` facts of a topic, whatever their standing, oldest period first."""

    def statement(self, statement_id: int) -> Statement | None: ...
    def facts_of(self, statement_id: int, limit: int = FACTS_OF_A_STATEMENT) -> Sequence[Fact]:
        """The first `limit` facts of a statement, in the order they came."""

    def candidates(self, terms: Sequence[str], limit: int) -> Candidates:
        """Current facts that hold any of these index terms, those with most and rarest terms first, then by id. Reads a
        bounded number of postings whatever the terms.
        """

    def unanswered(self, limit: int, asker: str = CONSOLE) -> Sequence[Unanswered]:
        """Questions that were asked and not answered: most often asked first, then last asked first. A person hears of
        those of their own workspace or guild, the console of all.
        """

    def disputes(self, fact_ids: Sequence[int]) -> Sequence[Dispute]:
        """Disputes in which any of these facts rejects or is rejected; both facts current."""

    def holds(self, kind: str, key: str) -> bool:
        """Whether the library has a source, speaker, topic, statement or fact (the kind, in lower case) by this key."""

    def content(self) -> LibraryContent:
        """The whole library at its newest versions, for export."""

    def log(self, limit: int, target: str | None = None) -> Sequence[AuditEntry]:
        """Newest audit rows first; `target` is F12, S3 or another thing's name."""

    def reply_to(self, once_key: str) -> str | None:
        """Return what was said when a change was made for this once-key, None where none was."""

    def role(self, actor: str) -> Role: ...
    def role_holders(self) -> Sequence[RoleHolder]: ...
    def subscription_at(self, address: Address) -> Subscription | None:
        """The subscription of this channel that has not ended."""

    def subscriptions(self, platform: Platform, space: str) -> Sequence[Subscription]:
        """Subscriptions of one workspace that have not ended; another workspace's are never seen."""

    def subscriptions_to(self, platform: Platform, channel: str) -> Sequence[Subscription]:
        """Subscriptions of channels of this id that have not ended, of whatever workspace or guild."""

    def digest(
        self,
        after: int,
        upto: int,
        topics: Sequence[str],
        subscription_id: int | None = None,
        excluded: Sequence[str] = (),
    ) -> Digest:
        """What is new in the revisions (after, upto] as the library stands now. `topics` are keys; empty means all but
        those `excluded`.

        For a subscription, changes are told against what its digests have shown; a fact that came since it subscribed
        and that none has shown is new to it, and nothing is said of one that was withdrawn before it was shown.
        """

    def deliveries(self, subscription_id: int, limit: int) -> Sequence[Delivery]:
        """Newest first."""

    def deliveries_in(self, subscription_id: int, states: Collection[DeliveryState], limit: int) -> Sequence[Delivery]:
        """A subscription's deliveries that are in one of these states, newest first."""

    def troubled(self, subscription_ids: Collection[int]) -> Collection[int]:
        """Those of these subscriptions whose last digest failed, or of which nobody knows whether it stands."""

    def merged_into(self, delivery: Delivery) -> Sequence[datetime]:
        """The slots of the deliveries right before one that went into it, newest first; of more than ten the newest."""

    def delivery(self, delivery_id: int) -> Delivery | None:
        """The delivery of a number, of whatever workspace or guild."""

    def transitions(self, delivery_id: int) -> Sequence[Transition]:
        """Oldest first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery held by this sender until `lease_until`; `was` is the state it was claimed from. Where that is claimed
    or unsure, an earlier sender may have posted it.
    """

    delivery: Delivery
    was: DeliveryState
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a claimed delivery ends or goes on. `message_id` is set when it was sent, `unshown` are then the ids of facts
    for which the message had no room; `unconfirmed` says that it was posted and no word came of that; `pause` pauses
    its subscription; `still_owed` leaves what it was to say to the next digest. `as_of` is set when there was nothing
    to say as of that revision.
    """

    state: DeliveryState
    reason: str | None = None
    not_before: datetime | None = None
    message_id: str | None = None
    as_of: int | None = None
    unconfirmed: bool = False
    pause: bool = False
    still_owed: bool = False
    unshown: frozenset[int] = frozenset()


class Store(Protocol):
    """The store: snapshots to read, one way to write, and the outbox. All instants are UTC."""

    def read(self) -> AbstractContextManager[Library]: ...
    def apply(self, change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        """Make the change in one write transaction, with its audit row.

        Raises StaleChangeError, AlreadyDoneError or ChangeRefusedError; nothing is written then.
        """

    def close(self) -> None:
        """End the connections."""

    def seeds_digest(self) -> str | None:
        """Return the digest of the seeds that were loaded last, None where none were."""

    def enqueue_due(self, now: datetime, next_due: Callable[[Schedule], datetime], limit: int) -> int:
        """For up to `limit` active subscriptions with next_due <= now, in one transaction: write the slot's delivery
        where the library has moved past the cursor, then move cursor, last_due and next_due (`next_due(schedule)`).
        One whose digests come immediately is due whenever the library has moved past its cursor, at the slot `now`;
        where one has failed, an hour later.
        Returns how many subscriptions were due; fewer than `limit` means none is left.
        """

    def renew_due(
        self, data: str, now: datetime, renewed: Callable[[Subscription], datetime], after: int, limit: int
    ) -> int | None:
        """Where next_due was computed with other zones and holidays than this `data`: move it to
        `renewed(subscription)` for the first `limit` active subscriptions with an id above `after` that are due after
        `now`, in one transaction.

        Returns the last id, None where none is left; then the data is noted, and nothing is done for the same again.
        """

    def lanes(self, now: datetime, platforms: Sequence[Platform]) -> Sequence[Lane]:
        """The lanes of these platforms in which something may be claimed now."""

    def hold(self, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Whether a lease is now this holder's, for so long: it was free, had run out, or was the holder's already."""

    def let_go(self, name: str, holder: str) -> None:
        """Give a lease back, where it is this holder's."""

    def claim(self, now: datetime, lease: timedelta, lane: Lane, limit: int, holder: str) -> Sequence[Claim]:
        """Claim deliveries of a lane that are owed, waiting or unsure with their not_before reached, or claimed with
        the lease run out; oldest slot first, and of a subscription its oldest alone.

        The lane's lease becomes the holder's for as long; nothing is claimed where it is another's.
        """

    def note_shown(self, delivery_id: int, fence: int, facts: Sequence[Fact], as_of: int) -> bool:
        """Record which fact versions the digest is about to show, and as of which revision it was derived. False where
        it is not to be posted: the claim is not held any more, or its subscription is not active.
        """

    def settle(self, claim: Claim, settlement: Settlement, at: datetime) -> bool:
        """End a claim; False, with nothing written, when the claim is no longer held. A settlement that pauses owes
        the subscription's owner a notice, and so does one whose end is unknown, and the first that fails in a row.
        """

    def claim_notices(
        self, now: datetime, lease: timedelta, platforms: Sequence[Platform], limit: int
    ) -> Sequence[Notice]:
        """Claim notices that are owed with not_before reached, or claimed with the lease run out; oldest first."""

    def settle_notice(self, notice: Notice, not_before: datetime | None, at: datetime) -> bool:
        """End a notice, or with `not_before` owe it again from then; False when the claim is no longer held."""

    def begin(self, key: str, now: datetime, patience: timedelta) -> bool:
        """Whether an event is to be acted on now: it was never begun, or longer than `patience` ago and not finished.

        Keys are kept for at least a day.
        """

    def finish(self, key: str, at: datetime) -> None:
        """Never act on this event again."""

    def forget(self, key: str) -> None:
        """Let this event be begun anew: nothing came of it."""

    def park(self, text: str, by: str, at: datetime) -> str:
        """Keep a text that a platform has no room for; return the token under which `by` finds it for a day."""

    def parked(self, token: str, by: str) -> str | None:
        """Return what this person parked, None where it is not theirs, forgotten or never was."""

    def remember(self, conversation: Address, context: Context, at: datetime) -> None:
        """Keep what a conversation is about, in place of what it was about before."""

    def recall(self, conversation: Address, since: datetime) -> Context | None:
        """Return what a conversation was about, None where that was before `since`."""

    def note_receipt(self, receipt: Receipt) -> None:
        """Keep where a public message stands and what it shows."""


class Messenger(Protocol):
    """How the core speaks first on one platform."""

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Post one message. Calls `fence` after every wait of its own and right before the bytes go out, and posts
        only if it says true (otherwise the Attempt is TryLater).
        """

    def unshown(self, address: Address, document: Document) -> frozenset[int]:
        """Return the ids of those facts of a document for which one message there has no room, without posting it.
        Whatever the nonce, that is what `post` leaves out, unless the platform takes nothing but plainer text.
        """

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Return the id of the message that carries our nonce if it stands in the channel, else None.

        Raises LookupError when the platform will not let us look.
        """


class Front(Protocol):
    """One platform's app: takes in what people type and press there."""

    @property
    def name(self) -> str:
        """How logs call it."""

    async def serve(self) -> None:
        """Serve until cancelled. Raises when it cannot go on; it may be called again then."""


class StoreUnavailableError(Exception):
    """The store cannot be opened or reached. The text is for the operator: what is wrong, what to do, and no secret."""
