"""Everything that happens to a channel's digests, in any order, with two senders at work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from itertools import cycle

from contracts.samples import DIMSUM, GOVERNMENT, RATING, REJECTION, SCREENED_2021, SCREENINGS
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from interleaving import ledger
from interleaving.ledger import S
from interleaving.process import Call, Luck, Process
from interleaving.told import Told, topic_key
from interleaving.world import Look, Outcome, World

from bot.digests.schedule import next_due
from bot.digests.why import delivery_text, why_text
from bot.domain.changes import (
    Change,
    CorrectFact,
    LoadLibrary,
    Origin,
    SaveSubscription,
    SetFactStanding,
    SetStatementStanding,
    SetSubscriptionState,
)
from bot.domain.digests import Rhythm, Schedule, Subscription, SubscriptionState
from bot.domain.facts import Fact, LibraryContent, Standing
from bot.domain.people import Address, Platform
from bot.domain.text import Locale, LocalText
from bot.wording.wording import wording
from store.engine import open_reader, read_url
from store.store import SqlStore

VOCABULARY = LibraryContent(sources=(DIMSUM,), speakers=(GOVERNMENT,), topics=(SCREENINGS, RATING))
CHANNELS = (
    Address(Platform.SLACK, "T1", "C1"),
    Address(Platform.SLACK, "T1", "C2"),  # in the same lane
    Address(Platform.DISCORD, "G1", "D1"),
)
OWNERS = {Platform.SLACK: "slack:T1/UOWNER", Platform.DISCORD: "discord:G1/8"}
EDITOR = "slack:T1/UED"
ZONE = "Asia/Hong_Kong"
SCHEDULES = {
    "daily": Schedule(Rhythm.DAILY, time(9), ZONE),
    "a little later": Schedule(Rhythm.DAILY, time(9, 5), ZONE),
    "immediately": Schedule(Rhythm.IMMEDIATELY, time(9), ZONE),
    "weekdays": Schedule(Rhythm.WEEKDAYS, time(8, 30), "Europe/London"),
    "weekly": Schedule(Rhythm.WEEKLY, time(17), "America/New_York", weekday=2),
}
TOPICS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # followed, and left out
    "all": ((), ()),
    "one": (("screenings",), ()),
    "two": (("screenings", "rating"), ()),
    "all but one": ((), ("rating",)),
}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPANS = (MINUTE / 2, MINUTE, 2 * MINUTE, 2 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, DAY, DAY, DAY, 4 * DAY)
MOST_TICKS, MOST_FACTS = 2, 15

channels = st.sampled_from((0, 0, 1, 2))
senders = st.integers(0, 1)
states = st.sampled_from((SubscriptionState.PAUSED, SubscriptionState.PAUSED, *SubscriptionState))
spans = st.sampled_from(SPANS)
topic_lists = st.lists(st.sampled_from(("screenings", "rating", None)), min_size=1, max_size=2)
outcomes = st.sampled_from((Outcome.SENT, Outcome.SENT, Outcome.SLOW, Outcome.LATER, *Outcome))
looks = st.sampled_from((Look.TRUTH, Look.TRUTH, Look.TRUTH, *Look))
lucks = st.builds(Luck, outcomes, looks)
calls = st.sampled_from((Call.SEND, Call.SETTLE, *Call))  # before which a sender stops
risky_calls = st.sampled_from((Call.SEND, Call.SETTLE, Call.SEND, Call.SETTLE, Call.REPLY, Call.LOOK))
numbers = st.integers(0, MOST_FACTS)


class Interleavings(RuleBasedStateMachine):
    """`new_store` returns the URL of a store that holds the vocabulary, and how to throw it away."""

    def __init__(self, new_store: Callable[[], tuple[str, Callable[[], None]]]) -> None:
        super().__init__()
        self._url, self._drop = new_store()
        self._store = SqlStore(self._url)
        self._reader = open_reader(read_url(self._url))
        self._world = World(self._may_send)
        self._senders = [Process(self._store, self._world) for _ in range(2)]
        self._ledger = ledger.read(self._reader, ())
        self._facts: dict[int, Fact] = {}
        self._touched: dict[int, int] = {}  # the revision at which a fact changed last
        self._told: dict[int, Told] = {}  # by subscription
        self._statements = 0

    @initialize(schedule=st.sampled_from(("daily", "immediately")))
    def somebody_subscribes(self, schedule: str) -> None:
        self.subscribe(0, schedule, "all")

    @precondition(lambda self: len(self._facts) < MOST_FACTS)
    @rule(topics=topic_lists)
    def add(self, topics: Sequence[str | None]) -> None:
        self._statements += 1
        statement = replace(REJECTION, key=f"statement-{self._statements}")
        added = tuple(
            replace(SCREENED_2021, key=f"{statement.key}-{place}", statement=statement.key, topic=topic, value=1)
            for place, topic in enumerate(topics)
        )
        content = LibraryContent(statements=(statement,), facts=added)
        first = len(self._facts) + 1
        self._change(LoadLibrary(content, Origin.EDITOR), self._statements, range(first, first + len(added)))

    @precondition(lambda self: self._facts)
    @rule(
        which=numbers,
        by=st.sampled_from((0, 1, 1, -1)),
        topic=st.sampled_from(("same", "same", "same", None, "screenings", "rating")),
        text=st.sampled_from(("Some 7,700 were screened", "About 7,700 were screened")),
    )
    def correct(self, which: int, by: int, topic: str | None, text: str) -> None:
        fact = self._fact(which)
        key = topic_key(fact) if topic == "same" else topic
        assert isinstance(fact.value, int)
        after = replace(fact, value=fact.value + by, text=LocalText(text))
        is_news = after.announces(fact) or key != topic_key(fact)
        change = CorrectFact(fact.id, fact.version, after, key, "recount")
        self._change(change, fact.statement.id, [fact.id] if is_news else [])

    @precondition(lambda self: self._facts)
    @rule(which=numbers, whole=st.booleans())
    def withdraw_or_restore(self, which: int, *, whole: bool) -> None:
        fact = self._fact(which)
        said = fact.statement
        if whole:
            touched = [each.id for each in self._facts.values() if each.statement.id == said.id]
            change = SetStatementStanding(said.id, said.version, _other(said.standing), "in error")
            self._change(change, said.id, touched)
        else:
            self._change(SetFactStanding(fact.id, fact.version, _other(fact.standing), "doubted"), said.id, [fact.id])

    @rule(where=channels, schedule=st.sampled_from(list(SCHEDULES)), topics=st.sampled_from(list(TOPICS)))
    def subscribe(self, where: int, schedule: str, topics: str) -> None:
        """Subscribe as the command does, which also changes a subscription and resumes one."""
        address, now = CHANNELS[where], self._world.now
        held = self._held(address)
        wanted = Subscription(
            address=address,
            owner=OWNERS[address.platform],
            schedule=SCHEDULES[schedule],
            locale=Locale.EN,
            topics=TOPICS[topics][0],
            excluded=TOPICS[topics][1],
            cursor=held.cursor if held else 0,
            next_due=next_due(SCHEDULES[schedule], now),
            last_due=held.last_due if held else None,
            id=held.id if held else 0,
        )
        self._store.apply(SaveSubscription(wanted, keep_cursor=held is not None), by=wanted.owner, at=now)
        saved = self._held(address)
        assert saved
        if held and held.state is SubscriptionState.PAUSED:
            self._goes_on(held.id)
        if held is None:
            self._told[saved.id] = Told(dict(self._facts))
        for each in (held or saved, saved):
            self._told[saved.id].follow(each, self._facts.values())

    @rule(where=channels, state=states)
    def pause_resume_or_end(self, where: int, state: SubscriptionState) -> None:
        """Change one that is owed something, where there is such a one."""
        busy = {each.subscription for each in self._ledger.owed if each.state not in ledger.FINAL}
        live = [each for address in CHANNELS if (each := self._held(address))]
        held = next((each for each in live if each.id in busy), None) or self._held(CHANNELS[where])
        if held:
            note = "by hand" if state is SubscriptionState.PAUSED else None
            self._store.apply(SetSubscriptionState(held.id, state, note), by=held.owner, at=self._world.now)
            if (held.state, state) == (SubscriptionState.PAUSED, SubscriptionState.ACTIVE):
                self._goes_on(held.id)

    @rule(span=spans)
    def let_time_pass(self, span: timedelta) -> None:
        self._world.now += span

    @rule(which=senders, span=spans, lucks=st.lists(lucks, min_size=1, max_size=3))
    def tick(self, which: int, span: timedelta, lucks: Sequence[Luck]) -> None:
        self._world.now += span
        sender, in_turn = self._senders[which], cycle(lucks)
        if not sender.ticks:
            sender.begin()
        sender.finish(lambda: next(in_turn))

    @rule(topics=topic_lists, which=senders, luck=lucks)
    def tick_after_news(self, topics: Sequence[str | None], which: int, luck: Luck) -> None:
        self._news(topics)
        self.tick(which, DAY, [luck])

    @rule(topics=topic_lists, which=senders, luck=lucks, before=calls)
    def begin_a_tick_after_news(self, topics: Sequence[str | None], which: int, luck: Luck, before: Call) -> None:
        self._news(topics)
        self.begin_a_tick(which, DAY, luck, before)

    @rule(which=senders, span=spans, luck=lucks, before=calls)
    def begin_a_tick(self, which: int, span: timedelta, luck: Luck, before: Call) -> None:
        """Begin a tick, and stop right before such a call."""
        self._world.now += span
        sender = self._senders[which]
        if sender.ticks < MOST_TICKS:
            sender.begin()
        sender.run_until(before, luck)

    @precondition(lambda self: any(sender.waiting for sender in self._senders))
    @rule(which=senders, call=st.integers(0, 2), luck=lucks, before=calls)
    def go_on(self, which: int, call: int, luck: Luck, before: Call) -> None:
        """Let one call happen, not always the first that is waited for, and go on until right before such a call."""
        sender = self._at_work(which)
        sender.wake()
        if sender.waiting:
            sender.take(call, luck)
            sender.run_until(before, luck)

    @rule(
        slow=senders,
        at=risky_calls,
        first=lucks,
        lag=st.sampled_from((0 * MINUTE, 0 * MINUTE, 1.5 * MINUTE)),
        span=st.sampled_from((MINUTE / 2, 2 * MINUTE, 2 * MINUTE, HOUR, DAY)),
        second=lucks,
        before=calls,
    )
    def one_takes_over_from_another(
        self, *, slow: int, at: Call, first: Luck, lag: timedelta, span: timedelta, second: Luck, before: Call
    ) -> None:
        """One sender stands still before a call, or goes on late up to where it settles. While it then stands still,
        time passes and another begins; then the first goes on to its end.
        """
        one, other = self._senders[slow], self._senders[1 - slow]
        if not one.waiting:
            self._news(["screenings"])
            self._world.now += DAY
            one.begin()
        one.run_until(at, first)
        one.freeze(first)
        if lag:
            self._world.now += lag
            one.run_until(Call.SETTLE, first)
        self._world.now += span
        if other.ticks < MOST_TICKS:
            other.begin()
        other.run_until(before, second)
        one.finish(lambda: first)

    @precondition(lambda self: any(sender.waiting for sender in self._senders))
    @rule(which=senders, gently=st.booleans())
    def end_a_sender(self, which: int, *, gently: bool) -> None:
        sender = self._at_work(which)
        if gently:
            sender.stop()
        else:
            sender.crash()

    @invariant()
    def nothing_is_said_twice_or_claimed_falsely(self) -> None:
        self._ledger = ledger.read(self._reader, self._world.messages)
        ledger.check(self._ledger, self._world)

    def teardown(self) -> None:
        try:
            self._senders[0].finish()
            self._senders[1].crash()
            self._come_to_rest()
            held = [each for where in CHANNELS if (each := self._held(where))]
            paused = [each for each in held if each.state is SubscriptionState.PAUSED]
            for each in paused:
                resumed = SetSubscriptionState(each.id, SubscriptionState.ACTIVE)
                self._store.apply(resumed, by=each.owner, at=self._world.now)
            if paused:
                self._come_to_rest()
        finally:
            for sender in self._senders:
                sender.close()
            self._store.close()
            self._reader.dispose()
            self._drop()

    def _come_to_rest(self) -> None:
        """Let the clock run on, on platforms that do all they should, until nothing moves; then look what there is."""
        before, now = None, ledger.read(self._reader, self._world.messages)
        for _ in range(12):
            if before == now:
                break
            for span in (3 * HOUR, 8 * DAY):
                self._world.now += span
                self._senders[0].begin()
                self._senders[0].finish()
            before, now = now, ledger.read(self._reader, self._world.messages)
        assert before == now, "it never comes to rest"
        ledger.check(now, self._world)
        assert not now.untold, "an owner is never told"
        held = {each.id: each for where in CHANNELS if (each := self._held(where))}
        for subscription, told in self._told.items():
            is_active = subscription in held and held[subscription].state is SubscriptionState.ACTIVE
            for delivery in now.of(subscription) if is_active else ():
                assert delivery.state in ledger.FINAL, f"it never ends: {delivery}"
            if is_active:
                told.missing(held[subscription], self._facts, self._touched, now)
        self._ask_why(list(held.values()))

    def _goes_on(self, subscription: int) -> None:
        """Check that what was kept in a pause goes into one digest, but for what may stand in the channel."""
        left = ledger.read(self._reader, self._world.messages).of(subscription)
        assert all(each.state in (*ledger.FINAL, S.CLAIMED, S.UNSURE) for each in left)

    def _ask_why(self, held: Sequence[Subscription]) -> None:
        words = wording(Locale.EN)
        with self._store.read() as library:
            for each in held:
                assert all(why_text(each, library, words, self._world.now))
                assert all(delivery_text(delivery, words) for delivery in library.deliveries(each.id, 100))

    def _news(self, topics: Sequence[str | None]) -> None:
        """Add a statement, or where there are enough of them, correct an old one."""
        if len(self._facts) < MOST_FACTS:
            self.add(topics)
        else:
            self.correct(which=self._world.now.toordinal(), by=1, topic="same", text="Some 7,700 were screened")

    def _may_send(self, nonce: str) -> bool:
        return ledger.may_send(self._reader, nonce, self._world.now)

    def _at_work(self, which: int) -> Process:
        return self._senders[which] if self._senders[which].waiting else self._senders[1 - which]

    def _fact(self, which: int) -> Fact:
        return list(self._facts.values())[which % len(self._facts)]

    def _held(self, where: Address) -> Subscription | None:
        with self._store.read() as library:
            return library.subscription_at(where)

    def _change(self, change: Change, statement: int, touched: Iterable[int]) -> None:
        """Change facts of a statement, of which the channels are to hear that follow the touched ones."""
        applied = self._store.apply(change, by=EDITOR, at=self._world.now)
        with self._store.read() as library:
            self._facts |= {fact.id: fact for fact in library.facts_of(statement)}
        self._touched |= dict.fromkeys(touched, applied.revision)


def _other(standing: Standing) -> Standing:
    return Standing.WITHDRAWN if standing is Standing.CURRENT else Standing.CURRENT
