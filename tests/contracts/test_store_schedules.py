"""Topics left out, holidays, what comes immediately, and other zone data, on any store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from contracts.samples import (
    AT,
    CHANNEL,
    DAY,
    EDITOR,
    REJECTED,
    SCREENED_2021,
    TIER,
    claimed,
    load,
    statement_of_2022,
    subscription,
    with_fact,
)

from bot.domain.changes import ChangeRefusedError, Origin, SaveSubscription, SetSubscriptionState
from bot.domain.digests import Delivery, DeliveryState, Digest, Rhythm, Schedule, Subscription, SubscriptionState
from bot.domain.people import Address
from bot.ports import Settlement, Store

MINUTE = timedelta(minutes=1)
AT_ONCE = Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")
FAR = AT + 9_999 * DAY


def _save(store: Store, wanted: Subscription) -> Subscription:
    with store.read() as library:
        held = library.subscription_at(wanted.address)
    store.apply(SaveSubscription(replace(wanted, id=held.id if held else 0), keep_cursor=True), by=EDITOR, at=AT)
    return _at(store, wanted.address)


def _at(store: Store, address: Address = CHANNEL) -> Subscription:
    with store.read() as library:
        found = library.subscription_at(address)
    assert found is not None
    return found


def _digest(store: Store, excluded: Sequence[str], topics: Sequence[str] = (), after: int = 1) -> Digest:
    with store.read() as library:
        return library.digest(after, library.revision(), topics, excluded=excluded)


def _told(digest: Digest) -> list[str]:
    return [fact.key for new in digest.statements for fact in new.facts]


def test_topics_left_out_and_holidays_come_back_as_they_were_saved(store: Store) -> None:
    load(store)
    schedule = Schedule(Rhythm.WEEKDAYS, time(9), "Asia/Hong_Kong", holidays="HK")
    for topics, excluded in ((("rating",), ("screenings",)), ((), ("screenings", "rating")), (("rating",), ())):
        saved = _save(store, replace(subscription(topics=topics), excluded=excluded, schedule=schedule))
        assert (saved.topics, saved.excluded, saved.schedule) == (topics, excluded, schedule)


def test_a_topic_to_leave_out_that_is_not_held_is_refused(store: Store) -> None:
    load(store)
    with pytest.raises(ChangeRefusedError, match="topic nothing"):
        _save(store, replace(subscription(), excluded=("nothing",)))


def test_a_digest_says_nothing_on_topics_that_are_left_out(store: Store) -> None:
    load(store)
    assert _told(_digest(store, ["screenings"], after=0)) == ["rejected", "tier"]
    assert _told(_digest(store, ["screenings", "rating"], after=0)) == []
    assert _told(_digest(store, ["rating"], ["screenings"], after=0)) == _told(
        _digest(store, [], ["screenings"], after=0)
    )
    load(store, with_fact(replace(SCREENED_2021, value=7_000)))
    assert _digest(store, ["screenings"]).is_empty
    assert len(_digest(store, ["rating"]).changes) == 1


def test_facts_without_a_topic_are_told_where_others_are_left_out(store: Store) -> None:
    load(store)
    load(
        store,
        statement_of_2022(replace(SCREENED_2021, key="new", statement="hksar-2022-07-20", topic=None)),
        Origin.EDITOR,
    )
    assert _told(_digest(store, ["screenings"])) == ["new"]
    assert _digest(store, [], ["screenings"]).is_empty


def test_a_fact_that_moves_to_or_from_a_topic_that_is_left_out_is_told(store: Store) -> None:
    load(store)
    load(store, with_fact(replace(REJECTED, topic="screenings")))
    for left_out in ("screenings", "rating"):
        assert [change.now.key for change in _digest(store, [left_out]).changes] == ["rejected"]
    assert _digest(store, ["screenings", "rating"]).is_empty


def test_a_dispute_of_a_fact_on_a_topic_that_is_left_out_is_not_told(store: Store) -> None:
    load(store, replace(with_fact(TIER), disputes=()))
    load(store)
    assert [change.is_dispute for change in _digest(store, ["screenings"]).changes] == [True]
    assert _digest(store, ["rating"]).is_empty


def _tick(store: Store, now: datetime, limit: int = 100) -> int:
    return store.enqueue_due(now, lambda _: FAR, limit)


def _deliveries(store: Store, address: Address = CHANNEL) -> Sequence[Delivery]:
    with store.read() as library:
        return library.deliveries(_at(store, address).id, 10)


def _new_fact(store: Store, key: str) -> None:
    load(store, statement_of_2022(replace(statement_of_2022().facts[0], key=key)), Origin.EDITOR)


@pytest.fixture
def at_once(store: Store) -> Store:
    """A store with a subscription to what is new at once."""
    load(store)
    _save(store, replace(subscription(due=FAR), schedule=AT_ONCE))
    return store


def test_nothing_old_comes_immediately_and_nothing_is_written_while_nothing_is_new(at_once: Store) -> None:
    before = _at(at_once)
    assert _tick(at_once, AT + DAY) == 0
    assert _at(at_once) == before
    assert _deliveries(at_once) == []


def test_what_is_new_comes_at_the_next_tick_and_once(at_once: Store) -> None:
    _new_fact(at_once, "new")
    now = AT + DAY
    assert [_tick(at_once, now), _tick(at_once, now + MINUTE)] == [1, 0]
    (owed,) = _deliveries(at_once)
    assert (owed.state, owed.slot, owed.from_revision, owed.to_revision) == (DeliveryState.OWED, now, 1, 2)
    moved = _at(at_once)
    assert (moved.cursor, moved.last_due, moved.next_due) == (2, now, FAR)
    _new_fact(at_once, "newer")
    assert _tick(at_once, now + 2 * MINUTE) == 1
    assert [each.slot for each in _deliveries(at_once)] == [now + 2 * MINUTE, now]


def test_what_comes_at_the_very_instant_of_a_slot_is_owed_at_the_next_tick(at_once: Store) -> None:
    for key, due in (("new", 1), ("newer", 0)):
        _new_fact(at_once, key)
        assert _tick(at_once, AT + DAY) == due
    assert _tick(at_once, AT + DAY + MINUTE) == 1
    assert [each.to_revision for each in _deliveries(at_once)] == [3, 2]


def test_a_channel_that_refuses_is_tried_again_an_hour_later(at_once: Store) -> None:
    _new_fact(at_once, "new")
    now = AT + DAY
    _tick(at_once, now)
    (claim,) = claimed(at_once, now)
    at_once.settle(claim, Settlement(DeliveryState.FAILED, "too long", still_owed=True), now)
    assert [_tick(at_once, now + after) for after in (MINUTE, 59 * MINUTE, 60 * MINUTE, 61 * MINUTE)] == [0, 0, 1, 0]
    assert [each.from_revision for each in _deliveries(at_once)] == [1, 1]


def test_what_is_due_by_the_clock_and_immediately_shares_one_limit(at_once: Store) -> None:
    for number in range(3):
        _save(at_once, subscription(replace(CHANNEL, channel=f"D{number}"), due=AT + DAY))
        _save(at_once, replace(subscription(replace(CHANNEL, channel=f"E{number}"), due=FAR), schedule=AT_ONCE))
    _new_fact(at_once, "new")
    assert [_tick(at_once, AT + DAY, 2) for _ in range(5)] == [2, 2, 2, 1, 0]


def test_what_is_paused_does_not_come_immediately(at_once: Store) -> None:
    at_once.apply(SetSubscriptionState(_at(at_once).id, SubscriptionState.PAUSED), by=EDITOR, at=AT)
    _new_fact(at_once, "new")
    assert _tick(at_once, AT + DAY) == 0


def _renew(store: Store, data: str, now: datetime = AT, limit: int = 100) -> list[str]:
    """Move what is due by an hour; the channels that were looked at, in order."""
    seen: list[str] = []

    def renewed(each: Subscription) -> datetime:
        seen.append(each.address.channel)
        return each.next_due + 60 * MINUTE

    last: int | None = 0
    while last is not None:
        last = store.renew_due(data, now, renewed, last, limit)
    return seen


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_other_zone_data_moves_each_subscription_once(store: Store, limit: int) -> None:
    load(store)
    channels = [f"D{number}" for number in range(4)]
    for channel in channels:
        _save(store, subscription(replace(CHANNEL, channel=channel), due=AT + DAY))
    assert _renew(store, "2026a", limit=limit) == channels
    assert _renew(store, "2026a", limit=limit) == []
    assert {_at(store, replace(CHANNEL, channel=each)).next_due for each in channels} == {AT + DAY + 60 * MINUTE}
    assert _renew(store, "2026b", limit=limit) == channels


def test_other_zone_data_leaves_what_is_due_paused_or_without_a_time(store: Store) -> None:
    load(store)
    held = {
        "due": subscription(replace(CHANNEL, channel="due"), due=AT),
        "at once": replace(subscription(replace(CHANNEL, channel="at once"), due=FAR), schedule=AT_ONCE),
        "paused": subscription(replace(CHANNEL, channel="paused"), due=AT + DAY),
    }
    before = {name: _save(store, wanted) for name, wanted in held.items()}
    paused = SetSubscriptionState(before["paused"].id, SubscriptionState.PAUSED)
    store.apply(paused, by=EDITOR, at=AT)
    assert _renew(store, "2026b") == []
    assert [_at(store, each.address).next_due for each in before.values()] == [AT, FAR, AT + DAY]


def test_what_other_zone_data_makes_due_now_is_owed_once(store: Store) -> None:
    load(store)
    _save(store, subscription(due=AT + DAY))
    load(store, statement_of_2022(), Origin.EDITOR)
    now = AT + DAY - MINUTE
    store.renew_due("2026b", now, lambda each: each.next_due - 2 * MINUTE, 0, 100)
    assert [store.enqueue_due(now, lambda _: FAR, 100) for _ in range(2)] == [1, 0]
    assert [each.slot for each in _deliveries(store)] == [AT + DAY - 2 * MINUTE]
