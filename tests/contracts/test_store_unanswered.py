"""Questions that nothing answered, on any store."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from contracts.samples import AT, EDITOR, load

from bot.domain.changes import AlreadyDoneError, CountUnanswered, ForgetUnanswered, Once
from bot.domain.text import Locale
from bot.domain.words import Unanswered
from bot.ports import Store

MINUTE = timedelta(minutes=1)


def _ask(store: Store, question: str, minute: int = 0, locale: Locale = Locale.EN) -> None:
    store.apply(CountUnanswered(question, locale), by="slack:T1/U1", at=AT + minute * MINUTE)


def _asked(store: Store, limit: int = 10) -> list[tuple[str, int]]:
    with store.read() as library:
        return [(each.question, each.times) for each in library.unanswered(limit)]


def test_a_question_is_counted_each_time_it_is_asked_in_each_language(store: Store) -> None:
    load(store)
    _ask(store, "how many visas?", 1)
    _ask(store, "how many visas?", 3)
    _ask(store, "how many visas?", 2, Locale.ZH_HANT)
    with store.read() as library:
        assert library.unanswered(10) == [
            Unanswered("how many visas?", Locale.EN, 2, AT + 3 * MINUTE),
            Unanswered("how many visas?", Locale.ZH_HANT, 1, AT + 2 * MINUTE),
        ]


def test_the_most_asked_come_first_then_the_last_asked(store: Store) -> None:
    for minute, question in enumerate(("once", "twice", "later", "twice")):
        _ask(store, question, minute)
    assert _asked(store) == [("twice", 2), ("later", 1), ("once", 1)]
    assert _asked(store, limit=1) == [("twice", 2)]


def test_counting_moves_no_revision_and_leaves_no_audit_row(store: Store) -> None:
    load(store)
    with store.read() as library:
        before = library.log(1)
    applied = store.apply(CountUnanswered("why?", Locale.EN), by="console", at=AT)
    assert (applied.added, applied.revision) == (1, 1)
    assert store.apply(CountUnanswered("why?", Locale.EN), by="console", at=AT).changed == 1
    with store.read() as library:
        assert (library.revision(), library.log(1)) == (1, before)


def test_a_retried_question_is_counted_once(store: Store) -> None:
    once = Once("slack:Ev1", lambda _: "I hold no fact on that.")
    store.apply(CountUnanswered("why?", Locale.EN), by="console", at=AT, once=once)
    with pytest.raises(AlreadyDoneError):
        store.apply(CountUnanswered("why?", Locale.EN), by="console", at=AT, once=once)
    assert _asked(store) == [("why?", 1)]


def test_a_question_can_be_forgotten_and_so_can_all(store: Store) -> None:
    load(store)
    for question in ("one?", "two?", "three?"):
        _ask(store, question)
    _ask(store, "one?", locale=Locale.ZH_HANT)
    assert store.apply(ForgetUnanswered("one?"), by=EDITOR, at=AT).changed == 2
    assert sorted(_asked(store)) == [("three?", 1), ("two?", 1)]
    assert store.apply(ForgetUnanswered(), by=EDITOR, at=AT).revision == 1
    assert _asked(store) == []
    assert store.apply(ForgetUnanswered(), by=EDITOR, at=AT).unchanged == 1


def test_a_question_is_heard_of_where_it_was_asked_and_at_the_console(store: Store) -> None:
    people = ("slack:T1/U1", "slack:T2/U1", "discord:T1/U1", "console")
    for number, person in enumerate(people):
        for _ in range(number + 1):
            store.apply(CountUnanswered("how many?", Locale.EN), by=person, at=AT + number * MINUTE)
    store.apply(CountUnanswered("private to T2?", Locale.EN), by="slack:T2/U2", at=AT)
    with store.read() as library:
        heard = [[(each.question, each.times) for each in library.unanswered(9, person)] for person in people]
        assert [each.last_asked for each in library.unanswered(1)] == [AT + 3 * MINUTE]
    assert heard == [
        [("how many?", 1)],
        [("how many?", 2), ("private to T2?", 1)],
        [("how many?", 3)],
        [("how many?", 10), ("private to T2?", 1)],
    ]


def test_a_person_forgets_what_was_asked_where_they_are_and_the_console_all(store: Store) -> None:
    for person in ("slack:T1/U1", "slack:T2/U1", "console"):
        store.apply(CountUnanswered("how many?", Locale.EN), by=person, at=AT)
        store.apply(CountUnanswered(f"{person}?", Locale.EN), by=person, at=AT)
    assert store.apply(ForgetUnanswered("how many?"), by="slack:T2/U9", at=AT).changed == 1
    assert store.apply(ForgetUnanswered("slack:T1/U1?"), by="slack:T2/U9", at=AT).unchanged == 1
    assert _asked(store)[0] == ("how many?", 2)
    assert store.apply(ForgetUnanswered(), by="slack:T1/U9", at=AT).changed == 2
    assert store.apply(ForgetUnanswered(), by="console", at=AT).changed == 3


def test_the_log_says_who_forgot_questions_and_not_which(store: Store) -> None:
    _ask(store, "something private?")
    store.apply(ForgetUnanswered("something private?"), by=EDITOR, at=AT)
    with store.read() as library:
        (row,) = library.log(9)
    assert (row.actor, row.action, row.target, row.before) == (EDITOR, "forget", "unanswered", '{"questions": 1}')
    assert row.revision is None


def test_a_question_of_any_length_and_any_characters_is_counted_and_forgotten(store: Store) -> None:
    question = "\0why \ud800 \U0001f600" + "多" * 9_000
    _ask(store, question)
    _ask(store, question)
    ((kept, times),) = _asked(store)
    assert (kept.startswith("why ? "), len(kept), times) == (True, 500, 2)
    assert store.apply(ForgetUnanswered(kept), by=EDITOR, at=AT).changed == 1


def test_of_too_many_questions_those_asked_least_and_longest_ago_are_dropped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.unanswered.MOST", 3)
    for minute, question in enumerate(("old", "often", "often", "newer", "new")):
        _ask(store, question, minute)
    assert _asked(store) == [("often", 2), ("new", 1), ("newer", 1)]


def test_a_new_question_is_kept_where_all_others_were_asked_more_often(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.unanswered.MOST", 2)
    for minute, question in enumerate(("a", "a", "b", "b", "new")):
        _ask(store, question, minute)
    assert _asked(store) == [("b", 2), ("new", 1)]


def test_people_who_ask_at_once_are_all_counted(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: _ask(store, f"question {number % 3}"), range(24)))
    assert sorted(_asked(store)) == [(f"question {number}", 8) for number in range(3)]
