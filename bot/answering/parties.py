"""Who a question wants to hear from: "how did the U.S. respond" is not answered by what Hong Kong said."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.phrases import Found, flat
from bot.answering.vocabulary import Vocabulary
from bot.domain.words import WordKind

SOMEBODY_ELSE = ""  # the key of whoever speaks and is no speaker of the library
_MOST_BETWEEN = 4  # words between a party and what it does
_MOST_BETWEEN_HAN = 10  # characters
_NOT_BETWEEN = re.compile(r" (?:in|on|at|by|from|that|which|and|who|whether|if) |[在喺于被遭受获由]")
_OBJECT = re.compile(
    r" (?:to|about|on|against|at|toward|towards|with|of|for|regarding)(?: the| this)? $| (?:how many|number of) $"
    r"|[对就向针](?! )[^ ]{0,6} ?$"
)
_PASSIVE = re.compile(r" (?:was|were|is|are|been|being|be|got|gets) (?:\w+ )?$|[被遭受获] ?$")
_BEHIND = re.compile(r" (?:by|from|of|to)(?: the)? ")
_BEHIND_ONLY = frozenset({"according", "in the eyes"})  # what "to" stands behind is the speaker, not the one spoken to
_OBJECT_BEHIND = re.compile(r"crit|reject|rebut|refut|deni|condemn|accus|blam|prais|descri|oppos|disput")
_PRONOUN = re.compile(r" (?:they|he|she|it|we|you|people) $|[佢他她它][哋们]? ?$")
_IS = re.compile(r" (?:was|were|is|are)(?: any| some| the| many)? $")
_HAS = re.compile(r" (?:has|have|had)(?: any| some| the| many)? $")


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties a question names.

    `words` maps the words that name one to its key; `asked` are the keys of those whose words it wants to hear,
    `spoken` the words that say so, and `acted_on` the words for one that it asks about as it would about anyone.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    acted_on: frozenset[str] = frozenset()


def read_parties(text: str, vocabulary: Vocabulary) -> Parties:
    """Return the parties that a question names.

    One is asked where it stands shortly before a word for what parties do with words ("did Washington respond"), or
    behind it with "by", "from" or "of"; not where it is spoken of. One is acted on in "were any officials prosecuted":
    what officials said is no answer.
    """
    question = flat(text)
    named = list(vocabulary.speakers.party_names.all(question))
    spoken = list(vocabulary.phrases(WordKind.SPEAKING).all(question))
    others = [other for other in vocabulary.phrases(WordKind.OTHERS).all(question) if not _overlaps(other, named)]
    by = {each: party for each in spoken if (party := _speaking(question, each, _in_order(named, others)))}
    if any(_PRONOUN.search(question[: each.start]) for each in spoken):  # it may be anyone
        by = {}
    acted_on = [party for party in named if _is_acted_on(question, party, spoken)]
    return Parties(
        words={word: vocabulary.speakers.parties[party.phrase] for party in named for word in party.phrase.split()},
        asked=frozenset(
            SOMEBODY_ELSE if party in others else vocabulary.speakers.parties[party.phrase] for party in by.values()
        ),
        spoken=frozenset(word for each in by for word in each.phrase.split()),
        acted_on=frozenset(word for party in acted_on for word in party.phrase.split()),
    )


def _in_order(named: Sequence[Found], others: Sequence[Found]) -> Sequence[Found]:
    return sorted([*named, *others], key=lambda each: each.start)


def _overlaps(one: Found, others: Sequence[Found]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _speaking(question: str, spoken: Found, named: Sequence[Found]) -> Found | None:
    behind = next((party for party in named if party.start >= spoken.end), None)
    link = question[spoken.end : behind.start] if behind else ""
    is_object = " of " in link and _OBJECT_BEHIND.match(spoken.phrase)  # "criticism of Hong Kong" is not by it
    if _BEHIND.fullmatch(link) and (" to " not in link or spoken.phrase in _BEHIND_ONLY) and not is_object:
        return behind
    if spoken.phrase in _BEHIND_ONLY:
        return None
    ahead = [party for party in named if party.end <= spoken.start and not _is_object(question, party)]
    if not ahead:
        return None
    between = question[ahead[-1].end : spoken.start]
    if _IS.search(question[: ahead[-1].start]) and spoken.phrase.endswith("ed"):
        return None  # "was the government criticised"
    is_near = len(between.split()) <= _MOST_BETWEEN and len(between) <= _MOST_BETWEEN_HAN * _MOST_BETWEEN
    return ahead[-1] if is_near and not _PASSIVE.search(between) and not _NOT_BETWEEN.search(between) else None


def _is_object(question: str, party: Found) -> bool:
    return _OBJECT.search(question[: party.start]) is not None


def _is_acted_on(question: str, party: Found, spoken: Sequence[Found]) -> bool:
    if any(each.start >= party.end for each in spoken):
        return False
    before, after = question[: party.start], question[party.end :].split()
    done_to = after[:1] == ["been"] if _HAS.search(before) else not after or not after[0].endswith("ing")
    return done_to and (_IS.search(before) or _HAS.search(before)) is not None
