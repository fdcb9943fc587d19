"""The questions that the benches ask: answered, ambiguous and refused ones, with rare and with the commonest words,
short and as long as a line may be, in English and in Chinese.
"""

import random
from collections.abc import Iterable, Sequence
from itertools import cycle

from bench.made_up import COMMON, COMMON_HAN, fact
from bot.commands.grammar import MAX_LINE
from bot.domain.facts import Topic

_LONG = 3  # questions of each long kind
_RARE = 12  # questions of each kind with a rare word
_HELD = (
    "screenings",
    "how many screenings were conducted in 2023?",
    "by how much did screening increase compared with 2022?",
    "how many victims were identified in 2023?",
    "what tier is Hong Kong placed on by the US?",
    "how did the government respond to the report?",
    "who wrote the Trafficking in Persons Report?",
    "must employers give helpers free accommodation?",
    "can an employment agency keep a helper's passport?",
    "how many officers were trained in 2023?",
    "2023年進行了多少次初步審核？",
    "2023年識別到幾多個受害人？",
    "美國將香港列為第幾級？",
    "政府如何回應報告？",
    "什麼是FDH",
    "僱主要唔要包住？",
    "中介可唔可以扣起工人姐姐本護照",
    "有几多人员接受培训？",
)
_AMBIGUOUS = (
    "helpers protection rights",
    "trafficking",
    "government measures",
    "training of helpers",
    "what changed in 2023?",
    "agencies and helpers",
    "外傭",
    "外傭保障權益",
    "人口販運措施",
    "2023年有咩增加？",
)
_REFUSED = (
    "how many victims were found in Malaysia in 2019?",
    "what is the capital of France?",
    "how many screenings were there in 1987?",
    "will there be more screenings next year?",
    "do you think the report is fair?",
    "how many ferry terminals have been inspected?",
    "what did the Thai government say about the report?",
    "泰國政府有咩回應？",
    "1987年有幾多受害人？",
    "聽日天氣點",
    "你覺得份報告公唔公平？",
    "how mnay trafickng vicitms wre fuond",
)
_COMMONEST = (
    "which officers attended the committee meeting on licensing",
    "government office report public service department",
    "how many harbour meetings of the public service were there in 2023?",
    "the report of the government in 2020",
    "政府部門報告服務公眾委員會會議",
    "委員會有幾多次會議？",
)


def questions(topics: Sequence[Topic]) -> list[str]:
    """Return the whole mix, the same every time, shuffled."""
    fixed = (*_HELD, *_AMBIGUOUS, *_REFUSED, *_COMMONEST)
    mixed = [*fixed, *_of_topics(topics), *_rare(topics), *_long(topics)]
    random.Random(1).shuffle(mixed)  # noqa: S311 (a bench, no secret)
    return mixed


def _of_topics(topics: Iterable[Topic]) -> Iterable[str]:
    for topic, year in zip(topics, cycle(range(2012, 2026)), strict=False):
        english, chinese = topic.label.en or topic.key, topic.label.zh_hant or topic.key
        yield f"what did the government say about {english.lower()} in {year}?"
        yield f"how many {' '.join(topic.words[:2])} {english.lower()}"
        yield f"{year}年{chinese}有幾多？"


def _rare(topics: Sequence[Topic]) -> Iterable[str]:
    """Return questions for what single facts hold, which a library of any size has."""
    for number in range(0, _RARE * 15, 15):  # worded in Chinese too, and without a topic
        held = fact(topics, number)
        english, chinese = (held.text.en or "").rstrip(".").split(), (held.text.zh_hant or "").rstrip("。")
        yield f"how many {english[-2]} {english[-1]} of {english[6]}?"
        yield " ".join(english)
        yield f"{chinese}？"


def _long(topics: Sequence[Topic]) -> Iterable[str]:
    """Return questions as long as a line may be."""
    for number in range(_LONG):
        facts = [fact(topics, each).text for each in range(number * 300, number * 300 + 300, 3)]
        topical = [word for topic in topics[number:] for word in topic.words]
        chance = random.Random(number)  # noqa: S311 (a bench, no secret)
        yield _cut(" ".join(chance.choices(COMMON, k=MAX_LINE)))
        yield _cut(" ".join(text.en or "" for text in facts))
        yield _cut(" ".join(topical))
        yield _cut("".join(text.zh_hant or "" for text in facts))
        yield _cut("".join(chance.choices(COMMON_HAN, k=MAX_LINE)))


def _cut(text: str) -> str:
    return text[: MAX_LINE - 1] + "?"
