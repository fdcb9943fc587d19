"""A little library in memory, to read questions with and to judge its facts: no store, and no word of the seeds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.answering.judge import Answered, NotHeld, Unclear, Why, judge, weigh
from bot.answering.question import Question, read_question
from bot.answering.said import Said
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Change, ChangeKind, Fact, Rejection, Source, Speaker, Statement, Topic, Voice
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList

TODAY = date(2026, 11, 23)
SAID_ON = date(2024, 6, 25)

HOME = Speaker(
    "home", LocalText("HKSAR Government", "香港政府"), ("government", "officials", "Hong Kong", "政府", "官員")
)
STATE = Speaker("state", LocalText("U.S. Department of State", "美國國務院"), ("US", "Washington", "美國"))
DAILY = Speaker("daily", LocalText("Harbour Daily"))
SPEAKERS = (HOME, STATE, DAILY)

SCREENINGS = Topic(
    "screenings", LocalText("Screenings", "甄別"), ("initial screenings",), ("checked", "people", "審核"), 1
)
GROWTH = Topic("growth", LocalText("Growth in screening", "甄別增幅"), (), ("rise", "higher"), 2)
VISAS = Topic("visas", LocalText("Visas", "簽證"), (), ("visa", "scrutiny"), 3)
TRAINING = Topic("training", LocalText("Training", "培訓"), (), ("officers", "trained", "人員"), 4)
VICE = Topic("vice", LocalText("Vice", "掃黃"), ("anti-vice operations",), ("raids", "sex trade"), 5)
CODE = Topic("code", LocalText("Code of Practice", "實務守則"), (), ("agencies", "tightened", "rules"), 6)
TIER = Topic("tier", LocalText("Tier placement", "報告級別"), ("tier",), ("ranked", "list", "report", "報告"), 7)
TOPICS = (SCREENINGS, GROWTH, VISAS, TRAINING, VICE, CODE, TIER)

WORDS: Mapping[str, str] = {
    WordKind.LIGHT: "a, an, the, of, in, on, to, for, by, is, are, was, were, did, do, does, has, have, had, there,"
    " any, what, which, how, against, over, versus, vs, about, tell, me, between, it, its, this, please, as, with,"
    " from, than, since, at, 的, 嗎, 在, 是, 有, 有冇, 對, 被, 如何",
    WordKind.COUNT: "how many, number of, 多少個, 人數, 幾多次",
    WordKind.SHARE: "percent, percentage, what share, 百分之幾",
    WordKind.AMOUNT: "how much, 幾多, 多少",
    WordKind.DATE: "when, what day, which month, which year, 幾時, 邊個月, 邊日",
    WordKind.PERSON: "who, whom, 邊個, 誰",
    WordKind.REASON: "why, how come, 點解",
    WordKind.TREND: "how did it change, trend, 變化",
    WordKind.OPINION: "do you think, should, 你覺得",
    WordKind.PREDICTION: "will, going to, 會唔會",
    WordKind.HOW_TO: "how do i, write me, 幫我",
    WordKind.ATTRIBUTE: "nationality, penalty, budget, sessions, 國籍",
    WordKind.SPEAKING: "respond, responded, response, reaction, say, said, claim, claims, criticised, according,"
    " 說, 批評, 回應",
    WordKind.OTHERS: "unions, experts, employers, 工會",
    WordKind.DOCUMENT: "report, list, 報告",
    WordKind.SAME: "helper = maid = domestic worker = 外傭, rise = go up = 上升, keep = hold on to = 扣押,"
    " check = screen",
    WordKind.FOLLOW_UP: "and, what about, 咁",
    WordKind.SMALL_TALK: "hello, thanks, how are you, 你好",
}
PLACES: Mapping[str, str] = {
    "HK": "HKSAR",
    "US": "American, Americans, New York, 美國",
    "GB": "British, London, 英國人",
    "JP": "Tokyo, 東京",
}
VOCABULARY = Vocabulary(
    TOPICS, [WordList(key, tuple(words.split(", "))) for key, words in {**WORDS, **PLACES}.items()], SPEAKERS
)

SOURCE = Source("page", "A page", "Harbour Daily", None, SAID_ON, "en")
BY_HOME = Statement("by-home", HOME, SOURCE, SAID_ON, id=1)
BY_STATE = Statement("by-state", STATE, SOURCE, SAID_ON, id=2)
BY_DAILY = Statement("by-daily", DAILY, SOURCE, SAID_ON, id=3)

COUNT = Fact(
    key="count",
    statement=BY_HOME,
    topic=SCREENINGS,
    text=LocalText(
        "The HKSAR Government made 11,000 initial screenings in May 2023.", "香港政府在2023年作了11000次甄別。"
    ),
    value=11_000,
    unit=LocalText("screenings", "次甄別"),
    period=Period("2023"),
    id=1,
)
SHARE = replace(
    COUNT,
    key="share",
    topic=GROWTH,
    text=LocalText("Screenings went up by 45%."),
    value=45,
    unit=LocalText("% increase"),
    change=Change(ChangeKind.PERCENT, 45, Period("2022")),
    id=2,
)
CHECKED = Fact(
    key="checked",
    statement=BY_DAILY,
    topic=VISAS,
    text=LocalText("A division examines visas of domestic workers.", "專責組別審查外傭簽證。"),
    period=Period("2024-06-25"),
    voice=Voice.OUTLET,
    id=3,
)
BRITISH = replace(CHECKED, key="british", text=LocalText("A division examines visas in the United Kingdom."), id=4)
OFFICERS = Fact(
    key="officers",
    statement=BY_DAILY,
    topic=TRAINING,
    text=LocalText("Nearly 1,900 officers attended training sessions in 2023."),
    value=1_900,
    unit=LocalText("officers"),
    period=Period("2023"),
    voice=Voice.OUTLET,
    id=5,
)
REVISED = Fact(
    key="revised",
    statement=BY_DAILY,
    topic=CODE,
    text=LocalText("The code was introduced for agencies in May 2024."),
    value=LocalText("a revised code"),
    period=Period("2024-05"),
    voice=Voice.OUTLET,
    id=6,
)
PLACED = Fact(
    key="placed",
    statement=BY_STATE,
    topic=TIER,
    text=LocalText("The U.S. Department of State ranked Hong Kong on tier 2.", "美國國務院將香港列入第二級。"),
    value=LocalText("tier 2", "第二級"),
    period=Period("2024"),
    id=7,
)
REJECTED = replace(PLACED, rejected_by=(Rejection(99, HOME),))
NOTED = Fact(
    key="noted",
    statement=BY_HOME,
    topic=VICE,
    text=LocalText("HKSAR Government officials noted raids on brothels."),
    period=Period("2024-06-25"),
    id=8,
)
LOOSE = Fact(
    key="loose",
    statement=BY_DAILY,
    text=LocalText("The harbour ferry carried 300 maids to the island in 2023."),
    value=300,
    unit=LocalText("maids"),
    period=Period("2023"),
    voice=Voice.OUTLET,
    id=9,
)
FACTS = (COUNT, SHARE, CHECKED, BRITISH, OFFICERS, REVISED, PLACED, NOTED, LOOSE)


def read(text: str, vocabulary: Vocabulary = VOCABULARY) -> Question:
    return read_question(text, vocabulary, TODAY)


def said(fact: Fact, text: str = "", vocabulary: Vocabulary = VOCABULARY) -> Said:
    """The fact as the judgement of a question sees it."""
    return Said(fact, vocabulary, read(text, vocabulary).in_order)


def weighed(text: str, fact: Fact) -> Why:
    return weigh(read(text), said(fact, text), VOCABULARY)


def verdict(text: str, *facts: Fact, vocabulary: Vocabulary = VOCABULARY) -> Answered | Unclear | NotHeld:
    return judge(read(text, vocabulary), facts or FACTS, vocabulary)


def answered(text: str, *facts: Fact) -> str | None:
    """The key of the fact that answers, None where none does."""
    found = verdict(text, *facts)
    return found.fact.key if isinstance(found, Answered) else None
