"""What the store holds of deliveries, read as it stands, and what must hold of it at any moment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interleaving.world import Message, World
from sqlalchemy import Engine, select

from bot.digests.reasons import may_not_look
from bot.digests.why import WITHDRAWN
from bot.domain.digests import MERGED, DeliveryState
from store.rows import address_of
from store.tables import NoticeState, deliveries, delivery_facts, delivery_transitions, notices, subscriptions

S = DeliveryState
FINAL = (S.SENT, S.EMPTY, S.FAILED, S.UNKNOWN)
_NOT_POSTED = (S.OWED, S.WAITING, S.EMPTY, S.FAILED)
_STEPS: Mapping[S | None, Sequence[S]] = {
    None: (S.OWED,),
    S.OWED: (S.CLAIMED, S.PAUSED, S.EMPTY),
    S.WAITING: (S.CLAIMED, S.PAUSED, S.EMPTY),
    S.UNSURE: (S.CLAIMED, S.PAUSED),
    S.PAUSED: (S.EMPTY, S.UNSURE),
    S.CLAIMED: (S.CLAIMED, S.WAITING, S.UNSURE, S.PAUSED, *FINAL),
}


@dataclass(frozen=True)
class Step:
    before: S | None
    after: S
    reason: str | None


@dataclass(frozen=True)
class Owed:
    """A delivery with its steps, the facts noted for it, and the messages that carry its nonce."""

    id: int
    subscription: int
    slot: datetime
    revisions: range
    state: S
    reason: str | None
    steps: Sequence[Step]
    noted: frozenset[int]
    messages: Sequence[Message]


@dataclass(frozen=True)
class Ledger:
    """All deliveries, oldest slot first, by subscription, and the messages that are notices."""

    owed: Sequence[Owed]
    notices: Counter[tuple[int, datetime | None]]
    untold: int

    def of(self, subscription: int) -> list[Owed]:
        return [each for each in self.owed if each.subscription == subscription]


def read(engine: Engine, messages: Sequence[Message]) -> Ledger:
    """Read what the store holds, and check what it always has to."""
    with engine.connect() as connection:
        rows = connection.execute(select(deliveries).order_by(deliveries.c.slot)).all()
        taken = connection.execute(select(delivery_transitions).order_by(delivery_transitions.c.id)).all()
        noted = connection.execute(select(delivery_facts)).all()
        told = connection.execute(select(notices)).all()
        addresses = {row.id: address_of(row) for row in connection.execute(select(subscriptions))}
    steps: dict[int, list[Step]] = {row.id: [] for row in rows}
    for row in taken:
        steps[row.delivery_id].append(Step(row.before, row.after, row.reason))
    facts: dict[int, set[int]] = {row.id: set() for row in rows}
    for row in noted:
        facts[row.delivery_id].add(row.fact_id)
    owed = []
    for row in rows:
        revisions = range(row.from_revision + 1, row.to_revision + 1)
        mine = [each for each in messages if each.nonce == row.nonce]
        assert all(each.address == addresses[row.subscription_id] for each in mine)
        owed.append(
            Owed(
                row.id,
                row.subscription_id,
                row.slot,
                revisions,
                row.state,
                row.reason,
                steps[row.id],
                frozenset(facts[row.id]),
                mine,
            )
        )
    known = {row.nonce: address_of(row) for row in told}
    count = sum(each.address == known.get(each.nonce) for each in messages)
    assert len(messages) == count + sum(len(each.messages) for each in owed), "a message belongs to nothing"
    untold = sum(row.state is not NoticeState.DONE for row in told)
    return Ledger(owed, Counter((row.subscription_id, row.slot) for row in told), untold)


def may_send(engine: Engine, nonce: str, now: datetime) -> bool:
    """Whether a delivery is under a lease. A notice may also be dropped while it is sent."""
    with engine.connect() as connection:
        delivery = connection.execute(select(deliveries.c.lease_until).where(deliveries.c.nonce == nonce)).one_or_none()
        notice = connection.execute(select(notices.c.lease_until).where(notices.c.nonce == nonce)).one_or_none()
    if delivery:
        return delivery.lease_until is not None and now < delivery.lease_until
    return notice is not None and (notice.lease_until is None or now < notice.lease_until)


def check(ledger: Ledger, world: World) -> None:
    """What holds at any moment."""
    messages = world.messages
    assert not world.too_late, "the fence let one pass whose lease had run out"
    broken = [step for each in ledger.owed for step in each.steps if step.reason == "internal error"]
    assert len(broken) <= world.broken, "a sender stumbled"
    doubled = [nonce for nonce, count in Counter(each.nonce for each in messages).items() if count > 1]
    assert not doubled, f"said twice: {doubled}"
    for delivery in ledger.owed:
        _check_steps(delivery)
        _check_message(delivery)
    for subscription in {each.subscription for each in ledger.owed}:
        _check_notices(ledger, subscription)
        posted = [message for each in ledger.of(subscription) for message in each.messages]
        order = [message for message in messages if message in posted]
        assert posted == order, "a channel reads its digests out of order"
        new = Counter(fact for message in posted for fact in message.new)
        assert all(count == 1 for count in new.values()), f"told twice as new: {new}"


def _check_notices(ledger: Ledger, subscription: int) -> None:
    """An owner is told once of each that may be lost, and of the first that failed in a row."""
    before: S | None = None
    for delivery in ledger.of(subscription):
        is_told = delivery.state is S.UNKNOWN or (delivery.state is S.FAILED and before is not S.FAILED)
        assert ledger.notices[subscription, delivery.slot] == is_told, f"its owner is not told once: {delivery}"
        if delivery.state in FINAL and delivery.reason != MERGED:
            before = delivery.state


def _check_steps(delivery: Owed) -> None:
    at: S | None = None
    for step in delivery.steps:
        assert step.before is at, delivery
        assert step.after in _STEPS.get(at, ()), f"no delivery steps so: {delivery}"
        if at in (S.OWED, S.WAITING, S.PAUSED) and step.after is S.EMPTY:
            assert step.reason == MERGED
        if step.after is S.UNSURE and at is S.CLAIMED:
            assert not may_not_look(step.reason), f"it waits to look where nobody may: {delivery}"
        at = step.after
    assert at is delivery.state, delivery


def _check_message(delivery: Owed) -> None:
    count, last = len(delivery.messages), delivery.steps[-1]
    if delivery.state is S.SENT:
        assert count == 1, f"it counts as sent and does not stand: {delivery}"
    if delivery.state in _NOT_POSTED or (delivery.state is S.PAUSED and last.before is not S.UNSURE):
        assert count == 0, f"it stands and does not count as sent: {delivery}"
    if delivery.state in (S.FAILED, S.UNKNOWN):
        assert delivery.reason, f"nobody knows why: {delivery}"
    if delivery.state is S.EMPTY:
        assert delivery.reason in (None, WITHDRAWN, MERGED), delivery
