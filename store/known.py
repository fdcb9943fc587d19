"""What a channel knows by its digests: which versions of facts they have shown, and as of when they spoke of what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Column, ColumnElement, and_, bindparam, func, or_, select

from bot.domain.digests import MERGED, DeliveryState
from store.announced import announced_facts
from store.reading import Reader
from store.rows import chunks
from store.tables import deliveries, delivery_facts

# What such a delivery was to show may stand in the channel; what certainly does not was taken back when it was settled.
_MAY_STAND = deliveries.c.state.in_((DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.UNKNOWN))
_HAD_NOTHING = and_(deliveries.c.state == DeliveryState.EMPTY, deliveries.c.reason.is_distinct_from(MERGED))
Spoken = tuple[int, int, int]

# Asked for each of thousands of digests: made once.
_OWN = deliveries.c.subscription_id == bindparam("own")
_FIRST = select(func.min(deliveries.c.from_revision)).where(_OWN)
_LATER = (
    select(deliveries.c.from_revision, deliveries.c.to_revision, deliveries.c.as_of)
    .where(_OWN, deliveries.c.as_of > bindparam("after"), or_(_MAY_STAND, _HAD_NOTHING))
    .order_by(deliveries.c.as_of)
)
_SHOWN = (
    select(delivery_facts.c.fact_id, func.max(delivery_facts.c.version), func.max(deliveries.c.as_of))
    .join(deliveries, deliveries.c.id == delivery_facts.c.delivery_id)
    .where(_OWN, _MAY_STAND, delivery_facts.c.fact_id.in_(bindparam("ids", expanding=True)))
    .group_by(delivery_facts.c.fact_id)
)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a fact was shown last: in which version, and as of which revision; older deliveries have not kept that."""

    version: int
    as_of: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a subscription knows of some facts.

    `shown` says how its digests have shown them last. Facts that came after revision `since` and are not among them are
    news to it. `spoken` are the digests that were derived at a later revision than the next one begins at: the range of
    each, and as of which revision it was derived, the earliest first.
    """

    shown: Mapping[int, Shown]
    since: int
    spoken: tuple[Spoken, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """All of it that differs between channels to which the same is news, to hold digests by."""
        return frozenset(self.shown.items()), self.spoken

    def is_news(self, fact_id: int, added: int) -> bool:
        """Whether it has not heard of a fact that came in this revision."""
        return added > self.since and fact_id not in self.shown

    def shown_at(self, fact_id: int) -> int | None:
        """Return as of which revision a fact was shown last, None where it was not or nobody kept that."""
        shown = self.shown.get(fact_id)
        return shown.as_of if shown else None


def known_to(reader: Reader, subscription_id: int | None, ids: Iterable[int], after: int) -> Known:
    """Return what a subscription knows of these facts beyond what was so at the revision `after`; where there is none,
    everything up to that counts as known.
    """
    if subscription_id is None:
        return Known({}, after)
    own = {"own": subscription_id}
    first = reader.connection.scalar(_FIRST, own)
    spoken = tuple((row[0], row[1], row[2]) for row in reader.connection.execute(_LATER, {**own, "after": after}))
    shown = {
        row[0]: Shown(row[1], row[2])
        for chunk in chunks(sorted(ids))
        for row in reader.connection.execute(_SHOWN, {**own, "ids": chunk})
    }
    return Known(shown, after if first is None else min(first, after), spoken)


def spoken_of(reader: Reader, ids: Iterable[int], spoken: Iterable[Spoken]) -> dict[int, int]:
    """Return as of which revision the last of these digests spoke of each of these facts; those of which none did are
    missing. What it left out for want of room it has counted.
    """
    wanted, latest = sorted(ids), dict[int, int]()
    for after, upto, as_of in spoken:
        for chunk in chunks(wanted):
            announced = announced_facts(after, upto, partial(_among, chunk))
            latest.update(dict.fromkeys(reader.connection.scalars(announced), as_of))
    return latest


def _among(ids: Sequence[int], fact_id: Column[int]) -> ColumnElement[bool]:
    return fact_id.in_(ids)
