"""What platforms' apps keep between two calls, on any store: events, parked texts and what conversations are about."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from contracts.samples import AT, CHANNEL, DAY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.people import Address, Platform
from bot.domain.period import Period
from bot.messages.exchange import Context
from bot.ports import Store

SECOND = timedelta(seconds=1)
PATIENCE = 30 * SECOND
ASKER = "slack:T1/U1"
HOSTILE = (
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\u202eright to left",
    "Z̷̝͠a̸l̵g̶o̶",
    "'; DROP TABLE parked; --",
    "漢" * 10_000,
    '{"q": "\\"}',
)
THREAD = replace(CHANNEL, thread="171.1")
DIRECT = Address(Platform.SLACK, "T1", "D1", user="U1")
ABOUT = Context("how many screenings in 2023", (Period("2023"), Period("2019/..")), 3)


def _begins(store: Store, key: str = "Ev1", at: datetime = AT) -> bool:
    return store.begin(key, at, PATIENCE)


def test_an_event_is_begun_once(store: Store) -> None:
    assert _begins(store)
    assert not _begins(store)
    assert _begins(store, "Ev2")


def test_an_event_that_was_not_finished_is_begun_again_only_after_the_patience(store: Store) -> None:
    assert _begins(store)
    assert not _begins(store, at=AT + PATIENCE)
    assert _begins(store, at=AT + PATIENCE + SECOND)
    assert not _begins(store, at=AT + 2 * PATIENCE)


def test_a_finished_event_is_never_begun_again_within_a_day(store: Store) -> None:
    assert _begins(store)
    store.finish("Ev1", AT + SECOND)
    for hours in range(25):
        assert not _begins(store, at=AT + timedelta(hours=hours))


def test_an_event_may_be_finished_twice_or_without_a_beginning(store: Store) -> None:
    store.finish("Ev1", AT)
    store.finish("Ev1", AT + SECOND)
    assert not _begins(store, at=AT + DAY)


def test_a_forgotten_event_is_begun_anew(store: Store) -> None:
    assert _begins(store)
    store.forget("Ev1")
    store.forget("Ev2")
    assert _begins(store)


def test_what_somebody_has_finished_cannot_be_forgotten_by_who_began_it_earlier(store: Store) -> None:
    assert _begins(store)
    assert _begins(store, at=AT + 2 * PATIENCE)
    store.finish("Ev1", AT + 2 * PATIENCE)
    store.forget("Ev1")
    assert not _begins(store, at=AT + 4 * PATIENCE)


@pytest.mark.parametrize("key", [*HOSTILE, "x" * 255, "x" * 256, "x" * 50_000], ids=lambda key: ascii(key)[:20])
def test_an_events_key_may_be_any_text(store: Store, key: str) -> None:
    assert _begins(store, key)
    assert not _begins(store, key)
    assert _begins(store, f"{key}.")
    store.finish(key, AT)
    store.forget(f"{key}.")
    assert not _begins(store, key, AT + DAY)
    assert _begins(store, f"{key}.")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(steps=st.lists(st.tuples(st.sampled_from(("begin", "finish", "forget")), st.integers(0, 40)), max_size=10))
def test_however_begun_finished_and_forgotten_an_event_is_in_one_pair_of_hands(
    store: Store, steps: list[tuple[str, int]]
) -> None:
    key, now = uuid4().hex, AT
    begun: datetime | None = None
    finished = False
    for step, seconds in steps:
        now += seconds * SECOND
        if step == "begin":
            free = not finished and (begun is None or now - begun > PATIENCE)
            assert _begins(store, key, now) == free
            begun = now if free else begun
        elif step == "finish":
            store.finish(key, now)
            finished = True
        else:
            store.forget(key)
            begun = begun if finished else None
    store.finish(key, now)
    assert not _begins(store, key, now + DAY)


def test_events_of_long_ago_make_room_a_few_at_a_time(store: Store) -> None:
    for number in range(120):
        store.finish(f"Ev{number}", AT)
    assert _begins(store, "new", AT + 3 * DAY)
    assert _begins(store, "Ev0", AT + 3 * DAY)
    assert _begins(store, "Ev119", AT + 3 * DAY)
    assert not _begins(store, "new", AT + 3 * DAY)


def test_a_parked_text_is_found_under_its_token_by_who_parked_it(store: Store) -> None:
    token = store.park("add a long statement", ASKER, AT)
    assert store.parked(token, ASKER) == "add a long statement"
    assert store.parked(token, ASKER) == "add a long statement"
    assert store.parked(token, "slack:T1/U2") is None
    assert store.parked(token, "") is None


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_a_parked_text_comes_back_as_it_was_whatever_it_is(store: Store, text: str) -> None:
    assert store.parked(store.park(text, ASKER, AT), ASKER) == text


@pytest.mark.parametrize("token", ["", "never", "%", "\0", "\ud800", "x" * 5_000])
def test_a_token_that_never_was_finds_nothing(store: Store, token: str) -> None:
    store.park("a text", ASKER, AT)
    assert store.parked(token, ASKER) is None


def test_tokens_differ_and_are_short_enough_for_a_button(store: Store) -> None:
    tokens = {store.park("the same", ASKER, AT) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) <= 40 and token.isascii() for token in tokens)


def test_a_parked_text_is_kept_for_a_day_and_makes_room_after_two(store: Store) -> None:
    token = store.park("old", ASKER, AT)
    store.park("newer", ASKER, AT + DAY)
    assert store.parked(token, ASKER) == "old"
    store.park("newest", ASKER, AT + 2 * DAY + SECOND)
    assert store.parked(token, ASKER) is None


@pytest.mark.parametrize("conversation", [CHANNEL, THREAD, DIRECT, replace(CHANNEL, platform=Platform.DISCORD)])
def test_what_a_conversation_is_about_is_recalled_there_and_nowhere_else(store: Store, conversation: Address) -> None:
    store.remember(conversation, ABOUT, AT)
    assert store.recall(conversation, AT) == ABOUT
    others = {CHANNEL, THREAD, DIRECT, replace(THREAD, thread="171.2"), replace(DIRECT, user="U2")} - {conversation}
    assert [store.recall(other, AT) for other in others] == [None] * len(others)


def test_what_came_last_is_what_a_conversation_is_about(store: Store) -> None:
    store.remember(THREAD, ABOUT, AT)
    store.remember(THREAD, Context("who was trained"), AT)
    assert store.recall(THREAD, AT) == Context("who was trained")
    store.remember(THREAD, ABOUT, AT + SECOND)
    assert store.recall(THREAD, AT) == ABOUT


def test_a_reply_that_was_long_in_coming_does_not_replace_a_later_one(store: Store) -> None:
    store.remember(THREAD, ABOUT, AT)
    store.remember(THREAD, Context("who was trained"), AT - SECOND)
    assert store.recall(THREAD, AT) == ABOUT


def test_a_conversation_of_too_long_ago_is_not_recalled(store: Store) -> None:
    store.remember(THREAD, ABOUT, AT)
    assert store.recall(THREAD, AT + timedelta(microseconds=1)) is None
    assert store.recall(THREAD, AT - DAY) == ABOUT


def test_conversations_make_room_after_a_week(store: Store) -> None:
    store.remember(THREAD, ABOUT, AT)
    store.remember(DIRECT, ABOUT, AT + 7 * DAY)
    assert store.recall(THREAD, AT) == ABOUT
    store.remember(DIRECT, ABOUT, AT + 7 * DAY + SECOND)
    assert store.recall(THREAD, AT) is None
    assert store.recall(DIRECT, AT) == ABOUT


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_a_conversation_may_be_about_any_text(store: Store, text: str) -> None:
    store.remember(DIRECT, Context(text), AT)
    assert store.recall(DIRECT, AT) == Context(text)


def test_naive_instants_are_refused(store: Store) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="has no zone"):
        _begins(store, at=naive)
    with pytest.raises(ValueError, match="has no zone"):
        store.finish("Ev1", naive)
    with pytest.raises(ValueError, match="has no zone"):
        store.park("a text", ASKER, naive)
    with pytest.raises(ValueError, match="has no zone"):
        store.remember(DIRECT, ABOUT, naive)
    with pytest.raises(ValueError, match="has no zone"):
        store.recall(DIRECT, naive)
