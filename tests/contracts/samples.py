"""A small library to test stores with: one article with five facts, one of which rejects another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.changes import Applied, LoadLibrary, Origin
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.facts import (
    Change,
    ChangeKind,
    DisputeEntry,
    FactEntry,
    LibraryContent,
    Qualifier,
    Source,
    Speaker,
    StatementEntry,
    Topic,
    Voice,
)
from bot.domain.lanes import Lane
from bot.domain.people import Address, Platform
from bot.domain.period import Period
from bot.domain.text import Locale, LocalText
from bot.domain.words import WordList
from bot.ports import Claim, Store

AT = datetime(2024, 6, 25, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
EDITOR = "slack:T1/UED"
CHANNEL = Address(Platform.SLACK, "T1", "C1")
WORKSPACE = Lane(Platform.SLACK, "T1")
LEASE = timedelta(minutes=5)

DIMSUM = Source(
    "dimsum-2024-06-25", "Hong Kong rejects report", "Dimsum Daily", "https://example.org/a", date(2024, 6, 25), "en"
)
GOVERNMENT = Speaker("hksar-government", LocalText("HKSAR Government", "香港特區政府"), ("officials", "當局"))
STATE = Speaker("us-state", LocalText("U.S. Department of State"))
SCREENINGS = Topic(
    "screenings", LocalText("Initial screenings", "初步識別審核"), ("screened", "甄別"), ("screen", "check")
)
RATING = Topic("rating", LocalText("Tier rating", "評級"), ("tier",))
LIGHT = WordList("light", ("how many", "carried out"))
AMERICAN = WordList("US", ("Washington", "Americans"))

REJECTION = StatementEntry("rejection-2024", "hksar-government", "dimsum-2024-06-25", date(2024, 6, 25))
REPORT = StatementEntry("report-2024", "us-state", "dimsum-2024-06-25", date(2024, 6, 24))

SCREENED_2023 = FactEntry(
    key="screened-2023",
    statement="rejection-2024",
    topic="screenings",
    text=LocalText("Around 11,000 initial screenings were carried out in 2023", "2023年進行約11 000次初步識別審核"),
    qualifier=Qualifier.ABOUT,
    value=11_000,
    unit=LocalText("screenings", "次"),
    period=Period("2023"),
    change=Change(ChangeKind.PERCENT, 45, Period("2022")),
    paragraph=4,
)
SCREENED_2021 = FactEntry(
    key="screened-2021",
    statement="rejection-2024",
    topic="screenings",
    text=LocalText("Some 7,700 persons were screened in 2021"),
    value=7_700,
    period=Period("2021"),
    paragraph=5,
)
POLICY = FactEntry(
    key="policy",
    statement="rejection-2024",
    topic="screenings",
    text=LocalText("Screenings are a standing arrangement"),
    paragraph=2,
)
REJECTED = FactEntry(
    key="rejected",
    statement="rejection-2024",
    topic="rating",
    text=LocalText("The government rejects the rating as unfounded"),
    voice=Voice.QUOTED,
    quote="totally unfounded",
    paragraph=1,
)
TIER = FactEntry(
    key="tier",
    statement="report-2024",
    topic="rating",
    text=LocalText("Hong Kong was placed on the Tier 2 Watch List"),
    value=LocalText("Tier 2 Watch List", "第二級觀察名單"),
    period=Period("2024"),
    paragraph=0,
)
ARTICLE = LibraryContent(
    sources=(DIMSUM,),
    speakers=(GOVERNMENT, STATE),
    topics=(SCREENINGS, RATING),
    statements=(REJECTION, REPORT),
    facts=(SCREENED_2023, SCREENED_2021, POLICY, REJECTED, TIER),
    disputes=(DisputeEntry("rating-rejected", "rejected", "tier", "dimsum-2024-06-25"),),
    word_lists=(LIGHT, AMERICAN),
)
ENTRIES = 15  # in ARTICLE; a word list is one


def load(
    store: Store, content: LibraryContent = ARTICLE, origin: Origin = Origin.SEEDS, by: str = "seeds", at: datetime = AT
) -> Applied:
    return store.apply(LoadLibrary(content, origin), by=by, at=at)


def with_fact(fact: FactEntry) -> LibraryContent:
    """The article with a fact in place of the one with its key."""
    return replace(ARTICLE, facts=tuple(fact if each.key == fact.key else each for each in ARTICLE.facts))


def statement_of_2022(*facts: FactEntry) -> LibraryContent:
    """What an editor adds: another statement, with these facts or one of its own."""
    added = StatementEntry("hksar-2022-07-20", "hksar-government", "dimsum-2024-06-25", date(2022, 7, 20))
    own = replace(SCREENED_2021, key="screened-2020", statement=added.key, period=Period("2020"), value=6_000)
    return LibraryContent(statements=(added,), facts=facts or (own,))


def subscription(address: Address = CHANNEL, topics: tuple[str, ...] = (), due: datetime = AT + DAY) -> Subscription:
    schedule = Schedule(Rhythm.DAILY, time(9, 0), "Asia/Hong_Kong")
    return Subscription(address, EDITOR, schedule, Locale.EN, topics, cursor=0, next_due=due)


def claimed(
    store: Store,
    now: datetime,
    limit: int = 100,
    *,
    lane: Lane = WORKSPACE,
    holder: str = "this",
    lease: timedelta = LEASE,
) -> Sequence[Claim]:
    """Claim what is owed in a lane, as this sender or another."""
    return store.claim(now, lease, lane, limit, holder)
