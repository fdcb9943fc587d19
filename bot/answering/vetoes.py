"""The vetoes: why a fact may not answer a question, however well its words fit."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.question import Question, Wanted
from bot.answering.said import Said
from bot.answering.series import is_share
from bot.answering.terms import stem, terms_of, words
from bot.answering.times import AskedTime, TimeRole
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact, Voice
from bot.domain.period import OPEN, Period
from bot.domain.text import LocalText

_MORE = frozenset(["more", "few", "less", "extra", "addit"])  # terms: "how many more" asks for a difference
_FIGURES = (Wanted.COUNT, Wanted.SHARE, Wanted.AMOUNT)


class Veto(StrEnum):
    """Why a fact may not answer, however well its words fit."""

    TIME = "time"
    PLACE = "place"
    VALUE = "value"  # it states no value of the kind asked for
    SPEAKER = "speaker"  # somebody else's words were asked for
    ROLE = "role"  # it does not say who did it, but to whom it was done
    NAMED = "named"  # it has nothing on what is asked by name, number or attribute


@dataclass(frozen=True, slots=True)
class Beside:
    """What the other candidates tell of a fact, as keys of topics.

    `told_apart` are those whose facts speak of what is counted and count it nowhere, as "sessions" beside officers;
    `spanned` those with figures of several periods within a span that is asked for: none of them then stands for all.
    """

    told_apart: AbstractSet[str] = frozenset()
    spanned: AbstractSet[str] = frozenset()


ALONE = Beside()


def vetoes(question: Question, said: Said, vocabulary: Vocabulary, others: Beside) -> Iterable[Veto]:
    """Return the vetoes that a fact meets. `others` is what `beside` returns for all candidates."""
    fact = said.fact
    is_more = fact.change is not None or not _MORE.intersection(question.counted)
    counts = not said.unit.isdisjoint(question.counted) or _may_count(question, fact, others.told_apart)
    states = right_kind(question, fact) and counts and is_more and _states_the_figure(question, said, vocabulary)
    checks = (
        (Veto.TIME, in_time(question, fact, others.spanned)),
        (Veto.PLACE, not question.places or question.places <= said.places),
        (Veto.VALUE, states and _is_dated(question, said) and _is_no_count(question, said) and _moves(question, said)),
        (Veto.SPEAKER, _right_speaker(question, fact, vocabulary)),
        (Veto.ROLE, _right_role(question, said)),
        (Veto.NAMED, all(max(said.shares(word, question.parties)) == 1 for word in question.strict)),
    )
    return (veto for veto, passed in checks if not passed)


def _is_dated(question: Question, said: Said) -> bool:
    """Whether "when" is answered: where a fact has no more than a year, only if it says itself what was done then."""
    period = said.fact.period
    if question.wanted is not Wanted.DATE or period is None or period.is_interval or "-" in period.iso:
        return True
    return all(said.says(word) for word in question.words if word not in question.parties.words)


def _moves(question: Question, said: Said) -> bool:
    """Whether the fact tells how something moved: it states a figure or a change, or has the word that was asked."""
    if question.wanted is not Wanted.TREND or isinstance(said.fact.value, int | float) or said.fact.change:
        return True
    return said.tells_a_move or any(said.has(word) for word in question.moving)


def _is_no_count(question: Question, said: Said) -> bool:
    """Whether a count is not taken for who or which were counted, nor for how something was done; and "which" is
    answered by a name.
    """
    is_figure = isinstance(said.fact.value, int | float)
    if question.which and not question.parties.asked and not isinstance(said.fact.value, LocalText):
        return said.fact.topic is None or (not is_figure and _names_which(question, said))
    if not is_figure or question.wanted not in (Wanted.ANYTHING, Wanted.PERSON):
        return True
    return not question.asks_how and said.unit.isdisjoint(question.identified)


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith("ss")


def _names_which(question: Question, said: Said) -> bool:
    """Whether the fact has what "which" asks for: one of them by its word, several only by their names."""
    return not question.which or any(
        stem(noun) in (said.titles if _is_plural(noun) else said.own) for noun in question.which
    )


def _states_the_figure(question: Question, said: Said, vocabulary: Vocabulary) -> bool:
    """Whether a figure is of what is asked for: the fact or its topic's names must have something of it, and whatever
    in it is the very name of another topic. That people use a word in questions about the topic is not enough.
    """
    has_number = any(word[0].isdigit() for word in question.words)
    if not (has_number or question.wanted in _FIGURES) or said.fact.topic is None:
        return True
    words = [word for word in question.words if word not in question.parties.words]
    counted = [word for word in words if terms_of(word)[0] in question.counted] or words
    elsewhere = (word for word in counted if vocabulary.topic_of([word]) not in (None, said.fact.topic))
    says = said.has if question.counted else said.says
    return any(said.touches(word) for word in words) and all(says(word) for word in elsewhere)


def _may_count(question: Question, fact: Fact, others: AbstractSet[str]) -> bool:
    """Whether a fact may count what is asked for though its unit is called otherwise: not where that is something else
    of which its topic speaks.
    """
    return not question.counted or fact.topic is None or fact.topic.key not in others


def beside(question: Question, said: Sequence[Said]) -> Beside:
    """Return what the candidates tell of each other."""
    return Beside(_told_apart(question, said), _spanned(question, said))


def _told_apart(question: Question, said: Sequence[Said]) -> frozenset[str]:
    if not question.counted:
        return frozenset()
    noun = question.counted[0]
    spoken = {each.fact.topic.key for each in said if each.fact.topic and noun in each.own}
    counted = {each.fact.topic.key for each in said if each.fact.topic and noun in each.unit}
    return frozenset(spoken - counted)


def _spanned(question: Question, said: Sequence[Said]) -> frozenset[str]:
    spans = [time.period for time in question.times if time.period and time.period.is_interval]
    held: dict[str, set[Period]] = {}
    for fact in (each.fact for each in said):
        figure = isinstance(fact.value, int | float) and not is_share(fact)
        if figure and fact.topic and fact.period and any(_is_within(fact.period, span) for span in spans):
            held.setdefault(fact.topic.key, set()).add(fact.period)
    return frozenset(key for key, periods in held.items() if len(periods) > 1)


def _is_within(period: Period, span: Period) -> bool:
    return span.start <= period.start and period.end <= span.end


def in_time(question: Question, fact: Fact, spanned: AbstractSet[str] = frozenset()) -> bool:
    """Whether the fact is about a time asked for, and measures its change from the time that is named for that."""
    about = [time for time in question.times if time.role is not TimeRole.AGAINST]
    against = [time for time in question.times if time.role is TimeRole.AGAINST]
    if len(about) > 1 and fact.change:
        return any(_fits(time, fact) for time in about) and any(_is_against(time, fact) for time in about)
    if about and not any(_fits(time, fact) or _is_of_a_span(time, fact, spanned) for time in about):
        return False
    return all(_is_against(time, fact) for time in against)


def _is_of_a_span(time: AskedTime, fact: Fact, spanned: AbstractSet[str]) -> bool:
    """Whether the fact is one of several figures within the span asked for, which are then shown together."""
    if not (time.period and time.period.is_interval and fact.period and fact.topic):
        return False
    return fact.topic.key in spanned and _is_within(fact.period, time.period)


def _fits(time: AskedTime, fact: Fact) -> bool:
    """Whether the fact is about the time: within it, or around it where no figure would be cut in two."""
    if time.role is TimeRole.EDITION and time.period:
        return time.period.overlaps(Period(fact.statement.said_on.isoformat()))
    if fact.period is None:
        return False
    if time.period is None:
        finer_than_year = not fact.period.is_interval and "-" in fact.period.iso
        return finer_than_year and fact.period.start.month == time.month
    if _is_change_between(time.period, fact):
        return True
    within, around = _is_within(fact.period, time.period), _is_within(time.period, fact.period)
    if isinstance(fact.value, int | float) and not _is_only_said(fact):
        return within and around  # a year's figure is not that of a month, nor of five years
    is_event = not fact.period.is_interval and "-" in fact.period.iso and not _is_only_said(fact)
    return around or (within and (is_event or not time.period.is_interval))


def _is_change_between(span: Period, fact: Fact) -> bool:
    """Whether a fact states the change from the beginning of a span to its end."""
    if fact.change is None or fact.period is None or not span.is_interval:
        return False
    first, last = (Period(end) if end != OPEN else None for end in span.ends)
    return first == fact.change.against and last == fact.period


def _is_against(time: AskedTime, fact: Fact) -> bool:
    return fact.change is not None and time.period is not None and time.period.overlaps(fact.change.against)


def right_kind(question: Question, fact: Fact) -> bool:
    """Whether the fact states the kind of value asked for: a count is no percentage, and neither is a name."""
    match question.wanted:
        case Wanted.COUNT:
            return isinstance(fact.value, int | float) and not is_share(fact)
        case Wanted.SHARE:
            return isinstance(fact.value, int | float) and is_share(fact)
        case Wanted.AMOUNT:
            return isinstance(fact.value, int | float)
        case Wanted.DATE:
            fine = fact.period is not None and len(fact.period.ends[0]) >= question.finest
            return fine and (bool(question.parties.asked) or not _is_only_said(fact))
        case Wanted.REASON:
            return fact.value is None or (isinstance(fact.value, LocalText) and bool(question.parties.asked))
        case _:
            return True


def _is_only_said(fact: Fact) -> bool:
    """Whether the fact's period is no more than the day on which it was said: nothing then tells when it happened."""
    return fact.period is not None and fact.period.iso == fact.statement.said_on.isoformat()


def _right_speaker(question: Question, fact: Fact, vocabulary: Vocabulary) -> bool:
    """Whether the fact is by one of the speakers asked for, or rejected by one, which is shown with it, or an outlet's
    own account of their doings at home.
    """
    heard = {fact.statement.speaker.key, *(each.speaker.key for each in fact.rejected_by)}
    heard.add(
        vocabulary.speakers.parties.get(" ".join(words(fact.statement.source.publisher)), fact.statement.speaker.key)
    )
    if not question.parties.asked or heard & question.parties.asked:
        return True
    asked = [speaker for speaker in vocabulary.speakers if speaker.key in question.parties.asked]
    at_home = any(vocabulary.speakers.is_at_home(speaker) for speaker in asked)
    return fact.voice is Voice.OUTLET and at_home


def _right_role(question: Question, said: Said) -> bool:
    """Whether "who trained the officers" meets a fact in which somebody trains officers, not officers who train."""
    if question.doing is None:
        return True
    doing, done_to = question.doing
    return said.follows(doing, done_to)
