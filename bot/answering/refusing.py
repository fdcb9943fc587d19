"""Wording what is not answered: a choice between topics, and the honest refusal. Neither shows a figure."""

from collections.abc import Iterable, Sequence

from bot.answering.composing import statement_title
from bot.answering.question import Question
from bot.answering.terms import unfolded
from bot.answering.times import AskedTime, TimeRole
from bot.domain.facts import Fact, Topic
from bot.domain.period import Period
from bot.domain.text import Locale
from bot.domain.words import WordKind
from bot.messages.document import Block, Choice, Choices, Document, Paragraph
from bot.messages.exchange import Kind, Message
from bot.wording.wording import Wording


def choice_of_topics(topics: Iterable[Topic], wording: Wording) -> Message:
    """Return a choice between topics, without their figures."""
    intro = Paragraph(wording.say("Your question fits more than one topic. Which do you mean?"))
    return Message(Kind.CHOICE, Document(wording.locale, (intro, offered_topics(topics, wording.locale))))


def abstention(
    near: Sequence[Topic],
    wording: Wording,
    *,
    other_times: Sequence[Fact] = (),
    holding: Sequence[Fact] = (),
    asked: Question | None = None,
    beyond: WordKind | None = None,
) -> Message:
    """Return the honest refusal: what is not held, what is held nearby, and no figure.

    `other_times` are facts that would answer, were they about the time that was asked for.
    """
    blocks: list[Block] = [Paragraph(_beyond(beyond, wording) or wording.say("I hold no fact on that."))]
    times = [asked_time(time, wording) for time in asked.times] if asked else []
    if other_times and times:
        blocks.append(Paragraph(_held_for(other_times, times, wording)))
    elif any(time.is_relative for time in (asked.times if asked else ())):
        blocks.append(Paragraph(wording.say("I looked for {times}.", times=wording.join(times))))
    if holding:
        named = tuple(Choice(statement_title(fact.statement, wording), fact.public_id) for fact in holding)
        blocks += [Paragraph(wording.say("These words stand in a fact that no topic holds yet:")), Choices(named)]
    if near:
        blocks += [Paragraph(wording.say("Topics nearby:")), offered_topics(near, wording.locale)]
    elif not holding:
        blocks.append(Choices((Choice(wording.say("All topics"), "topics"), Choice(wording.say("Help"), "help"))))
    return Message(Kind.ABSTENTION, Document(wording.locale, tuple(blocks)))


def offered_topics(topics: Iterable[Topic], locale: Locale) -> Choices:
    """Return topics to choose from, each by its label."""
    return Choices(tuple(Choice(topic.label.show(locale), topic.label.show(locale)) for topic in topics))


def asked_time(time: AskedTime, wording: Wording) -> str:
    """Return a time as it was asked for and as it was understood: 2019; last year, 2025."""
    if time.period is None:
        return unfolded(time.words)
    period = wording.period(time.period)
    shown = unfolded(time.words) if time.is_relative and time.role is TimeRole.ABOUT else ""
    return wording.say("{words}, {period}", words=shown, period=period) if shown else period


def _held_for(other_times: Sequence[Fact], asked: Sequence[str], wording: Wording) -> str:
    """Say for which years the first topic's facts are held; no finer, since a refusal gives no fact away."""
    title = other_times[0].topic
    newest = [Period(f"{fact.period.newest.year:04d}") for fact in other_times if fact.period and fact.topic == title]
    years = dict.fromkeys(wording.period(year) for year in sorted(newest, key=lambda year: year.iso))
    held, none = wording.join(years), wording.join(asked)
    if title is None:
        return wording.say("{asked}: nothing held. Something of the kind is held for {held}.", held=held, asked=none)
    label = title.label.show(wording.locale)
    return wording.say("{asked}: nothing held. {topic} is held for {held}.", topic=label, held=held, asked=none)


def _beyond(kind: WordKind | None, wording: Wording) -> str | None:
    match kind:
        case WordKind.OPINION:
            return wording.say("I hold what was stated, and judge none of it: I have no opinion to give.")
        case WordKind.PREDICTION:
            return wording.say("I hold what was stated, and nothing on what is to come.")
        case WordKind.HOW_TO:
            return wording.say("I answer from stated facts only: I cannot advise, write or do things.")
        case _:
            return None
