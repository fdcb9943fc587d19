"""The world around the senders: a clock, and a platform whose channels keep what they were sent."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto

from bot.digests.posting import Timing
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.facts import Fact
from bot.domain.people import Address
from bot.messages.document import Document, FactLine, Footnote, Heading

_NEW = "New official statements"
_CUT = re.compile(r"(\d+) more (?:is|are) not shown")
BLIND = "missing_scope"  # who has not this permission may never look
_BEHIND = timedelta(minutes=50)  # the platform's clock, by which messages are dated


class Outcome(StrEnum):
    """What a platform makes of a message that reaches it."""

    SENT = auto()
    CUT = auto()  # sent, without its last fact
    LOST = auto()  # sent, and the reply does not come
    SLOW = auto()  # the same, and it shows only after a while
    BROKEN = auto()  # sent, and the messenger breaks over the reply
    NOTHING = auto()  # nothing happens, and there is no reply
    LATER = auto()
    REFUSED = auto()
    GONE = auto()  # refused, and the channel is lost to us


class Look(StrEnum):
    """What a platform does when somebody looks for a message."""

    TRUTH = auto()
    DOWN = auto()
    BLIND = auto()
    BROKEN = auto()


_STANDS = (Outcome.SENT, Outcome.CUT, Outcome.LOST, Outcome.SLOW, Outcome.BROKEN)


@dataclass(frozen=True)
class Message:
    """What stands in a channel, or will: `new` are the facts it tells as new, `left_out` counts those that it says it
    does not show.
    """

    address: Address
    nonce: str
    facts: Sequence[Fact]
    new: Sequence[int]
    left_out: int
    dated: datetime
    shows_at: datetime


@dataclass
class World:
    """The clock, and all that was ever sent. `may_send` says whether what carries a nonce is claimed."""

    may_send: Callable[[str], bool]
    now: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    a_while: timedelta = timedelta(seconds=30)
    messages: list[Message] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)  # what was sent by one whose lease had run out
    broken: int = 0  # how often a look broke

    def receive(self, address: Address, document: Document, nonce: str, outcome: Outcome) -> None:
        """Take what a messenger sends."""
        if not self.may_send(nonce):
            self.too_late.append(nonce)
        if outcome not in _STANDS:
            return
        delay = Timing().settling - timedelta(seconds=1) if outcome is Outcome.SLOW else timedelta()
        cut = _cut(document) if outcome is Outcome.CUT else frozenset()
        facts = [fact for fact in document.facts if fact.id not in cut]
        new = [fact_id for fact_id in _told_as_new(document) if fact_id not in cut]
        left_out = _left_out(document) + len(cut)
        self.messages.append(Message(address, nonce, facts, new, left_out, self.now - _BEHIND, self.now + delay))

    def reply(self, document: Document, nonce: str, outcome: Outcome) -> Attempt:
        """Return what the messenger hears of it."""
        match outcome:
            case Outcome.SENT:
                return Posted(nonce)
            case Outcome.CUT:
                return Posted(nonce, _cut(document))
            case Outcome.LOST | Outcome.SLOW | Outcome.NOTHING:
                return Unsure("no reply")
            case Outcome.BROKEN:
                raise ConnectionError("reset")
            case Outcome.LATER:
                return TryLater(timedelta(minutes=10), "rate limit")
            case Outcome.REFUSED:
                return Refused("too long", gone=False)
            case Outcome.GONE:
                return Refused("not_in_channel", gone=True)

    def look(self, address: Address, nonce: str, since: datetime, look: Look) -> str | None:
        """Return what a messenger finds."""
        match look:
            case Look.TRUTH:
                return next((each.nonce for each in self._shown(address, since) if each.nonce == nonce), None)
            case Look.DOWN:
                raise LookupError("platform down")
            case Look.BLIND:
                raise LookupError(BLIND)
            case Look.BROKEN:
                self.broken += 1
                raise ConnectionError("reset")

    def _shown(self, address: Address, since: datetime) -> Iterator[Message]:
        there = (each for each in self.messages if each.address == address and since <= each.dated)
        return (each for each in there if each.shows_at <= self.now)


def _cut(document: Document) -> frozenset[int]:
    return frozenset(fact.id for fact in document.facts[-1:])


def _told_as_new(document: Document) -> Iterator[int]:
    """The facts under the heading of what is new, and under those of its statements, which come last."""
    is_new = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.text == _NEW:
            is_new = True
        elif isinstance(block, FactLine) and is_new:
            yield block.fact.id


def _left_out(document: Document) -> int:
    notes = (_CUT.search(block.text) for block in document.blocks if isinstance(block, Footnote))
    return sum(int(note[1]) for note in notes if note)
