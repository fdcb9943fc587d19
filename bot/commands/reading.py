"""Commands that anyone may use to ask the library."""

from collections.abc import Iterable

from bot.answering.composing import abstention, choice_of_topics, fact_answer, offered_topics, with_missing
from bot.answering.finding import answer, lead_first
from bot.answering.judge import Answered, NotHeld, Unclear, of_topic
from bot.answering.terms import contains_han
from bot.commands.call import Call
from bot.domain.facts import Fact, Topic
from bot.domain.period import Period
from bot.domain.text import Locale
from bot.messages.document import Choice, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Kind, Message

ALIASES_SHOWN = 4
TOPICS_OFFERED = 3


def ask(call: Call) -> Message:
    """Answer a line that is no command: the topic it names, or the question it asks."""
    if not call.vocabulary.topics:
        empty = call.wording.say(
            "The library is empty. An editor adds statements with “add”, the operator imports a file."
        )
        return call.message(Kind.ABSTENTION, Paragraph(empty))
    topic = call.vocabulary.topic_named(call.rest)
    return topic_answer(call, topic) if topic else question_answer(call, call.rest)


def find(call: Call) -> Message:
    """Answer what follows `find`, even where it is named like a command."""
    return ask(call)


def topic_answer(call: Call, topic: Topic) -> Message:
    """Return all that is held on a topic, with the fact that stands for it first."""
    facts = lead_first(call.library.current_facts(topic.key))
    if not facts:
        return abstention((topic,), (), (), call.wording)
    return fact_answer(facts[0], facts, call.library.disputes([facts[0].id]), call.wording, with_rest=True)


def question_answer(call: Call, question: str) -> Message:
    """Return the fact that answers the question, a choice of topics, or an abstention."""
    read, verdict = answer(call.request, question, call.library, call.vocabulary)
    topic = call.vocabulary.topic_named(" ".join(read.words)) if read.years else None
    if topic and isinstance(verdict, Unclear):  # "screenings 2023": a topic's very name, and a year
        verdict = of_topic(read, lead_first(call.library.current_facts(topic.key)), topic)
    match verdict:
        case Answered(fact):
            on_topic = call.library.current_facts(fact.topic.key)
            answered = fact_answer(fact, on_topic, call.library.disputes([fact.id]), call.wording, with_rest=False)
            missing = [year for year in read.years if not _is_held(year, answered.document.facts)]
            return with_missing(answered, missing, call.wording)
        case Unclear(topics):
            return choice_of_topics(topics, call.wording)
        case NotHeld(near, other_periods):
            asked = [call.wording.period(year) for year in read.years]
            return abstention(near or nearest_topics(call, question), other_periods, asked, call.wording)


def _is_held(year: Period, facts: Iterable[Fact]) -> bool:
    return any(fact.period and fact.period.overlaps(year) for fact in facts)


def topics(call: Call) -> Message:
    """List the topics held, each with other names it goes by."""
    say, locale = call.wording.say, call.wording.locale
    entries = tuple(
        Entry(topic.label.show(locale), call.wording.join(_other_names(topic, locale)))
        for topic in call.vocabulary.topics.values()
    )
    if not entries:
        return call.message(Kind.HELP, Paragraph(say("The library holds no topics yet.")))
    return call.message(
        Kind.HELP, Heading(say("Topics")), Entries(entries), Footnote(say("Type a topic to see what is held on it."))
    )


def unknown_topic(call: Call, name: str) -> Message:
    """Return an error that names the nearest topics."""
    near = nearest_topics(call, name)
    text = call.wording.say("I know no topic “{name}”.", name=name)
    options = offered_topics(near, call.wording.locale).options
    return call.error(text, *options, Choice(call.wording.say("All topics"), "topics"))


def nearest_topics(call: Call, name: str) -> list[Topic]:
    """Return up to three topics whose names look most like this one."""
    from difflib import get_close_matches  # noqa: PLC0415 (only for a name nobody knows)

    names = call.vocabulary.names
    keys = get_close_matches(name.casefold(), names, n=TOPICS_OFFERED, cutoff=0.5)
    return [call.vocabulary.topics[key] for key in dict.fromkeys(names[name] for name in keys)]


def _other_names(topic: Topic, locale: Locale) -> list[str]:
    label = topic.label.show(locale)
    others = [name for name in topic.aliases if name.casefold() != label.casefold()]
    return sorted(others, key=lambda name: contains_han(name) is not (locale is Locale.ZH_HANT))[:ALIASES_SHOWN]
