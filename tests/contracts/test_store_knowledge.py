"""Any edits, and digests that wait, fail, or lose their reply: what a channel is told fits what it has read before, and
in the end it has read how things stand.

TIPFACTS_SEED says which edits; without it they are always the same two.
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from contracts.samples import (
    AT,
    CHANNEL,
    DAY,
    DIMSUM,
    EDITOR,
    GOVERNMENT,
    RATING,
    REJECTION,
    SCREENED_2021,
    SCREENINGS,
    claimed,
    load,
    subscription,
)

from bot.domain.changes import CorrectFact, Origin, SaveSubscription, SetFactStanding, SetStatementStanding
from bot.domain.digests import DeliveryState, Digest, FactChange
from bot.domain.facts import DisputeEntry, Fact, LibraryContent, Standing
from bot.domain.people import Address
from bot.ports import Claim, Settlement, Store

SEEDS = [int(seed) for seed in os.environ.get("TIPFACTS_SEED", "9 22").split()]
DAYS, CHANNELS, MOST_FACTS = 24, 8, 12
WORDS = LibraryContent(sources=(DIMSUM,), speakers=(GOVERNMENT,), topics=(SCREENINGS, RATING))
FOLLOWED = ((), (), ("screenings",), ("rating",))
MINUTE = timedelta(minutes=1)
SOON, NEVER = 10 * MINUTE, 99 * DAY
WAYS = ("posted", "posted", "waits", "held", "lost", "nothing", "failed")


@dataclass
class Seen:
    """What a reader knows of a fact: whether it stands, its figure, and which facts reject it."""

    stands: bool
    value: object
    rejected_by: set[int]


@dataclass
class Reader:
    """Somebody who reads all that comes to a channel, and remembers it."""

    address: Address
    topics: tuple[str, ...]
    known: dict[int, Seen] = field(default_factory=dict)

    def read(self, digest: Digest) -> None:
        """Take in a digest. Nothing in it may contradict what was read before, or be in it already."""
        for change in digest.changes:
            self._take_in(change)
        for fact in (fact for new in digest.statements for fact in new.facts):
            assert not self._stands(fact), f"told as new, and known: {fact.public_id}"
            self.known[fact.id] = _seen(fact)
        for rejecting, claim in digest.rejects:
            if claim.id in self.known:
                self.known[claim.id].rejected_by.add(rejecting)

    def _take_in(self, change: FactChange) -> None:
        fact, named = change.now, change.now.public_id
        if change.gone:
            assert self._stands(fact), f"withdrawn, and not known to stand: {named}"
            self.known[fact.id].stands = False
            for seen in self.known.values():
                seen.rejected_by.discard(fact.id)
            return
        if change.is_dispute:
            by = {each.id for each in change.by}
            was = self.known[fact.id].rejected_by & by
            assert was == (by if change.is_dispute_over else set()), f"known to be disputed, or not to be: {named}"
        elif change.before.is_current:
            assert self._stands(fact), f"changed, and not known to stand: {named}"
            assert change.before.value == self.known[fact.id].value, f"it was never said to be so: {named}"
        else:
            assert fact.id in self.known, f"stands again, and is not known: {named}"
            assert not self._stands(fact), f"stands again, and was never gone: {named}"
        self.known[fact.id] = _seen(fact)

    def _stands(self, fact: Fact) -> bool:
        return fact.id in self.known and self.known[fact.id].stands


def _seen(fact: Fact) -> Seen:
    return Seen(fact.is_current, fact.value, {each.fact_id for each in fact.rejected_by})


class Editors:
    """Change the library at random: at most so many facts, of which some reject others."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self._store, self._dice = store, dice
        self._count = 0
        load(store, WORDS)

    def facts(self) -> list[Fact]:
        with self._store.read() as library:
            return [*library.all_facts("screenings"), *library.all_facts("rating")]

    def work(self, most: int) -> None:
        """Make some changes."""
        for _ in range(self._dice.randint(0, most)):
            facts = self.facts()
            if not facts or (len(facts) < MOST_FACTS and self._dice.random() < 0.35):
                self._add(facts)
            else:
                self._change(self._dice.choice(facts))

    def _add(self, facts: list[Fact]) -> None:
        self._count += 1
        statement = replace(REJECTION, key=f"s{self._count}")
        topics = self._dice.choices(("screenings", "rating"), k=self._dice.choice((1, 2)))
        added = tuple(
            replace(SCREENED_2021, key=f"{statement.key}-{number}", statement=statement.key, topic=topic)
            for number, topic in enumerate(topics)
        )
        rejected = self._dice.sample(facts, min(len(facts), self._dice.choice((0, 1, 1))))
        disputes = tuple(DisputeEntry(f"{statement.key}-d", added[0].key, each.key, DIMSUM.key) for each in rejected)
        load(self._store, LibraryContent(statements=(statement,), facts=added, disputes=disputes), Origin.EDITOR)

    def _change(self, fact: Fact) -> None:
        way = self._dice.randrange(3)
        of = (fact.statement, fact, fact)[way]
        to = Standing.WITHDRAWN if of.standing is Standing.CURRENT else Standing.CURRENT
        topic = fact.topic.key if fact.topic else None
        change = (
            SetStatementStanding(fact.statement.id, fact.statement.version, to, "in doubt"),
            SetFactStanding(fact.id, fact.version, to, "in doubt"),
            CorrectFact(fact.id, fact.version, replace(fact, value=self._dice.randint(1, 99)), topic, "recount"),
        )[way]
        self._store.apply(change, by=EDITOR, at=AT)


class Sender:
    """Sends digests of many channels, each in one of the ways in which that may go."""

    def __init__(self, store: Store, dice: random.Random, readers: dict[Address, Reader]) -> None:
        self._store, self._dice, self._readers = store, dice, readers
        self._stands: set[str] = set()

    def send(self, at: datetime, *, well: bool = False) -> None:
        for claim in claimed(self._store, at):
            self._store.settle(claim, self._sent(claim, at, well=well), at)

    def _sent(self, claim: Claim, at: datetime, *, well: bool) -> Settlement:
        delivery = claim.delivery
        if delivery.nonce in self._stands:
            return Settlement(DeliveryState.SENT, message_id="found")
        held = delivery.subscription
        with self._store.read() as library:
            digest = library.digest(delivery.from_revision, delivery.to_revision, held.topics, held.id)
        if digest.is_empty:
            return Settlement(DeliveryState.EMPTY, as_of=digest.as_of)
        self._store.note_shown(delivery.id, delivery.fence, list(_shown(digest)), digest.as_of)
        way = "posted" if well else self._dice.choice(WAYS)
        if way in ("posted", "lost"):
            self._readers[held.address].read(digest)
            self._stands.add(delivery.nonce)
        return {
            "posted": Settlement(DeliveryState.SENT, message_id="m1"),
            "waits": Settlement(DeliveryState.WAITING, "limit", not_before=at + SOON),
            "held": Settlement(DeliveryState.WAITING, "limit", not_before=at + NEVER),
            "lost": Settlement(DeliveryState.UNSURE, "no reply", not_before=at + SOON),
            "nothing": Settlement(DeliveryState.UNSURE, "no reply", not_before=at + SOON),
            "failed": Settlement(DeliveryState.FAILED, "too long", still_owed=True),
        }[way]


def _shown(digest: Digest) -> Iterator[Fact]:
    for change in digest.changes:
        yield change.now
        yield from () if change.is_dispute_over else change.by
    for new in digest.statements:
        yield from new.facts


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_channel_is_told_fits_what_it_has_read(store: Store, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (to be repeated)
    editors, readers = Editors(store, dice), dict[Address, Reader]()
    sender = Sender(store, dice, readers)
    for day in range(DAYS):
        at = AT + day * DAY
        if day < CHANNELS:
            _subscribe(store, readers, day, editors.facts())
        editors.work(4)
        _enqueue(store, at)
        editors.work(2)
        sender.send(at)
        editors.work(2)
        sender.send(at + SOON)
    load(store, LibraryContent(statements=(replace(REJECTION, key="last"),)), Origin.EDITOR)
    for day in (DAYS, DAYS + 1):
        _enqueue(store, AT + day * DAY)
        for minutes in (0, 20, 40):
            sender.send(AT + day * DAY + minutes * MINUTE, well=True)
    for reader in readers.values():
        _check(reader, editors.facts())


def _subscribe(store: Store, readers: dict[Address, Reader], day: int, facts: Iterable[Fact]) -> None:
    address, topics = replace(CHANNEL, channel=f"C{day}"), FOLLOWED[day % len(FOLLOWED)]
    wanted = subscription(address, topics, due=AT + (day + 1) * DAY)
    store.apply(SaveSubscription(wanted, keep_cursor=False), by=EDITOR, at=AT)
    readers[address] = Reader(address, topics, {fact.id: _seen(fact) for fact in facts})


def _enqueue(store: Store, at: datetime) -> None:
    store.enqueue_due(at, lambda _: at + DAY, 100)


def _check(reader: Reader, facts: Iterable[Fact]) -> None:
    """Whether a channel that has read everything knows how what it follows stands."""
    for fact in facts:
        if reader.topics and (fact.topic is None or fact.topic.key not in reader.topics):
            continue
        seen = reader.known.get(fact.id, Seen(stands=False, value=None, rejected_by=set()))
        assert seen.stands == fact.is_current, fact.public_id
        assert not seen.stands or seen == _seen(fact), fact.public_id
