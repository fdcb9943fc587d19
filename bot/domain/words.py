"""What words do in a question, beside naming a topic: data of the library, which editors can change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.text import Locale


class WordKind(StrEnum):
    """What the words of one list do in a question."""

    LIGHT = "light"  # weigh nothing: "please", "carried out"
    COUNT = "count"  # ask for a number: "how many"
    SHARE = "share"  # ask for a percentage
    AMOUNT = "amount"  # ask for any figure: "how much"
    DATE = "date"  # ask when
    PERSON = "person"  # ask who
    REASON = "reason"  # ask why
    TREND = "trend"  # ask how something moved: "how did it change"
    OPINION = "opinion"  # ask for a judgement that no source makes: "do you think"
    PREDICTION = "prediction"  # ask for the future: "will"
    HOW_TO = "how-to"  # ask for advice or for work: "how do I", "write me"
    ATTRIBUTE = "attribute"  # name what is asked for, so that no fact without it answers: "nationality", "penalty"
    SPEAKING = "speaking"  # what a party does with words: "respond", "claim"
    OTHERS = "others"  # name people who speak too, but as no speaker of the library: "unions", "experts"
    DOCUMENT = "document"  # what a party puts out: "the US report" asks about no place
    SAME = "same"  # mean the same, parted by "=": "rise = increase = go up"
    FOLLOW_UP = "follow-up"  # begin a question that goes on from the one before: "and what about"
    SMALL_TALK = "small-talk"  # are no question at all: "good morning"


@dataclass(frozen=True, slots=True)
class WordList:
    """Words that do the same in a question, in both languages.

    `key` is a WordKind, or the ISO 3166 code of a country or territory in capitals whose names and people the words
    name beside those of the Unicode locale data.
    """

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was asked and not answered, how often, and when last (UTC). Who asked is not kept."""

    question: str
    locale: Locale
    times: int
    last_asked: datetime
