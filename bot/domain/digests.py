"""Subscriptions, what they are owed, and how its delivery went."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.facts import Fact, Statement
from bot.domain.people import Address
from bot.domain.text import Locale

MERGED = "merged"  # why a delivery ends empty whose digest went into a later one
SEEN = "seen"  # why one counts as sent that no platform confirmed: somebody found it in its channel


class Rhythm(StrEnum):
    """On which days a digest is due; or immediately, which is at the next tick after something is new."""

    IMMEDIATELY = "immediately"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When digests are due, in local wall time. `weekday` (Monday is 0) is set exactly when the rhythm is weekly.

    `holidays` is the calendar of public holidays on which none is due: a country's ISO 3166 code, or one of a part of
    it (US-CA); None where they are days like others. What comes immediately has none, and its time of day counts for
    nothing.
    """

    rhythm: Rhythm
    at: time
    zone: str
    weekday: int | None = None
    holidays: str | None = None


class SubscriptionState(StrEnum):
    """Whether a subscription is served."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's wish for digests.

    `topics` are topic keys (empty: all), `excluded` those of which it does not hear. `cursor` is the revision up to
    which digests have been owed. `next_due` and `last_due` are instants in UTC. `note` says in one word why a paused
    subscription is paused.
    """

    address: Address
    owner: str
    schedule: Schedule
    locale: Locale
    topics: tuple[str, ...]
    cursor: int
    next_due: datetime
    last_due: datetime | None = None
    state: SubscriptionState = SubscriptionState.ACTIVE
    note: str | None = None
    id: int = 0
    excluded: tuple[str, ...] = ()


class DeliveryState(StrEnum):
    """Where a delivery stands. `sent`, `empty`, `failed` and `unknown` are final."""

    OWED = "owed"
    CLAIMED = "claimed"
    SENT = "sent"
    EMPTY = "empty"  # nothing was left to say when it was derived
    WAITING = "waiting"  # to be tried again at `not_before`
    UNSURE = "unsure"  # may or may not have been posted: looked for before it is tried again
    PAUSED = "paused"  # the channel refused; kept until the subscription is resumed
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may or may not have been posted, and nobody could look: given up


@dataclass(frozen=True, slots=True)
class Delivery:
    """One digest owed to one address for one slot. The digest covers revisions (from_revision, to_revision].

    `fence` grows with every claim: only the newest holder may post and settle. `unsure_since` is when it was claimed
    since when it may stand in the channel without anybody knowing, None where it certainly does not; `unconfirmed`
    counts the posts of which no word came.
    """

    subscription: Subscription
    slot: datetime
    from_revision: int
    to_revision: int
    nonce: str
    state: DeliveryState = DeliveryState.OWED
    fence: int = 0
    tries: int = 0
    reason: str | None = None
    not_before: datetime | None = None
    settled_at: datetime | None = None
    unsure_since: datetime | None = None
    unconfirmed: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """The message stands in the channel under this id, which is empty where the platform does not tell it; then it
    cannot be edited. `unshown` are the ids of those facts of the document for which there was no room.
    """

    message_id: str
    unshown: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was posted; the platform asks to wait this long."""

    after: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The message may or may not stand in the channel."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will not take the message, now or on a retry. `gone`: the channel itself is lost to us."""

    reason: str
    gone: bool


Attempt = Posted | TryLater | Unsure | Refused


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact as the channel last saw it and as it stands now; `gone` when it does not stand any more. Where all that
    changed is who rejects it, `by` are the facts that do since, or that did and do not stand any more.
    """

    before: Fact
    now: Fact
    gone: bool
    reason: str | None
    by: tuple[Fact, ...] = ()

    @property
    def is_dispute(self) -> bool:
        """Whether all that changed is who rejects it."""
        return not self.gone and self.before == replace(self.now, rejected_by=self.before.rejected_by)

    @property
    def is_dispute_over(self) -> bool:
        """Whether all that changed is that somebody rejects it no more."""
        return self.is_dispute and len(self.before.rejected_by) > len(self.now.rejected_by)


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement that is new in a revision range, with those of its facts that the subscription follows."""

    statement: Statement
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new in a revision range for some topics. `dropped` counts statements added and withdrawn within it;
    `left_out` counts the facts that were touched beyond those that were looked at, whatever there is to tell of them.
    `rejects` are the current facts that told ones, by their ids, reject. `as_of` is the revision it was derived at.
    """

    statements: tuple[NewStatement, ...]
    changes: tuple[FactChange, ...]
    dropped: int
    left_out: int = 0
    rejects: tuple[tuple[int, Fact], ...] = ()
    as_of: int = field(default=0, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post."""
        return not (self.statements or self.changes or self.left_out)


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a delivery from a state to another, with the reason."""

    at: datetime
    before: DeliveryState | None
    after: DeliveryState
    reason: str | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What an owner is told once, by direct message: that a channel of theirs gets no more digests, and why; or, with
    the `slot` it was due at, that one digest may not stand in the channel, or does not where it `failed`: that of
    `delivery_id`.

    `fence` grows with every claim; `was_claimed` says that an earlier sender may have posted it.
    """

    subscription: Subscription
    address: Address
    reason: str | None
    nonce: str
    fence: int = 0
    tries: int = 0
    was_claimed: bool = False
    created_at: datetime | None = None
    slot: datetime | None = None
    delivery_id: int | None = None
    failed: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """A public message of ours: where it stands, which fact versions it shows (id and version), and whether the
    platform lets us edit it; `message_id` is empty where it does not.
    """

    address: Address
    message_id: str
    posted_at: datetime
    facts: tuple[tuple[int, int], ...] = ()
    editable: bool = True
