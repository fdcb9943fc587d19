"""What changes while a digest waits: the next one tells it against what the channel knows, once, and never a figure or
a dispute that it has not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from library import MONDAY, Desk, Recorder

from bot.domain.changes import CorrectFact, LoadLibrary, Origin, SetFactStanding, SetStatementStanding
from bot.domain.digests import Refused, TryLater
from bot.domain.facts import DisputeEntry, Fact, FactEntry, LibraryContent, Source, Standing, StatementEntry
from bot.domain.text import LocalText

NINE = MONDAY + timedelta(hours=1)
LATER = TryLater(timedelta(minutes=5), "rate limit")
OLD = 12  # a fact of the seeds: 11,000 screenings in 2023
ONE, TWO = 46, 47  # the facts that come after the seeds
OF_ONE = 4  # the statement that holds the first of them


@dataclass
class Channel:
    """A channel that is ticked each morning at nine; `waits` says that the digest of a day is held up for five minutes,
    and what happens in these.
    """

    desk: Desk
    days: int = 0

    async def morning(self, *, waits: Callable[[], None] | None = None) -> str:
        """Return what was posted, nothing where there was nothing to say."""
        at, recorder = NINE + timedelta(days=self.days), Recorder([LATER] if waits else [])
        self.days += 1
        await self.desk.tick(recorder, at)
        if waits:
            assert len(recorder.posted) == 1, "nothing was owed, so nothing waits"
            waits()
            recorder = Recorder()
            await self.desk.tick(recorder, at + timedelta(minutes=6))
        assert len(recorder.posted) <= 1
        return "".join(recorder.texts)

    def fact(self, number: int) -> Fact:
        with self.desk.store.read() as library:
            found = library.fact(number)
        assert found
        return found

    def correct(self, number: int, value: float) -> None:
        held = self.fact(number)
        key = held.topic.key if held.topic else None
        self._apply(CorrectFact(number, held.version, replace(held, value=value), key, "recount"))

    def stand(self, number: int, standing: Standing) -> None:
        self._apply(SetFactStanding(number, self.fact(number).version, standing, "in doubt"))

    def stand_all(self, number: int, standing: Standing) -> None:
        with self.desk.store.read() as library:
            held = library.statement(number)
        assert held
        self._apply(SetStatementStanding(number, held.version, standing, "in error"))

    def add(self, key: str, topic: str, text: str, value: float | None = None, rejects: str | None = None) -> None:
        """Add a statement of one fact, which may reject another."""
        source = Source(key, f"Paper {key}", "HKSAR Government", f"https://example.org/{key}", date(2026, 11, 20), "en")
        statement = StatementEntry(key, "hksar", key, date(2026, 11, 20))
        fact = FactEntry(key=key, statement=key, topic=topic, text=LocalText(text), value=value)
        disputes = (DisputeEntry(key, key, rejects, key),) if rejects else ()
        self._apply(LoadLibrary(LibraryContent((source,), (), (), (statement,), (fact,), disputes), Origin.EDITOR))

    def _apply(self, change: CorrectFact | SetFactStanding | SetStatementStanding | LoadLibrary) -> None:
        self.desk.store.apply(change, by="console", at=NINE + timedelta(days=self.days))


@pytest.fixture
def channel(desk: Desk) -> Channel:
    desk.say("subscribe")
    return Channel(desk)


@pytest.fixture
def of_screenings(desk: Desk) -> Channel:
    desk.say("subscribe screenings")
    return Channel(desk)


async def test_a_withdrawal_that_came_while_a_digest_waited_is_told_once(channel: Channel) -> None:
    channel.add("one", "screenings", "Text one", 100)
    assert "Text one" in await channel.morning()
    channel.correct(ONE, 110)
    told = await channel.morning(waits=lambda: channel.stand_all(OF_ONE, Standing.WITHDRAWN))
    assert "Withdrawn (in error): Text one" in told
    assert await channel.morning() == ""


async def test_of_what_came_back_while_a_digest_waited_nothing_is_said(channel: Channel) -> None:
    channel.add("one", "screenings", "Text one", 100)
    await channel.morning()
    channel.stand_all(OF_ONE, Standing.WITHDRAWN)
    assert await channel.morning(waits=lambda: channel.stand_all(OF_ONE, Standing.CURRENT)) == ""
    assert await channel.morning() == ""


async def test_nor_where_it_is_an_old_fact(channel: Channel) -> None:
    channel.stand(OLD, Standing.WITHDRAWN)
    assert await channel.morning(waits=lambda: channel.stand(OLD, Standing.CURRENT)) == ""
    assert await channel.morning() == ""


async def test_what_came_back_while_a_digest_waited_and_goes_again_is_told_to_be_gone(channel: Channel) -> None:
    channel.add("one", "screenings", "Text one", 100)
    channel.add("two", "screenings", "Text two", 200)
    channel.stand_all(OF_ONE, Standing.WITHDRAWN)
    assert "Text one" in await channel.morning(waits=lambda: channel.stand_all(OF_ONE, Standing.CURRENT))
    channel.stand_all(OF_ONE, Standing.WITHDRAWN)
    assert "Withdrawn (in error): Text one" in await channel.morning()
    assert await channel.morning() == ""


async def test_a_figure_that_was_never_shown_is_never_said_to_have_been(channel: Channel) -> None:
    channel.correct(OLD, 10)
    assert await channel.morning(waits=lambda: channel.correct(OLD, 11_000)) == ""
    assert await channel.morning() == ""
    channel.correct(OLD, 12_000)
    assert "was approximately 11,000" in await channel.morning()


async def test_what_first_changed_while_a_digest_waited_comes_with_the_next(channel: Channel) -> None:
    channel.add("one", "screenings", "Text one", 100)
    assert "12,000" not in await channel.morning(waits=lambda: channel.correct(OLD, 12_000))
    assert "was approximately 11,000" in await channel.morning()
    assert await channel.morning() == ""


async def test_a_dispute_that_came_while_a_digest_waited_is_told_once(of_screenings: Channel) -> None:
    def reject() -> None:
        of_screenings.add("two", "victims", "We reject claim one", rejects="one")

    of_screenings.add("one", "screenings", "Claim one", 100)
    told = await of_screenings.morning(waits=reject)
    assert "Claim one (disputed: HKSAR Government rejects this (F47))" in told
    assert await of_screenings.morning() == ""


async def test_a_dispute_over_an_old_claim_that_came_while_a_digest_waited_comes_with_the_next(
    of_screenings: Channel,
) -> None:
    def reject() -> None:
        of_screenings.add("two", "victims", "We reject it", rejects=of_screenings.fact(OLD).key)

    of_screenings.add("one", "screenings", "Text one", 100)
    assert "disputed" not in await of_screenings.morning(waits=reject)
    assert "now disputed" in await of_screenings.morning()
    assert await of_screenings.morning() == ""


async def test_the_line_of_a_new_dispute_is_followed_by_the_rejection_with_its_source(of_screenings: Channel) -> None:
    of_screenings.add("one", "victims", "We reject the figure", rejects=of_screenings.fact(OLD).key)
    told = await of_screenings.morning()
    assert told.startswith("New disputes")
    assert "We reject the figure (rejects F12 of HKSAR Government)" in told
    assert "HKSAR Government, 20 November 2026, F46" in told
    assert "https://example.org/one" in told


@pytest.mark.parametrize("whole", [False, True])
async def test_where_a_rejection_is_withdrawn_the_channel_hears_of_it_and_again_when_it_is_restored(
    of_screenings: Channel, *, whole: bool
) -> None:
    def let(standing: Standing) -> None:
        if whole:
            of_screenings.stand_all(OF_ONE, standing)
        else:
            of_screenings.stand(ONE, standing)

    of_screenings.add("one", "victims", "We reject the figure", rejects=of_screenings.fact(OLD).key)
    assert "now disputed" in await of_screenings.morning()
    let(Standing.WITHDRAWN)
    told = await of_screenings.morning()
    why = "in error" if whole else "in doubt"
    assert f"the rejection by HKSAR Government (F46) no longer stands ({why})." in told
    assert "disputed:" not in told
    assert await of_screenings.morning() == ""
    let(Standing.CURRENT)
    assert "now disputed" in await of_screenings.morning()
    assert await of_screenings.morning() == ""


async def test_a_rejection_that_went_and_came_back_while_a_digest_waited_is_not_mentioned(
    of_screenings: Channel,
) -> None:
    of_screenings.add("one", "victims", "We reject the figure", rejects=of_screenings.fact(OLD).key)
    await of_screenings.morning()
    of_screenings.stand(ONE, Standing.WITHDRAWN)
    of_screenings.add("two", "screenings", "Text two", 100)
    told = await of_screenings.morning(waits=lambda: of_screenings.stand(ONE, Standing.CURRENT))
    assert "Text two" in told
    assert "F46" not in told
    assert await of_screenings.morning() == ""


async def test_what_a_failed_digest_was_to_say_is_not_known(channel: Channel) -> None:
    channel.correct(OLD, 10)
    await channel.desk.tick(Recorder([Refused("too long", gone=False)]), NINE)
    channel.days = 1
    channel.correct(OLD, 20)
    assert "was approximately 11,000" in await channel.morning()
