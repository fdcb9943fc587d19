"""Made-up facts in the shape of real ones: the hardest library we can think of for a search to be quick in.

Four in five stand on the topics of the seeds and are worded with those topics' own words, so that every question finds
many that may answer it; the rest have no topic. A few words stand in nearly every fact, and most words in a few: how
often a word is used falls with its rank, as in any language. One fact in three is also worded in Chinese. The n-th fact
is the same in a library of any size.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from bot.answering.terms import contains_han
from bot.domain.facts import DisputeEntry, FactEntry, LibraryContent, Source, Speaker, StatementEntry, Topic
from bot.domain.period import Period
from bot.domain.text import LocalText

COMMON = (
    "government",
    "public",
    "office",
    "report",
    "service",
    "department",
    "committee",
    "meeting",
    "officers",
    "licensing",
    "harbour",
    "programme",
    "review",
)
COMMON_HAN = ("政府", "部門", "報告", "服務", "公眾", "委員會", "會議", "人員", "計劃", "審視")
FACTS_A_STATEMENT = 100
_WITHOUT_TOPIC, _IN_CHINESE, _COUNTING, _QUOTED, _DISPUTED = 5, 3, 2, 20, 500  # one fact in so many
_SPEAKERS = ("hksar", "hksar", "usdos", "bench")
_ONSETS, _VOWELS, _CODAS = "bdfgklmnprstvz", "aeiou", ("l", "n", "r", "x", "sk")
_WORDS = 200_000  # rare ones
_FIRST_DAY, _DAYS = date(2012, 1, 1), 4_500
_FIRST_YEAR, _LAST_YEAR = 2010, 2025


def content(topics: Sequence[Topic], first: int, count: int) -> LibraryContent:
    """Return so many facts from the given number on, with what they stand on; both numbers whole statements."""
    numbers = range(first, first + count)
    statements = range(first // FACTS_A_STATEMENT, -(-(first + count) // FACTS_A_STATEMENT))
    return LibraryContent(
        sources=tuple(_source(number) for number in statements),
        speakers=(Speaker("bench", LocalText("Bench Office", "測試辦事處")),),
        statements=tuple(_statement(number) for number in statements),
        facts=tuple(fact(topics, number) for number in numbers),
        disputes=tuple(_dispute(number) for number in numbers if number % _DISPUTED == _DISPUTED - 1),
    )


def fact(topics: Sequence[Topic], number: int) -> FactEntry:
    """Return the fact of this number."""
    chance = random.Random(number)  # noqa: S311 (a bench, no secret)
    topic, wording = chance.choice(topics), chance.choice(topics)
    is_placed = number % _WITHOUT_TOPIC != 0
    text = _english(chance, topic if is_placed else wording)
    counted = number % _COUNTING == 0
    return FactEntry(
        key=f"bench-f{number}",
        statement=f"bench-s{number // FACTS_A_STATEMENT}",
        topic=topic.key if is_placed else None,
        text=LocalText(text, _chinese(chance, topic) if number % _IN_CHINESE == 0 else None),
        value=int(100_000 ** chance.random()) if counted else None,
        unit=LocalText(chance.choice(("people", "cases", "checks", "% of cases"))) if counted else None,
        period=_period(chance),
        quote=text if number % _QUOTED == 0 else None,
        paragraph=number % FACTS_A_STATEMENT,
    )


def rare_word(chance: random.Random) -> str:
    """Return a word of no language, the first ones often and the last ones seldom."""
    rank, syllables = int(_WORDS ** chance.random()), []
    for _ in range(3):
        rank, onset = divmod(rank, len(_ONSETS))
        rank, vowel = divmod(rank, len(_VOWELS))
        syllables.append(_ONSETS[onset] + _VOWELS[vowel])
    return "".join(syllables) + _CODAS[rank % len(_CODAS)]


def _english(chance: random.Random, topic: Topic) -> str:
    about = _words(topic, han=False)
    common, own = chance.sample(COMMON, 5), chance.choices(about, k=4)
    number, rare = int(100_000 ** chance.random()), [rare_word(chance) for _ in range(3)]
    return (
        f"The {common[0]} {own[0]} of the {common[1]} in {rare[0].title()} {own[1]} {number} {own[2]} "
        f"for the {common[2]} of {rare[1]} and {own[3]} {common[3]} with the {rare[2]} {common[4]}."
    )


def _chinese(chance: random.Random, topic: Topic) -> str:
    about, common = chance.choices(_words(topic, han=True), k=3), chance.sample(COMMON_HAN, 3)
    rare = "".join(chr(0x4E00 + int(20_000 ** chance.random())) for _ in range(2))
    return f"{common[0]}的{about[0]}在{rare}{about[1]}{chance.randrange(1000)}名{common[1]}及{about[2]}{common[2]}。"


def _words(topic: Topic, *, han: bool) -> list[str]:
    names = (topic.label.en or "", topic.label.zh_hant or "", *topic.aliases, *topic.words)
    return [name for name in names if name and contains_han(name) is han]


def _period(chance: random.Random) -> Period | None:
    year, kind = chance.randint(_FIRST_YEAR, _LAST_YEAR), chance.randrange(10)
    if kind == 0:
        return None
    return Period(f"{year}-{chance.randint(1, 12):02d}" if kind == 1 else str(year))


def _source(number: int) -> Source:
    day = _FIRST_DAY + timedelta(days=number % _DAYS)
    return Source(f"bench-{number}", f"Made-up report {number}", "Bench Office", None, day, "en")


def _statement(number: int) -> StatementEntry:
    speaker, day = _SPEAKERS[number % len(_SPEAKERS)], _FIRST_DAY + timedelta(days=number % _DAYS)
    return StatementEntry(f"bench-s{number}", speaker, f"bench-{number}", day)


def _dispute(number: int) -> DisputeEntry:
    source = f"bench-{number // FACTS_A_STATEMENT}"
    return DisputeEntry(f"bench-d{number}", f"bench-f{number}", f"bench-f{number - 1}", source)
