"""Reading a question: its words that weigh something, the times and places it names, and what it wants."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.answering.parties import Parties, read_parties
from bot.answering.phrases import Found, flat
from bot.answering.places import HOME
from bot.answering.spelling import Speller
from bot.answering.terms import contains_han, is_han, terms_of, words
from bot.answering.times import AskedTime, TimeRole, read_times
from bot.answering.vocabulary import Vocabulary
from bot.domain.period import Period
from bot.domain.words import WordKind

SYMBOLS = (("%", " percent "), ("％", " percent "), ("#", " number of "), ("&", " and "))


Doing = tuple[frozenset[str], frozenset[str]]  # what is done and to whom, as terms


class Wanted(StrEnum):
    """What kind of answer a question asks for."""

    COUNT = "count"
    SHARE = "share"
    AMOUNT = "amount"
    DATE = "date"
    PERSON = "person"
    REASON = "reason"
    TREND = "trend"
    ANYTHING = "anything"


# The most telling first: "how many percent" asks for a share, "why did it rise by 45%" for no figure at all.
_WANTED = (
    (WordKind.REASON, Wanted.REASON),
    (WordKind.SHARE, Wanted.SHARE),
    (WordKind.TREND, Wanted.TREND),
    (WordKind.COUNT, Wanted.COUNT),
    (WordKind.AMOUNT, Wanted.AMOUNT),
    (WordKind.DATE, Wanted.DATE),
    (WordKind.PERSON, Wanted.PERSON),
)
_WHICH = re.compile(r"(?<! on)(?<! for)(?<! in) (?:which|what) (?=((?:\w+ ){1,5}))")
_IDENTITY = re.compile(
    r" (?:who|which|what) (?:(?:is|are|was|were) )?(?:(?:the|these|those) )?((?:\w+ ){0,2}?\w+)"
    r"(?= $| (?:was|were|are|is|in) )"
)
_THE = re.compile(r"^ (?:what|who)(?: is| are| was| were)? (?:the|a|an|their|its|his|her) (?=((?:\w+ ){1,5}))")
_YES_OR_NO = re.compile(r"^ (?:is|are|was|were|do|does|did|has|have|had|can|could|may|might|must) ")
_IS_IT_SO = re.compile(
    r"^ (?:is|are|was|were|isn't|aren't|wasn't|weren't) .*(?: (?:an?|so|too|very|quite|really|just|all|any|such) \w+"
    r"|(?:ive|ful|ous|able|ible|less|ent|ant|al)) $|系咪|是否|是不是|吗 *$"
)
_PARTICLES = re.compile(r"[吗呢呀架㗎啊吖]* *$")
_MANNER = re.compile(r" how (?:was|were|is|are|did|do|does|has|have) ")
_ASKS_A_PARTY = re.compile(r"^ (?:did|does|do|has|have|what|how) | according to ")
_ASKS_US = re.compile(r"\b(?:you|your|should|ought)\b|[你]")
_SUBJECTS = frozenset(["they", "it", "he", "she", "you", "we", "a", "an", "the", "there", "this", "these", "someone"])
_PAST = re.compile(r" ?\w+ed (?!\w+s )")
_DID = re.compile(r" (?:did|by|(?:get|gets|got|given|receive|received) from) (?:the )?$")
_WHO_DOES = re.compile(
    r"^ (who|which (?:department|body|agency|unit|office|bureau|division|team|organi[sz]ation|authority))"
    r" (?!is |was |were |are |be |has |have |had |been |got |gets |does |do |can |must |may "
    r"|did (?!the |these |those ))(\w+) "
)
_VERBS = ("was", "were", "is", "are", "did", "do", "does", "have", "has", "had", "can", "could", "got", "get")
_PREPOSITIONS = ("in", "at", "on", "by", "against", "of", "for", "with", "from", "to", "that", "who", "which", "under")
_STOPS = frozenset((*_VERBS, *_PREPOSITIONS))
_DAYS, _MONTHS = re.compile(r"day|(?:what|which) date|[号天]|[几邊边哪何]日"), re.compile(r"month|月")
_UNANSWERABLE = (WordKind.OPINION, WordKind.PREDICTION, WordKind.HOW_TO)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read.

    - `words` weigh something; `terms` are their index terms and those of what means the same, `in_order` those of
      all words as they stand.
    - `strict` are the words that a fact must cover whatever else it covers: those that name what is asked for, names,
      and numbers. `places` are those other than Hong Kong that it asks about.
    - `counted` are the terms of what "how many" counts, the noun first; `finest` how many characters of a date are
      asked for ("which month" 7, "what day" 10); `identified` the terms of what is to be told one by one ("who were the
      victims"); `asks_how` whether a manner is asked for, `asks_whether` a yes or no; `which` are the nouns after
      "which", `moving` the words that ask how something moved; `doing` is what is done and to whom ("who trained
      officers").
    - `spelt` maps what was typed to what it was read as. `beyond` is the kind of question that no held fact answers,
      with the words that make it one.
    """

    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    wanted: Wanted
    in_order: tuple[str, ...] = ()
    times: tuple[AskedTime, ...] = ()
    places: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()
    parties: Parties = field(default_factory=Parties)
    counted: tuple[str, ...] = ()
    finest: int = 0
    identified: frozenset[str] = frozenset()
    asks_how: bool = False
    asks_whether: bool = False
    which: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    doing: Doing | None = None
    spelt: Mapping[str, str] = field(default_factory=dict)
    beyond: tuple[WordKind, str] | None = None

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods that an answer is to be about."""
        return tuple(time.period for time in self.times if time.period and time.role is not TimeRole.AGAINST)


def read_question(text: str, vocabulary: Vocabulary, today: date, *spellers: Speller) -> Question:
    """Return the question as read; "last year" and its like are resolved from `today`.

    What the vocabulary cannot correct is left to the other spellers.
    """
    rest, times = read_times(_spelt_out(text), today)
    rest, spelt = _corrected(rest, (vocabulary.speller, *spellers))
    rest = vocabulary.without_opening(flat(rest))
    question = vocabulary.synonyms.in_one_word(flat(rest))
    parties = read_parties(rest, vocabulary)
    found = tuple(vocabulary.content_words(question))
    return Question(
        text=text,
        words=found,
        terms=tuple(dict.fromkeys(_terms(found, vocabulary))),
        in_order=tuple(term for word in words(rest) for term in terms_of(word)),
        wanted=_wanted(question, vocabulary),
        times=times,
        places=_places_asked_about(text, rest, vocabulary),
        parties=parties,
        strict=_strict(text, found, question, vocabulary, is_theirs=bool(parties.asked)) - parties.words.keys(),
        counted=_counted(question, vocabulary),
        finest=_finest(question, vocabulary),
        identified=frozenset(term for match in _IDENTITY.finditer(question) for term in terms_of(match[1].split()[-1])),
        asks_how=_MANNER.match(question) is not None,
        asks_whether=_YES_OR_NO.match(question) is not None,
        moving=tuple(each.phrase for each in vocabulary.phrases(WordKind.TREND).all(question)),
        which=tuple(_nouns_asked_for(question)) if question.startswith(" which ") else (),
        doing=_doing(question, found, vocabulary),
        spelt=spelt,
        beyond=_beyond(question, parties, vocabulary),
    )


def han_weight(word: str) -> float:
    """Return how much a word weighs: a Chinese run by its length, since it holds several words."""
    return len(word) / 2 if is_han(word) else 1.0


def _spelt_out(text: str) -> str:
    for symbol, name in SYMBOLS:
        text = text.replace(symbol, name)
    return text


def _corrected(text: str, spellers: Sequence[Speller]) -> tuple[str, dict[str, str]]:
    """Return the text with misspelt words corrected, and what was corrected."""
    tried = ((word, (speller.corrected(word) for speller in spellers)) for word in words(text))
    read = {word: better for word, tries in tried if (better := next(filter(None, tries), None))}
    return " ".join(read.get(word, word) for word in words(text)), read


def _wanted(question: str, vocabulary: Vocabulary) -> Wanted:
    asking = ((wanted, found) for kind, wanted in _WANTED for found in vocabulary.phrases(kind).all(question))
    kinds = (wanted for wanted, found in asking if _asks(found, question, vocabulary))
    return next(kinds, Wanted.ANYTHING)


def _asks(found: Found, question: str, vocabulary: Vocabulary) -> bool:
    """Whether a phrase asks: not the "who" of "people who", the "when" of "when they arrive", nor the "number of" of
    what somebody says of a number.
    """
    before, after = question[: found.start].split(), question[found.end :].split()
    if found.phrase.endswith(" of"):
        return not vocabulary.content_words(f" {' '.join(before)} ")
    if found.phrase == "who" and before:
        return not vocabulary.content_words(f" {before[-1]} ")
    return found.phrase != "when" or not before or not after or after[0] not in _SUBJECTS


def _terms(found: Sequence[str], vocabulary: Vocabulary) -> Iterable[str]:
    yield from (term for word in found for term in terms_of(word))
    yield from (term for word in found for same in vocabulary.synonyms.of(word) if len(same) == 1 for term in same)


def _counted(question: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the terms of what is counted, the noun itself first: the last word before "was", else the first one."""
    asking = vocabulary.phrases(WordKind.COUNT).first(question)
    if asking is None or contains_han(asking.phrase):
        return ()
    after = question[asking.end :].split()
    if _PAST.match(question, asking.end):  # "how many attended" counts whoever did
        return ()
    end = next((at for at, word in enumerate(after) if word in _STOPS), len(after))
    counted = [terms_of(word)[0] for word in after[:end]]
    if end < len(after) and after[end] in _VERBS:
        counted.reverse()
    return tuple(counted)


def _finest(question: str, vocabulary: Vocabulary) -> int:
    asking = vocabulary.phrases(WordKind.DATE).first(question)
    if asking is None:
        return 0
    return 10 if _DAYS.search(asking.phrase) else 7 if _MONTHS.search(asking.phrase) else 0


def _doing(question: str, found: Sequence[str], vocabulary: Vocabulary) -> Doing | None:
    asked = _WHO_DOES.match(question)
    if not asked or not found:
        return None
    _, done = asked.groups()
    named = [word for word in found if word not in asked[1].split()]
    doing = [done] if done in found else []  # "carried out" weighs nothing
    if doing and asked[1] != "who":
        return None
    done_to = named[1:2] if named[:1] == [done] else named[:1]
    return frozenset(_terms(doing, vocabulary)), frozenset(_terms(done_to, vocabulary))


def _beyond(question: str, parties: Parties, vocabulary: Vocabulary) -> tuple[WordKind, str] | None:
    """Return which kind of question it is that nothing stated answers, and by what words.

    A verdict is no opinion of ours where a party is asked for it: "did officials find it fair".
    """
    is_theirs = bool(parties.asked) and _ASKS_A_PARTY.search(question) is not None
    found = ((kind, each) for kind in _UNANSWERABLE for each in vocabulary.phrases(kind).all(question))
    found = ((kind, each) for kind, each in found if each.start <= 1 or not each.phrase.startswith("how "))
    ours = ((kind, each) for kind, each in found if not (is_theirs and _is_verdict(kind, each.phrase)))
    telling = ((kind, each.phrase) for kind, each in ours)
    return next(telling, None)


def _is_verdict(kind: WordKind, phrase: str) -> bool:
    return kind is WordKind.OPINION and _ASKS_US.search(phrase) is None


def _places_asked_about(text: str, rest: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the places that a question asks about, other than Hong Kong.

    Of the places whose bodies speak in this library, those are left out that are named as parties: beside Hong Kong, or
    with a word for what parties do ("the US report" as against "the US tier").
    """
    places = vocabulary.gazetteer.named(text) | vocabulary.gazetteer.named(rest)
    question = flat(rest)
    acts = any(_DID.search(question[: party.start]) for party in vocabulary.speakers.party_names.all(question))
    speaks = any(vocabulary.phrases(kind).first(question) for kind in (WordKind.SPEAKING, WordKind.DOCUMENT))
    as_parties = acts or speaks or HOME in places
    return places - (vocabulary.speakers.home_places if as_parties else frozenset({HOME}))


def _strict(
    text: str, found: tuple[str, ...], question: str, vocabulary: Vocabulary, *, is_theirs: bool
) -> frozenset[str]:
    named = {part for phrase in vocabulary.attributes(question) for part in phrase.split()}
    others = (each.phrase for each in vocabulary.phrases(WordKind.OTHERS).all(question))
    named |= {part for phrase in others for part in phrase.split() if is_han(part) or part in found}
    named |= _nouns_asked_for(question) & set(found)
    named |= set() if is_theirs else _said_of_it(question, found)
    names = {word.lower() for word in _capitalised(text)}
    return frozenset(named | {word for word in found if _is_name_or_number(word, names, vocabulary)})


def _nouns_asked_for(question: str) -> set[str]:
    """Return the nouns after "which" and "what": what is asked for must not be among the words left uncovered."""
    after = (match[1].split() for asking in (_WHICH, _THE) for match in asking.finditer(question))
    ended = ((words, next((at for at, word in enumerate(words) if word in _STOPS), 1)) for words in after)
    return {words[end - 1] for words, end in ended if words and end}


def _said_of_it(question: str, found: tuple[str, ...]) -> set[str]:
    """Return the last word of "is it so": what is asked to be said of something must not be left uncovered."""
    if not found or not _IS_IT_SO.search(question):
        return set()
    return {found[-1]} if _PARTICLES.sub("", question).endswith(found[-1]) else set()


def _is_name_or_number(word: str, names: set[str], vocabulary: Vocabulary) -> bool:
    if is_han(word):
        return False
    return word[0].isdigit() or word in names or not vocabulary.speller.is_word(word)


def _capitalised(text: str) -> list[str]:
    """Return the words written with a capital where only names are: not at the beginning, nor where all words are."""
    typed = text.split()
    later = [word.strip("\"'“”‘’.,;:!?()") for word in typed[1:]]
    capitals = [word for word in later if word[:1].isupper()]
    return [] if len(capitals) == len(later) else capitals
